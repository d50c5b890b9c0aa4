// How much one FIX session may send in a while. Token buckets, so that a start may ask for everything at once
// and a loop may not.
//
// Questions (V, x, e, g, H, AF, BE), cancels (F, q) and all the rest each have a bucket of their own: so
// cancels pass when orders do not. Everything costs one, faulty messages too; a V costs one for each symbol
// that it names. Each 64 KiB of the books and lists that a question brings cost one more, and each report of
// an AF. That is known only afterwards, so there may be debt: what comes next waits, or is refused, until it
// is paid.
//
// Refusals use up patience, which comes back at the same rate: whoever sends at twice the rate for long has
// none left, and its session ends.
//
// Any thread.
#pragma once

#include "domain/ids.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace tradehive::acceptor {

class RequestRate {
public:
    using Clock = std::chrono::steady_clock;
    struct Limits {
        unsigned per_second{10'000}; // above zero
        unsigned at_once{20'000};
    };
    enum class Verdict : std::uint8_t { taken, refused, too_much };

    explicit RequestRate(const Limits& limits, Clock::time_point now = Clock::now()) noexcept;

    [[nodiscard]] Verdict ask(std::size_t cost, Clock::time_point now = Clock::now());
    // For what a request has brought.
    void charge_bytes(std::size_t bytes);
    void charge_reports(std::size_t reports);
    [[nodiscard]] bool in_debt(Clock::time_point now = Clock::now());

private:
    void refill(Clock::time_point now);
    void pay(std::chrono::nanoseconds price);

    const std::chrono::nanoseconds token_; // the time in which one comes
    const std::chrono::nanoseconds most_;
    std::mutex mutex_;
    std::chrono::nanoseconds credit_;
    std::chrono::nanoseconds patience_;
    Clock::time_point refilled_;
};

// The buckets of one FIX session.
struct SessionRates {
    struct Limits {
        RequestRate::Limits questions;
        RequestRate::Limits orders{.per_second = 100'000, .at_once = 200'000}; // and all the rest
        RequestRate::Limits cancels{.per_second = 100'000, .at_once = 500'000};
    };

    explicit SessionRates(const Limits& limits,
                          RequestRate::Clock::time_point now = RequestRate::Clock::now())
        : questions{limits.questions, now}
        , orders{limits.orders, now}
        , cancels{limits.cancels, now} {}

    [[nodiscard]] RequestRate& of(std::string_view msg_type) noexcept;

    RequestRate questions;
    RequestRate orders;
    RequestRate cancels;
};

// One for each FIX session, for as long as the acceptor lives: a new connection brings no new tokens.
class RequestRates {
public:
    explicit RequestRates(const SessionRates::Limits& limits) noexcept
        : limits_{limits} {}

    [[nodiscard]] std::shared_ptr<SessionRates> of(FixSessionId session);

private:
    const SessionRates::Limits limits_;
    std::mutex mutex_;
    std::unordered_map<FixSessionId, std::shared_ptr<SessionRates>>
        rates_; // as many as the venue has sessions
};

} // namespace tradehive::acceptor
