// What a logged-on client sees: orders, numbers, gaps, resends, heartbeats, takeover, over a real socket.
#include "tests/acceptor/running_acceptor.hpp"

#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

using namespace std::chrono_literals;

std::string order(const std::string& cl_ord_id) {
    return "35=D|11=" + cl_ord_id + "|55=X-USD|54=1|60=20260101-12:00:00|38=5|40=2|44=1.00|59=1|";
}

TEST(AcceptorSession, an_order_is_answered_by_an_execution_report) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send(order("one"));
    const auto report = client.expect("8");
    EXPECT_EQ(value(report, "11"), "one");
    EXPECT_EQ(value(report, "150"), "0");
    EXPECT_EQ(value(report, "34"), "2");
    const auto command = running.venue.await(CommandKind::enter_order);
    EXPECT_EQ(command.header.origin.number, MsgSeqNum{2});
    EXPECT_EQ(command.header.origin.session, FixSessionId{1});
    EXPECT_EQ(command.header.origin.epoch, Epoch{1});
}

TEST(AcceptorSession, many_orders_in_one_write_are_answered_in_order) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    for (int i = 0; i < 500; ++i)
        client.send(order("many-" + std::to_string(i)));
    for (int i = 0; i < 500; ++i)
        ASSERT_EQ(value(client.expect("8"), "11"), "many-" + std::to_string(i));
}

TEST(AcceptorSession, nothing_leaves_before_its_command_is_durable) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    running.venue.hold();
    client.send(order("slow"));
    client.send("35=D|11=bad|55=X-USD|54=1|60=20260101-12:00:00|38=|40=2|44=1.00|"); // 373=4, by the session
    running.venue.await(CommandKind::message_refused);
    EXPECT_TRUE(client.silent_for(200ms));
    running.venue.release();
    const auto first = client.receive();
    const auto second = client.receive();
    // The refusal was written first and has the lower number; neither came before release().
    EXPECT_EQ(value(first, "35") + value(second, "35"), "38") << first << second;
    EXPECT_EQ(value(first, "45"), "3");
    EXPECT_EQ(value(first, "373"), "4");
}

TEST(AcceptorSession, what_the_session_layer_refuses_is_journaled_with_its_number) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send("35=D|11=a|55=X-USD|54=1|60=20260101-12:00:00|38=5|40=2|44=1.00|58=|");
    EXPECT_EQ(value(client.expect("3"), "373"), "4");
    const auto command = running.venue.await(CommandKind::message_refused);
    EXPECT_EQ(command.header.origin.number, MsgSeqNum{2});
    EXPECT_EQ(command.as<MessageRefused>().channel, RefusalChannel::by_session);
    client.send(order("next"));
    EXPECT_EQ(value(client.expect("8"), "11"), "next");
}

TEST(AcceptorSession, a_stock_type_that_is_not_taken_gets_j_and_an_unknown_one_373_11) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send("35=E|66=list|394=3|68=0|");
    EXPECT_EQ(value(client.expect("j"), "380"), "3");
    client.send("35=ZZ|58=x|");
    EXPECT_EQ(value(client.expect("3"), "373"), "11");
    client.send(order("after"));
    EXPECT_EQ(value(client.expect("8"), "11"), "after");
}

TEST(AcceptorSession, a_test_request_is_echoed_and_silence_brings_heartbeats) {
    RunningAcceptor running;
    auto client = running.client();
    client.send("35=A|98=0|108=5|553=ALICE|554=right|");
    EXPECT_EQ(value(client.expect("A"), "108"), "5");
    client.send("35=1|112=are you there|");
    EXPECT_EQ(value(client.expect("0"), "112"), "are you there");
    EXPECT_EQ(value(client.receive(), "35"), "0");
    EXPECT_EQ(value(client.expect("1"), "35"), "1"); // after 1.2 × 5 s without a word
    const auto last = client.until_closed();         // after 2.4 × 5 s
    EXPECT_NE(last.find("35=5|"), std::string::npos) << last;
    EXPECT_EQ(running.venue.await(CommandKind::session_disconnected).as<SessionDisconnected>().cause,
              DisconnectCause::heartbeat_lost);
}

