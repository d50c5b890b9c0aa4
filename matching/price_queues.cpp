#include "matching/price_queues.hpp"

namespace tradehive::matching {

PriceQueues::PriceQueues(std::size_t expected_orders)
    : index_{expected_orders} {
    nodes_.reserve(expected_orders);
}

void PriceQueues::add(const Resting& order, Quantity display) {
    assert(order.owner <= greatest_owner);
    assert(Quantity{0} < order.shown && order.shown <= order.left);
    assert(display > Quantity{0} || order.shown == order.left);
    const NodeNumber number = free_node();
    index_.insert(order.order, number, is_order(order.order));
    const LevelNumber level_number = levels_.find_or_make(order.side, order.price);
    free_ = nodes_[number].next;

    Node& node = nodes_[number];
    node = {order.order, order.shown, order.owner & greatest_owner, 0, level_number, no_node, no_node};
    if (display > Quantity{0}) set_reserve(number, {order.left - order.shown, display});
    PriceLevel& level = levels_[level_number];
    link_last(level, number);
    ++level.orders;
    const auto quantity = checked_add(level.quantity, order.shown);
    assert(quantity);
    level.quantity = *quantity;
}

bool PriceQueues::cancel(OrderId order) noexcept {
    const NodeNumber number = index_.erase(order, is_order(order));
    if (number == no_node) return false;
    remove(number);
    return true;
}

bool PriceQueues::reduce(OrderId order, Quantity left, Quantity display) {
    const NodeNumber number = index_.find(order, is_order(order));
    if (number == no_node) return false;
    lower(number, left, display);
    return true;
}

void PriceQueues::lower(NodeNumber number, Quantity left, Quantity display) {
    assert(Quantity{0} < left && left <= this->left(number));
    Node& node = nodes_[number];
    Quantity shown = std::min(node.shown, left);
    if (display > Quantity{0}) {
        shown = std::min(shown, display);
        set_reserve(number, {left - shown, display});
    } else if (node.has_reserve) {
        reserves_[number].hidden = left - shown;
    }
    levels_[node.level].quantity -= node.shown - shown;
    node.shown = shown;
}

std::optional<Resting> PriceQueues::find(OrderId order) const noexcept {
    const NodeNumber number = index_.find(order, is_order(order));
    if (number == no_node) return std::nullopt;
    return resting(number);
}

std::optional<Resting> PriceQueues::first(Side side) const noexcept {
    const auto ranked = levels_.ranked(side);
    if (ranked.empty()) return std::nullopt;
    return resting(levels_[ranked.back().level].first);
}

std::optional<Price> PriceQueues::best(Side side) const noexcept {
    const auto ranked = levels_.ranked(side);
    if (ranked.empty()) return std::nullopt;
    return levels_[ranked.back().level].price;
}

void PriceQueues::levels(Side side, std::size_t depth, std::vector<Level>& out) const {
    out.clear();
    for (const auto& ranked : std::views::reverse(levels_.ranked(side))) {
        const PriceLevel& level = levels_[ranked.level];
        out.push_back({level.price, level.quantity, level.orders});
        if (out.size() == depth) return;
    }
}

PriceLevel* PriceQueues::best_level(Side side, Price limit) noexcept {
    const auto ranked = levels_.ranked(side);
    if (ranked.empty() || ranked.back().rank < PriceLevels::rank(side, limit)) return nullptr;
    return &levels_[ranked.back().level];
}

Quantity PriceQueues::take(PriceLevel& level, Quantity quantity) noexcept {
    const NodeNumber number = level.first;
    Node& node = nodes_[number];
    if (quantity < node.shown) {
        node.shown -= quantity;
        level.quantity -= quantity;
        return node.shown;
    }
    if (node.has_reserve && reserves_[number].hidden > Quantity{0}) {
        show_more(level, number);
        return node.shown;
    }
    take_out(number);
    return {};
}

void PriceQueues::take_out(NodeNumber number) noexcept {
    index_.erase(nodes_[number].order, [number](NodeNumber other) { return other == number; });
    remove(number);
}

// What it showed has been taken: it shows the next part, behind the others.
void PriceQueues::show_more(PriceLevel& level, NodeNumber number) noexcept {
    Node& node = nodes_[number];
    Reserve& reserve = reserves_[number];
    const Quantity shown = std::min(reserve.display, reserve.hidden);
    level.quantity -= node.shown;
    level.quantity += shown;
    node.shown = shown;
    reserve.hidden -= shown;
    unlink(level, number);
    link_last(level, number);
}

NodeNumber PriceQueues::free_node() {
    if (free_ == no_node) {
        assert(nodes_.size() < no_node);
        free_ = static_cast<NodeNumber>(nodes_.size());
        nodes_.emplace_back();
    }
    return free_;
}

void PriceQueues::set_reserve(NodeNumber number, const Reserve& reserve) {
    if (reserves_.size() <= number) reserves_.resize(nodes_.capacity());
    reserves_[number] = reserve;
    nodes_[number].has_reserve = 1;
}

void PriceQueues::link_last(PriceLevel& level, NodeNumber number) noexcept {
    Node& node = nodes_[number];
    node.previous = level.last;
    node.next = no_node;
    (level.last == no_node ? level.first : nodes_[level.last].next) = number;
    level.last = number;
}

void PriceQueues::unlink(PriceLevel& level, NodeNumber number) noexcept {
    const Node& node = nodes_[number];
    (node.previous == no_node ? level.first : nodes_[node.previous].next) = node.next;
    (node.next == no_node ? level.last : nodes_[node.next].previous) = node.previous;
}

void PriceQueues::remove(NodeNumber number) noexcept {
    Node& node = nodes_[number];
    PriceLevel& level = levels_[node.level];
    unlink(level, number);
    level.quantity -= node.shown;
    if (--level.orders == 0) levels_.erase(node.level);
    node.next = free_;
    free_ = number;
}

Resting PriceQueues::resting(NodeNumber number) const noexcept {
    const Node& node = nodes_[number];
    const PriceLevel& level = levels_[node.level];
    return {node.order, node.owner, level.side, level.price, left(number), node.shown};
}

} // namespace tradehive::matching
