// Money and quantities: integers in their own types, with arithmetic that cannot overflow unseen.
//
//   Price      a count of the instrument's ticks
//   Quantity   a count of the instrument's lots
//   Amount     a count of an asset's minor units (scale at most 9)
//
// An operation that might not fit returns std::nullopt; nothing wraps, saturates or rounds unless its
// name says so. Thread-safe: values only.
#pragma once

#include "domain/tagged.hpp"

#include <cstdint>
#include <optional>

namespace tradehive {

using Price = Tagged<struct PriceTag, std::int64_t>;
using Quantity = Tagged<struct QuantityTag, std::int64_t>;
using Amount = Tagged<struct AmountTag, std::int64_t>;

// A fee rate in millionths of the notional; negative is a rebate.
using FeeRate = Tagged<struct FeeRateTag, std::int32_t>;
inline constexpr std::int64_t millionths = 1'000'000;

template <class T>
concept Countable = std::same_as<T, Price> || std::same_as<T, Quantity> || std::same_as<T, Amount>;

__extension__ using Wide = __int128;

[[nodiscard]] constexpr std::optional<std::int64_t> narrow(Wide wide) noexcept {
    const auto narrowed = static_cast<std::int64_t>(wide);
    if (narrowed != wide) return std::nullopt;
    return narrowed;
}

template <Countable T>
[[nodiscard]] constexpr std::optional<T> checked_add(T left, T right) noexcept {
    std::int64_t sum{};
    if (__builtin_add_overflow(left.value(), right.value(), &sum)) return std::nullopt;
    return T{sum};
}

template <Countable T>
[[nodiscard]] constexpr std::optional<T> checked_subtract(T left, T right) noexcept {
    std::int64_t difference{};
    if (__builtin_sub_overflow(left.value(), right.value(), &difference)) return std::nullopt;
    return T{difference};
}

// For quantities and amounts that an invariant keeps in range: the caller has shown that it fits.
template <Countable T>
constexpr T& operator+=(T& left, T right) noexcept {
    return left = T{left.value() + right.value()};
}
template <Countable T>
constexpr T& operator-=(T& left, T right) noexcept {
    return left = T{left.value() - right.value()};
}
template <Countable T>
[[nodiscard]] constexpr T operator+(T left, T right) noexcept {
    return T{left.value() + right.value()};
}
template <Countable T>
[[nodiscard]] constexpr T operator-(T left, T right) noexcept {
    return T{left.value() - right.value()};
}

// price × quantity × units, where units is the worth of one tick times one lot in minor units of the
// quote asset (Instrument::units_per_tick_lot). Exact.
[[nodiscard]] constexpr std::optional<Amount> notional(Price price, Quantity quantity,
                                                       std::int64_t units) noexcept {
    const auto tick_lots = narrow(Wide{price.value()} * quantity.value());
    if (!tick_lots) return std::nullopt;
    const auto amount = narrow(Wide{*tick_lots} * units);
    if (!amount) return std::nullopt;
    return Amount{*amount};
}

// floor(notional × rate / 1,000,000) for a rate ≥ 0: what a fill or a hold pays at most at that rate.
[[nodiscard]] constexpr Amount fee_rounded_down(Amount notional_of_fill, FeeRate rate) noexcept {
    // |rate| ≤ 1,000,000 is checked where a rate is set, so the quotient fits.
    return Amount{static_cast<std::int64_t>(Wide{notional_of_fill.value()} * rate.value() / millionths)};
}

} // namespace tradehive