TEST(AcceptorSession, a_gap_in_is_asked_for_once_and_order_is_kept) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send(order("four") + "34=4|");
    client.send(order("five"));
    const auto request = client.expect("2");
    EXPECT_EQ(value(request, "7"), "2");
    EXPECT_TRUE(client.silent_for(100ms));
    client.send(order("two") + "34=2|43=Y|122=" + value(request, "52") + "|");
    client.send("35=4|34=3|43=Y|122=" + value(request, "52") + "|123=Y|36=4|");
    EXPECT_EQ(value(client.expect("8"), "11"), "two");
    EXPECT_EQ(value(client.expect("8"), "11"), "four");
    EXPECT_EQ(value(client.expect("8"), "11"), "five");
    client.next_out = 6;
    client.send(order("six"));
    EXPECT_EQ(value(client.expect("8"), "11"), "six");
}

TEST(AcceptorSession, a_number_too_low_ends_the_session_and_a_duplicate_is_ignored) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send(order("one"));
    const auto report = client.expect("8");
    client.send(order("one") + "34=2|43=Y|122=" + value(report, "52") + "|");
    EXPECT_TRUE(client.silent_for(100ms));
    client.send(order("two") + "34=2|");
    const auto last = client.until_closed();
    EXPECT_NE(last.find("expecting 3"), std::string::npos) << last;
    EXPECT_EQ(running.venue.commands().back().header.kind, CommandKind::session_disconnected);
}

TEST(AcceptorSession, a_client_that_logs_out_is_answered_and_later_bytes_are_ignored) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send("35=5|20102=N|");
    client.send(order("late"));
    const auto last = client.until_closed();
    EXPECT_NE(last.find("35=5|"), std::string::npos);
    const auto end = running.venue.await(CommandKind::session_disconnected).as<SessionDisconnected>();
    EXPECT_EQ(end.cause, DisconnectCause::logout);
    EXPECT_EQ(end.keep_orders, 1);
    EXPECT_EQ(end.next_in, MsgSeqNum{3});
    for (const Command& command : running.venue.commands())
        EXPECT_NE(command.header.kind, CommandKind::enter_order);
}

TEST(AcceptorSession, an_order_that_meets_the_venues_logout_is_asked_for_at_the_next_logon) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    EXPECT_TRUE(running.acceptor->disconnect(FixSessionId{1}, "OPERATOR: go home"));
    client.expect("5");
    client.send(order("met"));
    client.send("35=5|20102=N|");
    client.until_closed();
    const auto end = running.venue.await(CommandKind::session_disconnected).as<SessionDisconnected>();
    EXPECT_EQ(end.next_in, MsgSeqNum{2});
    EXPECT_EQ(end.keep_orders, 0) << "the answer to a forced logout decides nothing";
    auto again = running.client();
    again.next_out = 4;
    again.log_on();
    const auto request = again.expect("2");
    EXPECT_EQ(value(request, "7"), "2");
    again.send(order("met") + "34=2|43=Y|122=" + value(request, "52") + "|");
    EXPECT_EQ(value(again.expect("8"), "11"), "met");
}

TEST(AcceptorSession, a_logout_behind_a_gap_does_not_close_it) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send("35=5|34=4|");
    client.until_closed();
    const auto end = running.venue.await(CommandKind::session_disconnected).as<SessionDisconnected>();
    EXPECT_EQ(end.next_in, MsgSeqNum{2});
}

