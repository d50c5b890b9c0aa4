#include "acceptor/framing.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace tradehive::acceptor {
namespace {

using Outcome = Framing::Outcome;

std::string message(const std::string& body, const std::string& length = "") {
    std::string text = "8=FIX.4.4\x01"
                       "9=" +
                       (length.empty() ? std::to_string(body.size()) : length) + "\x01" + body;
    const auto sum = std::to_string(1000 + checksum_of(text)).substr(1);
    return text + "10=" + sum + "\x01";
}

const std::string heartbeat = message("35=0\x01"
                                      "34=2\x01");
const std::string logon = message("35=A\x01"
                                  "34=1\x01");

TEST(Framing, cuts_messages_that_come_together) {
    Framing framing{8192};
    framing.append(logon + heartbeat);
    EXPECT_EQ(framing.next().bytes, logon);
    EXPECT_EQ(framing.next().bytes, heartbeat);
    EXPECT_EQ(framing.next().outcome, Outcome::incomplete);
    EXPECT_EQ(framing.unread(), 0U);
}

TEST(Framing, puts_a_message_together_from_single_bytes) {
    Framing framing{8192};
    for (const char byte : logon.substr(0, logon.size() - 1)) {
        framing.append({&byte, 1});
        ASSERT_EQ(framing.next().outcome, Outcome::incomplete);
    }
    framing.append({&logon.back(), 1});
    EXPECT_EQ(framing.next().bytes, logon);
}

TEST(Framing, takes_a_body_length_with_leading_zeros) {
    Framing framing{8192};
    const auto padded = message("35=0\x01"
                                "34=2\x01",
                                "000010");
    framing.append(padded);
    EXPECT_EQ(framing.next().bytes, padded);
}

TEST(Framing, names_what_is_wrong_and_goes_on_behind_it) {
    std::string wrong_sum = heartbeat;
    wrong_sum[wrong_sum.size() - 2] = wrong_sum[wrong_sum.size() - 2] == '0' ? '1' : '0';
    const std::vector<std::pair<std::string, std::string>> cases{
        {"GET / HTTP/1.1\r\n\r\n", "BeginString(8)"},
        {wrong_sum, "CheckSum(10)"},
        {message("35=0\x01"
                 "34=2\x01",
                 "9"),
         "BodyLength(9)"},
        {message("35=0\x01"
                 "34=2\x01",
                 "x"),
         "BodyLength(9) is not a number"},
        {message("34=2\x01"
                 "35=0\x01"),
         "MsgType(35)"},
        {"8=FIX.4.4\x01"
         "35=0\x01",
         "BodyLength(9) is not the second field"},
        {"8=FIX.4.4\x01"
         "9=99999999999999999999999\x01",
         "BodyLength(9)"},
        {"8=FIX.4.4.4.4.4.4.4.4.4.4.4", "BeginString(8) has no end"},
    };
    for (const auto& [bytes, words] : cases) {
        Framing framing{8192};
        framing.append(bytes + logon);
        auto frame = framing.next();
        EXPECT_EQ(frame.outcome, Outcome::garbled) << bytes;
        EXPECT_NE(frame.wrong.find(words), std::string_view::npos) << frame.wrong << " for " << bytes;
        while (frame.outcome == Outcome::garbled)
            frame = framing.next();
        EXPECT_EQ(frame.bytes, logon) << "behind " << bytes;
    }
}

TEST(Framing, refuses_a_message_over_the_limit_before_it_has_come) {
    Framing framing{64};
    framing.append("8=FIX.4.4\x01"
                   "9=60\x01"
                   "35=D\x01");
    EXPECT_EQ(framing.next().outcome, Outcome::too_long);
}

TEST(Framing, does_not_look_for_tags_inside_values) {
    EXPECT_EQ(field_of("58=34=9\x01"
                       "34=2\x01",
                       "34"),
              "2");
    EXPECT_EQ(field_of("134=9\x01", "34"), "");
    EXPECT_EQ(field_of("34", "34"), "");
}

// Whatever comes, in whatever pieces: it ends, keeps no more than it may, hands out only whole and right
// messages, and finds the good ones between the bad again.
TEST(Framing, survives_mutated_streams) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        std::mt19937 random{seed};
        std::string stream;
        for (int i = 0; i < 20; ++i) {
            std::string bytes = i % 2 == 0 ? logon : heartbeat;
            if (random() % 2 == 0) {
                const auto at = random() % bytes.size();
                switch (random() % 3) {
                case 0:
                    bytes[at] = static_cast<char>(random() % 256);
                    break;
                case 1:
                    bytes.erase(at, 1 + random() % 5);
                    break;
                default:
                    bytes.insert(at, std::string(1 + random() % 30, static_cast<char>(random() % 256)));
                }
            }
            stream += bytes;
        }
        stream += "\x01" + logon; // the end of a run of garbage is certain only with a new message
        Framing framing{256};
        std::string last;
        std::size_t steps = 0;
        for (std::size_t at = 0; at < stream.size();) {
            const auto piece = std::min<std::size_t>(1 + random() % 40, stream.size() - at);
            framing.append(std::string_view{stream}.substr(at, piece));
            at += piece;
            for (auto frame = framing.next(); frame.outcome != Outcome::incomplete; frame = framing.next()) {
                ASSERT_LT(++steps, 2 * stream.size()) << "seed " << seed;
                if (frame.outcome != Outcome::message) continue;
                ASSERT_TRUE(frame.bytes.starts_with("8=FIX")) << "seed " << seed;
                last = frame.bytes;
                const auto body = last.find("35=");
                ASSERT_EQ(std::stoull(std::string{field_of(last, "9")}), last.size() - body - 7)
                    << "seed " << seed;
            }
            ASSERT_LE(framing.unread(), 256U + 40U) << "seed " << seed;
        }
        // Unless a mutated length swallowed it, the last one has come.
        if (framing.unread() == 0) {
            EXPECT_EQ(last, logon) << "seed " << seed;
        }
    }
}

} // namespace
} // namespace tradehive::acceptor
