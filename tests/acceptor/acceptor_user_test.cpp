// BE and BF: what is durable before what, who hears of it, and what a wrong guess costs.
#include "tests/acceptor/running_acceptor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

namespace tradehive::acceptor {
namespace {

using namespace std::chrono_literals;

std::string change(const std::string& id, const std::string& old_password,
                   const std::string& new_password = "quite another") {
    return "35=BE|923=" + id + "|924=3|553=ALICE|554=" + old_password + "|925=" + new_password + "|";
}

std::size_t count(const FakeVenue& venue, CommandKind kind) {
    return static_cast<std::size_t>(
        std::ranges::count(venue.commands(), kind, [](const auto& command) { return command.header.kind; }));
}

TEST(AcceptorUser, the_password_is_changed_and_the_connection_lives) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send(change("u1", "right"));
    const auto answer = client.expect("BF");
    EXPECT_EQ(value(answer, "923"), "u1");
    EXPECT_EQ(value(answer, "553"), "ALICE");
    EXPECT_EQ(value(answer, "926"), "5");
    EXPECT_EQ(value(answer, "927").find("PASSWORD_CHANGED: "), 0U);
    EXPECT_EQ(running.passwords.stored_count, 1);
    client.send("35=1|112=still here|");
    EXPECT_EQ(value(client.receive(), "112"), "still here");
    // One number, and no code, since this one had none.
    EXPECT_EQ(count(running.venue, CommandKind::message_refused), 1U);
    EXPECT_EQ(count(running.venue, CommandKind::use_code), 0U);
    EXPECT_EQ(count(running.venue, CommandKind::answer_user), 1U);
}

TEST(AcceptorUser, nothing_is_tried_before_the_number_is_durable_and_nothing_is_said_before_it_is_stored) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    running.venue.hold();
    client.send(change("u1", "right"));
    running.venue.await(CommandKind::message_refused);
    client.send("35=D|11=A|1=ALICE|55=X-USD|54=1|60=20260101-12:00:00|38=1|40=2|44=1|");
    running.venue.await(CommandKind::enter_order);
    EXPECT_EQ(running.passwords.prepared_count, 0);

    std::promise<void> storing;
    std::promise<void> go_on;
    running.passwords.before_storing = [&] {
        storing.set_value();
        go_on.get_future().wait();
    };
    running.venue.release();
    storing.get_future().wait();
    // The order behind it is not kept waiting.
    EXPECT_EQ(value(client.expect("8"), "11"), "A");
    EXPECT_TRUE(client.silent_for(50ms));
    // Another change has to wait for the first.
    client.send(change("u2", "right"));
    const auto busy = client.expect("BF");
    EXPECT_EQ(value(busy, "923"), "u2");
    EXPECT_EQ(value(busy, "926"), "6");
    EXPECT_EQ(value(busy, "927").find("BUSY: "), 0U);
    go_on.set_value();
    EXPECT_EQ(value(client.expect("BF"), "923"), "u1");
    EXPECT_EQ(running.passwords.stored_count, 1);
}

TEST(AcceptorUser, who_is_cut_while_it_is_stored_hears_of_it_after_the_next_logon) {
    RunningAcceptor running;
    std::promise<void> storing;
    std::promise<void> go_on;
    running.passwords.before_storing = [&] {
        storing.set_value();
        go_on.get_future().wait();
    };
    std::uint64_t next_out{};
    {
        auto client = running.client();
        client.log_on();
        client.send(change("u1", "right"));
        storing.get_future().wait();
        next_out = client.next_out;
    }
    running.venue.await(CommandKind::session_disconnected);
    go_on.set_value();
    running.venue.await(CommandKind::answer_user);
    auto again = running.client();
    again.next_out = next_out;
    again.log_on();
    const auto answer = again.expect("BF");
    EXPECT_EQ(value(answer, "923"), "u1");
    EXPECT_EQ(value(answer, "926"), "5");
}

TEST(AcceptorUser, who_is_cut_before_it_is_prepared_keeps_the_old_password) {
    RunningAcceptor running;
    {
        auto client = running.client();
        client.log_on();
        running.venue.hold();
        client.send(change("u1", "right"));
        running.venue.await(CommandKind::message_refused);
    }
    running.venue.await(CommandKind::session_disconnected);
    running.venue.release();
    auto again = running.client();
    again.next_out = 3;
    again.log_on();
    again.send("35=1|112=in step|");
    EXPECT_EQ(value(again.receive(), "112"), "in step"); // and no BF before it
    EXPECT_EQ(running.passwords.prepared_count, 0);
    EXPECT_EQ(running.passwords.stored_count, 0);
}

