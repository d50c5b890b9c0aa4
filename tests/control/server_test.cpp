#include "control/client.hpp"
#include "control/requests.hpp"
#include "control/server.hpp"
#include "tests/temporary_folder.hpp"

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>

namespace tradehive::control {
namespace {

using ::testing::HasSubstr;
namespace json = boost::json;

// A connection by hand, for what the client never does.
class Raw {
public:
    explicit Raw(const std::filesystem::path& path)
        : descriptor_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.string().copy(address.sun_path, sizeof address.sun_path - 1);
        connected = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    Raw(const Raw&) = delete;
    Raw& operator=(const Raw&) = delete;
    ~Raw() { ::close(descriptor_); }

    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    // Until the end of the line or of the connection.
    [[nodiscard]] std::string line() const {
        std::string text;
        char byte{};
        while (::read(descriptor_, &byte, 1) == 1) {
            if (byte == '\n') return text;
            text += byte;
        }
        return text + "<end>";
    }

    bool connected{};

private:
    int descriptor_;
};

struct ServerTest : ::testing::Test {
    TemporaryFolder folder;
    std::filesystem::path socket = folder.path / "control.sock";
    Server server{{.socket = socket, .most_connections = 2}, [](const json::object& request) {
                      return json::object{{"ok", true}, {"result", request}};
                  }};
};

TEST_F(ServerTest, AnswersARequestALine) {
    const auto answer = ask(socket, {{"request", "hello"}});
    EXPECT_EQ(json::serialize(answer), R"({"ok":true,"result":{"request":"hello"}})");
    const Raw raw{socket};
    raw.send("{\"a\":1}\n{\"a\":2}\n");
    EXPECT_THAT(raw.line(), HasSubstr("{\"a\":1}"));
    EXPECT_THAT(raw.line(), HasSubstr("{\"a\":2}"));
}

TEST_F(ServerTest, OnlyTheOwnerMayOpenIt) {
    struct stat status{};
    ASSERT_EQ(::stat(socket.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600);
}

TEST_F(ServerTest, GarbageIsAnsweredAndTheConnectionLives) {
    const Raw raw{socket};
    raw.send("what?\n[1]\n{\"a\":1}\n");
    EXPECT_THAT(raw.line(), HasSubstr("BAD_REQUEST"));
    EXPECT_THAT(raw.line(), HasSubstr("BAD_REQUEST"));
    EXPECT_THAT(raw.line(), HasSubstr("\"ok\":true"));
}

TEST_F(ServerTest, ALineBeyondTheBoundEndsTheConnection) {
    const Raw raw{socket};
    raw.send(std::string(greatest_line + 1, 'x'));
    EXPECT_THAT(raw.line(), HasSubstr("TOO_LONG"));
    EXPECT_EQ(raw.line(), "<end>");
}

TEST_F(ServerTest, ThePlacesAreBounded) {
    const Raw first{socket};
    first.send("{}\n");
    EXPECT_THAT(first.line(), HasSubstr("true"));
    {
        const Raw second{socket};
        second.send("{}\n");
        EXPECT_THAT(second.line(), HasSubstr("true"));
        const Raw third{socket};
        EXPECT_THAT(third.line(), HasSubstr("BUSY"));
        EXPECT_EQ(third.line(), "<end>");
    }
    // The second one's place is free again as soon as the server has seen it go.
    for (bool served = false; !served;) {
        const Raw again{socket};
        again.send("{}\n");
        served = again.line().contains("true");
    }
}

TEST_F(ServerTest, ASilentConnectionIsClosed) {
    const auto other = folder.path / "other.sock";
    const Server impatient{{.socket = other, .longest_silence = std::chrono::seconds{0}},
                           [](const json::object&) { return json::object{}; }};
    const Raw raw{other};
    EXPECT_EQ(raw.line(), "<end>");
}

TEST(Server, ReplacesAnOldSocketButNothingElse) {
    const TemporaryFolder folder;
    const auto path = folder.path / "control.sock";
    const auto serve = [](const json::object&) { return json::object{{"ok", true}}; };
    {
        const int left_over = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.string().copy(address.sun_path, sizeof address.sun_path - 1);
        ASSERT_EQ(::bind(left_over, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        ::close(left_over);
    }
    {
        const Server server{{.socket = path}, serve};
        EXPECT_TRUE(ask(path, {}).at("ok").as_bool());
    }
    EXPECT_FALSE(std::filesystem::exists(path));
    std::ofstream{path} << "precious";
    EXPECT_THROW(Server({.socket = path}, serve), std::runtime_error);
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_THROW(Server({.socket = folder.path / std::string(120, 'x')}, serve), std::runtime_error);
}

TEST(Client, SaysWhenNobodyListens) {
    const TemporaryFolder folder;
    EXPECT_THROW((void)ask(folder.path / "none.sock", {}), NotReachable);
    EXPECT_THROW((void)ask(folder.path / std::string(120, 'x'), {}), NotReachable);
}

} // namespace
} // namespace tradehive::control
