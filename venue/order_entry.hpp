// Orders in, changed, matched and out: where risk and matching meet.
//
// Each way in goes through the same steps: who may act, what the rules allow, what the ledger can hold; then
// the book, each fill settled as it happens; then what is left rests or is released. A refusal leaves
// everything as it was.
//
// An order with a StopPx waits outside the book, holding what it may cost, until a trade is at its StopPx or
// beyond, also when the last trade was so before it entered. Orders that trades of one command meet come
// after the order that traded, by StopPx, then by age (WaitingOrders::take_met).
//
// Lives for one command. Threads: the venue's owner.
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
    void mass_cancel(const MassCancel& request, Outcome& outcome);

    // Takes an open order out of where it waits or rests, releases what it holds and reports it as ended.
    void end(Order& order, Unsolicited why, const ClOrdID& request, Outcome& outcome);
    void end_all(const AccountOrders& orders, Unsolicited why, Outcome& outcome);
    void end_all(const SessionOrders& orders, Unsolicited why, Outcome& outcome);
    void end_all(InstrumentId instrument, Unsolicited why, Outcome& outcome);
    // Those of the instrument that asked for it.
    void cancel_on_halt(InstrumentId instrument, Outcome& outcome);
    // The Day orders that entered before the end of that day.
    void end_day(std::uint32_t day, Outcome& outcome);
    // Those whose expire_time has come.
    void expire_due(Outcome& outcome);

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
    struct Replacement; // what becomes of an order by a G
    // What an order needs to enter the book.
    struct Admission {
        Price limit;
        Quantity order_qty;
        Amount hold;
    };

    [[nodiscard]] Refusal may_trade(const Origin& origin) const;
    [[nodiscard]] Refusal may_enter(const OrderImage& order, const Origin& origin) const;
    [[nodiscard]] SelfMatch self_match_of(const EnterOrder& request, const Origin& origin) const;
    [[nodiscard]] std::expected<Admission, Refusal>
    admit(const OrderImage& order, const risk::FeeRates& rates, const Outcome& outcome) const;
    [[nodiscard]] std::expected<Admission, Refusal> admit_cash(const OrderImage& order, Price limit,
                                                               const risk::FeeRates& rates) const;
    [[nodiscard]] static std::expected<Admission, Refusal> affordable(const Admission& admission,
                                                                      Amount available);
    [[nodiscard]] Amount available_for(const OrderImage& order) const;
    [[nodiscard]] Quantity lots_for_cash(const OrderImage& order, Price limit,
                                         const risk::FeeRates& rates) const;
    [[nodiscard]] std::expected<Price, Refusal> worst_price(const OrderImage& order) const;
    [[nodiscard]] std::expected<Admission, Refusal> new_hold(const Order& order,
                                                             const OrderImage& changed) const;
    [[nodiscard]] bool turnover_fits(const OrderImage& order, Price limit, Quantity leaves) const;
    [[nodiscard]] Target target(const Change& change, const Origin& origin) const;
    [[nodiscard]] Refusal may_replace(const Order& order, const ReplaceOrder& request,
                                      const Replacement& replacement, const Outcome& outcome) const;

    void wait_or_match(Order& order, Outcome& outcome);
    void run_triggered(Market& market, Outcome& outcome);
    void trigger(Order& order, Outcome& outcome);
    void match(Order& taker, Outcome& outcome);
    void trade(Order& taker, const matching::Fill& filled, Outcome& outcome);
    void meet(Order& taker, const matching::OwnOrder& own, Outcome& outcome);
    void decrement(Order& order, Quantity by, Quantity shown, Outcome& outcome);
    void rest_as_limit(Order& order, Outcome& outcome);
    template <class IsMeant>
    void end_if(IsMeant&& is_meant, Unsolicited why, Outcome& outcome);
    void finish(Order& order, Unsolicited why, const ClOrdID& request, Outcome& outcome);
    void leave(Order& order, const ClOrdID& request, Outcome& outcome);
    [[nodiscard]] Amount hold_of(const Order& order) const;
    Amount shrink_hold(Order& order, Amount cost);
    void change_hold(Order& order, Amount to);
    void reject(OrderImage image, const Refusal& refusal, Outcome& outcome);
    void reject(const Change& change, const Target& target, Outcome& outcome);

    State& state_;
    PriceRange traded_; // of this command's trades that waiting orders have not been shown
    bool unasked_{};    // what happens happens to an order that the command is not about
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