TEST(AcceptorSession, a_reject_behind_a_gap_does_not_close_it) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send("35=3|34=4|45=1|");
    client.send(order("five") + "34=5|");
    const auto request = client.expect("2");
    EXPECT_EQ(value(request, "7"), "2");
    const auto again = "|43=Y|122=" + value(request, "52") + "|";
    client.send(order("two") + "34=2" + again);
    client.send("35=4|34=3" + again + "123=Y|36=5|");
    EXPECT_EQ(value(client.expect("8"), "11"), "two");
    EXPECT_EQ(value(client.expect("8"), "11"), "five");
}

TEST(AcceptorSession, a_second_logon_on_one_connection_ends_it) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send("35=A|98=0|108=30|");
    EXPECT_EQ(value(client.expect("5"), "58").substr(0, 6), "LOGON:");
    client.send("35=5|");
    client.until_closed();
    EXPECT_EQ(running.venue.await(CommandKind::session_disconnected).as<SessionDisconnected>().next_in,
              MsgSeqNum{2});
}

TEST(AcceptorSession, a_lost_connection_is_told_to_the_venue) {
    RunningAcceptor running;
    {
        auto client = running.client();
        client.log_on();
    }
    EXPECT_EQ(running.venue.await(CommandKind::session_disconnected).as<SessionDisconnected>().cause,
              DisconnectCause::connection_lost);
}

TEST(AcceptorSession, a_resend_brings_the_same_reports_and_fills_gaps_where_session_messages_were) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send(order("one"));
    const auto first = client.expect("8");
    client.send("35=1|112=x|");
    client.expect("0");
    client.send(order("two"));
    const auto second = client.expect("8");
    client.send("35=2|7=1|16=0|");
    const auto logon_gap = client.expect("4");
    EXPECT_EQ(value(logon_gap, "34"), "1");
    EXPECT_EQ(value(logon_gap, "36"), "2");
    EXPECT_EQ(value(logon_gap, "123"), "Y");
    const auto first_again = client.receive();
    EXPECT_EQ(value(first_again, "43"), "Y");
    EXPECT_EQ(value(first_again, "122"), value(first, "52"));
    EXPECT_EQ(value(first_again, "17"), value(first, "17"));
    EXPECT_EQ(value(first_again, "34"), value(first, "34"));
    const auto heartbeat_gap = client.receive();
    EXPECT_EQ(value(heartbeat_gap, "36"), "4");
    EXPECT_EQ(value(client.receive(), "17"), value(second, "17"));
    EXPECT_TRUE(client.silent_for(100ms));
    client.send(order("three"));
    EXPECT_EQ(value(client.expect("8"), "34"), "5");
}

TEST(AcceptorSession, a_long_resend_comes_in_order_before_what_is_new) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    running.venue.send_events(FixSessionId{1}, 3000);
    for (int i = 0; i < 3000; ++i)
        client.expect("8");
    client.send("35=2|7=2|16=0|");
    auto message = client.expect("8"); // it has begun
    running.venue.send_events(FixSessionId{1}, 10);
    std::uint64_t expected = 2;
    for (int i = 0; i < 3010; ++i) {
        ASSERT_EQ(value(message, "34"), std::to_string(expected));
        ASSERT_EQ(value(message, "43"), expected <= 3001 ? "Y" : "");
        ++expected;
        if (i < 3009) message = client.expect("8");
    }
}

TEST(AcceptorSession, what_happened_while_away_comes_at_the_next_logon_once) {
    RunningAcceptor running;
    std::string order_id;
    std::uint64_t next_out{};
    {
        auto client = running.client();
        client.log_on();
        client.send(order("away"));
        order_id = value(client.expect("8"), "37");
        next_out = client.next_out;
    }
    running.venue.await(CommandKind::session_disconnected);
    running.venue.fill(OrderId{std::stoull(order_id)});
    for (int time = 0; time < 2; ++time) {
        auto client = running.client();
        client.next_out = next_out;
        client.log_on();
        if (time == 0) {
            const auto fill = client.expect("8");
            EXPECT_EQ(value(fill, "150"), "F");
            EXPECT_EQ(value(fill, "97"), "");
        }
        EXPECT_TRUE(client.silent_for(100ms));
        next_out = client.next_out;
        client.close();
        running.venue.await(CommandKind::session_disconnected, static_cast<std::size_t>(time) + 2);
    }
}

