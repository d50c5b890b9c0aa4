// Orders that wait: for a price, or for their end.
//
// Both are queues by a number and then by age, which matching::PriceQueues is.
//
// Threads: the venue's owner.
#pragma once

#include "matching/price_queues.hpp"
#include "venue/order.hpp"
#include "venue/order_rules.hpp"

#include <cassert>
#include <optional>
#include <vector>

namespace tradehive::venue {

// The lowest and the highest price of some trades.
struct PriceRange {
    Price lowest; // zero: there was none
    Price highest;

    void add(Price price) noexcept {
        lowest = lowest == Price{0} ? price : std::min(lowest, price);
        highest = std::max(highest, price);
    }
};

// One instrument's orders that wait for their StopPx.
class WaitingOrders {
public:
    void add(const OrderImage& order) {
        queues_.add({order.order, 0, queue_of(order), order.stop_px, Quantity{1}, Quantity{1}});
    }
    void remove(OrderId order) noexcept {
        [[maybe_unused]] const bool was_there = queues_.cancel(order);
        assert(was_there);
    }
    [[nodiscard]] bool has(OrderId order) const noexcept { return queues_.find(order).has_value(); }
    [[nodiscard]] bool empty() const noexcept { return queues_.size() == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return queues_.size(); }

    // Takes out those that trades in that range meet, and appends them: first those that waited for a rise,
    // the lowest StopPx first, then those that waited for a fall, the highest first; at one StopPx by age.
    void take_met(const PriceRange& trades, std::vector<OrderId>& out) {
        if (trades.lowest == Price{0}) return;
        take(Side::sell, [&](Price stop_px) { return stop_px <= trades.highest; }, out);
        take(Side::buy, [&](Price stop_px) { return stop_px >= trades.lowest; }, out);
    }

    // In the order in which they would be met.
    template <class Visit>
    void visit(Visit&& visit) const {
        for (const Side side : {Side::sell, Side::buy})
            queues_.orders(side, [&](const matching::Resting& waiting) { visit(waiting.order); });
    }

private:
    // The lowest StopPx is the best of sells, the highest that of buys.
    [[nodiscard]] static Side queue_of(const OrderImage& order) noexcept {
        return waits_for_rise(order) ? Side::sell : Side::buy;
    }

    template <class IsMet>
    void take(Side queue, IsMet&& is_met, std::vector<OrderId>& out) {
        for (auto next = queues_.first(queue); next && is_met(next->price); next = queues_.first(queue)) {
            out.push_back(next->order);
            queues_.cancel(next->order);
        }
    }

    matching::PriceQueues queues_;
};

// Open orders with an expire_time.
class Expiries {
public:
    void add(const OrderImage& order) {
        queues_.add({order.order, 0, Side::sell, Price{order.expire_time.value()}, Quantity{1}, Quantity{1}});
    }
    void remove(OrderId order) noexcept {
        [[maybe_unused]] const bool was_there = queues_.cancel(order);
        assert(was_there);
    }
    // The earliest; nullopt: there is none.
    [[nodiscard]] std::optional<Timestamp> next() const noexcept {
        const auto best = queues_.best(Side::sell);
        if (!best) return std::nullopt;
        return Timestamp{best->value()};
    }
    // Those that are due by then.
    [[nodiscard]] std::vector<OrderId> due(Timestamp now) const {
        std::vector<OrderId> orders;
        queues_.orders(Side::sell, [&](const matching::Resting& order) {
            if (order.price.value() > now.value()) return false;
            orders.push_back(order.order);
            return true;
        });
        return orders;
    }
    [[nodiscard]] bool has(OrderId order) const noexcept { return queues_.find(order).has_value(); }
    [[nodiscard]] std::size_t size() const noexcept { return queues_.size(); }

private:
    matching::PriceQueues queues_; // by expire_time, the earliest first
};

} // namespace tradehive::venue
