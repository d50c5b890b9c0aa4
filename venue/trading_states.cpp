#include "venue/trading_states.hpp"

#include "venue/changed_events.hpp"

namespace tradehive::venue {

void TradingStates::apply(const SetInstrumentState& request, Outcome& outcome) {
    const Instrument* known = state_.names().instrument(request.instrument);
    if (!known || !is_known(request.state)) return outcome.refuse({RejectReason::unknown_instrument});
    if (known->state == request.state) return;
    if (known->state == InstrumentState::delisted) return outcome.refuse({RejectReason::delisted});
    Instrument& instrument = state_.registry.change(request.instrument);
    instrument.state = request.state;
    outcome.write(changed_event(instrument));
    if (request.state == InstrumentState::delisted)
        orders_.end_all(request.instrument, Unsolicited::delisted, outcome);
    if (request.state == InstrumentState::halted) orders_.cancel_on_halt(request.instrument, outcome);
}

void TradingStates::apply(const SetPriceBand& request, Outcome& outcome) {
    if (!state_.names().instrument(request.instrument))
        return outcome.refuse({RejectReason::unknown_instrument});
    if (request.lowest < Price{0} || request.highest < Price{0} ||
        (request.highest != Price{0} && request.lowest > request.highest))
        return outcome.refuse({RejectReason::bad_price_band});
    Instrument& instrument = state_.registry.change(request.instrument);
    instrument.lowest_price = request.lowest;
    instrument.highest_price = request.highest;
    outcome.write(changed_event(instrument));
}

void TradingStates::apply(const SetKillSwitch& request, Outcome& outcome) {
    const bool killed = request.killed != 0;
    switch (request.scope) {
    case KillScope::account:
        return kill_account(AccountId{request.id}, killed, outcome);
    case KillScope::firm:
        return kill_firm(FirmId{request.id}, killed, outcome);
    case KillScope::session:
        return kill_session(FixSessionId{request.id}, killed, outcome);
    }
}

void TradingStates::kill_account(AccountId id, bool killed, Outcome& outcome) {
    const AccountView* known = state_.names().account(id);
    if (!known) return outcome.refuse({RejectReason::unknown_account});
    if (known->killed == killed) return;
    AccountView& account = state_.registry.change(id);
    account.killed = killed;
    outcome.write(changed_event(account));
    if (killed) orders_.end_all(state_.orders.of(id), Unsolicited::killed, outcome);
}

void TradingStates::kill_firm(FirmId id, bool killed, Outcome& outcome) {
    const FirmView* known = state_.names().firm(id);
    if (!known) return outcome.refuse({RejectReason::unknown_firm});
    if (known->killed == killed) return;
    FirmView& firm = state_.registry.change(id);
    firm.killed = killed;
    outcome.write(FirmChanged{.code = firm.code, .firm = id, .killed = killed});
    if (!killed) return;
    for (const AccountView& account : state_.names().accounts)
        if (account.firm == id)
            orders_.end_all(state_.orders.of(account.account), Unsolicited::killed, outcome);
}

void TradingStates::kill_session(FixSessionId id, bool killed, Outcome& outcome) {
    const FixSessionView* known = state_.names().session(id);
    if (!known) return outcome.refuse({RejectReason::unknown_session});
    if (known->killed == killed) return;
    FixSessionView& session = state_.registry.change(id);
    session.killed = killed;
    outcome.write(changed_event(session));
    if (killed) orders_.end_all(state_.orders.of(id), Unsolicited::killed, outcome);
}

} // namespace tradehive::venue
