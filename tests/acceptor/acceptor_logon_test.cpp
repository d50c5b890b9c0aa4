// Who gets in, who does not, and what a refused logon leaves untouched.
#include "tests/acceptor/running_acceptor.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>

namespace tradehive::acceptor {
namespace {

using namespace std::chrono_literals;

std::string logon(const std::string& username, const std::string& password, const std::string& more = "") {
    return "35=A|98=0|108=30|553=" + username + "|554=" + password + "|" + more;
}

// What a refused logon is told, without times and CompIDs, which the client knows.
std::string refusal(const RunningAcceptor& running, const std::string& comp_id, const std::string& fields) {
    auto client = running.client(comp_id);
    client.send(fields);
    std::string told = client.until_closed();
    for (const char* tag : {"52=", "56=", "9=", "10="})
        for (auto at = told.find(tag); at != std::string::npos; at = told.find(tag))
            told.erase(at, told.find('|', at) - at);
    return told;
}

TEST(AcceptorLogon, wrong_user_password_code_and_session_get_the_same_answer) {
    RunningAcceptor running;
    running.venue.use_up_code(123456);
    const auto wrong_user = refusal(running, "ALICE", logon("NOBODY", "right"));
    EXPECT_NE(wrong_user.find("58=LOGON_REFUSED"), std::string::npos) << wrong_user;
    EXPECT_EQ(refusal(running, "ALICE", logon("ALICE", "wrong")), wrong_user);
    EXPECT_EQ(refusal(running, "ALICE", logon("ALICE", "right:123456")), wrong_user);
    EXPECT_EQ(refusal(running, "ALICE", logon("BOB", "right")), wrong_user);
    EXPECT_EQ(refusal(running, "NOBODY", logon("ALICE", "right")), wrong_user);
    auto client = running.client(); // and none of them used up a number
    client.log_on();
    for (const Command& command : running.venue.commands()) {
        EXPECT_EQ(command.header.kind, CommandKind::log_on_session);
        EXPECT_EQ(command.as<LogOnSession>().session, FixSessionId{1});
    }
}

TEST(AcceptorLogon, a_code_is_good_once) {
    RunningAcceptor running;
    {
        auto client = running.client();
        client.password = "right:111111";
        client.log_on();
    }
    running.venue.await(CommandKind::session_disconnected);
    EXPECT_NE(refusal(running, "ALICE", logon("ALICE", "right:111111")).find("LOGON_REFUSED"),
              std::string::npos);
    auto client = running.client();
    client.next_out = 2;
    client.password = "right:222222";
    client.log_on();
}

TEST(AcceptorLogon, a_reset_without_the_password_leaves_the_numbers_alone) {
    RunningAcceptor running;
    {
        auto client = running.client();
        client.log_on();
        client.send("35=1|112=x|");
        client.expect("0");
    }
    running.venue.await(CommandKind::session_disconnected);
    EXPECT_NE(refusal(running, "ALICE", logon("ALICE", "wrong", "141=Y|")).find("LOGON_REFUSED"),
              std::string::npos);
    auto client = running.client();
    client.next_out = 3;
    client.send(logon("ALICE", "right"));
    EXPECT_EQ(value(client.expect("A"), "34"), "3");
    EXPECT_TRUE(client.silent_for(50ms)); // no ResendRequest either
}

TEST(AcceptorLogon, each_fault_of_the_logon_itself_is_named) {
    RunningAcceptor running;
    const auto expect_word = [&](const std::string& fields, const std::string& word) {
        const auto answer = refusal(running, "ALICE", fields);
        EXPECT_NE(answer.find("58=" + word), std::string::npos) << answer;
    };
    expect_word("35=A|56=OTHER|98=0|108=30|553=ALICE|554=right|", "COMP_ID");
    expect_word("35=A|98=0|108=0|553=ALICE|554=right|", "HEART_BT_INT");
    expect_word("35=A|98=0|108=61|553=ALICE|554=right|", "HEART_BT_INT");
    const auto late = refusal(running, "ALICE", "35=A|52=20200101-00:00:00|98=0|108=30|553=ALICE|554=right|");
    EXPECT_NE(late.find("373=10|"), std::string::npos) << late;
    EXPECT_NE(late.find("35=5|"), std::string::npos) << late;
    const auto unknown_tag = refusal(running, "ALICE", logon("ALICE", "right", "7777=x|"));
    EXPECT_NE(unknown_tag.find("371=7777|"), std::string::npos) << unknown_tag;
    EXPECT_NE(unknown_tag.find("58=LOGON"), std::string::npos) << unknown_tag;
    EXPECT_NE(refusal(running, "MARK", logon("MARK", "right")).find("REVOKED"), std::string::npos);
    EXPECT_TRUE(running.venue.commands().empty());
}

TEST(AcceptorLogon, what_is_no_logon_is_closed_without_a_word) {
    RunningAcceptor running;
    EXPECT_EQ(refusal(running, "ALICE", "35=D|11=x|"), "");
    auto garbage = running.client();
    garbage.send_bytes("GET / HTTP/1.1\r\nHost: venue\r\n\r\n");
    EXPECT_EQ(garbage.until_closed(), "");
    EXPECT_TRUE(running.venue.commands().empty());
}

TEST(AcceptorLogon, the_client_may_say_what_a_disconnect_cancels) {
    RunningAcceptor running;
    auto client = running.client();
    client.log_on("8013=N|");
    const auto command = running.venue.await(CommandKind::log_on_session).as<LogOnSession>();
    EXPECT_EQ(command.override_cancel_on_disconnect, 1);
    EXPECT_EQ(command.cancel_on_disconnect, CancelOnDisconnect::none);
}

TEST(AcceptorLogon, a_number_that_is_too_low_is_told_the_expected_one) {
    RunningAcceptor running;
    {
        auto client = running.client();
        client.log_on();
    }
    running.venue.await(CommandKind::session_disconnected);
    auto client = running.client();
    client.send(logon("ALICE", "right", "34=1|"));
    EXPECT_NE(client.until_closed().find("expecting 2"), std::string::npos);
    running.venue.await(CommandKind::session_disconnected, 2);
}

TEST(AcceptorLogon, next_expected_number_is_obeyed) {
    RunningAcceptor running;
    {
        auto client = running.client();
        client.log_on();
        running.venue.send_events(FixSessionId{1}, 3); // 2, 3, 4
        for (int i = 0; i < 3; ++i)
            client.expect("8");
    }
    running.venue.await(CommandKind::session_disconnected);
    {
        auto client = running.client();
        client.next_out = 2;
        client.log_on("789=3|");
        EXPECT_EQ(value(client.expect("8"), "34"), "3");
        const auto last = client.expect("8");
        EXPECT_EQ(value(last, "34") + value(last, "43"), "4Y");
    }
    running.venue.await(CommandKind::session_disconnected, 2);
    auto client = running.client();
    client.next_out = 3;
    client.send(logon("ALICE", "right", "789=99|"));
    EXPECT_NE(client.until_closed().find("NextExpectedMsgSeqNum"), std::string::npos);
}

TEST(AcceptorLogon, guessing_is_slowed_down_for_that_address_only_and_ends) {
    RunningAcceptor running;
    for (int i = 0; i < 5; ++i)
        refusal(running, "ALICE", logon("ALICE", "wrong"));
    EXPECT_NE(refusal(running, "ALICE", logon("ALICE", "right")).find("LOGON_REFUSED"), std::string::npos);
    EXPECT_TRUE(running.venue.commands().empty());
    auto other = running.client("BOB");
    other.log_on();
}

// Nor may the password with a code that was used disturb the connection that lives.
TEST(AcceptorLogon, a_password_without_its_code_does_not_challenge_a_live_connection) {
    RunningAcceptor running;
    running.venue.use_up_code(7);
    auto live = running.client();
    live.log_on();
    for (const char* password : {"right:", "right:7"}) {
        EXPECT_NE(refusal(running, "ALICE", logon("ALICE", password)).find("LOGON_REFUSED"),
                  std::string::npos);
        live.send("35=1|112=mine|");
        EXPECT_EQ(value(live.receive(), "112"), "mine") << "the venue has asked it something of its own";
    }
    running.venue.need_no_code();
    auto other = running.client();
    other.send(logon("ALICE", "right:"));
    EXPECT_EQ(value(live.expect("1"), "112"), "PROBE");
}

TEST(AcceptorLogon, secrets_are_in_no_file) {
    RunningAcceptor running;
    refusal(running, "ALICE", logon("ALICE", "marked-secret-1", "20101=876501|"));
    {
        auto client = running.client();
        client.password = "right:876502";
        client.log_on();
    }
    running.acceptor->stop();
    std::string all = running.log();
    EXPECT_NE(all.find("553=***|554=***"), std::string::npos) << all; // it was logged
    for (const auto& entry : std::filesystem::recursive_directory_iterator{running.directory.path()})
        if (entry.is_regular_file()) {
            std::ifstream file{entry.path()};
            all.append(std::istreambuf_iterator<char>{file}, {});
        }
    for (const char* secret : {"marked-secret-1", "876501", "876502"})
        EXPECT_EQ(all.find(secret), std::string::npos) << secret;
}

TEST(AcceptorLogon, goes_over_tls_and_plain_bytes_on_that_port_are_closed_at_once) {
    TemporaryDirectory certificates;
    const auto key = (certificates.path() / "key.pem").string();
    const auto certificate = (certificates.path() / "certificate.pem").string();
    const auto command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
        "/CN=localhost -keyout " +
        key + " -out " + certificate + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()),
              0); // NOLINT(cert-env33-c,concurrency-mt-unsafe): of our own making
    RunningAcceptor running{[&](AcceptorOptions& options) { options.tls = TlsFiles{certificate, key}; }};
    FixClient client{running.acceptor->port(), "ALICE", true};
    client.log_on();
    client.send("35=D|11=tls|55=X-USD|54=1|60=20260101-12:00:00|38=5|40=2|44=1.00|59=1|");
    EXPECT_EQ(value(client.expect("8"), "11"), "tls");
    client.send("35=5|");
    EXPECT_NE(client.until_closed().find("35=5|"), std::string::npos);

    const auto before = std::chrono::steady_clock::now();
    auto plain = running.client();
    plain.send_bytes(framed_message(logon("ALICE", "right")));
    // A TLS alert is all that comes; it is no FIX message.
    std::array<char, 1> rest{};
    while (plain.read_raw(rest)) {
    }
    EXPECT_LT(std::chrono::steady_clock::now() - before,
              8s); // at once, not when the time for a logon is over
}

TEST(AcceptorLogon, plain_tcp_is_for_loopback_unless_allowed) {
    EXPECT_THROW(RunningAcceptor([](AcceptorOptions& options) { options.address = "0.0.0.0"; }),
                 std::runtime_error);
    const RunningAcceptor allowed{[](AcceptorOptions& options) {
        options.address = "0.0.0.0";
        options.plain_beyond_loopback = true;
    }};
    auto client = allowed.client();
    client.log_on();
}

} // namespace
} // namespace tradehive::acceptor
