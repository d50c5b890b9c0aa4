// A name as it stands now, as the event that tells of it.
#pragma once

#include "domain/event.hpp"
#include "domain/reference_data.hpp"

namespace tradehive::venue {

[[nodiscard]] inline FirmChanged changed_event(const FirmView& firm) noexcept {
    return {.code = firm.code, .firm = firm.firm, .killed = firm.killed};
}

[[nodiscard]] inline AccountChanged changed_event(const AccountView& account) noexcept {
    return {.code = account.code,
            .account = account.account,
            .firm = account.firm,
            .most_order_qty = account.most_order_qty,
            .most_notional = account.most_notional,
            .most_open_orders = account.most_open_orders,
            .maker_fee = account.maker_fee,
            .taker_fee = account.taker_fee,
            .frozen = account.frozen,
            .killed = account.killed};
}

[[nodiscard]] inline FixSessionChanged changed_event(const FixSessionView& session) noexcept {
    return {.comp_id = session.comp_id,
            .session = session.session,
            .firm = session.firm,
            .resend_max_age = session.resend_max_age,
            .session_kind = session.kind,
            .cancel_on_disconnect = session.cancel_on_disconnect,
            .revoked = session.revoked,
            .killed = session.killed,
            .self_match = session.self_match};
}

[[nodiscard]] inline InstrumentChanged changed_event(const Instrument& instrument) noexcept {
    return {.symbol = instrument.symbol,
            .instrument = instrument.instrument,
            .base = instrument.base,
            .quote = instrument.quote,
            .market_protection = instrument.market_protection,
            .tick_mantissa = instrument.tick.mantissa,
            .lot_mantissa = instrument.lot.mantissa,
            .least_quantity = instrument.least_quantity,
            .most_quantity = instrument.most_quantity,
            .least_notional = instrument.least_notional,
            .tick_scale = instrument.tick.scale,
            .lot_scale = instrument.lot.scale,
            .state = instrument.state,
            .lowest_price = instrument.lowest_price,
            .highest_price = instrument.highest_price};
}

} // namespace tradehive::venue
