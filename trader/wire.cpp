#include "trader/wire.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tradehive::trader {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{10};

std::string error_text(int number) {
    return std::generic_category().message(number);
}

bool ready(int socket, short events, Clock::time_point until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    pollfd watched{.fd = socket, .events = events, .revents = 0};
    return left.count() > 0 && ::poll(&watched, 1, static_cast<int>(left.count())) > 0;
}

int connected(const std::string& host, int port) {
    const auto place = host + ":" + std::to_string(port);
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
        failed != 0)
        throw std::runtime_error(place + ": " + ::gai_strerror(failed));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
    std::string why = "has no address";
    for (const auto* address = found; address != nullptr; address = address->ai_next) {
        const int socket = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (socket < 0) continue;
        int failed = ::connect(socket, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
        if (failed == EINPROGRESS) {
            socklen_t size = sizeof failed;
            if (!ready(socket, POLLOUT, Clock::now() + patience))
                failed = ETIMEDOUT;
            else if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &failed, &size) != 0)
                failed = errno;
        }
        const int at_once = 1;
        if (failed == 0 && ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once) == 0)
            return socket;
        why = error_text(failed);
        ::close(socket);
    }
    throw std::runtime_error(place + ": " + why);
}

std::string tls_error() {
    std::array<char, 256> text{};
    const auto code = ::ERR_get_error();
    if (code == 0) return "the connection was closed";
    ::ERR_error_string_n(code, text.data(), text.size());
    return text.data();
}

} // namespace

struct Wire::Tls {
    std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> context{::SSL_CTX_new(::TLS_client_method()),
                                                                ::SSL_CTX_free};
    std::unique_ptr<SSL, decltype(&::SSL_free)> session{nullptr, ::SSL_free};

    Tls(int socket, const std::string& host, const std::string& ca) {
        if (!context || ::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
            ::SSL_CTX_load_verify_locations(context.get(), ca.c_str(), nullptr) != 1)
            throw std::runtime_error(ca + ": " + tls_error());
        ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
        session.reset(::SSL_new(context.get()));
        if (!session || ::SSL_set_fd(session.get(), socket) != 1) throw std::runtime_error(tls_error());
        ::SSL_set_mode(session.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        // A host that is an address must stand as one in the certificate.
        if (::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(session.get()), host.c_str()) != 1) {
            ::ERR_clear_error();
            if (::SSL_set1_host(session.get(), host.c_str()) != 1 ||
                ::SSL_set_tlsext_host_name(session.get(), host.c_str()) != 1)
                throw std::runtime_error(host + ": " + tls_error());
        }
        for (const auto until = Clock::now() + patience;;) {
            ::ERR_clear_error();
            const int done = ::SSL_connect(session.get());
            if (done == 1) return;
            const int why = ::SSL_get_error(session.get(), done);
            const short events = why == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
            if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
                throw std::runtime_error(host + ": no TLS: " + tls_error());
            if (!ready(socket, events, until)) throw std::runtime_error(host + ": no TLS within 10 s");
        }
    }
};

Wire::Wire(const std::string& host, int port, const std::string& tls_ca)
    : socket_(connected(host, port)) {
    if (tls_ca.empty()) return;
    try {
        tls_ = std::make_unique<Tls>(socket_, host, tls_ca);
    } catch (...) {
        ::close(socket_);
        throw;
    }
}

Wire::~Wire() {
    tls_.reset();
    ::close(socket_);
}

int Wire::descriptor() const {
    return socket_;
}

std::optional<std::size_t> Wire::read(std::span<char> into) {
    if (tls_) {
        ::ERR_clear_error();
        std::size_t count{};
        const int done = ::SSL_read_ex(tls_->session.get(), into.data(), into.size(), &count);
        if (done == 1) return count;
        const int why = ::SSL_get_error(tls_->session.get(), done);
        if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return std::nullopt;
        throw std::runtime_error("the venue has closed the connection");
    }
    const auto count = ::recv(socket_, into.data(), into.size(), 0);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return std::nullopt;
    throw std::runtime_error("the venue has closed the connection");
}

std::size_t Wire::write(std::string_view bytes) {
    if (bytes.empty()) return 0;
    if (tls_) {
        ::ERR_clear_error();
        std::size_t count{};
        const int done = ::SSL_write_ex(tls_->session.get(), bytes.data(), bytes.size(), &count);
        if (done == 1) return count;
        const int why = ::SSL_get_error(tls_->session.get(), done);
        if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return 0;
        throw std::runtime_error("the venue has closed the connection");
    }
    const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return 0;
    throw std::runtime_error("the venue has closed the connection");
}

} // namespace tradehive::trader
