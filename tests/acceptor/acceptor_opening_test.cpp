// Between the venue's decision and a live session: a message store that takes long to open.
#include "tests/acceptor/running_acceptor.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tradehive::acceptor {
namespace {

using namespace std::chrono_literals;

// Whoever opens ALICE's store stands still before the file of an older epoch, which is a pipe, and fails once
// it is let go.
class HeldOpening {
public:
    explicit HeldOpening(const RunningAcceptor& running)
        : path_{running.options.session_directory / "1-0.messages"} {
        std::filesystem::create_directories(path_.parent_path());
        EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    }
    void let_go() const { // waits for the other end
        const int file = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
        EXPECT_GE(file, 0);
        ::close(file);
    }

private:
    std::filesystem::path path_;
};

std::string logon_of(const std::string& name) {
    return "35=A|98=0|108=30|553=" + name + "|554=right|";
}

TEST(AcceptorOpening, may_take_longer_than_a_logon) {
    RunningAcceptor running{[](AcceptorOptions& options) { options.limits.logon_timeout = 1s; }};
    const HeldOpening held{running};
    auto client = running.client();
    client.send(logon_of("ALICE"));
    running.venue.await(CommandKind::log_on_session);
    EXPECT_TRUE(client.silent_for(1300ms));
    held.let_go();
    EXPECT_NE(client.until_closed().find("58=STORE: "), std::string::npos);
    running.venue.await(CommandKind::session_disconnected);
}

TEST(AcceptorOpening, is_not_begun_for_a_connection_that_has_gone) {
    RunningAcceptor running{[](AcceptorOptions& options) {
        options.threads = 1;
        options.store_openers = 1;
    }};
    const HeldOpening held{running};
    auto alice = running.client();
    alice.send(logon_of("ALICE"));
    running.venue.await(CommandKind::log_on_session);
    {
        auto bob = running.client("BOB");
        bob.send(logon_of("BOB"));
        running.venue.await(CommandKind::log_on_session, 2);
    }
    for (int i = 0; i < 3; ++i) { // so that what was under way on the only thread is done
        auto garbage = running.client();
        garbage.send_bytes("GET / HTTP/1.1\r\n\r\n");
        EXPECT_EQ(garbage.until_closed(), "");
    }
    held.let_go();
    running.venue.await(CommandKind::session_disconnected, 2);
    EXPECT_FALSE(std::filesystem::exists(running.options.session_directory / "2-1.messages"));
    auto bob = running.client("BOB");
    bob.log_on();
}

} // namespace
} // namespace tradehive::acceptor
