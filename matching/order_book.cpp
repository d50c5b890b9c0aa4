#include "matching/order_book.hpp"

namespace tradehive::matching {

OrderBook::OrderBook(std::size_t expected_orders)
    : index_{expected_orders} {
    nodes_.reserve(expected_orders);
}

bool OrderBook::cancel(OrderId order) noexcept {
    const NodeNumber number = index_.erase(order, is_order(order));
    if (number == no_node) return false;
    remove(number);
    return true;
}

bool OrderBook::reduce(OrderId order, Quantity left) noexcept {
    const NodeNumber number = index_.find(order, is_order(order));
    if (number == no_node) return false;
    Node& node = nodes_[number];
    assert(Quantity{0} < left && left < node.left);
    levels_[node.level].quantity -= node.left - left;
    node.left = left;
    return true;
}

std::optional<Resting> OrderBook::find(OrderId order) const noexcept {
    const NodeNumber number = index_.find(order, is_order(order));
    if (number == no_node) return std::nullopt;
    return resting(nodes_[number]);
}

std::optional<Price> OrderBook::best(Side side) const noexcept {
    const auto ranked = levels_.ranked(side);
    if (ranked.empty()) return std::nullopt;
    return levels_[ranked.back().level].price;
}

void OrderBook::levels(Side side, std::size_t depth, std::vector<Level>& out) const {
    out.clear();
    for (const auto& ranked : std::views::reverse(levels_.ranked(side))) {
        const PriceLevel& level = levels_[ranked.level];
        out.push_back({level.price, level.quantity, level.orders});
        if (out.size() == depth) return;
    }
}

PriceLevel* OrderBook::reachable(Side side, Price limit) noexcept {
    const Side resting_side = opposite(side);
    const auto ranked = levels_.ranked(resting_side);
    if (ranked.empty() || ranked.back().rank < PriceLevels::rank(resting_side, limit)) return nullptr;
    return &levels_[ranked.back().level];
}

bool OrderBook::fillable(const Incoming& incoming) const noexcept {
    const Side resting_side = opposite(incoming.side);
    const std::int64_t worst = PriceLevels::rank(resting_side, incoming.limit);
    Quantity wanted = incoming.quantity;
    for (const auto& ranked : std::views::reverse(levels_.ranked(resting_side))) {
        if (ranked.rank < worst) return false;
        for (NodeNumber number = levels_[ranked.level].first; number != no_node;
             number = nodes_[number].next) {
            const Node& maker = nodes_[number];
            if (maker.owner == incoming.owner) return false;
            if (maker.left >= wanted) return true;
            wanted -= maker.left;
        }
    }
    return false;
}

Fill OrderBook::fill_first(PriceLevel& level, Quantity quantity) noexcept {
    const NodeNumber number = level.first;
    Node& maker = nodes_[number];
    const Fill fill{maker.order, level.price, quantity, maker.left - quantity};
    if (fill.maker_left > Quantity{0}) {
        maker.left = fill.maker_left;
        level.quantity -= quantity;
    } else {
        index_.erase(maker.order, [number](NodeNumber other) { return other == number; });
        remove(number);
    }
    return fill;
}

void OrderBook::rest(const Incoming& incoming, Quantity left) {
    if (free_ == no_node) {
        assert(nodes_.size() < no_node);
        free_ = static_cast<NodeNumber>(nodes_.size());
        nodes_.emplace_back();
    }
    const NodeNumber number = free_;
    index_.insert(incoming.order, number, is_order(incoming.order));
    const LevelNumber level_number = levels_.find_or_make(incoming.side, incoming.limit);
    free_ = nodes_[number].next;

    PriceLevel& level = levels_[level_number];
    nodes_[number] = {incoming.order, left, incoming.owner, level_number, level.last, no_node};
    (level.last == no_node ? level.first : nodes_[level.last].next) = number;
    level.last = number;
    ++level.orders;
    const auto quantity = checked_add(level.quantity, left);
    assert(quantity);
    level.quantity = *quantity;
}

void OrderBook::remove(NodeNumber number) noexcept {
    Node& node = nodes_[number];
    PriceLevel& level = levels_[node.level];
    (node.previous == no_node ? level.first : nodes_[node.previous].next) = node.next;
    (node.next == no_node ? level.last : nodes_[node.next].previous) = node.previous;
    level.quantity -= node.left;
    if (--level.orders == 0) levels_.erase(node.level);
    node.next = free_;
    free_ = number;
}

Resting OrderBook::resting(const Node& node) const noexcept {
    const PriceLevel& level = levels_[node.level];
    return {node.order, node.owner, level.side, level.price, node.left};
}

} // namespace tradehive::matching
