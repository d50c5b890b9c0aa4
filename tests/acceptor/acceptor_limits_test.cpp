// Hostile and broken clients: each is dealt with within its bound, and a trading session notices nothing.
#include "tests/acceptor/running_acceptor.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace tradehive::acceptor {
namespace {

using namespace std::chrono_literals;

std::string order(const std::string& cl_ord_id) {
    return "35=D|11=" + cl_ord_id + "|55=X-USD|54=1|60=20260101-12:00:00|38=5|40=2|44=1.00|59=1|";
}

void still_trades(FixClient& client, const std::string& cl_ord_id) {
    client.send(order(cl_ord_id));
    EXPECT_EQ(value(client.expect("8"), "11"), cl_ord_id);
}

TEST(AcceptorLimits, silence_and_one_byte_at_a_time_end_at_the_logon_timeout) {
    RunningAcceptor running{[](AcceptorOptions& options) { options.limits.logon_timeout = 1s; }};
    auto trader = running.client("BOB");
    trader.log_on();
    const auto begun = std::chrono::steady_clock::now();
    auto silent = running.client();
    auto slow = running.client();
    const std::string logon =
        framed_message("35=A|34=1|49=ALICE|52=20260101-12:00:00|56=TRADEHIVE|98=0|108=30|");
    bool ended = false; // before the Logon was whole, which takes more than twice as long
    for (const char byte : logon) {
        slow.send_bytes({&byte, 1});
        ended = !slow.silent_for(30ms);
        if (ended) break;
    }
    EXPECT_TRUE(ended);
    slow.until_closed();
    silent.until_closed();
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 950ms);
    still_trades(trader, "fine");
}

TEST(AcceptorLimits, one_connection_too_many_is_closed_at_once_and_the_others_stay) {
    RunningAcceptor running{[](AcceptorOptions& options) { options.most_unauthenticated = 5; }};
    auto trader = running.client("BOB");
    trader.log_on(); // does not count
    std::vector<std::unique_ptr<FixClient>> strangers;
    for (int i = 0; i < 5; ++i)
        strangers.push_back(std::make_unique<FixClient>(running.acceptor->port()));
    auto last = running.client();
    last.until_closed();
    still_trades(trader, "fine");
    EXPECT_TRUE(strangers.front()->silent_for(20ms)); // open, and waiting for its Logon
    strangers.pop_back();
    strangers.front()->log_on();
}

TEST(AcceptorLimits, a_message_over_the_limit_is_refused) {
    RunningAcceptor running;
    auto stranger = running.client();
    stranger.send("35=A|98=0|108=30|553=ALICE|554=right|58=" + std::string(9000, 'x') + "|");
    EXPECT_EQ(stranger.until_closed(), "");
    auto trader = running.client();
    trader.log_on();
    auto other = running.client("BOB");
    other.log_on();
    trader.send("35=1|112=" + std::string(9000, 'x') + "|");
    EXPECT_NE(trader.until_closed().find("58=TOO_LONG"), std::string::npos);
    still_trades(other, "fine");
}

TEST(AcceptorLimits, a_garbled_message_is_ignored_and_its_number_is_free) {
    RunningAcceptor running;
    auto trader = running.client();
    trader.log_on();
    auto wrong_sum = framed_message("35=1|34=2|49=ALICE|52=20260101-12:00:00|56=TRADEHIVE|112=x|");
    wrong_sum[wrong_sum.size() - 2] = wrong_sum[wrong_sum.size() - 2] == '0' ? '1' : '0';
    trader.send_bytes(wrong_sum);
    trader.send_bytes("8=FIX.4.4\x01"
                      "9=7\x01"
                      "35=1\x01"
                      "10=000\x01");
    still_trades(trader, "fine");
}

TEST(AcceptorLimits, endless_garbage_after_logon_ends_the_connection) {
    RunningAcceptor running;
    auto trader = running.client();
    trader.log_on();
    for (int i = 0; i < 200; ++i)
        trader.send_bytes("8=FIX.4.4\x01x");
    trader.until_closed();
    running.venue.await(CommandKind::session_disconnected);
}

TEST(AcceptorLimits, absurd_numbers_end_the_session_and_touch_nothing) {
    RunningAcceptor running;
    std::uint64_t next = 1;
    std::size_t ends = 0;
    for (const char* fields : {"35=1|34=99999999999|112=x|", "35=1|34=-1|112=x|", "35=1|34=|112=x|",
                               "35=4|36=99999999999|", "35=2|7=99999999999|16=0|"}) {
        auto trader = running.client();
        trader.next_out = next;
        trader.log_on();
        trader.send(fields);
        const auto logout = trader.expect("5");
        EXPECT_EQ(value(logout, "58").substr(0, 11), "MSG_SEQ_NUM") << fields;
        ++next;
        trader.close();
        running.venue.await(CommandKind::session_disconnected, ++ends);
    }
}

TEST(AcceptorLimits, messages_far_behind_a_gap_are_bounded_and_come_by_resend) {
    RunningAcceptor running;
    auto trader = running.client();
    trader.log_on();
    trader.next_out = 3; // 2 is missing
    for (int number = 3; number <= 3000; ++number)
        trader.send(order("n-" + std::to_string(number)));
    const auto request = trader.expect("2");
    EXPECT_EQ(value(request, "7"), "2");
    for (int number = 2; number <= 3000; ++number)
        trader.send(order("n-" + std::to_string(number)) + "34=" + std::to_string(number) +
                    "|43=Y|122=" + value(request, "52") + "|");
    for (int number = 2; number <= 3000; ++number)
        ASSERT_EQ(value(trader.expect("8"), "11"), "n-" + std::to_string(number));
    still_trades(trader, "fine");
}

TEST(AcceptorLimits, a_reader_that_never_reads_is_disconnected_and_catches_up) {
    RunningAcceptor running{[](AcceptorOptions& options) { options.limits.write_stall = 1s; }};
    auto trader = running.client("BOB");
    trader.log_on();
    auto deaf = running.client();
    deaf.log_on();
    running.venue.send_events(FixSessionId{1}, 8'000); // about 2 MB
    running.venue.await(CommandKind::session_disconnected);
    still_trades(trader, "fine");
    deaf.close();
    auto again = running.client();
    again.next_out = 2;
    again.send("35=A|98=0|108=30|553=ALICE|554=right|");
    const auto reply = again.expect("A");
    const auto first_new = std::stoull(value(reply, "34")) + 1;
    again.send("35=2|7=2|16=" + std::to_string(first_new - 2) + "|");
    std::set<std::string> exec_ids;
    while (exec_ids.size() < 8'000) {
        const auto message = again.receive();
        ASSERT_FALSE(message.empty()) << exec_ids.size();
        if (value(message, "35") == "8") exec_ids.insert(value(message, "17"));
    }
}

TEST(AcceptorLimits, stop_logs_out_and_tells_the_venue) {
    RunningAcceptor running;
    auto trader = running.client();
    trader.log_on();
    std::thread stopping{[&] { running.acceptor->stop(); }};
    EXPECT_EQ(value(trader.expect("5"), "58").substr(0, 14), "VENUE_STOPPING");
    trader.send("35=5|");
    trader.until_closed();
    stopping.join();
    EXPECT_EQ(running.venue.await(CommandKind::session_disconnected).as<SessionDisconnected>().cause,
              DisconnectCause::forced);
}

} // namespace
} // namespace tradehive::acceptor
