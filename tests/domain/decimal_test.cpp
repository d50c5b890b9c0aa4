#include "domain/decimal.hpp"

#include <gtest/gtest.h>

namespace tradehive {
namespace {

TEST(Decimal, ReadsExactly) {
    EXPECT_EQ(parse_decimal("12.30"), (Decimal{123, 1}));
    EXPECT_EQ(parse_decimal("-0.05"), (Decimal{-5, 2}));
    EXPECT_EQ(parse_decimal("007"), (Decimal{7, 0}));
    EXPECT_EQ(parse_decimal(".5"), (Decimal{5, 1}));
    EXPECT_EQ(parse_decimal("1."), (Decimal{1, 0}));
    EXPECT_EQ(parse_decimal(".0"), (Decimal{0, 0}));
    EXPECT_EQ(parse_decimal("99999999999999.99"), (Decimal{9'999'999'999'999'999, 2}));
    EXPECT_EQ(parse_decimal("9223372036854775807"), (Decimal{INT64_MAX, 0}));
    EXPECT_EQ(parse_decimal("0.000000000000000001"), (Decimal{1, 18}));
}

TEST(Decimal, RefusesWhatIsNotANumber) {
    for (const auto* text : {"", "-", ".", "-."})
        EXPECT_EQ(parse_decimal(text), std::unexpected{DecimalError::empty}) << text;
    for (const auto* text : {"+1", "1e5", "1,5", " 1", "1 ", "1.2.3", "--1", "1-", "NaN", "0x10", "1\0"})
        EXPECT_EQ(parse_decimal(text).has_value(), std::string_view{text} == "1") << text;
    for (const auto* text : {"9223372036854775808", "0.0000000000000000001", "99999999999999999999"})
        EXPECT_EQ(parse_decimal(text), std::unexpected{DecimalError::out_of_range}) << text;
}

TEST(Decimal, CountsWholeUnitsOnly) {
    EXPECT_EQ(parse_units("12.30", {5, 2}), 246);
    EXPECT_EQ(parse_units("12.31", {5, 2}), std::unexpected{DecimalError::not_a_multiple});
    EXPECT_EQ(parse_units("1000", {100, 0}), 10);
    EXPECT_EQ(parse_units("0.001", {1, 2}), std::unexpected{DecimalError::not_a_multiple});
    EXPECT_EQ(parse_units("9223372036854775807", {1, 9}), std::unexpected{DecimalError::out_of_range});
    EXPECT_EQ(parse_units("-3", {1, 1}), -30);
}

TEST(Decimal, WritesTheStepsDecimals) {
    EXPECT_EQ(format_units(246, {5, 2}).view(), "12.30");
    EXPECT_EQ(format_units(0, {1, 2}).view(), "0.00");
    EXPECT_EQ(format_units(-1, {1, 2}).view(), "-0.01");
    EXPECT_EQ(format_units(7, {1, 0}).view(), "7");
    EXPECT_EQ(format_units(INT64_MAX, {1, 9}).view(), "9223372036.854775807");
    EXPECT_EQ(format_units(INT64_MIN, {1, 18}).view(), "-9.223372036854775808");
}

TEST(Decimal, ReadsBackWhatItWrote) {
    std::uint64_t state = 88172645463325252ULL;
    for (int i = 0; i < 100'000; ++i) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        const auto units = static_cast<std::int64_t>(state) >> (state % 50);
        const Decimal unit{1, static_cast<std::uint8_t>(state % 10)};
        ASSERT_EQ(parse_units(format_units(units, unit).view(), unit), units);
    }
}

TEST(AveragePrice, DividesOnceHalfEven) {
    const Decimal cent{1, 2};
    EXPECT_EQ(format_average_price(0, Quantity{0}, cent).view(), "0");
    EXPECT_EQ(format_average_price(100 * 3, Quantity{3}, cent).view(), "1.00");
    EXPECT_EQ(format_average_price(10, Quantity{3}, cent).view(), "0.033333");
    EXPECT_EQ(format_average_price(20, Quantity{3}, cent).view(), "0.066667");
    // Exactly half a unit of the last decimal: to the even neighbour.
    EXPECT_EQ(format_average_price(1, Quantity{20'000}, {1, 0}).view(), "0");
    EXPECT_EQ(format_average_price(3, Quantity{20'000}, {1, 0}).view(), "0.0002");
    EXPECT_EQ(format_average_price(INT64_MAX, Quantity{1}, {1'000'000'000, 9}).view(),
              "9223372036854775807.000000000");
}

TEST(Notional, IsExactOrNothing) {
    EXPECT_EQ(notional(Price{3}, Quantity{4}, 5), Amount{60});
    EXPECT_EQ(notional(Price{INT64_MAX}, Quantity{2}, 1), std::nullopt);
    EXPECT_EQ(notional(Price{1LL << 40}, Quantity{1LL << 22}, 2), std::nullopt);
    EXPECT_EQ(notional(Price{1LL << 40}, Quantity{1LL << 22}, 1), Amount{1LL << 62});
}

TEST(Fee, RoundsDown) {
    EXPECT_EQ(fee_rounded_down(Amount{999}, FeeRate{1000}), Amount{0});
    EXPECT_EQ(fee_rounded_down(Amount{1999}, FeeRate{1000}), Amount{1});
    EXPECT_EQ(fee_rounded_down(Amount{INT64_MAX}, FeeRate{1'000'000}), Amount{INT64_MAX});
}

} // namespace
} // namespace tradehive
