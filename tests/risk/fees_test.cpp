#include "risk/fees.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tradehive::risk {
namespace {

constexpr FeeRates rates(std::int32_t maker, std::int32_t taker) {
    return {FeeRate{maker}, FeeRate{taker}};
}

TEST(Fees, RoundDownForEachFill) {
    const auto fees = fees_of_fill(Amount{1'999}, FeeRate{1'000}, FeeRate{2'000});
    EXPECT_EQ(fees.maker, Amount{1});
    EXPECT_EQ(fees.taker, Amount{3});
}

TEST(Fees, ARebateRoundsDownInMagnitude) {
    EXPECT_EQ(fees_of_fill(Amount{1'999}, FeeRate{-1'000}, FeeRate{2'000}).maker, Amount{-1});
    EXPECT_EQ(fees_of_fill(Amount{999}, FeeRate{-1'000}, FeeRate{5'000}).maker, Amount{0});
}

TEST(Fees, ARebateNeverExceedsWhatTheOtherSidePays) {
    EXPECT_EQ(fees_of_fill(Amount{1'000'000}, FeeRate{-300}, FeeRate{100}).maker, Amount{-100});
    EXPECT_EQ(fees_of_fill(Amount{1'000'000}, FeeRate{-300}, FeeRate{0}).maker, Amount{0});
    EXPECT_EQ(fees_of_fill(Amount{1'000'000}, FeeRate{100}, FeeRate{-300}).taker, Amount{-100});
    const auto both = fees_of_fill(Amount{1'000'000}, FeeRate{-300}, FeeRate{-200});
    EXPECT_EQ(both.maker, Amount{0});
    EXPECT_EQ(both.taker, Amount{0});
}

TEST(Fees, RatesOutOfRangeOrThatPayOutAreNotAcceptable) {
    EXPECT_TRUE(acceptable(rates(-200, 200)));
    EXPECT_TRUE(acceptable(rates(1'000'000, 1'000'000)));
    EXPECT_FALSE(acceptable(rates(-201, 200)));
    EXPECT_FALSE(acceptable(rates(0, 1'000'001)));
    EXPECT_FALSE(acceptable(rates(-1'000'001, 1'000'000)));
}

TEST(Hold, OfABuyIsItsNotionalAndTheDearestFee) {
    EXPECT_EQ(hold_of_buy(Amount{10'000}, rates(100, 250)), Amount{10'002});
    EXPECT_EQ(hold_of_buy(Amount{10'000}, rates(300, 250)), Amount{10'003});
    EXPECT_EQ(hold_of_buy(Amount{10'000}, rates(-250, 250)), Amount{10'002});
    EXPECT_EQ(hold_of_buy(Amount{9'999}, rates(0, 100)), Amount{9'999});
    EXPECT_EQ(hold_of_buy(Amount{INT64_MAX}, rates(0, 1)), std::nullopt);
    EXPECT_EQ(hold_of_buy(Amount{INT64_MAX}, rates(0, 0)), Amount{INT64_MAX});
}

TEST(Hold, OfASellIsItsQuantityInMinorUnits) {
    EXPECT_EQ(hold_of_sell(Quantity{7}, 1'000), Amount{7'000});
    EXPECT_EQ(hold_of_sell(Quantity{INT64_MAX}, 2), std::nullopt);
}

// What the head of fees.hpp proves, on random numbers: the hold covers each fill and what is left.
TEST(Hold, CoversEachFillAndWhatIsLeftOfTheOrder) {
    std::mt19937_64 random{88172645463325252ULL};
    const auto below = [&](std::int64_t bound) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(bound));
    };
    for (int round = 0; round < 20'000; ++round) {
        const auto taker = static_cast<std::int32_t>(below(3'000));
        const FeeRates fee_rates = rates(static_cast<std::int32_t>(below(6'000)) - taker, taker);
        ASSERT_TRUE(acceptable(fee_rates));
        const std::int64_t units = 1 + below(50);
        const Price limit{1 + below(1'000'000)};
        Quantity leaves{1 + below(1'000)};
        Amount held = *hold_of_buy(*notional(limit, leaves, units), fee_rates);
        while (leaves > Quantity{0}) {
            const Quantity filled{1 + below(leaves.value())};
            const Price price{1 + below(limit.value())};
            const Amount cost = *notional(price, filled, units);
            const bool maker = below(2) == 0;
            const auto fees = maker ? fees_of_fill(cost, fee_rates.maker, FeeRate{5'000})
                                    : fees_of_fill(cost, FeeRate{0}, fee_rates.taker);
            const Amount paid = cost + (maker ? fees.maker : fees.taker);
            leaves -= filled;
            const Amount needed = *hold_of_buy(*notional(limit, leaves, units), fee_rates);
            ASSERT_LE(needed, held - paid);
            held = needed;
        }
        ASSERT_EQ(held, Amount{0});
    }
}

} // namespace
} // namespace tradehive::risk
