#include "tests/trader/model_venue.hpp"

#include <algorithm>
#include <vector>

namespace tradehive::trader {

std::map<std::int64_t, ModelVenue::Queue>& ModelVenue::levels(Side side) {
    return side == Side::buy ? bids_ : offers_;
}

std::string ModelVenue::lots(std::int64_t count) const {
    return std::string(format_units(count, steps_.lot).view());
}

ModelVenue::Order* ModelVenue::find(const std::string& cl_ord_id) {
    const auto found = by_cl_ord_id_.find(cl_ord_id);
    return found == by_cl_ord_id_.end() ? nullptr : found->second;
}

std::int64_t ModelVenue::open_lots(Side side) const {
    std::int64_t sum = 0;
    for (const auto& order : orders_)
        if (order.entry.side == side) sum += order.leaves();
    return sum;
}

Report ModelVenue::report_of(const Order& order, char exec_type) {
    Report report;
    report.exec_id = std::to_string(next_exec_++);
    report.order_id = std::to_string(order.id);
    report.cl_ord_id = order.entry.cl_ord_id;
    report.account = order.entry.account;
    report.symbol = order.entry.symbol;
    report.side = static_cast<char>(order.entry.side);
    report.price = order.entry.price;
    report.order_qty = lots(order.order_qty);
    report.cum_qty = lots(order.cum_qty);
    report.leaves_qty = lots(order.leaves());
    report.ord_status = order.status;
    report.exec_type = exec_type;
    return report;
}

void ModelVenue::say(const Report& report) {
    listener_->on_report(report);
    if (twice_) listener_->on_report(report);
}

void ModelVenue::enter(const OrderEntry& entry) {
    auto& order = orders_.emplace_back();
    order.entry = entry;
    order.id = static_cast<std::int64_t>(orders_.size());
    order.order_qty = parse_units(entry.order_qty, steps_.lot).value();
    order.ticks = parse_units(entry.price, steps_.tick).value();
    if (by_cl_ord_id_.contains(entry.cl_ord_id)) {
        order.status = '8';
        auto refused = report_of(order, '8');
        refused.text = "DUPLICATE";
        return say(refused);
    }
    by_cl_ord_id_[entry.cl_ord_id] = &order;
    say(report_of(order, '0'));
    match(order);
    if (order.leaves() == 0) return;
    if (entry.time_in_force == TimeInForce::immediate_or_cancel) {
        order.status = 'C';
        say(report_of(order, 'C'));
    } else {
        levels(entry.side)[order.ticks].push_back(&order);
    }
}

bool ModelVenue::crosses(const Order& incoming, std::int64_t ticks) const {
    return incoming.entry.side == Side::buy ? ticks <= incoming.ticks : ticks >= incoming.ticks;
}

void ModelVenue::match(Order& incoming) {
    auto& others = levels(opposite(incoming.entry.side));
    std::vector<std::int64_t> prices;
    for (const auto& [ticks, queue] : others)
        if (crosses(incoming, ticks)) prices.push_back(ticks);
    if (incoming.entry.side == Side::sell) std::ranges::reverse(prices);
    for (const auto price : prices) {
        std::vector<Order*> queue(others[price].begin(), others[price].end());
        // Those who are passed over come last.
        std::ranges::stable_sort(
            queue, {}, [&](const Order* order) { return passed_over_.contains(order->entry.cl_ord_id); });
        for (auto* maker : queue)
            if (incoming.leaves() > 0) fill(*maker, incoming);
    }
}

void ModelVenue::fill(Order& maker, Order& taker) {
    const auto quantity = std::min(maker.leaves(), taker.leaves());
    const auto trade = std::to_string(next_trade_++);
    for (auto* order : {&taker, &maker}) {
        order->cum_qty += quantity;
        order->status = order->cum_qty == order->order_qty ? '2' : '1';
        auto report = report_of(*order, 'F');
        report.last_qty = lots(quantity);
        report.last_px = maker.entry.price;
        report.trade_id = trade;
        say(report);
    }
    if (maker.leaves() == 0) remove(maker);
}

void ModelVenue::remove(Order& order) {
    auto& side = levels(order.entry.side);
    const auto level = side.find(order.ticks);
    if (level == side.end()) return;
    level->second.remove(&order);
    if (level->second.empty()) side.erase(level);
}

void ModelVenue::cancel(const OrderCancel& cancel) {
    auto* order = find(cancel.orig_cl_ord_id);
    if (order == nullptr || order->leaves() == 0)
        return listener_->on_cancel_refused(
            {.cl_ord_id = cancel.cl_ord_id,
             .orig_cl_ord_id = cancel.orig_cl_ord_id,
             .order_id = order == nullptr ? "NONE" : std::to_string(order->id),
             .text = order == nullptr ? "UNKNOWN_ORDER" : "TOO_LATE",
             .ord_status = order == nullptr ? '8' : order->status});
    order->status = '4';
    remove(*order);
    auto report = report_of(*order, '4');
    report.orig_cl_ord_id = cancel.orig_cl_ord_id;
    report.cl_ord_id = cancel.cl_ord_id;
    say(report);
}

void ModelVenue::replace(const OrderReplace& replace) {
    auto* order = find(replace.orig_cl_ord_id);
    const auto order_qty = parse_units(replace.order.order_qty, steps_.lot).value();
    if (order == nullptr || order->leaves() == 0 || order_qty <= order->cum_qty)
        return listener_->on_cancel_refused({.cl_ord_id = replace.order.cl_ord_id,
                                             .orig_cl_ord_id = replace.orig_cl_ord_id,
                                             .order_id = "NONE",
                                             .text = "TOO_LATE",
                                             .ord_status = order == nullptr ? '8' : order->status});
    const auto ticks = parse_units(replace.order.price, steps_.tick).value();
    const bool keeps_place = ticks == order->ticks && order_qty < order->order_qty;
    if (!keeps_place) remove(*order);
    order->order_qty = order_qty;
    order->ticks = ticks;
    order->entry = replace.order;
    by_cl_ord_id_[replace.order.cl_ord_id] = order;
    auto report = report_of(*order, '5');
    report.orig_cl_ord_id = replace.orig_cl_ord_id;
    say(report);
    if (keeps_place) return;
    match(*order);
    if (order->leaves() > 0) levels(order->entry.side)[ticks].push_back(order);
}

void ModelVenue::ask(const StatusQuestion& question) {
    if (auto* order = find(question.cl_ord_id)) say(report_of(*order, 'I'));
}

void ModelVenue::ask(const BookQuestion& question) {
    if (lost_answers_ > 0) {
        --lost_answers_;
        return;
    }
    BookSnapshot snapshot{
        .md_req_id = question.md_req_id, .symbol = question.symbol, .bids = {}, .offers = {}};
    const auto add = [&](std::vector<BookLevel>& into, std::int64_t ticks, const Queue& queue) {
        if (question.depth != 0 && into.size() >= static_cast<std::size_t>(question.depth)) return;
        std::int64_t sum = 0;
        for (const auto* order : queue)
            sum += order->leaves();
        into.push_back(
            {.price = std::string(format_units(ticks, steps_.tick).view()), .quantity = lots(sum)});
    };
    for (auto level = bids_.rbegin(); level != bids_.rend(); ++level)
        add(snapshot.bids, level->first, level->second);
    for (const auto& [ticks, queue] : offers_)
        add(snapshot.offers, ticks, queue);
    listener_->on_book(snapshot);
    if (twice_) listener_->on_book(snapshot);
}

} // namespace tradehive::trader
