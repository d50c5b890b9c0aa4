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
    const auto end_all = [&](const auto& orders) { orders_.end_all(orders, Unsolicited::killed, outcome); };
    switch (request.scope) {
    case KillScope::account: {
        const AccountId account{request.id};
        if (set_killed(account, state_.names().account(account), killed, RejectReason::unknown_account,
                       outcome))
            end_all(state_.orders.of(account));
        return;
    }
    case KillScope::firm: {
        const FirmId firm{request.id};
        if (!set_killed(firm, state_.names().firm(firm), killed, RejectReason::unknown_firm, outcome)) return;
        for (const AccountView& account : state_.names().accounts)
            if (account.firm == firm) end_all(state_.orders.of(account.account));
        return;
    }
    case KillScope::session: {
        const FixSessionId session{request.id};
        if (set_killed(session, state_.names().session(session), killed, RejectReason::unknown_session,
                       outcome))
            end_all(state_.orders.of(session));
        return;
    }
    }
}

template <class Id, class View>
bool TradingStates::set_killed(Id id, const View* known, bool killed, RejectReason unknown,
                               Outcome& outcome) {
    if (!known) {
        outcome.refuse({unknown});
        return false;
    }
    if (known->killed == killed) return false;
    View& view = state_.registry.change(id);
    view.killed = killed;
    outcome.write(changed_event(view));
    return killed;
}

} // namespace tradehive::venue