TEST(AcceptorSession, numbers_go_on_after_a_restart) {
    RunningAcceptor running;
    {
        auto client = running.client();
        client.log_on();
        client.send(order("before"));
        client.expect("8");
    }
    running.venue.await(CommandKind::session_disconnected);
    running.restart();
    auto client = running.client();
    client.next_out = 3;
    client.send("35=A|98=0|108=30|553=ALICE|554=right|");
    EXPECT_EQ(value(client.expect("A"), "34"), "3");
    client.send("35=2|7=2|16=2|");
    EXPECT_EQ(value(client.expect("8"), "11"), "before");
}

TEST(AcceptorSession, a_reset_starts_both_numbers_again_and_keeps_what_was_not_sent) {
    RunningAcceptor running;
    {
        auto client = running.client();
        client.log_on();
        client.send(order("old"));
        client.expect("8");
    }
    running.venue.await(CommandKind::session_disconnected);
    running.venue.send_events(FixSessionId{1}, 1);
    auto client = running.client();
    client.send("35=A|34=1|98=0|108=30|141=Y|553=ALICE|554=right|");
    const auto reply = client.expect("A");
    EXPECT_EQ(value(reply, "34"), "1");
    EXPECT_EQ(value(reply, "141"), "Y");
    EXPECT_EQ(value(client.expect("8"), "11"), "made-0");
    client.send(order("new"));
    const auto report = client.expect("8");
    EXPECT_EQ(value(report, "11"), "new");
    EXPECT_EQ(value(report, "34"), "3");
    EXPECT_EQ(running.venue.await(CommandKind::enter_order, 2).header.origin.epoch, Epoch{2});
}

TEST(AcceptorSession, a_second_connection_is_refused_while_the_first_answers) {
    RunningAcceptor running{[](AcceptorOptions& options) { options.limits.takeover = 2s; }};
    auto first = running.client();
    first.log_on();
    auto second = running.client();
    second.send("35=A|98=0|108=30|553=ALICE|554=right|");
    EXPECT_EQ(value(first.expect("1"), "112"), "PROBE");
    first.send("35=0|112=PROBE|");
    EXPECT_NE(second.until_closed().find("ALREADY_LOGGED_ON"), std::string::npos);
    first.send(order("still"));
    EXPECT_EQ(value(first.expect("8"), "11"), "still");
}

TEST(AcceptorSession, a_second_connection_takes_over_when_the_first_is_dead) {
    RunningAcceptor running{[](AcceptorOptions& options) { options.limits.takeover = 300ms; }};
    auto first = running.client();
    first.log_on();
    auto second = running.client();
    second.next_out = 2;
    second.log_on();
    second.send(order("mine"));
    EXPECT_EQ(value(second.expect("8"), "11"), "mine");
    EXPECT_EQ(running.venue.await(CommandKind::session_disconnected).as<SessionDisconnected>().cause,
              DisconnectCause::connection_lost);
}

TEST(AcceptorSession, an_operator_ends_a_session_and_setting_its_numbers_does_too) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    ASSERT_EQ(running.acceptor->sessions().size(), 1U);
    EXPECT_EQ(running.acceptor->sessions().front().next_in, MsgSeqNum{2});
    EXPECT_FALSE(running.acceptor->disconnect(FixSessionId{2}, "NO"));
    EXPECT_TRUE(running.acceptor->disconnect(FixSessionId{1}, "OPERATOR go home"));
    const auto logout = client.expect("5");
    EXPECT_EQ(value(logout, "58"), "OPERATOR go home");
    client.send("35=5|");
    client.until_closed();
    EXPECT_EQ(running.venue.await(CommandKind::session_disconnected).as<SessionDisconnected>().cause,
              DisconnectCause::forced);

    auto again = running.client();
    again.next_out = 3;
    again.log_on();
    running.venue.raise_epoch(FixSessionId{1}, 10, 20);
    EXPECT_EQ(value(again.expect("5"), "58").substr(0, 5), "RESET");
    again.send("35=5|");
    again.until_closed();
    running.venue.await(CommandKind::session_disconnected, 2);
    auto third = running.client();
    third.next_out = 10;
    third.send("35=A|98=0|108=30|553=ALICE|554=right|");
    EXPECT_EQ(value(third.expect("A"), "34"), "20");
}

