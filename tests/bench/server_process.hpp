// The two servers that fix_bench drives, of which market_data_bench drives the first; each a child process
// with the same settings: the shipped venue as `tradehive run`, and the same acceptor in front of an
// EchoVenue.
//
// Both have FIX sessions BENCH1, BENCH2, … for accounts BENCH-1, BENCH-2, …, no TOTP. Children die with this
// process. Not thread-safe; start them before any thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tradehive::bench {

class ServerProcess {
public:
    ServerProcess() = default;
    ServerProcess(ServerProcess&& other) noexcept;
    ServerProcess& operator=(ServerProcess&&) = delete;
    ~ServerProcess(); // kills it

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] const std::string& password(std::size_t session) const { return passwords_[session]; }
    // Processor time that all its threads have used.
    [[nodiscard]] std::chrono::nanoseconds processor_time() const;
    // What of its memory is in use, in KiB (VmRSS).
    [[nodiscard]] std::size_t memory() const;
    // Waits until it does nothing any more: what follows the reports (the projection, the log) counts too.
    void wait_quiet() const;

    // Throws std::runtime_error saying what went wrong.
    // readers: FIX sessions READER1, … for market data; their passwords come behind.
    [[nodiscard]] static ServerProcess venue(const std::filesystem::path& directory, std::size_t sessions,
                                             std::size_t readers = 0);
    [[nodiscard]] static ServerProcess echo(const std::filesystem::path& directory, std::size_t sessions);

private:
    pid_t pid_{};
    std::uint16_t port_{};
    std::vector<std::string> passwords_;
};

} // namespace tradehive::bench
