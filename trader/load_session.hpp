// One FIX session of the load generator: raw bytes, without an engine, so that the load costs little itself.
// It writes NewOrderSingles that differ in number, time and ClOrdID only, and reads of each report what it
// must.
//
// An order is answered by its first ExecutionReport, Reject or BusinessMessageReject. One thread.
#pragma once

#include "trader/client_options.hpp"
#include "trader/latency_histogram.hpp"
#include "trader/totp.hpp"
#include "trader/wire.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tradehive::trader {

// Orders of the load: limit orders that are all alike.
struct LoadOrder {
    std::string symbol{"BTC-USD"};
    char side{'1'};
    char time_in_force{'3'};
    std::string order_qty{"0.0001"};
    std::string price{"0.01"};
};

struct LoadCounts {
    std::uint64_t sent{};
    std::uint64_t accepted{};
    std::uint64_t refused{};
    std::uint64_t fills{};
    std::string last_refusal;
    LatencyHistogram
        latency; // of the accepted: from the moment when the order was due until its answer was read

    void add(const LoadCounts& other);
};

class LoadSession {
public:
    using Clock = std::chrono::steady_clock;

    // Connects and logs on, resetting the numbers. cl_ord_id_prefix: with a number after it, unique for ever.
    // Throws std::runtime_error with the venue's words, or why there is no connection.
    LoadSession(const ClientOptions& client, const LoadOrder& order, std::string cl_ord_id_prefix);

    // Makes one order's bytes; flush() sends them.
    void add_order(Clock::time_point due, Clock::time_point now);
    // False when the socket takes no more for now.
    bool flush();
    // Takes in what has come. Throws std::runtime_error when the session has ended or cannot go on.
    void receive();
    void heartbeat_if_silent(Clock::time_point now);
    // Asks for the end and waits for the venue's Logout, 3 s at most.
    void log_out();

    [[nodiscard]] int descriptor() const { return wire_.descriptor(); }
    [[nodiscard]] std::size_t bytes_waiting() const { return out_.size() - out_begin_; }
    [[nodiscard]] std::size_t unanswered() const { return unanswered_; }
    [[nodiscard]] const LoadCounts& counts() const { return counts_; }

private:
    struct Waiting {
        Clock::time_point due;
        bool answered{};
    };

    void log_on();
    void add_message(std::string_view msg_type, std::string_view body);
    void take(std::string_view message, Clock::time_point at);
    void take_report(std::string_view message, Clock::time_point at);
    void refuse(Waiting* order, std::string_view text);
    Waiting* waiting(std::uint64_t number);
    void answer(Waiting& order);
    bool wait_readable(Clock::time_point until);
    [[noreturn]] void end(const std::string& why) const;

    ClientOptions client_;
    std::string prefix_;
    std::string begin_; // of each body: from 49 on
    std::string order_tail_;
    std::optional<TotpCodes> codes_;
    Wire wire_;

    std::string in_;
    std::size_t in_begin_{};
    std::string out_;
    std::size_t out_begin_{};
    std::string body_;
    std::uint64_t next_number_{1};
    Clock::time_point last_sent_;
    bool logged_on_{};
    bool logged_out_{};

    std::deque<Waiting> waiting_; // from the oldest order without an answer
    std::uint64_t first_waiting_{1};
    std::size_t unanswered_{};
    std::vector<std::uint64_t>
        order_of_number_; // for a Reject, which names a MsgSeqNum: number % size → order
    LoadCounts counts_;
};

} // namespace tradehive::trader
