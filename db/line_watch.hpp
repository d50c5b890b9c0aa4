// Hangs up on a server that says nothing.
//
// A PostgreSQL whose processes stand still, or one behind something that swallows packets, keeps its TCP
// connection and gives no answer; libpq then waits without a bound, and the server's own statement_timeout
// does not help. While an answer is owed, a line that has been silent for too long is shut down here, and
// whoever waits for it gets an error at once. What arrives counts as life: a long answer is no silence.
//
// Threads: begin() and end() belong to the connection's owner, hang_up() and hung_up() to any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace tradehive::db {

class LineWatch {
public:
    // The socket stays open for as long as this lives. When stop is requested it hangs up.
    LineWatch(int socket, const std::stop_token& stop);
    LineWatch(const LineWatch&) = delete;
    LineWatch& operator=(const LineWatch&) = delete;
    ~LineWatch() = default;

    // An answer is owed from now on, and silence may last so long. False: one was owed already, and that
    // bound holds.
    [[nodiscard]] bool begin(std::chrono::milliseconds patience);
    void end();

    void hang_up() noexcept;
    [[nodiscard]] bool hung_up() const noexcept; // for whichever reason

private:
    using Clock = std::chrono::steady_clock;

    struct Asked {
        Clock::time_point at;
        std::chrono::milliseconds patience;
    };

    void run(const std::stop_token& stop);
    [[nodiscard]] Clock::time_point last_heard() const noexcept;

    const int socket_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::optional<Asked> asked_;
    bool hung_up_{};
    std::jthread thread_;

    struct HangUp {
        LineWatch& watch;
        void operator()() const noexcept { watch.hang_up(); }
    };
    const std::stop_callback<HangUp> on_stop_; // the first to go
};

} // namespace tradehive::db
