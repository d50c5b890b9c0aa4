// W1, the order flow that matching is measured on: the same on every machine and for every book.
//
//   * mid starts at 10,000 ticks and moves ±1 with probability 1/500 an operation, within ±25;
//   * a passive order: U(1..100) at 1 + Geom(0.1) ticks from mid, below 50, and never crossing;
//   * 15 % aggressive orders: U(1..40) at the price of the other side's level 1 to 3; what is left rests;
//   * 40 % cancels of a uniform live order; 36 % below and 44 % above the prefill by more than 5 %;
//   * the prefill is 10,000 passive orders; 2,000,000 operations follow.
//
// The operations are made ahead, with a book of the venue's to know what is live, so that only the book
// measured is measured. Buys and sells never have an owner in common.
#pragma once

#include "matching/order_book.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tradehive::bench {

class Xorshift64Star {
public:
    std::uint64_t next() noexcept {
        state_ ^= state_ >> 12U;
        state_ ^= state_ << 25U;
        state_ ^= state_ >> 27U;
        return state_ * 0x2545f4914f6cdd1dULL;
    }
    std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }
    std::int64_t up_to(std::int64_t bound) noexcept {
        return 1 + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(bound)));
    }

private:
    std::uint64_t state_ = 88172645463325252ULL;
};

// A limit order that rests, or the cancel of one that entered before.
struct Operation {
    OrderId order; // counts from 1 in the order of entry
    Price limit;
    Quantity quantity;
    Side side{};
    bool cancels{};
};

struct Workload {
    static constexpr std::int64_t first_mid = 10'000;
    static constexpr std::int64_t most_drift = 25;
    static constexpr std::int64_t most_offset = 49;

    std::size_t prefill{}; // so many of the operations come before the clock starts
    std::vector<Operation> operations;
    std::size_t fills{}; // after the prefill

    [[nodiscard]] static Workload w1(std::size_t prefill = 10'000, std::size_t operations = 2'000'000);
};

class WorkloadMaker {
public:
    explicit WorkloadMaker(std::size_t prefill)
        : prefill_{prefill} {}

    [[nodiscard]] Operation passive() {
        const Side side = either_side();
        std::int64_t offset = 0;
        do
            offset = 1 + geometric();
        while (offset > Workload::most_offset);
        std::int64_t price = side == Side::buy ? mid_ - offset : mid_ + offset;
        if (const auto other = book_.best(opposite(side)))
            price =
                side == Side::buy ? std::min(price, other->value() - 1) : std::max(price, other->value() + 1);
        return enter(side, price, random_.up_to(100));
    }

    [[nodiscard]] Operation next() {
        if (random_.below(500) == 0) drift();
        const std::uint64_t kind = random_.below(100);
        if (kind < 15) return aggressive();
        if (kind < 15 + cancel_percent() && !live_.empty()) return cancel();
        return passive();
    }

    [[nodiscard]] std::size_t fills() const noexcept { return fills_; }

private:
    Side either_side() { return random_.below(2) == 0 ? Side::buy : Side::sell; }

    // Failures before the first success of probability 1/10.
    std::int64_t geometric() {
        std::int64_t failures = 0;
        while (random_.below(10) != 0)
            ++failures;
        return failures;
    }

    void drift() {
        const std::int64_t moved = mid_ + (random_.below(2) == 0 ? 1 : -1);
        if (std::abs(moved - Workload::first_mid) <= Workload::most_drift) mid_ = moved;
    }

    [[nodiscard]] std::uint64_t cancel_percent() const {
        if (live_.size() * 100 > prefill_ * 105) return 44;
        if (live_.size() * 100 < prefill_ * 95) return 36;
        return 40;
    }

    Operation aggressive() {
        const Side side = either_side();
        book_.levels(opposite(side), 1 + random_.below(3), levels_);
        if (levels_.empty()) return passive();
        return enter(side, levels_.back().price.value(), random_.up_to(40));
    }

    Operation cancel() {
        const OrderId order = live_[random_.below(live_.size())];
        book_.cancel(order);
        no_longer_live(order);
        return {.order = order, .limit = {}, .quantity = {}, .cancels = true};
    }

    Operation enter(Side side, std::int64_t price, std::int64_t quantity) {
        const OrderId order{place_.size() + 1};
        place_.push_back(live_.size());
        const auto entered = book_.enter({.order = order,
                                          .owner = static_cast<std::uint32_t>(side),
                                          .side = side,
                                          .limit = Price{price},
                                          .quantity = Quantity{quantity},
                                          .rests = true},
                                         [this](const matching::Fill& fill) {
                                             ++fills_;
                                             if (fill.maker_shown == Quantity{0}) no_longer_live(fill.maker);
                                         });
        if (entered.ended == matching::Ended::rested) {
            place_.back() = live_.size();
            live_.push_back(order);
        }
        return {.order = order, .limit = Price{price}, .quantity = Quantity{quantity}, .side = side};
    }

    void no_longer_live(OrderId order) {
        const std::size_t place = place_[order.value() - 1];
        live_[place] = live_.back();
        place_[live_[place].value() - 1] = place;
        live_.pop_back();
    }

    Xorshift64Star random_;
    std::size_t prefill_;
    std::int64_t mid_ = Workload::first_mid;
    matching::OrderBook book_;
    std::vector<OrderId> live_;
    std::vector<std::size_t> place_; // in live_, by order
    std::vector<matching::Level> levels_;
    std::size_t fills_ = 0;
};

inline Workload Workload::w1(std::size_t prefill, std::size_t operations) {
    WorkloadMaker maker{prefill};
    Workload result{.prefill = prefill, .operations = {}};
    result.operations.reserve(prefill + operations);
    while (result.operations.size() < prefill)
        result.operations.push_back(maker.passive());
    while (result.operations.size() < prefill + operations)
        result.operations.push_back(maker.next());
    result.fills = maker.fills();
    return result;
}

} // namespace tradehive::bench
