#include "acceptor/request_rate.hpp"

#include <algorithm>

namespace tradehive::acceptor {

RequestRate::RequestRate(const Limits& limits, Clock::time_point now) noexcept
    : token_{std::chrono::nanoseconds{std::chrono::seconds{1}} / limits.per_second}
    , most_{token_ * limits.at_once}
    , credit_{most_}
    , patience_{most_}
    , refilled_{now} {}

RequestRate::Verdict RequestRate::ask(std::size_t cost, Clock::time_point now) {
    const std::lock_guard lock{mutex_};
    refill(now);
    if (credit_ >= token_) {
        credit_ -= token_ * static_cast<std::int64_t>(cost);
        return Verdict::taken;
    }
    patience_ -= token_;
    return patience_.count() < 0 ? Verdict::too_much : Verdict::refused;
}

// With one token a second the price of a whole gigabyte, or of so many reports, still fits.
void RequestRate::charge_bytes(std::size_t bytes) {
    constexpr std::int64_t bytes_a_token = 65'536;
    pay(token_ * static_cast<std::int64_t>(std::min<std::size_t>(bytes, 1 << 30)) / bytes_a_token);
}

void RequestRate::charge_reports(std::size_t reports) {
    pay(token_ * static_cast<std::int64_t>(std::min<std::size_t>(reports, 1 << 30)));
}

void RequestRate::pay(std::chrono::nanoseconds price) {
    const std::lock_guard lock{mutex_};
    credit_ -= price;
}

bool RequestRate::in_debt(Clock::time_point now) {
    const std::lock_guard lock{mutex_};
    refill(now);
    return credit_.count() < 0;
}

void RequestRate::refill(Clock::time_point now) {
    const auto passed = std::max(now - refilled_, Clock::duration::zero());
    refilled_ = std::max(refilled_, now);
    credit_ = std::min(credit_ + passed, most_);
    patience_ = std::min(std::max(patience_, -token_) + passed, most_);
}

RequestRate& SessionRates::of(std::string_view msg_type) noexcept {
    for (const std::string_view question : {"V", "x", "e", "g", "H", "AF", "BE"})
        if (msg_type == question) return questions;
    return msg_type == "F" || msg_type == "q" ? cancels : orders;
}

std::shared_ptr<SessionRates> RequestRates::of(FixSessionId session) {
    const std::lock_guard lock{mutex_};
    auto& rates = rates_[session];
    if (!rates) rates = std::make_shared<SessionRates>(limits_);
    return rates;
}

} // namespace tradehive::acceptor
