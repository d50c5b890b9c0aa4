#include "domain/decimal.hpp"

#include <array>
#include <cassert>

namespace tradehive {

namespace {

constexpr std::uint8_t greatest_scale = 18;

constexpr auto powers_of_ten = [] {
    std::array<std::int64_t, greatest_scale + 1> powers{};
    std::int64_t power = 1;
    for (auto& entry : powers) {
        entry = power;
        if (power <= INT64_MAX / 10) power *= 10;
    }
    return powers;
}();

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// Writes mantissa / 10^scale with exactly scale decimals.
NumberText write(Wide mantissa, unsigned scale) noexcept {
    std::array<char, NumberText::capacity> buffer{};
    std::size_t at = buffer.size();
    const bool negative = mantissa < 0;
    Wide rest = negative ? -mantissa : mantissa;
    for (unsigned digits = 0; rest != 0 || digits <= scale; ++digits) {
        if (digits == scale && scale != 0) buffer[--at] = '.';
        buffer[--at] = static_cast<char>('0' + static_cast<int>(rest % 10));
        rest /= 10;
    }
    if (negative) buffer[--at] = '-';
    return NumberText::cut({buffer.data() + at, buffer.size() - at});
}

} // namespace

std::string_view describe(DecimalError error) noexcept {
    switch (error) {
    case DecimalError::empty:
        return "a number needs at least one digit";
    case DecimalError::bad_character:
        return "a number is digits with at most one '.', '-' only in front";
    case DecimalError::out_of_range:
        return "the number has too many digits";
    case DecimalError::not_a_multiple:
        return "the number is not a whole multiple of the step";
    }
    return "unknown";
}

std::expected<Decimal, DecimalError> parse_decimal(std::string_view text) noexcept {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (text.find_first_of("0123456789") == std::string_view::npos)
        return std::unexpected{text.find_first_not_of('.') == std::string_view::npos
                                   ? DecimalError::empty
                                   : DecimalError::bad_character};
    if (text.contains('.'))
        while (text.ends_with('0'))
            text.remove_suffix(1);

    std::int64_t mantissa = 0;
    std::uint8_t scale = 0;
    bool after_point = false;
    for (const char c : text) {
        if (c == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (!is_digit(c)) return std::unexpected{DecimalError::bad_character};
        if (__builtin_mul_overflow(mantissa, std::int64_t{10}, &mantissa) ||
            __builtin_add_overflow(mantissa, std::int64_t{c - '0'}, &mantissa))
            return std::unexpected{DecimalError::out_of_range};
        if (after_point && ++scale > greatest_scale) return std::unexpected{DecimalError::out_of_range};
    }
    return Decimal{negative ? -mantissa : mantissa, scale};
}

std::expected<std::int64_t, DecimalError> count_units(Decimal value, Decimal unit) noexcept {
    assert(unit.mantissa > 0);
    // value.mantissa / 10^value.scale ÷ (unit.mantissa / 10^unit.scale); both products stay below 2^127.
    const Wide numerator = Wide{value.mantissa} * powers_of_ten.at(unit.scale);
    const Wide denominator = Wide{unit.mantissa} * powers_of_ten.at(value.scale);
    if (numerator % denominator != 0) return std::unexpected{DecimalError::not_a_multiple};
    const auto units = narrow(numerator / denominator);
    if (!units) return std::unexpected{DecimalError::out_of_range};
    return *units;
}

std::expected<std::int64_t, DecimalError> parse_units(std::string_view text, Decimal unit) noexcept {
    const auto value = parse_decimal(text);
    if (!value) return std::unexpected{value.error()};
    return count_units(*value, unit);
}

NumberText format_units(std::int64_t units, Decimal unit) noexcept {
    return write(Wide{units} * unit.mantissa, unit.scale);
}

NumberText format_average_price(std::int64_t tick_lots, Quantity lots, Decimal tick) noexcept {
    if (lots.value() == 0) return NumberText::cut("0");
    constexpr unsigned extra = 4;
    const Wide numerator = Wide{tick_lots} * tick.mantissa;
    const Wide whole = numerator / lots.value();
    // The fraction alone is scaled up, so that nothing overflows: |remainder| < 2^63.
    const Wide remainder = numerator % lots.value() * 10'000;
    Wide fraction = remainder / lots.value();
    const Wide twice_left = 2 * (remainder % lots.value());
    const Wide absolute_left = twice_left < 0 ? -twice_left : twice_left;
    if (absolute_left > lots.value() || (absolute_left == lots.value() && fraction % 2 != 0))
        fraction += numerator < 0 ? -1 : 1;

    Wide mantissa = whole * 10'000 + fraction;
    unsigned scale = tick.scale + extra;
    while (scale > tick.scale && mantissa % 10 == 0) {
        mantissa /= 10;
        --scale;
    }
    return write(mantissa, scale);
}

} // namespace tradehive
