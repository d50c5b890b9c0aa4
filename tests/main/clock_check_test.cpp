#include "main/clock_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::main {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr sys_seconds newest{sys_days{2026y / November / 21} + 12h};

Timestamp stamp(sys_time<nanoseconds> time) {
    return Timestamp{time.time_since_epoch().count()};
}

std::string checked(nanoseconds ahead, seconds may_be_back = 60s) {
    try {
        return check_clock(stamp(newest), stamp(newest + ahead), may_be_back);
    } catch (const std::runtime_error& refused) {
        return std::string{"refused: "} + refused.what();
    }
}

TEST(ClockCheck, WhatIsOrdinaryIsNotMentioned) {
    EXPECT_EQ(check_clock({}, stamp(newest), 0s), "");
    for (const nanoseconds ahead : {0ns, 1ns, nanoseconds{24h * 7}})
        EXPECT_EQ(checked(ahead), "");
}

TEST(ClockCheck, AClockThatIsBackIsRefusedBeyondItsBound) {
    EXPECT_THAT(checked(-1ns), HasSubstr("stands still until the clock has come as far"));
    EXPECT_THAT(checked(-60s), HasSubstr("stands still"));
    EXPECT_THAT(checked(-60s - 1ns), HasSubstr("refused"));
    EXPECT_THAT(checked(-1h),
                AllOf(HasSubstr("refused: this machine's clock says 2026-11-21 11:00:00 UTC, the newest "
                                "command in the journal is of 2026-11-21 12:00:00 UTC: set the clock"),
                      HasSubstr("clock_back_seconds to more than 3600")));
    EXPECT_THAT(checked(-1h, 1h), HasSubstr("stands still"));
    EXPECT_THAT(checked(-1ns, 0s), HasSubstr("refused"));
}

TEST(ClockCheck, AClockFarAheadIsMentioned) {
    EXPECT_THAT(checked(24h * 7 + 1ns), HasSubstr("end it at once and set the clock"));
    EXPECT_THAT(checked(24h * 365), HasSubstr("says 2027-11-21 12:00:00 UTC"));
}

} // namespace
} // namespace tradehive::main
