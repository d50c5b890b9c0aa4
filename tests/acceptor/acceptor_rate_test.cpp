// What one session may ask for, and that it pays for it alone.
#include "tests/acceptor/running_acceptor.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

namespace tradehive::acceptor {
namespace {

using namespace std::chrono_literals;

std::string snapshot_request(int id) {
    return "35=V|262=" + std::to_string(id) + "|263=0|264=0|267=1|269=0|146=1|55=X-USD|";
}

// Enough for a test's own questions, and so slow that few come back meanwhile.
void few_requests(AcceptorOptions& options) {
    options.rates.questions = {.per_second = 1, .at_once = 10};
}

TEST(AcceptorRate, who_asks_too_fast_is_refused_with_a_word_and_then_logged_out) {
    RunningAcceptor running{few_requests};
    auto reader = running.client("BOB");
    const auto begun = std::chrono::steady_clock::now();
    reader.log_on();
    std::int64_t books = 0;
    int refused = 0;
    std::string last;
    for (int id = 0; last.find("|35=5|") == std::string::npos && id < 100; ++id) {
        reader.send(snapshot_request(id));
        last = reader.receive();
        if (value(last, "35") == "W") ++books;
        if (value(last, "35") != "Y") continue;
        ++refused;
        EXPECT_EQ(value(last, "281"), "2");
        EXPECT_EQ(value(last, "58").find("THROTTLE: "), 0U) << last;
    }
    EXPECT_GE(books, 10);
    EXPECT_LE(books, 11 + (std::chrono::steady_clock::now() - begun) / 1s);
    EXPECT_GE(refused, 10);
    EXPECT_EQ(value(last, "58").find("THROTTLE: "), 0U) << last;
}

TEST(AcceptorRate, lists_and_states_are_refused_too_and_a_new_connection_changes_nothing) {
    RunningAcceptor running{few_requests};
    std::uint64_t next_out{};
    {
        auto reader = running.client("BOB");
        reader.log_on();
        for (int i = 0; i < 10; ++i) {
            reader.send("35=e|324=" + std::to_string(i) + "|55=X-USD|263=1|");
            reader.expect("f");
        }
        // What ends a subscription is not counted.
        reader.send("35=e|324=1|55=X-USD|263=2|");
        std::string refused; // at once, unless the machine is slow and some have come back
        for (int i = 0; value(refused, "35") != "j" && i < 9; ++i) {
            reader.send("35=x|320=list|559=4|");
            refused = reader.receive();
        }
        EXPECT_EQ(value(refused, "372"), "x");
        EXPECT_EQ(value(refused, "379"), "list");
        EXPECT_EQ(value(refused, "380"), "0");
        EXPECT_EQ(value(refused, "58").find("THROTTLE: "), 0U) << refused;
        next_out = reader.next_out;
    }
    running.venue.await(CommandKind::session_disconnected);
    auto again = running.client("BOB");
    again.next_out = next_out;
    again.log_on();
    std::string refused; // before the ten that a new bucket would have
    for (int i = 0; value(refused, "35") != "j" && i < 9; ++i) {
        again.send("35=g|335=day|263=0|");
        refused = again.receive();
    }
    EXPECT_EQ(value(refused, "372"), "g");
    auto other = running.client();
    other.log_on();
    other.send("35=g|335=day|263=0|");
    EXPECT_EQ(value(other.expect("h"), "340"), "2");
}

// Enough for a test's own messages, and so slow that few come back meanwhile.
void few_orders(AcceptorOptions& options) {
    options.rates.orders = {.per_second = 1, .at_once = 10};
}

// Sends that until the venue logs the client out; how many went out.
int sent_until_logged_out(FixClient& client, const std::string& message) {
    std::string answer;
    int sent = 0;
    while (value(answer, "35") != "5" && sent < 200) {
        client.send(message);
        ++sent;
        answer = client.receive();
    }
    EXPECT_EQ(value(answer, "35"), "5");
    EXPECT_EQ(value(answer, "58").find("THROTTLE: "), 0U) << answer;
    return sent;
}

TEST(AcceptorRate, who_sends_nothing_but_faulty_messages_is_not_free) {
    for (const auto* const fault : {
             "35=D|11=a|55=X-USD|54=1|60=20260101-12:00:00|38=1|40=2|44=1.00|99999=x|", // the session layer's
             "35=D|11=a b|55=X-USD|54=1|60=20260101-12:00:00|38=1|40=2|44=1.00|",       // the translation's
             "35=R|131=a|",                                                             // of no use here
             "35=1|112=a|99999=x|", // of a session message
             "35=1|112=a|",         // no fault, but no end
         }) {
        RunningAcceptor running{few_orders};
        auto client = running.client();
        client.log_on();
        EXPECT_GE(sent_until_logged_out(client, fault), 20) << fault;
    }
}

TEST(AcceptorRate, an_order_too_many_is_refused_durably_and_cancels_pass) {
    RunningAcceptor running{few_orders};
    auto client = running.client();
    client.log_on();
    const std::string order = "35=D|11=a|55=X-USD|54=1|60=20260101-12:00:00|38=1|40=2|44=1.00|59=1|";
    std::string answer;
    int sent = 0;
    do {
        client.send(order);
        answer = client.receive();
        ++sent;
    } while (value(answer, "150") == "0" && sent < 100);
    EXPECT_GT(sent, 10);
    EXPECT_EQ(value(answer, "103"), "99");
    EXPECT_EQ(value(answer, "58").find("THROTTLE: "), 0U) << answer;
    const auto refused = running.venue.await(CommandKind::message_refused);
    EXPECT_EQ(refused.header.origin.number.value(), client.next_out - 1);
    client.send("35=F|11=b|41=a|55=X-USD|54=1|60=20260101-12:00:00|");
    EXPECT_EQ(running.venue.await(CommandKind::cancel_order).header.origin.number.value(),
              client.next_out - 1);
}

TEST(AcceptorRate, cancels_have_a_ceiling_of_their_own) {
    RunningAcceptor running{
        [](AcceptorOptions& options) { options.rates.cancels = {.per_second = 1, .at_once = 5}; }};
    auto client = running.client();
    client.log_on();
    std::string refused;
    int sent = 0;
    while (value(refused, "102") != "99" && ++sent < 100) {
        client.send("35=F|11=b|41=none|55=X-USD|54=1|60=20260101-12:00:00|");
        refused = client.receive();
    }
    EXPECT_GT(sent, 5);
    EXPECT_EQ(value(refused, "35"), "9");
    EXPECT_EQ(value(refused, "58").find("THROTTLE: "), 0U) << refused;
    client.send("35=q|11=c|530=7|60=20260101-12:00:00|");
    const auto all = client.expect("r");
    EXPECT_EQ(value(all, "531"), "0");
    EXPECT_EQ(value(all, "58").find("THROTTLE: "), 0U);
    client.send("35=D|11=d|55=X-USD|54=1|60=20260101-12:00:00|38=1|40=2|44=1.00|59=1|");
    EXPECT_EQ(value(client.expect("8"), "150"), "0");
}

// The venue itself walks a book once, whoever asks and however often.
TEST(AcceptorRate, many_snapshots_cost_the_venue_one_book) {
    RunningAcceptor running;
    auto reader = running.client("BOB");
    reader.log_on();
    auto other = running.client();
    other.log_on();
    running.venue.send_events(FixSessionId{3}, 10);
    for (int id = 0; id < 50; ++id) {
        reader.send(snapshot_request(id));
        EXPECT_EQ(value(reader.expect("W"), "262"), std::to_string(id));
        other.send("35=V|262=" + std::to_string(id) + "|263=1|264=0|265=1|267=1|269=0|146=1|55=X-USD|");
        other.expect("W");
        other.send("35=V|262=" + std::to_string(id) + "|263=2|264=0|267=1|269=0|146=1|55=X-USD|");
    }
    EXPECT_EQ(running.venue.books_asked(), 1U);
}

TEST(AcceptorRate, a_snapshot_shows_what_was_accepted_before_it) {
    RunningAcceptor running{[](AcceptorOptions& options) { options.market_data_interval = 50ms; }};
    auto trader = running.client();
    trader.log_on();
    for (int id = 1; id <= 20; ++id) {
        const auto text = std::to_string(id);
        trader.send("35=D|11=" + text + "|55=X-USD|54=1|60=20260101-12:00:00|38=1|40=2|44=1.00|59=1|");
        trader.send(snapshot_request(id)); // does not wait for the order's report
        EXPECT_EQ(value(trader.expect("W"), "346"), text);
    }
}

TEST(AcceptorRate, a_list_is_made_no_faster_than_it_is_read) {
    RunningAcceptor running{[](AcceptorOptions& options) { options.limits.write_stall = 60s; }};
    running.venue.list_instruments(20'000); // 200 pages, 1.2 MB
    auto reader = running.client("BOB");
    reader.log_on();
    constexpr std::size_t requests = 40;
    for (std::size_t i = 0; i < requests; ++i)
        reader.send("35=x|320=" + std::to_string(i) + "|559=4|");
    const auto waiting = [&] {
        const auto statuses = running.acceptor->sessions();
        EXPECT_EQ(statuses.size(), 1U) << "it is still connected";
        return statuses.empty() ? 0 : statuses.front().bytes_waiting;
    };
    while (waiting() < std::size_t{128} * 1024) // until what the sockets hold is full
        ASSERT_FALSE(HasFailure());
    for (int i = 0; i < 100; ++i) // each looks behind some work of the session
        ASSERT_LT(waiting(), std::size_t{512} * 1024);
    std::size_t pages = 0;
    std::size_t lists = 0;
    std::size_t refused = 0;
    while (lists + refused < requests) {
        const auto message = reader.receive();
        ASSERT_FALSE(message.empty());
        if (value(message, "35") == "j") ++refused;
        if (value(message, "35") == "y") ++pages;
        if (value(message, "893") == "Y") ++lists;
    }
    EXPECT_EQ(pages, lists * 200);
    EXPECT_GE(lists, 16U);
    EXPECT_GE(refused, 10U) << "sixteen wait, and a few more went into the sockets";
    EXPECT_LT(std::filesystem::file_size(running.options.session_directory / "2-1.messages"), 16U * 1024U)
        << "lists are not kept for a resend";
}

} // namespace
} // namespace tradehive::acceptor
