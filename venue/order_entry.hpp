// Orders in, changed, matched and out: where risk and matching meet.
//
// Each way in goes through the same steps: who may act, what the rules allow, what the ledger can hold; then
// the book, each fill settled as it happens; then what is left rests or is released. A refusal leaves
// everything as it was.
//
// Threads: the venue's owner.
#pragma once

#include "domain/command.hpp"
#include "venue/outcome.hpp"
#include "venue/state.hpp"

#include <expected>

namespace tradehive::venue {

class OrderEntry {
public:
    explicit OrderEntry(State& state) noexcept
        : state_{state} {}

    void enter(const EnterOrder& request, Outcome& outcome);
    void cancel(const CancelOrder& request, Outcome& outcome);
    void replace(const ReplaceOrder& request, Outcome& outcome);

    // Takes an open order out of the book, releases what it holds and reports it as ended.
    void end(Order& order, Unsolicited why, const ClOrdID& request, Outcome& outcome);
    void end_all(const AccountOrders& orders, Unsolicited why, Outcome& outcome);
    void end_all(const SessionOrders& orders, Unsolicited why, Outcome& outcome);

private:
    // The parts that F and G have in common.
    struct Change {
        OrderId order;
        ClOrdID orig_cl_ord_id;
        ClOrdID cl_ord_id;
        AccountId account;
        InstrumentId instrument;
        Side side{};
        bool of_replace{};
    };
    // The order that is meant, if the asker may know of it, and why it may not be changed.
    struct Target {
        Order* order{};
        Refusal refusal;
    };
    // What an order needs to enter the book.
    struct Admission {
        Price limit;
        Amount hold;
    };

    [[nodiscard]] Refusal may_trade(const Origin& origin) const;
    [[nodiscard]] std::expected<Admission, Refusal> admit(const OrderImage& order,
                                                          const risk::FeeRates& rates) const;
    [[nodiscard]] std::expected<Price, Refusal> worst_price(const OrderImage& order) const;
    [[nodiscard]] std::expected<Amount, Refusal> new_hold(const Order& order,
                                                          const ReplaceOrder& request) const;
    [[nodiscard]] bool turnover_fits(const OrderImage& order, Price limit, Quantity leaves) const;
    [[nodiscard]] Target target(const Change& change, const Origin& origin) const;
    [[nodiscard]] Refusal may_replace(const Order& order, const ReplaceOrder& request) const;

    void match(Order& taker, Outcome& outcome);
    void trade(Order& taker, Order& maker, Price price, Quantity quantity, Outcome& outcome);
    void finish(Order& order, Unsolicited why, const ClOrdID& request, Outcome& outcome);
    Amount shrink_hold(Order& order);
    void change_hold(Order& order, Amount to);
    void reject(OrderImage image, const Refusal& refusal, Outcome& outcome);
    void reject(const Change& change, const Target& target, Outcome& outcome);

    State& state_;
};

// The order meant by an OrderID, a ClOrdID or both, among the accounts that the asker may act for (any, for
// who does not come over FIX), or in one account when that is given. Sets refusal: unknown_order (order stays
// nullptr) or ids_disagree.
struct FoundOrder {
    Order* order{};
    RejectReason refusal{};
};
[[nodiscard]] FoundOrder find_order(const State& state, const Origin& asker, OrderId order,
                                    const ClOrdID& cl_ord_id, AccountId account);

} // namespace tradehive::venue