TEST(AcceptorSession, numbers_set_while_a_session_logs_on_end_it_too_and_only_once) {
    RunningAcceptor running;
    running.venue.raise_epoch_behind_next_logon();
    auto client = running.client();
    client.log_on();
    EXPECT_EQ(value(client.expect("5"), "58").substr(0, 6), "RESET:");
    client.send("35=5|");
    client.until_closed();
    running.venue.await(CommandKind::session_disconnected);
    auto again = running.client();
    again.log_on();
    again.send(order("renumbered"));
    EXPECT_EQ(value(again.expect("8"), "11"), "renumbered");
    EXPECT_TRUE(again.silent_for(100ms));
}

TEST(AcceptorSession, a_full_venue_refuses_orders_by_name_and_takes_cancels) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    running.venue.full(true, false);
    client.send(order("full"));
    const auto refusal = client.expect("8");
    EXPECT_EQ(value(refusal, "39"), "8");
    EXPECT_EQ(value(refusal, "58").substr(0, 4), "BUSY");
    client.send("35=F|11=c|41=full|55=X-USD|54=1|60=20260101-12:00:00|38=5|");
    EXPECT_EQ(value(client.expect("9"), "11"), "c");
}

TEST(AcceptorSession, what_must_not_be_refused_waits_until_there_is_room) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    running.venue.full(true, true);
    client.send("35=F|11=c|41=x|55=X-USD|54=1|60=20260101-12:00:00|38=5|");
    client.send(order("behind"));
    EXPECT_TRUE(client.silent_for(100ms));
    running.venue.full(false, false);
    EXPECT_EQ(value(client.expect("9"), "11"), "c");
    EXPECT_EQ(value(client.expect("8"), "11"), "behind");
}

TEST(AcceptorSession, questions_are_answered_after_what_came_before) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send(order("asked"));
    client.send("35=H|11=asked|55=X-USD|54=1|790=why|");
    EXPECT_EQ(value(client.expect("8"), "150"), "0");
    const auto status = client.expect("8");
    EXPECT_EQ(value(status, "150"), "I");
    EXPECT_EQ(value(status, "790"), "why");
    client.send("35=V|262=book|263=0|264=0|267=2|269=0|269=1|146=1|55=X-USD|");
    EXPECT_EQ(value(client.expect("W"), "262"), "book");
}

// FIX::Session counts in 32 bits: long before they are full the client hears what to do.
TEST(AcceptorSession, used_up_numbers_end_it_with_a_word_and_a_reset_begins_anew) {
    RunningAcceptor running;
    running.venue.raise_epoch(FixSessionId{1}, 1, 1'999'999'999);
    auto client = running.client();
    client.log_on();
    client.send("35=1|112=x|");
    EXPECT_EQ(value(client.expect("0"), "34"), "2000000000");
    EXPECT_NE(client.expect("5").find("58=NUMBERS: "), std::string::npos);
    client.send("35=5|");
    client.until_closed();
    running.venue.await(CommandKind::session_disconnected);
    auto again = running.client();
    again.send("35=A|34=1|98=0|108=30|141=Y|553=ALICE|554=right|");
    EXPECT_EQ(value(again.expect("A"), "34"), "1");
}

} // namespace
} // namespace tradehive::acceptor
