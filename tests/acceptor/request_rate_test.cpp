#include "acceptor/request_rate.hpp"

#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

using namespace std::chrono_literals;
using enum RequestRate::Verdict;

constexpr RequestRate::Clock::time_point begin{};
constexpr RequestRate::Limits ten_a_second{.per_second = 10, .at_once = 20};

TEST(RequestRate, takes_a_start_at_once_and_then_what_comes_back) {
    RequestRate rate{ten_a_second, begin};
    for (int i = 0; i < 20; ++i)
        ASSERT_EQ(rate.ask(1, begin), taken) << i;
    EXPECT_EQ(rate.ask(1, begin), refused);
    EXPECT_EQ(rate.ask(1, begin + 99ms), refused);
    EXPECT_EQ(rate.ask(1, begin + 100ms), taken);
    EXPECT_EQ(rate.ask(1, begin + 100ms), refused);
    for (int i = 0; i < 20; ++i) // no more than at first, however long it rested
        ASSERT_EQ(rate.ask(1, begin + 1h), taken) << i;
    EXPECT_EQ(rate.ask(1, begin + 1h), refused);
}

TEST(RequestRate, what_was_brought_is_paid_before_the_next) {
    RequestRate rate{ten_a_second, begin};
    EXPECT_EQ(rate.ask(1, begin), taken);
    rate.charge_bytes(std::size_t{29} * 64 * 1024);
    EXPECT_TRUE(rate.in_debt(begin + 900ms));
    EXPECT_FALSE(rate.in_debt(begin + 1s));
    EXPECT_EQ(rate.ask(1, begin + 1s), refused);
    EXPECT_EQ(rate.ask(1, begin + 1100ms), taken);
}

TEST(RequestRate, one_and_a_half_times_the_rate_is_refused_for_ever_and_three_times_ends_it) {
    RequestRate patient{ten_a_second, begin};
    auto now = begin;
    std::size_t got = 0;
    for (int i = 0; i < 1500; ++i) {
        now += 100ms * 2 / 3;
        const auto verdict = patient.ask(1, now);
        ASSERT_NE(verdict, too_much) << i;
        got += verdict == taken ? 1U : 0U;
    }
    EXPECT_GE(got, 1000U);
    EXPECT_LE(got, 1020U);
    RequestRate other{ten_a_second, begin};
    now = begin;
    int until_the_end = 0;
    while (other.ask(1, now) != too_much && until_the_end < 1000) {
        now += 100ms / 3;
        ++until_the_end;
    }
    EXPECT_GT(until_the_end, 60);
    EXPECT_LT(until_the_end, 120);
}

TEST(RequestRate, each_report_of_a_mass_status_is_paid) {
    RequestRate rate{ten_a_second, begin};
    EXPECT_EQ(rate.ask(1, begin), taken);
    rate.charge_reports(29);
    EXPECT_TRUE(rate.in_debt(begin + 900ms));
    EXPECT_EQ(rate.ask(1, begin + 1s), refused);
    EXPECT_EQ(rate.ask(1, begin + 1100ms), taken);
}

TEST(SessionRates, cancels_and_questions_pass_when_orders_do_not) {
    constexpr RequestRate::Limits one{.per_second = 1, .at_once = 1};
    SessionRates rates{{.questions = one, .orders = one, .cancels = {.per_second = 1, .at_once = 3}}, begin};
    EXPECT_EQ(rates.of("D").ask(1, begin), taken);
    for (const auto* const type : {"D", "G", "R", "1", "2", "?", ""})
        EXPECT_NE(rates.of(type).ask(1, begin), taken) << type << " counts with the orders";
    EXPECT_EQ(rates.of("F").ask(1, begin), taken);
    EXPECT_EQ(rates.of("q").ask(1, begin), taken);
    EXPECT_EQ(rates.of("F").ask(1, begin), taken);
    EXPECT_EQ(rates.of("F").ask(1, begin), refused) << "they have a ceiling";
    EXPECT_EQ(rates.of("H").ask(1, begin), taken);
    for (const auto* const type : {"H", "AF", "V", "x", "e", "g", "BE"})
        EXPECT_NE(rates.of(type).ask(1, begin), taken) << type << " is a question";
}

TEST(SessionRates, a_new_connection_of_a_session_brings_no_new_tokens) {
    constexpr RequestRate::Limits one{.per_second = 1, .at_once = 1};
    RequestRates rates{{.questions = one, .orders = one, .cancels = one}};
    EXPECT_EQ(rates.of(FixSessionId{1})->orders.ask(1), taken);
    EXPECT_EQ(rates.of(FixSessionId{1})->orders.ask(1), refused);
    EXPECT_EQ(rates.of(FixSessionId{2})->orders.ask(1), taken);
}

} // namespace
} // namespace tradehive::acceptor
