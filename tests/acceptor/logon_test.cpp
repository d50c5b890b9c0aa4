#include "acceptor/failed_logons.hpp"
#include "acceptor/fix_log.hpp"
#include "acceptor/framing.hpp"
#include "acceptor/logon.hpp"
#include "tests/acceptor/running_acceptor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace tradehive::acceptor {
namespace {

constexpr Timestamp noon{1'767'268'800'000'000'000}; // 2026-01-01 12:00:00

std::string soh(std::string text) {
    std::ranges::replace(text, '|', '\x01');
    return text;
}

std::string text_of(const std::string& fields) {
    const auto result =
        read_logon(soh("8=FIX.4.4|9=1|35=A|" + fields), {.target_comp_id = "TRADEHIVE", .now = noon});
    return result ? "taken" : result.error().text.substr(0, result.error().text.find(':'));
}

const std::string header = "34=1|49=ALICE|52=20260101-12:00:00|56=TRADEHIVE|";

TEST(Logon, is_read_with_all_that_it_may_carry) {
    const auto result =
        read_logon(soh("8=FIX.4.4|9=1|35=A|34=7|49=ALICE|52=20260101-12:00:29.999|56=TRADEHIVE|98=0|"
                       "108=30|553=alice|554=pw:123456|20101=654321|789=5|8013=Y|10=000|"),
                   {.target_comp_id = "TRADEHIVE", .now = noon});
    ASSERT_TRUE(result) << result.error().text;
    EXPECT_EQ(result->sender_comp_id, "ALICE");
    EXPECT_EQ(result->username, "alice");
    EXPECT_EQ(result->password, "pw:123456");
    EXPECT_EQ(result->code, "654321");
    EXPECT_EQ(result->heart_bt_int, 30);
    EXPECT_EQ(result->number, 7U);
    EXPECT_EQ(result->next_expected, 5U);
    EXPECT_EQ(result->cancel_on_disconnect, CancelOnDisconnect::account);
    EXPECT_FALSE(result->reset);
}

TEST(Logon, each_fault_has_its_word) {
    EXPECT_EQ(text_of(header + "98=0|108=30|"), "taken");
    EXPECT_EQ(text_of("34=1|49=ALICE|52=20260101-12:00:00|56=OTHER|98=0|108=30|"), "COMP_ID");
    EXPECT_EQ(text_of("34=1|52=20260101-12:00:00|56=TRADEHIVE|98=0|108=30|"), "COMP_ID");
    EXPECT_EQ(text_of("34=0|49=ALICE|52=20260101-12:00:00|56=TRADEHIVE|98=0|108=30|"), "MSG_SEQ_NUM");
    EXPECT_EQ(text_of("34=99999999999|49=ALICE|52=20260101-12:00:00|56=TRADEHIVE|98=0|108=30|"),
              "MSG_SEQ_NUM");
    EXPECT_EQ(text_of("34=1|49=ALICE|52=20260101-12:00:31|56=TRADEHIVE|98=0|108=30|"), "SENDING_TIME");
    EXPECT_EQ(text_of("34=1|49=ALICE|52=20260101-11:59:29|56=TRADEHIVE|98=0|108=30|"), "SENDING_TIME");
    EXPECT_EQ(text_of("34=1|49=ALICE|52=now|56=TRADEHIVE|98=0|108=30|"), "SENDING_TIME");
    EXPECT_EQ(text_of(header + "98=1|108=30|"), "ENCRYPT_METHOD");
    for (const char* interval : {"0", "4", "61", "-5", "5.0", ""})
        EXPECT_EQ(text_of(header + "98=0|108=" + interval + "|"), "HEART_BT_INT") << interval;
    EXPECT_EQ(text_of("34=2|49=ALICE|52=20260101-12:00:00|56=TRADEHIVE|98=0|108=30|141=Y|"), "MSG_SEQ_NUM");
    EXPECT_EQ(text_of(header + "98=0|108=30|8013=X|"), "CANCEL_ON_DISCONNECT");
}

TEST(Logon, another_version_is_refused) {
    const auto result = read_logon(soh("8=FIX.4.2|9=1|35=A|" + header + "98=0|108=30|"),
                                   {.target_comp_id = "TRADEHIVE", .now = noon});
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().text.starts_with("BEGIN_STRING"));
}

TEST(Logon, over_fixt_the_version_of_the_application_is_asked_for_and_no_new_password_taken) {
    const auto word_of = [](const std::string& fields) {
        const auto result = read_logon(soh("8=FIXT.1.1|9=1|35=A|" + header + "98=0|108=30|" + fields),
                                       {.target_comp_id = "TRADEHIVE", .now = noon});
        return result ? "taken" : result.error().text.substr(0, result.error().text.find(':'));
    };
    EXPECT_EQ(word_of("1137=9|"), "taken");
    EXPECT_EQ(word_of("1137=8|"), "APPL_VER_ID");
    EXPECT_EQ(word_of(""), "APPL_VER_ID");
    EXPECT_EQ(word_of("1137=9|925=another one|"), "NEW_PASSWORD");
    EXPECT_EQ(word_of("1137=9|1401=1|1402=x|"), "NEW_PASSWORD");
}

