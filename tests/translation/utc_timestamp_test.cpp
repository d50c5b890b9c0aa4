#include "acceptor/translation/fields.hpp"
#include "tests/translation/world.hpp"

#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

TEST(UtcTimestamp, IsReadWithUpToNineDecimals) {
    EXPECT_EQ(parse_utc_timestamp("20260101-12:00:00.123456789"), noon);
    EXPECT_EQ(parse_utc_timestamp("20260101-12:00:00.123"), Timestamp{1'767'268'800'123'000'000});
    EXPECT_EQ(parse_utc_timestamp("20260101-12:00:00"), Timestamp{1'767'268'800'000'000'000});
    EXPECT_EQ(parse_utc_timestamp("19700101-00:00:00"), Timestamp{0});
    EXPECT_EQ(parse_utc_timestamp("20161231-23:59:60"), parse_utc_timestamp("20170101-00:00:00"));
}

TEST(UtcTimestamp, WhatIsNoneIsRefused) {
    for (const auto* const text :
         {"", "20260101", "20260101-12:00:0", "20260230-12:00:00", "20261301-12:00:00", "20260101-24:00:00",
          "20260101-12:60:00", "20260101-12:00:61", "20260101-12:00:00.", "20260101-12:00:00.1234567890",
          "20260101 12:00:00", "2026010112:00:00:", "0000-1-1-12:00:00", "20260101-12:00:00Z",
          "00010101-00:00:00", "99991231-00:00:00"})
        EXPECT_FALSE(parse_utc_timestamp(text)) << text;
}

TEST(UtcTimestamp, IsWrittenInMilliseconds) {
    EXPECT_EQ(format_utc_timestamp(noon), "20260101-12:00:00.123");
    EXPECT_EQ(format_utc_timestamp(Timestamp{0}), "19700101-00:00:00.000");
    EXPECT_EQ(format_utc_timestamp(Timestamp{999'999}), "19700101-00:00:00.000");
    EXPECT_EQ(format_utc_timestamp(Timestamp{1'000'000}), "19700101-00:00:00.001");
}

} // namespace
} // namespace tradehive::acceptor
