// What an instrument's trades of the current UTC day come to, and its last trade. Made of trades and ends of
// days only, so whoever follows the events has the same figures as the venue.
#pragma once

#include "domain/ids.hpp"
#include "domain/numbers.hpp"

#include <algorithm>
#include <limits>

namespace tradehive {

struct TradeStatistics {
    Price open; // first, highest and lowest price of the day; zero before its first trade
    Price high;
    Price low;
    Price close;     // last price of the newest day that has ended and had a trade; zero before
    Quantity volume; // of the day; stays at the greatest Quantity when more is traded
    Price last;      // of whatever day; zero before the first trade
    Quantity last_qty;
    Timestamp last_time;

    constexpr void trade(Price price, Quantity quantity, Timestamp time) noexcept {
        if (open == Price{}) open = high = low = price;
        high = std::max(high, price);
        low = std::min(low, price);
        volume = checked_add(volume, quantity).value_or(Quantity{std::numeric_limits<std::int64_t>::max()});
        last = price;
        last_qty = quantity;
        last_time = time;
    }

    constexpr void end_day() noexcept {
        if (open != Price{}) close = last;
        open = high = low = Price{};
        volume = Quantity{};
    }

    friend constexpr bool operator==(const TradeStatistics&, const TradeStatistics&) noexcept = default;
};
static_assert(sizeof(TradeStatistics) == 64);

} // namespace tradehive
