#include "tests/bench/fix_load.hpp"

#include "acceptor/logon.hpp"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tradehive::bench {
namespace {

constexpr std::chrono::seconds patience{60};

// YYYYMMDD-HH:MM:SS.sss; made once a millisecond.
std::string_view utc_now() {
    static std::int64_t made_of = 0;
    static std::string text;
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(
                                  std::chrono::system_clock::now().time_since_epoch())
                                  .count();
    if (milliseconds != made_of) text = acceptor::utc_text(Timestamp{milliseconds * 1'000'000});
    made_of = milliseconds;
    return text;
}

bool readable(int socket, std::chrono::milliseconds wait) {
    pollfd ready{.fd = socket, .events = POLLIN, .revents = 0};
    return ::poll(&ready, 1, static_cast<int>(wait.count())) > 0;
}

} // namespace

int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int at_once = 1;
    if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once)) != 0)
        throw std::runtime_error{fmt::format("cannot connect to port {}", port)};
    return socket;
}

LoadSession::LoadSession(std::uint16_t port, std::string comp_id, std::string account,
                         const std::string& password, std::size_t most_window, std::size_t prices)
    : comp_id_{std::move(comp_id)}
    , order_tail_{fmt::format("\x01"
                              "1={}\x01"
                              "55=BTC-USD\x01"
                              "54=1\x01"
                              "38=0.0001\x01"
                              "40=2\x01"
                              "59=1\x01",
                              account)}
    , prices_{prices}
    , socket_{connect_to(port)}
    , sent_at_(most_window) {
    add("A", fmt::format("98=0\x01"
                         "108=60\x01"
                         "553={}\x01"
                         "554={}\x01",
                         comp_id_, password));
    write_out();
    std::vector<std::uint32_t> none;
    while (!logged_on_) {
        if (!readable(socket_, patience)) throw std::runtime_error{comp_id_ + ": no answer to the Logon"};
        receive(none);
    }
}

LoadSession::~LoadSession() {
    ::close(socket_);
}

void LoadSession::add(std::string_view type, std::string_view body) {
    body_.clear();
    fmt::format_to(std::back_inserter(body_),
                   "35={}\x01"
                   "34={}\x01"
                   "49={}\x01"
                   "52={}\x01"
                   "56=TRADEHIVE\x01",
                   type, ++number_, comp_id_, utc_now());
    body_ += body;
    const std::size_t begin = out_.size();
    fmt::format_to(std::back_inserter(out_),
                   "8=FIX.4.4\x01"
                   "9={}\x01",
                   body_.size());
    out_ += body_;
    fmt::format_to(std::back_inserter(out_), "10={:03}\x01",
                   acceptor::checksum_of(std::string_view{out_}.substr(begin)));
}

void LoadSession::write_out() {
    std::string_view rest = out_;
    while (!rest.empty()) {
        const auto written = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (written <= 0) throw std::runtime_error{comp_id_ + ": the server closed"};
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    out_.clear();
}

void LoadSession::send_orders(std::size_t count) {
    std::array<char, 96> varying{};
    for (std::size_t i = 0; i < count; ++i) {
        const auto end = fmt::format_to(varying.begin(),
                                        "11={}\x01"
                                        "60={}\x01"
                                        "44=0.{:02}",
                                        sent_ + i + 1, utc_now(), 1 + (sent_ + i) % prices_);
        std::string body{varying.begin(), end};
        body += order_tail_;
        add("D", body);
    }
    const auto at = Clock::now();
    for (std::size_t i = 0; i < count; ++i)
        sent_at_[sent_++ % sent_at_.size()] = at;
    write_out();
}

void LoadSession::send_heartbeat() {
    add("0", {});
    write_out();
}

bool LoadSession::read_some() {
    std::array<char, 65536> bytes; // NOLINT(*-member-init): filled by the read
    const auto count = ::recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
    if (count <= 0) throw std::runtime_error{comp_id_ + ": the server closed"};
    framing_.append({bytes.data(), static_cast<std::size_t>(count)});
    return true;
}

std::size_t LoadSession::receive(std::vector<std::uint32_t>& latencies) {
    const auto before = reported_;
    if (!read_some()) return 0;
    const auto at = Clock::now();
    while (true) {
        const auto frame = framing_.next();
        if (frame.outcome == acceptor::Framing::Outcome::incomplete) break;
        if (frame.outcome == acceptor::Framing::Outcome::garbled)
            throw std::runtime_error{comp_id_ + ": garbled bytes from the server"};
        take(frame.bytes, at, latencies);
    }
    return reported_ - before;
}

void LoadSession::take(std::string_view message, Clock::time_point at,
                       std::vector<std::uint32_t>& latencies) {
    const auto type = acceptor::field_of(message, "35");
    if (type == "8" && acceptor::field_of(message, "150") == "0" && under_way() > 0) {
        const auto took = at - sent_at_[reported_++ % sent_at_.size()];
        latencies.push_back(static_cast<std::uint32_t>(
            std::min<std::int64_t>(std::chrono::nanoseconds{took}.count(), UINT32_MAX)));
        if (acceptor::field_of(message, "11") != std::to_string(reported_))
            throw std::runtime_error{comp_id_ + ": a report out of its order"};
    } else if (type == "A") {
        logged_on_ = true;
    } else if (type == "1") {
        add("0", fmt::format("112={}\x01", acceptor::field_of(message, "112")));
        write_out();
    } else if (type != "0") {
        std::string text{message};
        std::ranges::replace(text, '\x01', '|');
        throw std::runtime_error{comp_id_ + " did not expect: " + text};
    }
}

LoadResult drive(const std::vector<std::unique_ptr<LoadSession>>& all, std::size_t sessions,
                 std::size_t window, std::chrono::milliseconds time) {
    LoadResult result;
    result.latencies.reserve(1 << 18);
    std::vector<pollfd> ready;
    const auto start = LoadSession::Clock::now();
    for (std::size_t i = 0; i < sessions; ++i) {
        ready.push_back({.fd = all[i]->socket(), .events = POLLIN, .revents = 0});
        all[i]->send_orders(window);
    }
    const auto end = start + time;
    std::size_t under_way = sessions * window;
    while (under_way > 0) {
        if (::poll(ready.data(), ready.size(),
                   static_cast<int>(std::chrono::milliseconds{patience}.count())) <= 0)
            throw std::runtime_error{"no report for a minute"};
        const auto now = LoadSession::Clock::now();
        if (now >= end && result.seconds == 0) {
            result.reports = result.latencies.size();
            result.seconds = std::chrono::duration<double>{now - start}.count();
        }
        for (std::size_t i = 0; i < sessions; ++i) {
            if (ready[i].revents == 0) continue;
            const std::size_t came = all[i]->receive(result.latencies);
            if (now < end && came > 0)
                all[i]->send_orders(came);
            else
                under_way -= came;
        }
    }
    return result;
}

} // namespace tradehive::bench
