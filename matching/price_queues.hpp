// Orders on two sides, at each price in the order of their coming: what a book is made of, and what waits for
// a price to be reached. Nothing is matched here.
//
// Better is higher on the buy side and lower on the sell side. The two sides know nothing of each other.
//
// An order may have a part that is not shown: then only display of it counts in its level until that much is
// taken, and the rest follows from the back of the queue.
//
// Invariants, after each call:
//   * every order has 0 < shown ≤ left, and a level's quantity and count are those that its orders show;
//   * a price without orders has no level.
//
// The caller keeps the quantities of one side below 2^63 in all. Holds do that: what rests is paid for, in
// units no finer than a lot's, out of a supply below 2^63. It is asserted level by level.
//
// Cost: an order is found in a hash table, a level by its price in a small table of recent ones, else by
// binary search. Making or ending a level moves the entries of all better ones of its side, 16 bytes each:
// nothing near the best price, 1.6 MB behind 100,000 levels. Nothing allocates unless there are more orders
// or levels than ever before; memory is kept until the object goes.
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

struct Resting {
    OrderId order;
    std::uint32_t owner{};
    Side side{};
    Price price;
    Quantity left;
    Quantity shown;

    friend bool operator==(const Resting&, const Resting&) = default;
};

struct Level {
    Price price;
    Quantity quantity; // that its orders show
    std::uint32_t orders{};

    friend bool operator==(const Level&, const Level&) = default;
};

class PriceQueues {
public:
    static constexpr std::uint32_t greatest_owner = (1U << 31U) - 1;

    // Sets memory aside for that many orders.
    explicit PriceQueues(std::size_t expected_orders = 0);

    // At the back of its price's queue. display: what it shows at most after shown is taken; zero: all, and
    // shown is left.
    void add(const Resting& order, Quantity display = {});
    // False: not there.
    bool cancel(OrderId order) noexcept;
    // Lowers what is left, what it shows at most, or both, and keeps the order's place; 0 < left ≤ what is
    // left now. False: not there.
    bool reduce(OrderId order, Quantity left, Quantity display = {});

    [[nodiscard]] std::optional<Resting> find(OrderId order) const noexcept;
    // The first order at the best price.
    [[nodiscard]] std::optional<Resting> first(Side side) const noexcept;
    [[nodiscard]] std::optional<Price> best(Side side) const noexcept;
    // Best first, into out, whatever it held before. depth 0: all.
    void levels(Side side, std::size_t depth, std::vector<Level>& out) const;
    // visit(const Resting&) for each order of the side's best levels, best price first, in time order within
    // a price; until it returns false, if it returns anything. depth 0: of all levels.
    template <class Visit>
    void orders(Side side, Visit&& visit, std::size_t depth = 0) const;
    [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }

protected:
    // An order in its level's queue. A free node uses `next` only, for the list of free nodes.
    struct Node {
        OrderId order;
        Quantity shown;
        std::uint32_t owner : 31 {};
        std::uint32_t has_reserve : 1 {}; // see reserves_
        LevelNumber level{};
        NodeNumber previous{no_node};
        NodeNumber next{no_node};
    };
    static_assert(sizeof(Node) == 32);

    // The best level of the side, if it is at least as good as limit; nullptr when there is none.
    [[nodiscard]] PriceLevel* best_level(Side side, Price limit) noexcept;
    [[nodiscard]] const Node& node(NodeNumber number) const noexcept { return nodes_[number]; }
    [[nodiscard]] Quantity left(NodeNumber number) const noexcept {
        const Node& node = nodes_[number];
        return node.has_reserve ? node.shown + reserves_[number].hidden : node.shown;
    }
    // Takes that much of what the level's first order shows. Returns what it shows then: zero when it has
    // gone, else it stands where it stood or, if that was all that it showed, at the back.
    Quantity take(PriceLevel& level, Quantity quantity) noexcept;
    // cancel() and reduce() of who has the order's node.
    void take_out(NodeNumber number) noexcept;
    void lower(NodeNumber number, Quantity left, Quantity display = {});

private:
    // What an order does not show, at the place of its node. Exists as far as orders have needed it.
    struct Reserve {
        Quantity hidden;
        Quantity display;
    };

    [[nodiscard]] NodeNumber free_node();
    void set_reserve(NodeNumber number, const Reserve& reserve);
    void show_more(PriceLevel& level, NodeNumber number) noexcept;
    void link_last(PriceLevel& level, NodeNumber number) noexcept;
    void unlink(PriceLevel& level, NodeNumber number) noexcept;
    // The order is no longer in the index.
    void remove(NodeNumber number) noexcept;

    [[nodiscard]] Resting resting(NodeNumber number) const noexcept;
    [[nodiscard]] auto is_order(OrderId order) const noexcept {
        return [this, order](NodeNumber number) { return nodes_[number].order == order; };
    }

    std::vector<Node> nodes_;
    std::vector<Reserve> reserves_;
    NodeNumber free_{no_node};
    OrderIndex index_;

protected:
    PriceLevels levels_;
};

template <class Visit>
void PriceQueues::orders(Side side, Visit&& visit, std::size_t depth) const {
    auto best_first = std::views::reverse(levels_.ranked(side));
    const std::size_t most = std::ranges::size(best_first);
    for (const auto& ranked : best_first | std::views::take(depth == 0 ? most : std::min(depth, most)))
        for (NodeNumber number = levels_[ranked.level].first; number != no_node;
             number = nodes_[number].next) {
            if constexpr (std::is_void_v<decltype(visit(resting(number)))>) {
                visit(resting(number));
            } else {
                if (!visit(resting(number))) return;
            }
        }
}

} // namespace tradehive::matching
