#include "acceptor/resend.hpp"

#include "acceptor/framing.hpp"
#include "acceptor/logon.hpp"
#include "tests/acceptor/running_acceptor.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <sys/wait.h>
#include <unistd.h>

namespace tradehive::acceptor {
namespace {

constexpr Timestamp noon{1'767'268'800'000'000'000};

TEST(Resend, gives_the_same_bytes_with_43_and_122) {
    const auto stored =
        framed_message("35=8|34=2|49=TRADEHIVE|52=20260101-11:00:00.000|56=ALICE|17=1-0|58=52=no|");
    EXPECT_EQ(as_possible_duplicate(stored, FixVersion::fix44, noon),
              framed_message(
                  "35=8|34=2|43=Y|49=TRADEHIVE|52=20260101-12:00:00.000|56=ALICE|122=20260101-11:00:00.000|"
                  "17=1-0|58=52=no|"));
}

TEST(Resend, goes_in_pieces_and_fills_what_is_no_application_message) {
    const TemporaryDirectory directory;
    const auto store = SessionStore::open({.directory = directory.path(),
                                           .session = FixSessionId{1},
                                           .epoch = Epoch{1},
                                           .first_out = MsgSeqNum{1},
                                           .next_in = MsgSeqNum{1},
                                           .boot_id = "boot"});
    for (int number = 1; number <= 9; ++number) {
        const bool session_message = number <= 2 || number == 5 || number == 9;
        store->set(number, framed_message("35=" + std::string{session_message ? "0" : "8"} +
                                          "|34=" + std::to_string(number) + "|52=20260101-11:00:00.000|"));
        store->incrNextSenderMsgSeqNum();
    }
    Resend resend{1, 9, FixVersion::fix44, "TRADEHIVE", "ALICE"};
    std::string seen;
    while (!resend.done()) {
        int in_this_piece = 0;
        resend.proceed(1, *store, noon, [&](std::string_view message) {
            ++in_this_piece;
            seen += std::string{field_of(message, "35")} + std::string{field_of(message, "34")} +
                    (field_of(message, "36").empty() ? "" : "-" + std::string{field_of(message, "36")}) + " ";
        });
        EXPECT_LE(in_this_piece, 2); // a gap fill and the message behind it
    }
    EXPECT_EQ(seen, "41-3 83 84 45-6 86 87 88 49-10 ");
}

TEST(Resend, a_gap_of_millions_is_one_gap_fill) {
    const TemporaryDirectory directory;
    SessionStore::Options options{.directory = directory.path(),
                                  .session = FixSessionId{1},
                                  .epoch = Epoch{1},
                                  .first_out = MsgSeqNum{1},
                                  .next_in = MsgSeqNum{1},
                                  .boot_id = "boot",
                                  .block = 10'000'000};
    const auto open_and_send = [&] {
        auto store = SessionStore::open(options);
        const int number = store->getNextSenderMsgSeqNum();
        store->set(number,
                   framed_message("35=8|34=" + std::to_string(number) + "|52=20260101-11:00:00.000|"));
        store->incrNextSenderMsgSeqNum();
        return store;
    };
    const auto child = ::fork();
    if (child == 0) { // dies without closing its store
        static_cast<void>(open_and_send().release());
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    options.boot_id = "another: power was lost, and so numbers go on behind the block";
    const auto store = open_and_send();
    Resend resend{1, static_cast<std::uint64_t>(store->getNextSenderMsgSeqNum()) - 1, FixVersion::fix44,
                  "TRADEHIVE", "ALICE"};
    std::string seen;
    resend.proceed(1 << 16, *store, noon, [&](std::string_view message) {
        seen += std::string{field_of(message, "35")} + std::string{field_of(message, "34")} + " ";
    });
    EXPECT_TRUE(resend.done());
    EXPECT_EQ(seen, "81 42 810000001 ");
}

} // namespace
} // namespace tradehive::acceptor
