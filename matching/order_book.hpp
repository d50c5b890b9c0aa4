// One instrument's resting orders in price-time priority, and what an incoming order does to them.
//
// The book knows orders: no accounts, sessions, order types or time. A trade is at the resting order's price,
// out of what that order shows; an order of which more is left than it shows then shows the next part and
// stands behind the others of its price.
//
// Orders of one owner never trade with each other: see SelfMatch for what happens instead.
//
// Invariants, after each call, besides those of PriceQueues:
//   * never crossed: the best buy is below the best sell.
//
// Cost: that of PriceQueues; at_least first walks the orders that it would trade with.
//
// Threads: one owner. Errors: none but std::bad_alloc; a broken precondition is a programming error.
#pragma once

#include "matching/price_queues.hpp"

namespace tradehive::matching {

struct Incoming {
    OrderId order;         // not in the book
    std::uint32_t owner{}; // orders of one owner never trade with each other
    Side side{};
    Price limit;       // the worst price it trades or rests at
    Quantity quantity; // above zero
    bool rests{};      // what is left rests; else it is left over
    SelfMatch self_match{};
    Quantity at_least{}; // trades so much at once, or nothing happens. Counts only what may trade
    Quantity display{};  // what it shows at most when it rests; zero: all
};

struct Fill {
    OrderId maker;
    Price price; // the maker's
    Quantity quantity;
    Quantity maker_shown; // what it shows now; zero: it is no longer in the book

    friend bool operator==(const Fill&, const Fill&) = default;
};

// A resting order of the same owner that was met.
struct OwnOrder {
    OrderId resting;
    Quantity by;            // what it has less now
    Quantity resting_shown; // zero: it is no longer in the book
    Quantity incoming_left; // what is left of the incoming order

    friend bool operator==(const OwnOrder&, const OwnOrder&) = default;
};

enum class Ended : std::uint8_t {
    filled,
    rested,       // left is in the book
    left_over,    // left is not in the book: nothing more to trade with, and it does not rest
    self_match,   // left is not in the book: it met an order of its owner
    not_fillable, // at_least: nothing happened
};

struct Entered {
    Ended ended{};
    Quantity left;

    friend bool operator==(const Entered&, const Entered&) = default;
};

class OrderBook : public PriceQueues {
public:
    using PriceQueues::PriceQueues;

    // on_fill(const Fill&) is called for each fill in order, on_own(const OwnOrder&) for each resting order
    // of the same owner that self-match prevention takes out or lowers, when the book shows it already; they
    // may read the book, not change it.
    template <class OnFill, class OnOwn>
    Entered enter(const Incoming& incoming, OnFill&& on_fill, OnOwn&& on_own);
    template <class OnFill>
    Entered enter(const Incoming& incoming, OnFill&& on_fill) {
        return enter(incoming, on_fill, [](const OwnOrder&) {});
    }

    // Whether an order with that limit would trade at once.
    [[nodiscard]] bool would_take(Side side, Price limit) const noexcept {
        const auto best_other = best(opposite(side));
        return best_other && (side == Side::buy ? *best_other <= limit : *best_other >= limit);
    }

private:
    [[nodiscard]] bool fillable(const Incoming& incoming) const noexcept;
    // The level's first order is the incoming order's own. Changes what is left of the incoming order.
    OwnOrder meet(const Incoming& incoming, PriceLevel& level, Quantity& left);
};

template <class OnFill, class OnOwn>
Entered OrderBook::enter(const Incoming& incoming, OnFill&& on_fill, OnOwn&& on_own) {
    assert(incoming.quantity > Quantity{0});
    if (incoming.at_least > Quantity{0} && !fillable(incoming))
        return {Ended::not_fillable, incoming.quantity};
    Quantity left = incoming.quantity;
    while (PriceLevel* const level = best_level(opposite(incoming.side), incoming.limit)) {
        const Node& maker = node(level->first);
        if (maker.owner == incoming.owner) [[unlikely]] {
            if (incoming.self_match == SelfMatch::cancel_incoming) return {Ended::self_match, left};
            on_own(meet(incoming, *level, left));
            if (incoming.self_match == SelfMatch::cancel_both || left == Quantity{0})
                return {Ended::self_match, left};
            continue;
        }
        const Quantity quantity = std::min(left, maker.shown);
        Fill fill{maker.order, level->price, quantity, {}};
        fill.maker_shown = take(*level, quantity);
        left -= quantity;
        on_fill(fill);
        if (left == Quantity{0}) return {Ended::filled, left};
    }
    if (!incoming.rests) return {Ended::left_over, left};
    const Quantity shown = incoming.display > Quantity{0} ? std::min(incoming.display, left) : left;
    add({incoming.order, incoming.owner, incoming.side, incoming.limit, left, shown}, incoming.display);
    return {Ended::rested, left};
}

} // namespace tradehive::matching
