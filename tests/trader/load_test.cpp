#include "trader/latency_histogram.hpp"
#include "trader/load_report.hpp"
#include "trader/market_prices.hpp"

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::trader {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(LatencyHistogramTest, nothing_added_is_zero_everywhere) {
    const LatencyHistogram empty;
    EXPECT_EQ(empty.count(), 0U);
    EXPECT_EQ(empty.least(), 0);
    EXPECT_EQ(empty.most(), 0);
    EXPECT_EQ(empty.mean(), 0);
    EXPECT_EQ(empty.at(990'000), 0);
    EXPECT_TRUE(empty.buckets().empty());
}

TEST(LatencyHistogramTest, percentiles_are_those_of_the_sorted_values_to_one_part_in_128) {
    LatencyHistogram histogram;
    std::vector<std::int64_t> values;
    SeededNumbers numbers(5);
    for (int count = 0; count < 20'000; ++count) {
        const auto magnitude = numbers.between(0, 34);
        values.push_back(numbers.between(0, std::int64_t{1} << magnitude));
        histogram.add(values.back());
    }
    std::ranges::sort(values);
    for (const std::uint64_t millionths :
         {1U, 10'000U, 250'000U, 500'000U, 900'000U, 990'000U, 999'000U, 999'999U, 1'000'000U}) {
        const auto rank = (values.size() * millionths + 999'999) / 1'000'000;
        const auto exact = values[std::max<std::size_t>(rank, 1) - 1];
        const auto told = histogram.at(millionths);
        EXPECT_GE(told, exact) << millionths;
        EXPECT_LE(told, exact + exact / 128) << millionths;
    }
    EXPECT_EQ(histogram.count(), values.size());
    EXPECT_EQ(histogram.least(), values.front());
    EXPECT_EQ(histogram.most(), values.back());
}

TEST(LatencyHistogramTest, buckets_touch_each_other_and_none_is_wide) {
    LatencyHistogram histogram;
    for (std::int64_t value = 0; value < 100'000; ++value)
        histogram.add(value);
    const auto buckets = histogram.buckets();
    std::int64_t next = 0;
    std::uint64_t count = 0;
    for (const auto& bucket : buckets) {
        EXPECT_EQ(bucket.from, next);
        EXPECT_LE(bucket.to - bucket.from + 1, std::max<std::int64_t>(1, bucket.from / 128));
        const auto last = std::min<std::int64_t>(bucket.to, 99'999);
        EXPECT_EQ(bucket.count, static_cast<std::uint64_t>(last - bucket.from + 1));
        next = bucket.to + 1;
        count += bucket.count;
    }
    EXPECT_EQ(count, 100'000U);
    EXPECT_EQ(histogram.mean(), 49'999);
}

TEST(LatencyHistogramTest, what_is_out_of_range_counts_at_its_end_and_two_add_up) {
    LatencyHistogram one;
    LatencyHistogram other;
    one.add(-5);
    other.add(std::numeric_limits<std::int64_t>::max());
    other.add(LatencyHistogram::longest);
    one.add(other);
    EXPECT_EQ(one.count(), 3U);
    EXPECT_EQ(one.least(), 0);
    EXPECT_EQ(one.most(), LatencyHistogram::longest);
    EXPECT_EQ(one.buckets().back().count, 2U);
}

TEST(LoadTextTest, durations_have_three_digits_at_most) {
    EXPECT_EQ(duration_text(0), "0 ns");
    EXPECT_EQ(duration_text(999), "999 ns");
    EXPECT_EQ(duration_text(1'000), "1 µs");
    EXPECT_EQ(duration_text(1'259), "1.25 µs");
    EXPECT_EQ(duration_text(12'590), "12.5 µs");
    EXPECT_EQ(duration_text(125'900), "125 µs");
    EXPECT_EQ(duration_text(1'050'000), "1.05 ms");
    EXPECT_EQ(duration_text(61'000'000'000), "61 s");
    EXPECT_EQ(count_text(0), "0");
    EXPECT_EQ(count_text(999), "999");
    EXPECT_EQ(count_text(1'234'567), "1,234,567");
}

LoadResult some_result() {
    LoadResult result;
    result.sessions = 2;
    result.took = result.answered = std::chrono::seconds(2);
    for (int count = 0; count < 990; ++count)
        result.counts.latency.add(200'000);
    for (int count = 0; count < 10; ++count)
        result.counts.latency.add(900'000);
    result.counts.sent = result.counts.accepted = result.due = 1'000;
    return result;
}

std::string printed(const LoadPlan& plan, const LoadResult& result) {
    std::ostringstream out;
    print_load(out, plan, result, false);
    return out.str();
}

TEST(LoadReportTest, the_figures_the_percentiles_and_a_bar_for_each_band) {
    const auto text = printed({.window = 8}, some_result());
    EXPECT_THAT(text, HasSubstr("2 sessions, window 8\n1,000 orders answered in 2.0 s: 500 orders/s\n"));
    EXPECT_THAT(text, HasSubstr("p50 200 µs, p90 200 µs, p99 200 µs, p99.9 900 µs"));
    EXPECT_THAT(text, HasSubstr("    200 µs – 250 µs ████████████████████████████████████████ 990\n"));
    EXPECT_THAT(text, HasSubstr("    250 µs – 315 µs 0\n"));
    EXPECT_THAT(text, HasSubstr("      800 µs – 1 ms █ 10\n"));
    EXPECT_THAT(text, Not(HasSubstr("!")));
    EXPECT_THAT(text, Not(HasSubstr("\033")));
}

TEST(LoadReportTest, it_says_when_the_load_itself_was_too_slow) {
    const LoadPlan plan{.orders_per_second = 500};
    auto result = some_result();
    EXPECT_THAT(printed(plan, result), Not(HasSubstr("!")));
    result.due = 1'020;
    EXPECT_THAT(printed(plan, result),
                HasSubstr("! the load itself could not keep the rate: sent 1,000 of 1,020 due"));
    result.never_sent = result.held_by_the_venue = 20; // it was the venue that took no more
    EXPECT_THAT(printed(plan, result), Not(HasSubstr("could not keep")));
    EXPECT_THAT(printed(plan, result),
                HasSubstr("! 20 orders had to wait since the venue took no more bytes"));
    for (int count = 0; count < 100; ++count)
        result.own_lateness.add(2'000'000);
    EXPECT_THAT(printed(plan, result), HasSubstr("could not keep"));
}

TEST(LoadReportTest, refusals_and_missing_answers_are_never_silent) {
    auto result = some_result();
    result.counts.refused = 3;
    result.counts.last_refusal = "FUNDS: more";
    result.unanswered = 2;
    result.broken = "LOAD1: gone";
    const auto text = printed({}, result);
    EXPECT_THAT(text, HasSubstr("! 3 orders were refused, the last one: FUNDS: more"));
    EXPECT_THAT(text, HasSubstr("! 2 orders have no answer"));
    EXPECT_THAT(text, HasSubstr("! ended early: LOAD1: gone"));
    EXPECT_THAT(printed({}, LoadResult{}), HasSubstr("0 orders answered"));
}

TEST(LoadReportTest, csv_holds_every_bucket_and_svg_every_band) {
    auto result = some_result();
    result.counts.refused = 1;
    result.counts.last_refusal = "<&>";
    std::ostringstream csv;
    write_load_csv(csv, result);
    EXPECT_THAT(csv.str(), HasSubstr("from_ns,to_ns,count,cumulative\n"));
    EXPECT_THAT(csv.str(), HasSubstr(",990,990\n"));
    EXPECT_THAT(csv.str(), HasSubstr(",10,1000\n"));
    std::ostringstream svg;
    write_load_svg(svg, {}, result);
    EXPECT_THAT(svg.str(), HasSubstr("200 µs – 250 µs: 990"));
    EXPECT_THAT(svg.str(), HasSubstr("&lt;&amp;&gt;"));
    EXPECT_THAT(svg.str(), testing::EndsWith("</svg>\n"));
}

} // namespace
} // namespace tradehive::trader