TEST(Logon, over_fixt_a_logout_has_a_status_where_there_is_one) {
    const auto status = [](FixVersion version, std::string_view text) {
        return std::string{
            field_of(logout_message(
                         {.version = version, .sender = "V", .target = "C", .number = 1, .now = noon}, text),
                     "1409")};
    };
    EXPECT_EQ(status(FixVersion::fix50sp2, logon_refused_text), "5");
    EXPECT_EQ(status(FixVersion::fix50sp2, "REVOKED: the FIX session has been revoked"), "6");
    EXPECT_EQ(status(FixVersion::fix50sp2, "BUSY: try again"), "7");
    EXPECT_EQ(status(FixVersion::fix50sp2, "COMP_ID: another"), "");
    EXPECT_EQ(status(FixVersion::fix44, logon_refused_text), "");
}

TEST(Logon, times_are_read_and_written_exactly) {
    EXPECT_EQ(utc_text(Timestamp{noon.value() + 7'000'000}), "20260101-12:00:00.007");
    EXPECT_EQ(read_utc("20260101-12:00:00.007"), Timestamp{noon.value() + 7'000'000});
    EXPECT_EQ(read_utc("20260101-12:00:00.123456789"), Timestamp{noon.value() + 123'456'789});
    EXPECT_EQ(utc_text(*read_utc("20240229-23:59:59.999")), "20240229-23:59:59.999");
    for (const char* wrong :
         {"", "20260101", "20260101-12:00", "20260101 12:00:00", "20260231-12:00:00", "20260101-24:00:00",
          "20260101-12:00:00.", "20260101-12:00:00.1234567890", "2026010a-12:00:00", "20260101-12:00:00x123"})
        EXPECT_EQ(read_utc(wrong), std::nullopt) << wrong;
}

TEST(Logon, what_is_written_is_a_whole_message) {
    const auto message = logout_message(
        {.version = FixVersion::fix44, .sender = "TRADEHIVE", .target = "ALICE", .number = 1, .now = noon},
        "NO");
    Framing framing{8192};
    framing.append(message);
    EXPECT_EQ(framing.next().bytes, message);
}

TEST(FailedLogons, the_fifth_closes_the_pair_and_each_further_one_for_longer) {
    FailedLogons failed;
    constexpr std::int64_t second = 1'000'000'000;
    auto now = noon;
    for (int i = 0; i < 4; ++i) {
        failed.failed("alice", "10.0.0.1", now);
        EXPECT_FALSE(failed.closed("alice", "10.0.0.1", now));
    }
    failed.failed("alice", "10.0.0.1", now);
    EXPECT_TRUE(failed.closed("alice", "10.0.0.1", now));
    EXPECT_FALSE(failed.closed("alice", "10.0.0.2", now)) << "a stranger has locked the trader out";
    now = Timestamp{now.value() + second};
    EXPECT_FALSE(failed.closed("alice", "10.0.0.1", now));
    failed.failed("alice", "10.0.0.1", now);
    EXPECT_TRUE(failed.closed("alice", "10.0.0.1", Timestamp{now.value() + second}));
    EXPECT_FALSE(failed.closed("alice", "10.0.0.1", Timestamp{now.value() + 2 * second}));
    for (int i = 0; i < 20; ++i)
        failed.failed("alice", "10.0.0.1", now);
    EXPECT_FALSE(failed.closed("alice", "10.0.0.1", Timestamp{now.value() + 60 * second}));
    failed.succeeded("alice", "10.0.0.1");
    EXPECT_FALSE(failed.closed("alice", "10.0.0.1", now));
}

TEST(FailedLogons, are_forgotten_after_a_quarter_of_an_hour_and_when_there_are_too_many) {
    FailedLogons failed{2};
    for (int i = 0; i < 4; ++i)
        failed.failed("alice", "a", noon);
    const Timestamp later{noon.value() + 15LL * 60 * 1'000'000'000 + 1};
    failed.failed("alice", "a", later);
    EXPECT_FALSE(failed.closed("alice", "a", later));
    for (int i = 0; i < 5; ++i)
        failed.failed("bob", "b", Timestamp{later.value() + i});
    failed.failed("carol", "c", Timestamp{later.value() + 10}); // alice's, the oldest, goes
    EXPECT_TRUE(failed.closed("bob", "b", Timestamp{later.value() + 10}));
}

TEST(FixLog, secrets_are_not_written) {
    EXPECT_EQ(
        redacted(soh("35=A|553=alice|554=hunter2:123456|20101=123456|925=next|96=raw|1554=plain|58=554=x|")),
        "35=A|553=***|554=***|20101=***|925=***|96=***|1554=plain|58=554=x|");
    EXPECT_EQ(redacted(soh("554=unfinished")), "554=***");
}

TEST(FixLog, nobody_forges_a_line) {
    EXPECT_EQ(redacted(soh("35=D|58=x\n2026-01-01 BOB - logged on\r\x1b[2J\x7f|")),
              "35=D|58=x?2026-01-01 BOB - logged on??[2J?|");
    const TemporaryDirectory directory;
    {
        FixLog log{directory.path()};
        log.note("AL\nICE", "said\nso");
    }
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator{directory.path()})
        all.append(std::istreambuf_iterator<char>{std::ifstream{entry.path()}.rdbuf()}, {});
    EXPECT_NE(all.find(" AL?ICE - said?so\n"), std::string::npos) << all;
}

} // namespace
} // namespace tradehive::acceptor
