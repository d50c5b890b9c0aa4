// The load generator of fix_bench: one thread, FIX sessions over plain TCP, each with a window of
// NewOrderSingles under way. An order is a limit buy at a price that nothing ever matches, so it rests and
// has exactly one report; when the report comes the next order goes.
//
// Times are taken just before the write that carries the order, and when the read that brought its report
// returned. Several orders that become due at once go in one write.
//
// Any other answer than 150=0, and a minute without one, throw std::runtime_error: refusals are never
// measured.
#pragma once

#include "acceptor/framing.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tradehive::bench {

class LoadSession {
public:
    using Clock = std::chrono::steady_clock;

    // Connects and logs on with number 1. prices: orders go in turn to so many, 0.01 and up.
    LoadSession(std::uint16_t port, std::string comp_id, std::string account, const std::string& password,
                std::size_t most_window, std::size_t prices = 1);
    ~LoadSession();
    LoadSession(const LoadSession&) = delete;
    LoadSession& operator=(const LoadSession&) = delete;

    void send_orders(std::size_t count);
    void send_heartbeat();
    // What is there to be read now: how many reports, their latencies added in nanoseconds.
    std::size_t receive(std::vector<std::uint32_t>& latencies);

    [[nodiscard]] int socket() const noexcept { return socket_; }
    [[nodiscard]] std::size_t under_way() const noexcept { return sent_ - reported_; }

private:
    void add(std::string_view type, std::string_view body);
    void write_out();
    void take(std::string_view message, Clock::time_point at, std::vector<std::uint32_t>& latencies);
    bool read_some();

    std::string comp_id_;
    std::string order_tail_; // of each D what never changes
    std::size_t prices_;
    int socket_;
    acceptor::Framing framing_{1 << 16};
    std::string out_;
    std::string body_;
    std::uint64_t number_{};
    std::uint64_t sent_{};
    std::uint64_t reported_{};
    std::vector<Clock::time_point> sent_at_; // ring: reports come in the order of the orders
    bool logged_on_{};
};

// A plain TCP connection to that port of this machine. Throws std::runtime_error.
[[nodiscard]] int connect_to(std::uint16_t port);

struct LoadResult {
    std::size_t reports{}; // of orders, until the time was over
    double seconds{};
    std::vector<std::uint32_t> latencies; // nanoseconds, unsorted; of all orders
};

// Keeps `window` orders under way on the first `sessions` for that time, then waits for what is under way.
LoadResult drive(const std::vector<std::unique_ptr<LoadSession>>& all, std::size_t sessions,
                 std::size_t window, std::chrono::milliseconds time);

} // namespace tradehive::bench
