#include "control/server.hpp"

#include "control/requests.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

namespace tradehive::control {

namespace asio = boost::asio;
namespace json = boost::json;
using Local = asio::local::stream_protocol;

namespace {

json::object refusal(std::string_view word, std::string_view text) {
    return {{"ok", false}, {"word", word}, {"text", text}};
}

std::string line_of(const json::object& answer) {
    return json::serialize(answer) + '\n';
}

bool may_ask(int descriptor) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == 0 || peer.uid == ::geteuid();
}

void remove_old_socket(const std::filesystem::path& path) {
    const auto status = std::filesystem::symlink_status(path);
    if (!std::filesystem::exists(status)) return;
    if (status.type() != std::filesystem::file_type::socket)
        throw std::runtime_error{path.string() +
                                 " is in the way of the control socket and is not a socket: move it away"};
    std::filesystem::remove(path);
}

} // namespace

class Server::Listener {
public:
    Listener(Options options, Serve serve)
        : options_{std::move(options)}
        , serve_{std::move(serve)}
        , acceptor_{io_} {
        const auto path = options_.socket.string();
        // sun_path of sockaddr_un, its final zero included.
        if (constexpr std::size_t most = 107; path.size() > most)
            throw std::runtime_error{"the control socket's path has more than 107 characters: " + path};
        remove_old_socket(options_.socket);
        acceptor_.open();
        acceptor_.bind(Local::endpoint{path});
        // Nobody can connect before listen(), so nobody sees the socket with another mode.
        if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0)
            throw std::runtime_error{"cannot set the mode of " + path +
                                     " to 0600: " + std::generic_category().message(errno)};
        acceptor_.listen();
        asio::co_spawn(io_, accept(), asio::detached);
        thread_ = std::jthread{[this] { io_.run(); }};
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener() {
        io_.stop();
        thread_.join();
        std::error_code ignored;
        std::filesystem::remove(options_.socket, ignored);
    }

private:
    asio::awaitable<void> accept() {
        for (;;) {
            boost::system::error_code error;
            auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
            if (error == asio::error::operation_aborted) co_return;
            if (error) { // out of descriptors, perhaps: others are being closed meanwhile
                asio::steady_timer pause{io_, std::chrono::milliseconds{100}};
                co_await pause.async_wait(asio::use_awaitable);
                continue;
            }
            const auto refused =
                !may_ask(socket.native_handle())
                    ? refusal("NOT_ALLOWED", "only the venue's user and root may ask")
                : connections_ >= options_.most_connections
                    ? refusal("BUSY", "too many control connections are open; try again later")
                    : json::object{};
            if (refused.empty()) {
                asio::co_spawn(io_, converse(std::make_shared<Local::socket>(std::move(socket))),
                               asio::detached);
                continue;
            }
            // Fits into the socket's empty buffer: does not block.
            boost::system::error_code ignored;
            asio::write(socket, asio::buffer(line_of(refused)), ignored);
        }
    }

    // The socket is shared with the handler of the timer, which may still be queued when this has ended.
    asio::awaitable<void> converse(std::shared_ptr<Local::socket> socket) {
        struct Counted {
            std::size_t& count;
            explicit Counted(std::size_t& connections)
                : count{connections} {
                ++count;
            }
            Counted(const Counted&) = delete;
            Counted& operator=(const Counted&) = delete;
            ~Counted() { --count; }
        };
        const Counted counted{connections_};
        asio::steady_timer silence{io_};
        std::string input;
        for (;;) {
            silence.expires_after(options_.longest_silence);
            silence.async_wait([socket](const boost::system::error_code& cancelled) {
                if (!cancelled) socket->cancel();
            });
            boost::system::error_code error;
            const auto size =
                co_await asio::async_read_until(*socket, asio::dynamic_buffer(input, greatest_line), '\n',
                                                asio::redirect_error(asio::use_awaitable, error));
            const bool too_long = error == asio::error::not_found;
            if (error && !too_long) co_return;
            const auto answer = too_long ? refusal("TOO_LONG", "a request is one line of at most " +
                                                                   std::to_string(greatest_line) + " bytes")
                                         : answer_to(std::string_view{input}.substr(0, size - 1));
            input.erase(0, size);
            // A peer that does not read its answer falls under the silence as well.
            co_await asio::async_write(*socket, asio::buffer(line_of(answer)),
                                       asio::redirect_error(asio::use_awaitable, error));
            if (error || too_long) co_return;
        }
    }

    json::object answer_to(std::string_view line) {
        boost::system::error_code error;
        const auto request = json::parse(line, error);
        if (error || !request.is_object())
            return refusal("BAD_REQUEST",
                           error ? "not JSON: " + error.message() : "a request is a JSON object");
        return serve_(request.get_object());
    }

    const Options options_;
    const Serve serve_;
    std::size_t connections_{}; // before io_: its conversations count down when it goes
    asio::io_context io_{1};
    Local::acceptor acceptor_;
    std::jthread thread_;
};

Server::Server(Options options, Serve serve)
    : listener_{std::make_unique<Listener>(std::move(options), std::move(serve))} {}

Server::~Server() = default;

} // namespace tradehive::control
