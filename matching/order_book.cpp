#include "matching/order_book.hpp"

#include <algorithm>

namespace tradehive::matching {

bool OrderBook::cancel(OrderId order) noexcept {
    const NodeIndex index = index_.find(order);
    if (index == OrderIndex::absent) return false;
    remove(index);
    return true;
}

bool OrderBook::reduce(OrderId order, Quantity left) noexcept {
    const NodeIndex index = index_.find(order);
    if (index == OrderIndex::absent) return false;
    Node& node = nodes_[index];
    assert(left > Quantity{} && left < node.left);
    levels_[node.level].quantity -= node.left - left;
    node.left = left;
    return true;
}

std::optional<Resting> OrderBook::find(OrderId order) const noexcept {
    const NodeIndex index = index_.find(order);
    if (index == OrderIndex::absent) return std::nullopt;
    return view(nodes_[index]);
}

std::optional<Price> OrderBook::best(Side side) const noexcept {
    const auto& own = places(side);
    if (own.empty()) return std::nullopt;
    return own.back().price;
}

void OrderBook::levels(Side side, std::size_t depth, std::vector<LevelView>& into) const {
    into.clear();
    const auto& own = places(side);
    for (auto place = own.rbegin(); place != own.rend() && (depth == 0 || into.size() < depth); ++place) {
        const Level& level = levels_[place->level];
        into.push_back({level.price, level.quantity, level.orders});
    }
}

bool OrderBook::fillable(const Incoming& incoming) const noexcept {
    Quantity wanted = incoming.quantity;
    const auto& others = places(opposite(incoming.side));
    for (auto place = others.rbegin(); place != others.rend(); ++place) {
        if (!crosses(incoming.side, incoming.limit, place->price)) return false;
        for (NodeIndex at = levels_[place->level].first; at != none; at = nodes_[at].after) {
            if (nodes_[at].owner == incoming.owner) return false; // self-match prevention would stop here
            if (wanted <= nodes_[at].left) return true;
            wanted -= nodes_[at].left;
        }
    }
    return false;
}

void OrderBook::rest(const Incoming& incoming, Quantity left) {
    NodeIndex index = free_node_;
    if (index == none) {
        index = static_cast<NodeIndex>(nodes_.size());
        nodes_.emplace_back();
    } else {
        free_node_ = nodes_[index].after;
    }
    const LevelIndex at = level_at(incoming.side, incoming.limit);
    Level& level = levels_[at];
    nodes_[index] = {incoming.order, left, incoming.owner, level.last, none, at};
    (level.last == none ? level.first : nodes_[level.last].after) = index;
    level.last = index;
    level.quantity += left;
    ++level.orders;
    index_.insert(incoming.order, index);
}

OrderBook::LevelIndex OrderBook::level_at(Side side, Price price) {
    auto& own = places(side);
    // Orders come near the best price: look from there.
    auto place = own.end();
    while (place != own.begin() && better(side, std::prev(place)->price, price))
        --place;
    if (place != own.begin() && std::prev(place)->price == price) return std::prev(place)->level;

    LevelIndex index = free_level_;
    if (index == none) {
        index = static_cast<LevelIndex>(levels_.size());
        levels_.emplace_back();
    } else {
        free_level_ = levels_[index].first;
    }
    levels_[index] = {price, Quantity{}, none, none, 0, side};
    own.insert(place, {price, index});
    return index;
}

void OrderBook::remove(NodeIndex index) noexcept {
    Node& node = nodes_[index];
    Level& level = levels_[node.level];
    (node.before == none ? level.first : nodes_[node.before].after) = node.after;
    (node.after == none ? level.last : nodes_[node.after].before) = node.before;
    level.quantity -= node.left;
    if (--level.orders == 0) drop_level(node.level);
    index_.erase(node.order);
    node.after = free_node_;
    free_node_ = index;
}

void OrderBook::drop_level(LevelIndex index) noexcept {
    Level& level = levels_[index];
    auto& own = places(level.side);
    auto place = own.end();
    do
        --place;
    while (place->level != index);
    own.erase(place);
    level.first = free_level_;
    free_level_ = index;
}

Resting OrderBook::view(const Node& node) const noexcept {
    const Level& level = levels_[node.level];
    return {node.order, node.owner, level.side, level.price, node.left};
}

} // namespace tradehive::matching
