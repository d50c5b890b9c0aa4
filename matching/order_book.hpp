// One price-time book for one instrument. It knows orders; not accounts, sessions, time or money.
//
// Invariants
//   * the book is never crossed: the best bid is below the best offer;
//   * a level exists only while an order rests on it; its quantity is the sum of its orders';
//   * orders on a level stand in the order in which they came; reduce() keeps their place.
//
// Bounds: the quantities on one side add up to less than 2^63. The caller's ledger guarantees it, since each
// lot on offer is held and each lot bid for is paid for with at least one minor unit of a bounded supply.
//
// Memory: orders are 32-byte nodes in a pool, named by index; levels likewise. Memory grows with the most
// orders that ever rested at once and is never given back, so that nothing is allocated in steady state.
//
// Threads: one owner at a time.
#pragma once

#include "domain/ids.hpp"
#include "domain/numbers.hpp"
#include "domain/terms.hpp"
#include "matching/order_index.hpp"

#include <cassert>
#include <optional>
#include <vector>

namespace tradehive::matching {

struct Incoming {
    OrderId order;
    std::uint32_t owner{}; // orders of one owner never trade with each other
    Side side{};
    Price limit;
    Quantity quantity;
    bool rests{};       // what is left rests; otherwise it is left over
    bool all_or_none{}; // everything trades at once, or nothing happens
};

struct Fill {
    OrderId maker;
    Price price; // the maker's
    Quantity quantity;
    Quantity maker_left; // zero: the maker has left the book
};

enum class Ended : std::uint8_t {
    rested,       // what is left is in the book
    filled,       // nothing is left
    left_over,    // what is left found no counterpart and does not rest
    self_match,   // the next in line has the same owner: what is left is not in the book
    not_fillable, // all_or_none, and there is not enough: nothing happened
};

struct Entered {
    Ended ended{};
    Quantity left;
};

struct Resting {
    OrderId order;
    std::uint32_t owner{};
    Side side{};
    Price price;
    Quantity left;
};

struct LevelView {
    Price price;
    Quantity quantity;
    std::uint32_t orders{};
};

class OrderBook {
public:
    // Trades what can be traded, in price-time order, then lets the rest rest or not. on_fill(const Fill&) is
    // called for each fill when the book already shows it; it must not touch the book.
    // The order id is new, the limit and the quantity are above zero.
    template <class OnFill>
    Entered enter(const Incoming& incoming, OnFill&& on_fill);

    // False: it does not rest here.
    bool cancel(OrderId order) noexcept;

    // Lowers what is left and keeps the place; 0 < left < current. False: it does not rest here.
    bool reduce(OrderId order, Quantity left) noexcept;

    [[nodiscard]] std::optional<Resting> find(OrderId order) const noexcept;
    [[nodiscard]] std::optional<Price> best(Side side) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }

    // Best first; depth 0 is all. Clears into first.
    void levels(Side side, std::size_t depth, std::vector<LevelView>& into) const;

    // visit(const Resting&) for each order, best level first, oldest first.
    template <class Visit>
    void orders(Side side, Visit&& visit) const;

private:
    using NodeIndex = OrderIndex::Value;
    using LevelIndex = std::uint32_t;
    static constexpr std::uint32_t none = UINT32_MAX;

    struct Node {
        OrderId order;
        Quantity left;
        std::uint32_t owner{};
        NodeIndex before{none};
        NodeIndex after{none}; // in the pool of free nodes: the next free one
        LevelIndex level{};
    };
    static_assert(sizeof(Node) == 32);

    struct Level {
        Price price;
        Quantity quantity;
        NodeIndex first{none};
        NodeIndex last{none};
        std::uint32_t orders{};
        Side side{};
    };

    // One side: the prices with orders, best at the back, where changes are cheap.
    struct Place {
        Price price;
        LevelIndex level{};
    };
    using Places = std::vector<Place>;

    [[nodiscard]] Places& places(Side side) noexcept { return side == Side::buy ? bids_ : offers_; }
    [[nodiscard]] const Places& places(Side side) const noexcept {
        return side == Side::buy ? bids_ : offers_;
    }
    // Would an order of that side and limit trade at that price of the other side?
    [[nodiscard]] static bool crosses(Side side, Price limit, Price price) noexcept {
        return side == Side::buy ? price <= limit : price >= limit;
    }
    // Is a nearer to the front of the side than b?
    [[nodiscard]] static bool better(Side side, Price a, Price b) noexcept {
        return side == Side::buy ? a > b : a < b;
    }

    [[nodiscard]] bool fillable(const Incoming& incoming) const noexcept;
    void rest(const Incoming& incoming, Quantity left);
    LevelIndex level_at(Side side, Price price);
    void remove(NodeIndex index) noexcept;
    void drop_level(LevelIndex index) noexcept;
    [[nodiscard]] Resting view(const Node& node) const noexcept;

    std::vector<Node> nodes_;
    std::vector<Level> levels_;
    NodeIndex free_node_{none};
    LevelIndex free_level_{none}; // chained through Level::first
    Places bids_;
    Places offers_;
    OrderIndex index_;
};

template <class OnFill>
Entered OrderBook::enter(const Incoming& incoming, OnFill&& on_fill) {
    assert(incoming.quantity > Quantity{} && incoming.limit > Price{});
    if (incoming.all_or_none && !fillable(incoming)) return {Ended::not_fillable, incoming.quantity};

    Quantity left = incoming.quantity;
    auto& others = places(opposite(incoming.side));
    while (!others.empty() && crosses(incoming.side, incoming.limit, others.back().price)) {
        Level& level = levels_[others.back().level];
        const NodeIndex first = level.first;
        Node& maker = nodes_[first];
        if (maker.owner == incoming.owner) return {Ended::self_match, left};

        const Quantity traded = std::min(left, maker.left);
        left -= traded;
        maker.left -= traded;
        level.quantity -= traded;
        const Fill fill{maker.order, level.price, traded, maker.left};
        if (maker.left == Quantity{}) remove(first);
        on_fill(fill);
        if (left == Quantity{}) return {Ended::filled, left};
    }
    if (!incoming.rests) return {Ended::left_over, left};
    rest(incoming, left);
    return {Ended::rested, left};
}

template <class Visit>
void OrderBook::orders(Side side, Visit&& visit) const {
    const auto& own = places(side);
    for (auto place = own.rbegin(); place != own.rend(); ++place)
        for (NodeIndex at = levels_[place->level].first; at != none; at = nodes_[at].after)
            visit(view(nodes_[at]));
}

} // namespace tradehive::matching
