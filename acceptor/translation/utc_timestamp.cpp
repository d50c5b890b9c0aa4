#include "acceptor/translation/fields.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace tradehive::acceptor {

namespace {

using namespace std::chrono;

// Two or more digits at a place that is known to exist; nothing when one is not a digit.
std::optional<unsigned> digits(std::string_view text) noexcept {
    unsigned number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + static_cast<unsigned>(c - '0');
    }
    return number;
}

constexpr std::string_view shape = "YYYYMMDD-HH:MM:SS";

} // namespace

std::optional<Timestamp> parse_end_of_day(std::string_view text) noexcept {
    if (text.size() != 8) return std::nullopt;
    constexpr std::chrono::nanoseconds whole_day = days{1};
    std::array<char, 17> midnight{};
    std::ranges::copy(std::string_view{"YYYYMMDD-00:00:00"}, midnight.begin());
    std::ranges::copy(text, midnight.begin());
    const auto begin = parse_utc_timestamp({midnight.data(), midnight.size()});
    if (!begin) return std::nullopt;
    return Timestamp{begin->value() + whole_day.count()};
}

std::optional<Timestamp> parse_utc_timestamp(std::string_view text) noexcept {
    if (text.size() < shape.size() || text[8] != '-' || text[11] != ':' || text[14] != ':')
        return std::nullopt;
    const auto year_ = digits(text.substr(0, 4));
    const auto month_ = digits(text.substr(4, 2));
    const auto day_ = digits(text.substr(6, 2));
    const auto hour_ = digits(text.substr(9, 2));
    const auto minute_ = digits(text.substr(12, 2));
    const auto second_ = digits(text.substr(15, 2));
    if (!year_ || !month_ || !day_ || !hour_ || !minute_ || !second_) return std::nullopt;
    const year_month_day date{year{static_cast<int>(*year_)}, month{*month_}, day{*day_}};
    // 60: a leap second. Years are those that fit a count of nanoseconds.
    if (!date.ok() || *hour_ > 23 || *minute_ > 59 || *second_ > 60 || *year_ < 1970 || *year_ > 2200)
        return std::nullopt;

    auto fraction = text.substr(shape.size());
    unsigned nanoseconds_ = 0;
    if (!fraction.empty()) {
        if (fraction.front() != '.' || fraction.size() < 2 || fraction.size() > 10) return std::nullopt;
        fraction.remove_prefix(1);
        const auto number = digits(fraction);
        if (!number) return std::nullopt;
        nanoseconds_ = *number;
        for (auto places = fraction.size(); places < 9; ++places)
            nanoseconds_ *= 10;
    }
    const auto since = sys_days{date}.time_since_epoch() + hours{*hour_} + minutes{*minute_} +
                       seconds{*second_} + nanoseconds{nanoseconds_};
    return Timestamp{duration_cast<nanoseconds>(since).count()};
}

std::string format_utc_timestamp(Timestamp time) {
    const sys_time<nanoseconds> at{nanoseconds{time.value()}};
    const auto midnight = floor<days>(at);
    const year_month_day date{midnight};
    const hh_mm_ss clock{floor<milliseconds>(at - midnight)};
    std::array<char, 40> buffer{};
    const int length = std::snprintf(
        buffer.data(), buffer.size(), "%04d%02u%02u-%02d:%02d:%02d.%03d", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return {buffer.data(), static_cast<std::size_t>(length)};
}

} // namespace tradehive::acceptor
