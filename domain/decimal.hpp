// Exact decimals: text ⇄ integers, without floating point.
//
// Grammar of a number (FIX 4.4 volume 1, data type float, without exponent): an optional '-', digits
// with at most one '.', at least one digit. Leading and trailing zeros are allowed.
#pragma once

#include "domain/numbers.hpp"
#include "domain/text.hpp"

#include <cstdint>
#include <expected>
#include <string_view>

namespace tradehive {

// mantissa / 10^scale, scale 0..18.
struct Decimal {
    std::int64_t mantissa{};
    std::uint8_t scale{};

    friend constexpr bool operator==(const Decimal&, const Decimal&) = default; // same text, not same value
};

enum class DecimalError : std::uint8_t {
    empty,          // no digit at all
    bad_character,  // something that is not a digit, a leading '-' or the one '.'
    out_of_range,   // needs more than 18 decimals or more than 63 bits
    not_a_multiple, // exact value lies between two units
};

[[nodiscard]] std::string_view describe(DecimalError error) noexcept;

// Trailing zeros of the fraction are dropped: "1.500" and "1.5" are the same Decimal.
[[nodiscard]] std::expected<Decimal, DecimalError> parse_decimal(std::string_view text) noexcept;

// How many whole units make up the value; not_a_multiple when it does not come out even. unit > 0.
[[nodiscard]] std::expected<std::int64_t, DecimalError> count_units(Decimal value, Decimal unit) noexcept;

// parse_decimal, then count_units.
[[nodiscard]] std::expected<std::int64_t, DecimalError> parse_units(std::string_view text,
                                                                    Decimal unit) noexcept;

using NumberText = FixedText<47>;

// The value of so many units, with exactly unit.scale decimals ("12.30" for 1230 × 0.01).
[[nodiscard]] NumberText format_units(std::int64_t units, Decimal unit) noexcept;

// The mean price of fills: tick_lots (the exact sum of LastPx × LastQty in ticks × lots) divided once by
// lots, half-even at the tick's decimals + 4, trailing zeros beyond the tick's decimals dropped. "0" when
// lots = 0.
[[nodiscard]] NumberText format_average_price(std::int64_t tick_lots, Quantity lots, Decimal tick) noexcept;

// Minor units of an asset of that scale.
[[nodiscard]] constexpr Decimal minor_unit(std::uint8_t scale) noexcept {
    return {1, scale};
}

} // namespace tradehive
