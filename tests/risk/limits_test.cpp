#include "risk/limits.hpp"

#include <gtest/gtest.h>

namespace tradehive::risk {
namespace {

TEST(Limits, ZeroIsNoLimit) {
    EXPECT_FALSE(check_quantity({}, Quantity{INT64_MAX}));
    EXPECT_FALSE(check_notional({}, Amount{INT64_MAX}));
    EXPECT_FALSE(check_open_orders({}, 1'000'000));
}

TEST(Limits, TheBoundItselfIsAllowedAndIsNamedWhenPassed) {
    const Limits limits{.most_open_orders = 2, .most_order_qty = Quantity{10}, .most_notional = Amount{500}};
    EXPECT_FALSE(check_quantity(limits, Quantity{10}));
    EXPECT_EQ(check_quantity(limits, Quantity{11}).reason, RejectReason::over_quantity_limit);
    EXPECT_EQ(check_quantity(limits, Quantity{11}).bound, 10);
    EXPECT_FALSE(check_notional(limits, Amount{500}));
    EXPECT_EQ(check_notional(limits, Amount{501}).reason, RejectReason::over_notional_limit);
    EXPECT_EQ(check_notional(limits, Amount{501}).bound, 500);
    EXPECT_FALSE(check_open_orders(limits, 1));
    EXPECT_EQ(check_open_orders(limits, 2).reason, RejectReason::too_many_open_orders);
    EXPECT_EQ(check_open_orders(limits, 2).bound, 2);
}

TEST(Limits, BelowZeroAreNotAcceptable) {
    EXPECT_TRUE(acceptable(Limits{}));
    EXPECT_FALSE(acceptable(Limits{0, Quantity{-1}, Amount{0}}));
    EXPECT_FALSE(acceptable(Limits{0, Quantity{0}, Amount{-1}}));
}

} // namespace
} // namespace tradehive::risk
