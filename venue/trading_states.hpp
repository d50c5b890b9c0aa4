// What stops trading: states and price bands of instruments, kill switches of accounts, firms and sessions.
//
// Each change is told in its event, then the orders that it ends. A command that asks for what is so already
// changes nothing.
//
// Threads: the venue's owner.
#pragma once

#include "venue/order_entry.hpp"

namespace tradehive::venue {

class TradingStates {
public:
    TradingStates(State& state, OrderEntry& orders) noexcept
        : state_{state}
        , orders_{orders} {}

    // Halting cancels the orders that asked for it, delisting all, for ever.
    void apply(const SetInstrumentState& request, Outcome& outcome);
    // Resting orders stay, wherever they are.
    void apply(const SetPriceBand& request, Outcome& outcome);
    void apply(const SetKillSwitch& request, Outcome& outcome);

private:
    // known: nullptr when there is no such one. Whether its orders end now.
    template <class Id, class View>
    bool set_killed(Id id, const View* known, bool killed, RejectReason unknown, Outcome& outcome);

    State& state_;
    OrderEntry& orders_;
};

} // namespace tradehive::venue
