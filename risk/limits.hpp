// What one account may do at most. Values only; any thread.
#pragma once

#include "domain/numbers.hpp"
#include "domain/reject_reason.hpp"

#include <cstdint>

namespace tradehive::risk {

// Why not, and the bound that was run into (0 where the reason names none).
struct Refusal {
    RejectReason reason{RejectReason::none};
    std::int64_t bound{};

    [[nodiscard]] constexpr explicit operator bool() const noexcept { return reason != RejectReason::none; }
};

// Zero: no limit.
struct Limits {
    std::uint32_t most_open_orders{};
    Quantity most_order_qty; // in lots of whatever instrument
    Amount most_notional;    // of one order, in minor units of whatever quote asset
};

[[nodiscard]] constexpr bool acceptable(const Limits& limits) noexcept {
    return limits.most_order_qty >= Quantity{0} && limits.most_notional >= Amount{0};
}

[[nodiscard]] constexpr Refusal check_quantity(const Limits& limits, Quantity order_qty) noexcept {
    if (limits.most_order_qty != Quantity{0} && order_qty > limits.most_order_qty)
        return {RejectReason::over_quantity_limit, limits.most_order_qty.value()};
    return {};
}

[[nodiscard]] constexpr Refusal check_notional(const Limits& limits, Amount notional) noexcept {
    if (limits.most_notional != Amount{0} && notional > limits.most_notional)
        return {RejectReason::over_notional_limit, limits.most_notional.value()};
    return {};
}

// Before one more order rests.
[[nodiscard]] constexpr Refusal check_open_orders(const Limits& limits, std::uint64_t open_orders) noexcept {
    if (limits.most_open_orders != 0 && open_orders >= limits.most_open_orders)
        return {RejectReason::too_many_open_orders, limits.most_open_orders};
    return {};
}

} // namespace tradehive::risk
