// One TCP connection, plain or inside TLS: the same calls for both.
//
// Handlers run on the socket's executor, which is its connection's strand. One read and one write at a time.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <variant>

namespace tradehive::acceptor {

class Stream {
public:
    using Socket = boost::asio::ip::tcp::socket;
    using Tls = boost::asio::ssl::stream<Socket>;

    // context: null for plain TCP.
    Stream(Socket socket, std::shared_ptr<boost::asio::ssl::context> context);

    template <class Handler>
    void handshake(Handler&& handler) {
        if (auto* tls = std::get_if<Tls>(&stream_))
            tls->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Handler>(handler));
        else
            boost::asio::post(socket().get_executor(), [handler = std::forward<Handler>(handler)]() mutable {
                handler(boost::system::error_code{});
            });
    }
    template <class Buffer, class Handler>
    void read_some(const Buffer& buffer, Handler&& handler) {
        std::visit([&](auto& stream) { stream.async_read_some(buffer, std::forward<Handler>(handler)); },
                   stream_);
    }
    template <class Buffer, class Handler>
    void write(const Buffer& buffer, Handler&& handler) {
        std::visit(
            [&](auto& stream) { boost::asio::async_write(stream, buffer, std::forward<Handler>(handler)); },
            stream_);
    }
    // Says that nothing more will be sent; what was sent still arrives.
    template <class Handler>
    void finish(Handler&& handler) {
        if (auto* tls = std::get_if<Tls>(&stream_)) {
            tls->async_shutdown(std::forward<Handler>(handler));
            return;
        }
        boost::system::error_code error;
        static_cast<void>(socket().shutdown(Socket::shutdown_send, error));
        boost::asio::post(socket().get_executor(),
                          [handler = std::forward<Handler>(handler), error]() mutable { handler(error); });
    }
    void close() noexcept;

    [[nodiscard]] bool encrypted() const noexcept { return std::holds_alternative<Tls>(stream_); }
    [[nodiscard]] std::string peer_address() const; // "" when it is gone already

private:
    [[nodiscard]] Socket& socket() noexcept;
    [[nodiscard]] const Socket& socket() const noexcept;

    std::shared_ptr<boost::asio::ssl::context> context_; // outlives the stream made from it
    std::variant<Socket, Tls> stream_;
};

// TLS 1.2 and up, with that certificate chain and key (PEM). Throws std::runtime_error naming the file.
[[nodiscard]] std::shared_ptr<boost::asio::ssl::context>
make_tls_context(const std::filesystem::path& certificate, const std::filesystem::path& key);

} // namespace tradehive::acceptor
