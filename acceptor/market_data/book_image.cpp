#include "acceptor/market_data/book_image.hpp"

#include <utility>

namespace tradehive::market_data {

InstrumentId instrument_of(const Event& event) noexcept {
    switch (event.header.kind) {
    case EventKind::order_accepted:
        return event.as<OrderAccepted>().order.instrument;
    case EventKind::order_traded:
        return event.as<OrderTraded>().order.instrument;
    case EventKind::order_canceled:
        return event.as<OrderCanceled>().order.instrument;
    case EventKind::order_replaced:
        return event.as<OrderReplaced>().order.instrument;
    case EventKind::order_restated:
        return event.as<OrderRestated>().order.instrument;
    default:
        return {};
    }
}

BookImage::BookImage(const BookAnswer& answer, EventNumber after)
    : instrument_{answer.instrument}
    , after_{after}
    , statistics_{answer.trades} {
    for (const RestingOrder& order : answer.bid_orders)
        put(order.order, Side::buy, order.price, order.left);
    for (const RestingOrder& order : answer.offer_orders)
        put(order.order, Side::sell, order.price, order.left);
    forget_changes();
}

bool BookImage::take(const Event& event) {
    if (event.header.number < after_) return false;
    switch (event.header.kind) {
    case EventKind::order_accepted:
        return show(event.as<OrderAccepted>().order);
    case EventKind::order_traded:
        return trade(event);
    case EventKind::order_restated:
        return show(event.as<OrderRestated>().order);
    case EventKind::order_canceled:
        return remove(event.as<OrderCanceled>().order.order);
    case EventKind::order_replaced: {
        const auto replaced = event.as<OrderReplaced>();
        if (replaced.order.instrument != instrument_) return false;
        if (replaced.kept_place != 0) return set_left(replaced.order.order, replaced.order.shown_qty);
        const bool was_there = remove(replaced.order.order);
        return show(replaced.order) || was_there;
    }
    case EventKind::day_ended:
        statistics_.end_day();
        return true;
    default:
        return false;
    }
}

// Each side of a trade has its event; the taker's, which comes first, tells of the trade.
bool BookImage::trade(const Event& event) {
    const auto traded = event.as<OrderTraded>();
    if (traded.order.instrument != instrument_) return false;
    if (traded.maker == 0) {
        statistics_.trade(traded.last_px, traded.last_qty, event.header.time);
        trades_.push_back({traded.trade, traded.last_px, traded.last_qty, event.header.time});
    }
    fill(traded);
    return true;
}

// What shows more than the trade left of it has shown its next part, behind the others of its price.
void BookImage::fill(const OrderTraded& traded) {
    const OrderImage& order = traded.order;
    const auto found = whereabouts_.find(order.order);
    if (found == whereabouts_.end()) return;
    const auto [side, place] = found->second;
    const Quantity before = orders_[side].at(place).quantity;
    if (order.shown_qty == before - traded.last_qty && order.shown_qty > Quantity{0}) {
        set_left(order.order, order.shown_qty);
        return;
    }
    remove(order.order);
    show(order);
}

// As the event has it: new, or with another quantity at its place. False: nothing of it is shown.
bool BookImage::show(const OrderImage& order) {
    if (order.instrument != instrument_ || order.shown_qty == Quantity{0}) return false;
    if (!set_left(order.order, order.shown_qty)) put(order.order, order.side, order.price, order.shown_qty);
    return true;
}

void BookImage::put(OrderId order, Side side, Price price, Quantity left) {
    const Place place{rank_of(side, price), ++stamp_};
    orders_[side].emplace(place, Standing{.quantity = left, .orders = 0, .order = order});
    whereabouts_[order] = {side, place};
    touched_orders_[side].push_back(place);
    change_level(side, place.rank, left.value(), +1);
}

bool BookImage::set_left(OrderId order, Quantity left) {
    const auto found = whereabouts_.find(order);
    if (found == whereabouts_.end()) return false;
    const auto [side, place] = found->second;
    Standing& standing = orders_[side].at(place);
    const Quantity before = std::exchange(standing.quantity, left);
    touched_orders_[side].push_back(place);
    change_level(side, place.rank, left.value() - before.value(), 0);
    return true;
}

bool BookImage::remove(OrderId order) {
    const auto found = whereabouts_.find(order);
    if (found == whereabouts_.end()) return false;
    const auto [side, place] = found->second;
    const auto standing = orders_[side].find(place);
    change_level(side, place.rank, -standing->second.quantity.value(), -1);
    orders_[side].erase(standing);
    whereabouts_.erase(found);
    touched_orders_[side].push_back(place);
    return true;
}

void BookImage::change_level(Side side, std::int64_t rank, std::int64_t quantity, int orders) {
    const auto level = levels_[side].try_emplace({rank, 0}).first;
    Standing& standing = level->second;
    standing.quantity = Quantity{standing.quantity.value() + quantity};
    standing.orders = static_cast<std::uint32_t>(static_cast<int>(standing.orders) + orders);
    touched_levels_[side].push_back(level->first);
    if (standing.orders == 0) levels_[side].erase(level);
}

void BookImage::forget_changes() noexcept {
    for (const Side side : sides) {
        touched_levels_[side].clear();
        touched_orders_[side].clear();
    }
    trades_.clear();
}

} // namespace tradehive::market_data
