#include "main/number_reset.hpp"

#include <gtest/gtest.h>

namespace tradehive::main {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr sys_days saturday{2026y / November / 21};
constexpr WeeklyMoment at_ten{.day = Saturday, .time = 22h};

TEST(NumberReset, TheNextOneIsWithinAWeek) {
    EXPECT_EQ(first_after(saturday + 21h + 59min + 59s, at_ten), saturday + 22h);
    EXPECT_EQ(first_after(saturday + 22h, at_ten), saturday + days{7} + 22h);
    EXPECT_EQ(first_after(saturday + 23h, at_ten), saturday + days{7} + 22h);
    EXPECT_EQ(first_after(saturday - days{6}, at_ten), saturday + 22h);
    EXPECT_EQ(first_after(saturday - days{7} + 22h, at_ten), saturday + 22h);
    EXPECT_EQ(first_after(saturday + 23h, {.day = Sunday, .time = 0s}), saturday + 24h);
}

TEST(NumberReset, IsToldAheadOnceEachAndDoneOnceAWeek) {
    NumberReset reset{at_ten, {60s, 900s}, std::nullopt, saturday};
    EXPECT_EQ(reset.next(), saturday + 22h);
    EXPECT_FALSE(reset.to_be_told(saturday + 21h + 44min + 59s));
    EXPECT_TRUE(reset.to_be_told(saturday + 21h + 45min));
    EXPECT_FALSE(reset.to_be_told(saturday + 21h + 45min));
    EXPECT_FALSE(reset.to_be_told(saturday + 21h + 58min));
    EXPECT_TRUE(reset.to_be_told(saturday + 21h + 59min + 1s));
    EXPECT_FALSE(reset.to_be_told(saturday + 22h));
    EXPECT_EQ(reset.newest(saturday + 22h), saturday + 22h);
    reset.done(saturday + 22h);
    EXPECT_EQ(reset.next(), saturday + days{7} + 22h);
    EXPECT_TRUE(reset.to_be_told(saturday + days{7} + 21h + 50min));
}

TEST(NumberReset, NothingIsToldOfWhatIsPast) {
    NumberReset reset{at_ten, {60s}, std::nullopt, saturday};
    EXPECT_FALSE(reset.to_be_told(saturday + 22h + 1s)) << "the clock went over both at once";
}

TEST(NumberReset, WhatWasDueWhileTheVenueWasDownIsDueAtItsStart) {
    const NumberReset down{at_ten, {}, saturday + 20h, saturday + days{3}};
    EXPECT_EQ(down.next(), saturday + 22h);
    const NumberReset down_for_weeks{at_ten, {}, saturday - days{30}, saturday + days{3}};
    EXPECT_LT(down_for_weeks.next(), saturday + 22h);
    EXPECT_EQ(down_for_weeks.newest(saturday + days{3}), saturday + 22h) << "once for all of them";
    // It died within moments of it, and may not have done it. The venue knows.
    const NumberReset just_then{at_ten, {}, saturday + 22h + 1s, saturday + 22h + 30s};
    EXPECT_EQ(just_then.next(), saturday + 22h);
}

TEST(NumberReset, AVenueThatLivedThroughItOrIsNewWaitsForTheNextOne) {
    const NumberReset lived{at_ten, {}, saturday + 23h, saturday + days{3}};
    EXPECT_EQ(lived.next(), saturday + days{7} + 22h);
    const NumberReset is_new{at_ten, {}, std::nullopt, saturday + days{3}};
    EXPECT_EQ(is_new.next(), saturday + days{7} + 22h);
    const NumberReset set_back{at_ten, {}, saturday + days{3} + 50s, saturday + days{3}};
    EXPECT_EQ(set_back.next(), saturday + days{7} + 22h);
}

TEST(NumberReset, AStartShortlyBeforeTellsOnlyWhatIsStillAhead) {
    NumberReset reset{at_ten, {900s, 60s}, saturday, saturday + 21h + 50min};
    EXPECT_FALSE(reset.to_be_told(saturday + 21h + 51min));
    EXPECT_TRUE(reset.to_be_told(saturday + 21h + 59min));
}

} // namespace
} // namespace tradehive::main
