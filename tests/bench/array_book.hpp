// The least that a price-time book can do, to measure others against: levels in an array over a known range
// of prices, a queue of orders at each, orders found by their number in an array. No owners, no conditions,
// no order at any other price, no memory given back.
#pragma once

#include "domain/ids.hpp"
#include "domain/numbers.hpp"
#include "domain/terms.hpp"
#include "tests/bench/workload.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tradehive::bench {

class ArrayBook {
public:
    // Orders are numbered from 1 to most_orders; prices are from least to most.
    ArrayBook(std::size_t most_orders, Price least, Price most)
        : orders_(most_orders + 1)
        , levels_(static_cast<std::size_t>(most.value() - least.value()) + 3)
        , least_{least.value() - 1}
        , best_sell_{levels_.size() - 1} {}

    // on_fill(OrderId maker, Price price, Quantity quantity).
    template <class OnFill>
    void enter(OrderId order, Side side, Price limit, Quantity quantity, OnFill&& on_fill) {
        const auto at = static_cast<std::size_t>(limit.value() - least_);
        std::int64_t left = quantity.value();
        std::size_t& best = side == Side::buy ? best_sell_ : best_buy_;
        while (left > 0 && (side == Side::buy ? best <= at : best >= at)) {
            const std::uint32_t maker = levels_[best].first;
            const std::int64_t traded = std::min(left, orders_[maker].left);
            left -= traded;
            orders_[maker].left -= traded;
            const Price price{least_ + static_cast<std::int64_t>(best)};
            if (orders_[maker].left == 0) remove(maker);
            on_fill(OrderId{maker}, price, Quantity{traded});
        }
        if (left > 0) rest(static_cast<std::uint32_t>(order.value()), side, at, left);
    }

    void cancel(OrderId order) { remove(static_cast<std::uint32_t>(order.value())); }

private:
    struct Order { // 0 names none
        std::int64_t left;
        std::uint32_t level;
        std::uint32_t previous;
        std::uint32_t next;
    };
    struct Queue {
        std::uint32_t first;
        std::uint32_t last;
    };

    void rest(std::uint32_t order, Side side, std::size_t at, std::int64_t left) {
        Queue& queue = levels_[at];
        orders_[order] = {left, static_cast<std::uint32_t>(at), queue.last, 0};
        (queue.last ? orders_[queue.last].next : queue.first) = order;
        queue.last = order;
        if (side == Side::buy)
            best_buy_ = std::max(best_buy_, at);
        else
            best_sell_ = std::min(best_sell_, at);
    }

    void remove(std::uint32_t order) {
        const Order removed = orders_[order];
        Queue& queue = levels_[removed.level];
        (removed.previous ? orders_[removed.previous].next : queue.first) = removed.next;
        (removed.next ? orders_[removed.next].previous : queue.last) = removed.previous;
        // The first and the last level are never used: an empty side's best is there.
        while (best_buy_ > 0 && !levels_[best_buy_].first)
            --best_buy_;
        while (best_sell_ < levels_.size() - 1 && !levels_[best_sell_].first)
            ++best_sell_;
    }

    std::vector<Order> orders_;
    std::vector<Queue> levels_;
    std::int64_t least_;
    std::size_t best_buy_ = 0;
    std::size_t best_sell_;
};

// With room for all of its orders and prices.
inline ArrayBook array_book_for(const Workload& workload) {
    constexpr std::int64_t reach = Workload::most_drift + 2 * Workload::most_offset;
    return {workload.operations.size(), Price{Workload::first_mid - reach},
            Price{Workload::first_mid + reach}};
}

template <class OnFill>
void apply(const Operation& operation, ArrayBook& book, OnFill&& on_fill) {
    if (operation.cancels)
        book.cancel(operation.order);
    else
        book.enter(operation.order, operation.side, operation.limit, operation.quantity, on_fill);
}

} // namespace tradehive::bench
