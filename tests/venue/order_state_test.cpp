#include "venue/order_state.hpp"

#include <gtest/gtest.h>

namespace tradehive::venue {
namespace {

using enum OrdStatus;
using enum Happening;

TEST(OrderState, OpenOrdersMove) {
    EXPECT_EQ(after(new_, fill_partly), partially_filled);
    EXPECT_EQ(after(new_, fill_fully), filled);
    EXPECT_EQ(after(new_, cancel), canceled);
    EXPECT_EQ(after(new_, expire), expired);
    EXPECT_EQ(after(new_, replace), new_);
    EXPECT_EQ(after(partially_filled, fill_partly), partially_filled);
    EXPECT_EQ(after(partially_filled, fill_fully), filled);
    EXPECT_EQ(after(partially_filled, cancel), canceled);
    EXPECT_EQ(after(partially_filled, expire), expired);
    EXPECT_EQ(after(partially_filled, replace), partially_filled);
}

TEST(OrderState, WhatHasEndedStaysSo) {
    for (const OrdStatus status : {filled, canceled, rejected, expired}) {
        EXPECT_FALSE(is_open(status));
        for (const Happening happening : {fill_partly, fill_fully, cancel, expire, replace})
            EXPECT_EQ(after(status, happening), std::nullopt);
    }
    EXPECT_TRUE(is_open(new_));
    EXPECT_TRUE(is_open(partially_filled));
}

} // namespace
} // namespace tradehive::venue
