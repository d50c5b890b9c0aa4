// Subscriptions over sockets: the book that a client keeps, gaps, readers that do not read.
#include "tests/acceptor/running_acceptor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

namespace tradehive::acceptor {
namespace {

using namespace std::chrono_literals;

constexpr FixSessionId nobody{3}; // whose orders they are: no client here hears of them

std::string order(const std::string& id, const std::string& price) {
    return "35=D|11=" + id + "|55=X-USD|54=1|60=20260101-12:00:00|38=5|40=2|59=0|44=" + price + "|";
}

std::string subscription(const std::string& id, const std::string& more = "263=1|264=0|265=1|") {
    return "35=V|262=" + id + "|" + more + "267=2|269=0|269=1|146=1|55=X-USD|";
}

std::size_t count(const std::string& message, const std::string& field) {
    std::size_t found = 0;
    for (std::size_t at = message.find(field); at != std::string::npos; at = message.find(field, at + 1))
        ++found;
    return found;
}

TEST(AcceptorMarketData, a_subscriber_gets_the_book_and_then_its_changes) {
    RunningAcceptor running;
    auto reader = running.client("BOB");
    reader.log_on();
    auto trader = running.client();
    trader.log_on();
    trader.send(order("a", "1.00"));
    trader.expect("8");
    reader.send(subscription("s"));
    EXPECT_EQ(value(reader.expect("W"), "270"), "1.00");
    trader.send(order("b", "1.01"));
    const auto change = reader.expect("X");
    EXPECT_EQ(value(change, "262"), "s");
    EXPECT_EQ(value(change, "278"), "B1.01");
    reader.send(subscription("s", "263=2|264=0|"));
    reader.send("35=1|112=ended|");
    EXPECT_EQ(value(reader.expect("0"), "112"), "ended");
    trader.send(order("c", "1.02"));
    trader.expect("8");
    trader.expect("8");
    EXPECT_TRUE(reader.silent_for(200ms));
}

TEST(AcceptorMarketData, what_changes_within_the_interval_comes_as_one_difference) {
    RunningAcceptor running{
        [](AcceptorOptions& options) { options.market_data_interval = std::chrono::milliseconds{300}; }};
    auto reader = running.client("BOB");
    reader.log_on();
    reader.send(subscription("s"));
    reader.expect("W");
    const auto begun = std::chrono::steady_clock::now();
    running.venue.send_events(nobody, 1000); // each one more order at the same price
    std::int64_t changes = 0;
    std::string last;
    while (value(last, "346") != "1000") {
        last = reader.expect("X");
        ++changes;
    }
    EXPECT_LE(changes, 2 + (std::chrono::steady_clock::now() - begun) / 300ms);
    EXPECT_EQ(value(last, "271"), "1000");
}

TEST(AcceptorMarketData, more_subscriptions_than_a_session_may_have_are_refused) {
    RunningAcceptor running{[](AcceptorOptions& options) { options.most_subscriptions = 2; }};
    auto reader = running.client("BOB");
    reader.log_on();
    reader.send(subscription("1"));
    reader.expect("W");
    reader.send(subscription("2"));
    reader.expect("W");
    reader.send(subscription("3"));
    EXPECT_EQ(value(reader.expect("Y"), "281"), "2");
    reader.send(subscription("1", "263=2|264=0|"));
    reader.send(subscription("3"));
    EXPECT_EQ(value(reader.expect("W"), "262"), "3");
}

TEST(AcceptorMarketData, a_full_venue_refuses_a_snapshot_and_keeps_a_subscription_waiting) {
    RunningAcceptor running;
    auto reader = running.client("BOB");
    reader.log_on();
    running.venue.full(true, false);
    reader.send(subscription("now", "263=0|264=0|"));
    EXPECT_EQ(value(reader.expect("Y"), "281"), "2");
    reader.send(subscription("s"));
    EXPECT_TRUE(reader.silent_for(50ms));
    running.venue.full(false, false);
    EXPECT_EQ(value(reader.expect("W"), "262"), "s");
}

TEST(AcceptorMarketData, a_resend_fills_the_gap_and_brings_the_book_again) {
    RunningAcceptor running;
    auto reader = running.client("BOB");
    reader.log_on();
    reader.send(subscription("one"));
    reader.expect("W");
    reader.send(subscription("two", "263=1|264=1|265=1|"));
    reader.expect("W");
    reader.send("35=2|7=2|16=0|");
    const auto fill = reader.expect("4");
    EXPECT_EQ(value(fill, "123"), "Y");
    EXPECT_EQ(value(fill, "36"), "4");
    std::map<std::string, int> books;
    ++books[value(reader.expect("W"), "262")];
    ++books[value(reader.expect("W"), "262")];
    EXPECT_EQ(books["one"], 1);
    EXPECT_EQ(books["two"], 1);
}

TEST(AcceptorMarketData, numbers_go_on_after_it_and_heartbeats_are_not_needed) {
    RunningAcceptor running;
    {
        auto reader = running.client("BOB");
        reader.log_on();
        reader.send(subscription("s"));
        EXPECT_EQ(value(reader.expect("W"), "34"), "2");
        running.venue.send_events(nobody, 1);
        EXPECT_EQ(value(reader.expect("X"), "34"), "3");
        reader.send("35=1|112=x|");
        EXPECT_EQ(value(reader.expect("0"), "34"), "4");
        reader.close();
        running.venue.await(CommandKind::session_disconnected); // else it would be logged out
    }
    running.restart();
    auto reader = running.client("BOB");
    reader.next_out = 4;
    reader.send("35=A|98=0|108=30|553=BOB|554=right|");
    EXPECT_EQ(value(reader.expect("A"), "34"), "5");
}

// A reader that reads nothing for a while is given no more changes, stays connected, and then gets the book
// anew. The one who reads misses nothing.
TEST(AcceptorMarketData, a_reader_that_does_not_read_is_conflated) {
    RunningAcceptor running{[](AcceptorOptions& options) {
        options.market_data_interval = std::chrono::milliseconds{1};
        options.limits.most_market_data_bytes = 64 * 1024;
        options.limits.write_stall = std::chrono::seconds{60};
    }};
    auto slow = running.client("BOB");
    slow.log_on();
    auto fast = running.client();
    fast.log_on();
    constexpr int subscriptions = 4;
    for (int i = 0; i < subscriptions; ++i) {
        slow.send(subscription("s" + std::to_string(i), "263=1|264=0|265=1|266=N|"));
        slow.expect("W");
    }
    fast.send(subscription("f"));
    fast.expect("W");

    constexpr std::size_t orders = 15'000;
    std::size_t told = 0;
    for (std::size_t sent = 0; sent < orders; sent += 100) {
        running.venue.send_events(nobody, 100);
        while (told < sent + 100)
            told = std::stoul(value(fast.expect("X"), "346"));
    }
    std::map<std::string, std::size_t> known; // orders in the book of each subscription
    std::size_t books = 0;
    const auto complete = [&] {
        return known.size() == subscriptions &&
               std::ranges::all_of(known, [&](const auto& entry) { return entry.second == orders; });
    };
    while (!complete()) {
        const auto message = slow.receive();
        ASSERT_FALSE(message.empty());
        if (value(message, "35") == "W") {
            known[value(message, "262")] = std::stoul(value(message, "268"));
            ++books;
        } else if (value(message, "35") == "X") {
            known[value(message, "262")] += count(message, "|279=0|");
        }
    }
    EXPECT_GE(books, 1U);
    running.venue.send_events(nobody, 1);
    for (int i = 0; i < subscriptions; ++i)
        EXPECT_EQ(value(slow.expect("X"), "268"), "1");
}

} // namespace
} // namespace tradehive::acceptor
