#include "acceptor/stream.hpp"

#include <stdexcept>

namespace tradehive::acceptor {
namespace {

namespace asio = boost::asio;

constexpr int kernel_bytes_waiting = 256 << 10;

std::variant<Stream::Socket, Stream::Tls> made_of(Stream::Socket socket, asio::ssl::context* context) {
    boost::system::error_code ignored;
    static_cast<void>(socket.set_option(asio::ip::tcp::no_delay{true}, ignored));
    // Else the kernel takes megabytes for a peer that does not read: memory of ours, and stale news for it.
    static_cast<void>(socket.set_option(asio::socket_base::send_buffer_size{kernel_bytes_waiting}, ignored));
    if (context == nullptr) return socket;
    return Stream::Tls{std::move(socket), *context};
}

} // namespace

Stream::Stream(Socket socket, std::shared_ptr<asio::ssl::context> context)
    : context_{std::move(context)}
    , stream_{made_of(std::move(socket), context_.get())} {}

Stream::Socket& Stream::socket() noexcept {
    if (auto* tls = std::get_if<Tls>(&stream_)) return tls->next_layer();
    return *std::get_if<Socket>(&stream_);
}

const Stream::Socket& Stream::socket() const noexcept {
    if (const auto* tls = std::get_if<Tls>(&stream_)) return tls->next_layer();
    return *std::get_if<Socket>(&stream_);
}

void Stream::close() noexcept {
    boost::system::error_code ignored;
    static_cast<void>(socket().close(ignored));
}

std::string Stream::peer_address() const {
    boost::system::error_code error;
    const auto peer = socket().remote_endpoint(error);
    return error ? std::string{} : peer.address().to_string();
}

std::shared_ptr<asio::ssl::context> make_tls_context(const std::filesystem::path& certificate,
                                                     const std::filesystem::path& key) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                         asio::ssl::context::no_tlsv1_1 | asio::ssl::context::single_dh_use);
    boost::system::error_code error;
    static_cast<void>(context->use_certificate_chain_file(certificate.string(), error));
    if (error) throw std::runtime_error{"TLS certificate " + certificate.string() + ": " + error.message()};
    static_cast<void>(context->use_private_key_file(key.string(), asio::ssl::context::pem, error));
    if (error) throw std::runtime_error{"TLS key " + key.string() + ": " + error.message()};
    return context;
}

} // namespace tradehive::acceptor
