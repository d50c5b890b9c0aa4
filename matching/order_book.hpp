// One instrument's resting orders in price-time priority, and what an incoming order does to them.
//
// The book knows orders: no accounts, sessions, order types or time. A trade is at the resting order's price.
// Orders of one owner never trade with each other: when the next order in priority is the incoming order's
// own, matching stops and what is left of the incoming order is not in the book (cancel incoming).
//
// Invariants, after each call:
//   * never crossed: the best buy is below the best sell;
//   * every order in the book has left > 0, and a level's quantity and count are those of its orders;
//   * a price without orders has no level.
//
// The caller keeps the quantities of one side below 2^63 in all. Holds do that: what rests is paid for, in
// units no finer than a lot's, out of a supply below 2^63. It is asserted level by level.
//
// Cost: an order is found in a hash table, a level by its price in a small table of recent ones, else by
// binary search. Making or ending a level moves the entries of all better ones of its side, 16 bytes each:
// nothing near the best price, 1.6 MB behind 100,000 levels. all_or_none first walks the orders that it would
// trade with. Nothing allocates unless there are more orders or levels than ever before; memory is kept until
// the book goes.
//
// Threads: one owner. Errors: none but std::bad_alloc; a broken precondition is a programming error.
#pragma once

#include "domain/ids.hpp"
#include "domain/numbers.hpp"
#include "domain/terms.hpp"
#include "matching/order_index.hpp"
#include "matching/price_levels.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <vector>

namespace tradehive::matching {

struct Incoming {
    OrderId order;         // not in the book
    std::uint32_t owner{}; // orders of one owner never trade with each other
    Side side{};
    Price limit;        // the worst price it trades or rests at
    Quantity quantity;  // above zero
    bool rests{};       // what is left rests; else it is left over
    bool all_or_none{}; // trades in full at once, or nothing happens. Counts only what may trade: orders
                        // before the first own one
};

struct Fill {
    OrderId maker;
    Price price; // the maker's
    Quantity quantity;
    Quantity maker_left; // zero: the maker is no longer in the book

    friend bool operator==(const Fill&, const Fill&) = default;
};

enum class Ended : std::uint8_t {
    filled,
    rested,       // left is in the book
    left_over,    // left is not in the book: nothing more to trade with, and it does not rest
    self_match,   // left is not in the book: the next resting order is its owner's
    not_fillable, // all_or_none: nothing happened
};

struct Entered {
    Ended ended{};
    Quantity left;

    friend bool operator==(const Entered&, const Entered&) = default;
};

struct Resting {
    OrderId order;
    std::uint32_t owner{};
    Side side{};
    Price price;
    Quantity left;

    friend bool operator==(const Resting&, const Resting&) = default;
};

struct Level {
    Price price;
    Quantity quantity; // of all its orders
    std::uint32_t orders{};

    friend bool operator==(const Level&, const Level&) = default;
};

class OrderBook {
public:
    // Sets memory aside for that many resting orders.
    explicit OrderBook(std::size_t expected_orders = 0);

    // on_fill(const Fill&) is called for each fill in order, when the book shows it already; it may read the
    // book, not change it.
    template <class OnFill>
    Entered enter(const Incoming& incoming, OnFill&& on_fill);

    // False: not in the book.
    bool cancel(OrderId order) noexcept;
    // Lowers what is left and keeps the order's place; 0 < left < what is left now. False: not in the book.
    bool reduce(OrderId order, Quantity left) noexcept;

    [[nodiscard]] std::optional<Resting> find(OrderId order) const noexcept;
    [[nodiscard]] std::optional<Price> best(Side side) const noexcept;
    // Best first, into out, whatever it held before. depth 0: all.
    void levels(Side side, std::size_t depth, std::vector<Level>& out) const;
    // visit(const Resting&) for each order of the side's best levels, best price first, in time order within
    // a price. depth 0: of all levels.
    template <class Visit>
    void orders(Side side, Visit&& visit, std::size_t depth = 0) const;
    [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }

private:
    // An order in its level's queue. A free node uses `next` only, for the list of free nodes.
    struct Node {
        OrderId order;
        Quantity left;
        std::uint32_t owner{};
        LevelNumber level{};
        NodeNumber previous{no_node};
        NodeNumber next{no_node};
    };
    static_assert(sizeof(Node) == 32);

    // The next level that an order of that limit may trade with; nullptr when there is none.
    [[nodiscard]] PriceLevel* reachable(Side side, Price limit) noexcept;
    [[nodiscard]] bool fillable(const Incoming& incoming) const noexcept;
    // Takes the quantity from the first order of the level.
    Fill fill_first(PriceLevel& level, Quantity quantity) noexcept;
    void rest(const Incoming& incoming, Quantity left);
    // The order is no longer in the index.
    void remove(NodeNumber number) noexcept;

    [[nodiscard]] Resting resting(const Node& node) const noexcept;
    [[nodiscard]] auto is_order(OrderId order) const noexcept {
        return [this, order](NodeNumber number) { return nodes_[number].order == order; };
    }

    std::vector<Node> nodes_;
    NodeNumber free_{no_node};
    OrderIndex index_;
    PriceLevels levels_;
};

template <class OnFill>
Entered OrderBook::enter(const Incoming& incoming, OnFill&& on_fill) {
    assert(incoming.quantity > Quantity{0});
    if (incoming.all_or_none && !fillable(incoming)) return {Ended::not_fillable, incoming.quantity};
    Quantity left = incoming.quantity;
    while (PriceLevel* const level = reachable(incoming.side, incoming.limit)) {
        const Node& maker = nodes_[level->first];
        if (maker.owner == incoming.owner) return {Ended::self_match, left};
        const Fill fill = fill_first(*level, std::min(left, maker.left));
        left -= fill.quantity;
        on_fill(fill);
        if (left == Quantity{0}) return {Ended::filled, left};
    }
    if (!incoming.rests) return {Ended::left_over, left};
    rest(incoming, left);
    return {Ended::rested, left};
}

template <class Visit>
void OrderBook::orders(Side side, Visit&& visit, std::size_t depth) const {
    auto best_first = std::views::reverse(levels_.ranked(side));
    const std::size_t most = std::ranges::size(best_first);
    for (const auto& ranked : best_first | std::views::take(depth == 0 ? most : std::min(depth, most)))
        for (NodeNumber number = levels_[ranked.level].first; number != no_node; number = nodes_[number].next)
            visit(resting(nodes_[number]));
}

} // namespace tradehive::matching