TEST(AcceptorUser, a_code_is_used_up_once_by_the_venue_before_anything_is_stored) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    client.send(change("u1", "right:1000"));
    EXPECT_EQ(value(client.expect("BF"), "926"), "5");
    EXPECT_EQ(running.venue.await(CommandKind::use_code).as<UseCode>().totp_step, 1000U);
    EXPECT_EQ(running.passwords.stored_count, 1);

    // Exactly one answer to one that was used, and it tells no more than a wrong password.
    client.send(change("u2", "right:1000"));
    const auto used = client.expect("BF");
    EXPECT_EQ(value(used, "926"), "4");
    client.send(change("u3", "wrong"));
    const auto wrong = client.receive();
    EXPECT_EQ(value(wrong, "923"), "u3");
    EXPECT_EQ(value(wrong, "926"), "4");
    EXPECT_EQ(value(wrong, "927"), value(used, "927"));
    EXPECT_EQ(running.passwords.stored_count, 1);
}

TEST(AcceptorUser, guesses_close_the_pair_as_failed_logons_do_here_and_at_logon) {
    std::atomic<std::int64_t> seconds{1'767'268'800};
    RunningAcceptor running{[&](AcceptorOptions& options) {
        options.now = [&seconds] { return Timestamp{seconds * 1'000'000'000}; };
        options.most_skew_seconds = 1'000'000'000;
    }};
    auto client = running.client();
    client.log_on();
    for (int i = 0; i < 5; ++i) {
        client.send(change("u" + std::to_string(i), i == 2 ? "right:7" : "wrong"));
        running.venue.use_up_code(7);
        EXPECT_EQ(value(client.expect("BF"), "926"), "4") << i;
    }
    EXPECT_EQ(running.passwords.prepared_count, 5);
    client.send(change("u5", "right"));
    EXPECT_EQ(value(client.expect("BF"), "926"), "4");
    EXPECT_EQ(running.passwords.prepared_count, 5) << "looked at while closed";
    {
        auto stranger = running.client();
        stranger.send("35=A|98=0|108=30|553=ALICE|554=right|");
        EXPECT_EQ(value(stranger.expect("5"), "58").find("LOGON_REFUSED: "), 0U);
    }
    seconds += 2;
    client.send(change("u6", "right"));
    EXPECT_EQ(value(client.expect("BF"), "926"), "5");
}

TEST(AcceptorUser, a_database_that_is_away_is_said_and_a_weak_password_too) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    running.passwords.database_away = true;
    client.send(change("u1", "right"));
    const auto away = client.expect("BF");
    EXPECT_EQ(value(away, "926"), "6");
    EXPECT_EQ(value(away, "927").find("NOT_STORED: "), 0U);
    running.passwords.database_away = false;
    client.send(change("u2", "right", "weak"));
    const auto weak = client.expect("BF");
    EXPECT_EQ(value(weak, "926"), "6");
    EXPECT_EQ(value(weak, "927").find("WEAK_PASSWORD: "), 0U);
    EXPECT_EQ(running.passwords.stored_count, 0);
}

TEST(AcceptorUser, the_status_waits_for_its_number_and_is_sent_again_as_it_was) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on();
    running.venue.hold();
    client.send("35=BE|923=s1|924=4|553=ALICE|");
    running.venue.await(CommandKind::message_refused);
    EXPECT_TRUE(client.silent_for(50ms));
    running.venue.release();
    const auto status = client.expect("BF");
    EXPECT_EQ(value(status, "926"), "1");
    EXPECT_EQ(value(status, "927").find("KIND=order-entry; "), 0U);
    client.send("35=2|7=2|16=2|");
    const auto again = client.expect("BF");
    EXPECT_EQ(value(again, "43"), "Y");
    EXPECT_EQ(value(again, "927"), value(status, "927"));
}

TEST(AcceptorUser, who_asks_too_fast_is_told_in_the_answer) {
    RunningAcceptor running{
        [](AcceptorOptions& options) { options.rates.questions = {.per_second = 1, .at_once = 2}; }};
    auto client = running.client();
    client.log_on();
    std::string answer;
    for (int i = 0; i < 4 && value(answer, "926") != "6"; ++i) {
        client.send("35=BE|923=s|924=4|553=ALICE|");
        answer = client.expect("BF");
    }
    EXPECT_EQ(value(answer, "927").find("THROTTLE: "), 0U) << answer;
}

TEST(AcceptorUser, no_secret_reaches_the_log_or_the_store) {
    RunningAcceptor running;
    {
        auto client = running.client();
        client.log_on();
        client.send("35=BE|923=u1|924=3|553=marked-name|554=marked-old|925=marked-new|20101=marked|");
        EXPECT_EQ(value(client.expect("BF"), "926"), "3");
        client.send(change("u2", "marked-old", "marked-new"));
        EXPECT_EQ(value(client.expect("BF"), "926"), "4");
    }
    running.venue.await(CommandKind::session_disconnected);
    running.acceptor.reset(); // has written its log
    for (const auto& file : std::filesystem::recursive_directory_iterator{running.directory.path()}) {
        if (!file.is_regular_file()) continue;
        std::ostringstream content;
        content << std::ifstream{file.path(), std::ios::binary}.rdbuf();
        EXPECT_EQ(content.str().find("marked"), std::string::npos) << file.path();
    }
    EXPECT_NE(running.log().find("925=***"), std::string::npos);
}

} // namespace
} // namespace tradehive::acceptor
