#include "main/day_timer.hpp"

#include <gtest/gtest.h>

namespace tradehive::main {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr sys_days day{2026y / November / 21};

struct DayTimerTest : ::testing::Test {
    DayTimer timer;
    system_clock::time_point wall{day + 23h + 59min + 58s};
    steady_clock::time_point steady{steady_clock::time_point{} + 1000h};

    std::optional<sys_days> after(nanoseconds time) {
        wall += duration_cast<system_clock::duration>(time);
        steady += duration_cast<steady_clock::duration>(time);
        return timer.day_over(wall, steady);
    }
};

TEST_F(DayTimerTest, AtTheStartTheDayBeforeIsOver) {
    EXPECT_EQ(after(0s), day - days{1});
    EXPECT_EQ(after(1s), std::nullopt);
}

TEST_F(DayTimerTest, ADayEndsOnceAtMidnight) {
    after(0s);
    EXPECT_EQ(after(1s), std::nullopt);
    EXPECT_EQ(after(999ms), std::nullopt);
    EXPECT_EQ(after(1ms), day);
    EXPECT_EQ(after(1s), std::nullopt);
    EXPECT_EQ(after(24h), day + days{1});
}

TEST_F(DayTimerTest, WhatCouldNotBeDoneIsToldAgain) {
    after(0s);
    EXPECT_EQ(after(2s), day);
    timer.again();
    EXPECT_EQ(after(1s), day);
    EXPECT_EQ(after(1s), std::nullopt);
}

TEST_F(DayTimerTest, AJumpOfTheClockDefersTheEndOfTheDay) {
    after(0s);
    wall += 6h; // somebody set it
    EXPECT_EQ(after(1s), std::nullopt);
    EXPECT_EQ(after(58s), std::nullopt);
    EXPECT_EQ(after(3s), day);
}

TEST_F(DayTimerTest, AClockThatIsSetBackInTimeEndsNothing) {
    after(0s);
    wall += 6h;
    EXPECT_EQ(after(1s), std::nullopt);
    wall -= 6h;
    EXPECT_EQ(after(30s), std::nullopt);
    wall -= 10min;
    EXPECT_EQ(after(1s), std::nullopt);
    EXPECT_EQ(after(2min), std::nullopt);
    EXPECT_EQ(after(10min), day);
}

TEST_F(DayTimerTest, AStoppedProcessIsNoJump) {
    after(0s);
    EXPECT_EQ(after(3h), day);
}

TEST_F(DayTimerTest, AnOrdersTimeIsOverWhenTheClockSaysSoAndIsTrusted) {
    after(0s);
    EXPECT_TRUE(timer.is_due(wall));
    EXPECT_FALSE(timer.is_due(wall + 1ms));
    wall += 10s; // somebody has set it
    after(1s);
    EXPECT_FALSE(timer.is_due(wall));
    after(2min);
    EXPECT_TRUE(timer.is_due(wall));
}

TEST_F(DayTimerTest, SleepsToMidnightButAtMostAQuarterOfASecond) {
    EXPECT_EQ(DayTimer::until_next(day + 12h), 250ms);
    EXPECT_EQ(DayTimer::until_next(day + 24h - 100ms), 100ms);
    EXPECT_EQ(DayTimer::until_next(day + 24h), 250ms);
}

} // namespace
} // namespace tradehive::main
