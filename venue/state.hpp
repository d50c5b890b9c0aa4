// The whole trading state. Nothing outside venue/ sees it; nothing that decides what a command does is kept
// anywhere else.
#pragma once

#include "domain/trade_statistics.hpp"
#include "matching/order_book.hpp"
#include "risk/ledger.hpp"
#include "venue/answered_keys.hpp"
#include "venue/order_table.hpp"
#include "venue/registry.hpp"
#include "venue/waiting_orders.hpp"

#include <cassert>
#include <cstdint>
#include <deque>
#include <vector>

namespace tradehive::venue {

// Of a FIX session, what is not published with its name.
struct SessionState {
    Epoch epoch{1};
    MsgSeqNum next_in{1};   // highest journaled inbound number + 1
    MsgSeqNum first_out{1}; // of the venue's own numbers in this epoch
    bool logged_on{};
    CancelOnDisconnect cancel_on_disconnect{}; // of this logon
    std::uint64_t last_totp_step{};
    Timestamp last_code_at;            // when that step counted
    std::uint64_t last_code_address{}; // from where: a keyed hash
    std::uint64_t last_code_mark{};    // and as which code: a keyed hash
    std::vector<bool> entitled;        // by AccountId

    [[nodiscard]] bool may_act_for(AccountId account) const noexcept {
        return account.value() < entitled.size() && entitled[account.value()];
    }
    void entitle(AccountId account) {
        if (entitled.size() <= account.value()) entitled.resize(account.value() + 1);
        entitled[account.value()] = true;
    }
};

struct Market {
    matching::OrderBook book;
    WaitingOrders waiting;
    TradeStatistics trades;

    // An open order, from where it waits or rests.
    void take_out(const OrderImage& order) noexcept {
        if (waits(order)) return waiting.remove(order.order);
        [[maybe_unused]] const bool was_there = book.cancel(order.order);
        assert(was_there);
    }
};

struct State {
    explicit State(std::size_t expected_orders)
        : orders{expected_orders} {
        // The accounts that exist from the first moment.
        for (std::size_t i = 0; i < registry.names().accounts.size(); ++i) {
            (void)ledger.add_account();
            orders.add_account();
        }
    }

    Registry registry;
    std::vector<SessionState> sessions; // by FixSessionId − 1
    std::deque<Market> markets;         // by InstrumentId − 1
    risk::Ledger ledger;
    OrderTable orders;
    Expiries expiries;
    AnsweredKeys keys;
    Sequence sequence; // of the last command applied
    Timestamp time;    // of the last command applied
    EventNumber next_event{1};
    TradeId last_trade;
    std::uint32_t last_day_ended{};
    Timestamp last_reset; // the moment that the last ResetNumbers was due at

    [[nodiscard]] const ReferenceData& names() const noexcept { return registry.names(); }
    [[nodiscard]] const Instrument& instrument(const Order& order) const noexcept {
        return *names().instrument(order.image.instrument);
    }
    // nullptr: no such session.
    [[nodiscard]] SessionState* session(FixSessionId id) noexcept {
        return id.value() == 0 || id.value() > sessions.size() ? nullptr : &sessions[id.value() - 1];
    }
    [[nodiscard]] const SessionState* session(FixSessionId id) const noexcept {
        return const_cast<State*>(this)->session(id);
    }
    // Who does not come over FIX may act for any account.
    [[nodiscard]] bool may_act_for(const Origin& origin, AccountId account) const noexcept {
        if (origin.channel != Channel::fix) return true;
        const SessionState* asking = session(origin.session);
        return asking && asking->may_act_for(account);
    }
    [[nodiscard]] Market& market(InstrumentId id) noexcept { return markets[id.value() - 1]; }
    [[nodiscard]] const Market& market(InstrumentId id) const noexcept { return markets[id.value() - 1]; }
};

} // namespace tradehive::venue
