// Questions go through the same queue as commands, so that an answer shows everything that was accepted
// before it was asked and nothing that came later. They change nothing and are not journaled.
#pragma once

#include "domain/event.hpp"
#include "domain/trade_statistics.hpp"

#include <memory>
#include <variant>
#include <vector>

namespace tradehive {

struct AskOrder {      // H
    OrderId order;     // zero when not given
    ClOrdID cl_ord_id; // empty when not given
    AccountId account; // zero when not given: any account of the session
};
struct AskBook { // V; by price, or order by order; best first
    InstrumentId instrument;
    std::uint32_t depth{}; // levels a side; 0: all
    bool by_order{};
};
struct AskOpenOrders {         // AF
    AccountId account{};       // zero: all
    InstrumentId instrument{}; // zero: all
};
struct AskBalances {
    AccountId account; // zero: all
};
struct AskVenue {
    bool check_invariants{}; // slow: walks everything
};
struct AskLogOn { // would it be taken, if the session had no connection?
    LogOnSession request;
    Timestamp now;
};

struct Question {
    Origin origin;
    std::variant<AskOrder, AskBook, AskOpenOrders, AskBalances, AskVenue, AskLogOn> what;
};

struct OrderAnswer {
    AskOrder asked;
    RejectReason reason{}; // none: order is filled in
    OrderImage order;
};
struct BookLevel {
    Price price;
    Quantity quantity;
    std::uint32_t orders{};
};
struct RestingOrder {
    OrderId order;
    Price price;
    Quantity left; // as much of it as is shown

    friend constexpr bool operator==(const RestingOrder&, const RestingOrder&) noexcept = default;
};
struct BookAnswer {
    InstrumentId instrument;
    std::vector<BookLevel> bids;   // highest first
    std::vector<BookLevel> offers; // lowest first
    TradeStatistics trades{};
    // Instead of levels when asked for by order; in the order of their turn.
    std::vector<RestingOrder> bid_orders{};
    std::vector<RestingOrder> offer_orders{};
};
struct OpenOrdersAnswer {
    std::vector<OrderImage> orders; // by OrderID
};
struct BalanceLine {
    AccountId account;
    AssetId asset;
    Amount total;
    Amount held;
};
struct BalancesAnswer {
    std::vector<BalanceLine> lines; // by account, then asset
};
struct VenueAnswer {
    Sequence sequence;          // last applied
    std::uint64_t state_hash{}; // when invariants are checked; 0 otherwise
    std::uint64_t open_orders{};
    std::uint64_t trades{};
    std::string violation; // of an invariant, when asked for; empty: none
};
struct LogOnAnswer {
    RejectReason reason{}; // none: it would
};

struct Answer {
    Origin asker;
    EventNumber after; // give it to the asker once all events below this number have been given
    std::variant<OrderAnswer, BookAnswer, OpenOrdersAnswer, BalancesAnswer, VenueAnswer, LogOnAnswer> what;
};

} // namespace tradehive
