#include "trader/signals.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace tradehive::trader {
namespace {

// What a handler may touch: lock-free flags and write().
std::atomic<bool> end_asked{false};
std::atomic<bool> window_is_new{false};
std::atomic<int> wake{-1};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void on_signal(int number) {
    const int kept = errno;
    (number == SIGWINCH ? window_is_new : end_asked) = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake, &one, sizeof one);
    errno = kept;
}

} // namespace

void watch_signals() {
    if (wake < 0) {
        wake = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (wake < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    }
    struct sigaction action{};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGWINCH})
        ::sigaction(number, &action, nullptr);
}

bool asked_to_end() {
    return end_asked;
}

bool window_changed() {
    return window_is_new.exchange(false);
}

int signal_descriptor() {
    return wake;
}

void take_signals() {
    std::uint64_t count{};
    [[maybe_unused]] const auto got = ::read(wake, &count, sizeof count);
}

void sleep_until_signal(std::chrono::steady_clock::time_point until) {
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    pollfd watched{.fd = wake, .events = POLLIN, .revents = 0};
    const auto most = std::clamp(left, milliseconds(0), milliseconds(60'000));
    if (::poll(&watched, 1, static_cast<int>(most.count())) > 0) take_signals();
}

} // namespace tradehive::trader
