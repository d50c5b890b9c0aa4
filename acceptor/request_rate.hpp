// How much one FIX session may ask for in a while: questions and subscriptions of market data, lists, states.
// A token bucket, so that a start may ask for everything at once and a loop may not.
//
// A request costs one for each symbol that it names, and each 64 KiB of the books and lists that it brings
// one more. That is known only afterwards, so there may be debt: what comes next waits, or is refused, until
// it is paid.
//
// Refusals use up patience, which comes back at the same rate: whoever asks at twice the rate for long has
// none left, and its session ends.
//
// Any thread.
#pragma once

#include "domain/ids.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace tradehive::acceptor {

class RequestRate {
public:
    using Clock = std::chrono::steady_clock;
    struct Limits {
        unsigned per_second{50}; // above zero
        unsigned at_once{512};
    };
    enum class Verdict : std::uint8_t { taken, refused, too_much };

    explicit RequestRate(const Limits& limits, Clock::time_point now = Clock::now()) noexcept;

    [[nodiscard]] Verdict ask(std::size_t cost, Clock::time_point now = Clock::now());
    // For what a request has brought.
    void charge(std::size_t bytes);
    [[nodiscard]] bool in_debt(Clock::time_point now = Clock::now());

private:
    void refill(Clock::time_point now);

    const std::chrono::nanoseconds token_; // the time in which one comes
    const std::chrono::nanoseconds most_;
    std::mutex mutex_;
    std::chrono::nanoseconds credit_;
    std::chrono::nanoseconds patience_;
    Clock::time_point refilled_;
};

// One for each FIX session, for as long as the acceptor lives: a new connection brings no new tokens.
class RequestRates {
public:
    explicit RequestRates(const RequestRate::Limits& limits) noexcept
        : limits_{limits} {}

    [[nodiscard]] std::shared_ptr<RequestRate> of(FixSessionId session);

private:
    const RequestRate::Limits limits_;
    std::mutex mutex_;
    std::unordered_map<FixSessionId, std::shared_ptr<RequestRate>>
        rates_; // as many as the venue has sessions
};

} // namespace tradehive::acceptor
