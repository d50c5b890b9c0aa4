#include "db/words.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace tradehive::db {

std::optional<PasswordScheme> password_scheme(std::string_view text) noexcept {
    for (const auto scheme : {PasswordScheme::argon2id, PasswordScheme::keyed_hash})
        if (word(scheme) == text) return scheme;
    return std::nullopt;
}

std::optional<TotpRule> totp_rule(std::string_view text) noexcept {
    for (const auto rule : {TotpRule::none, TotpRule::every_logon, TotpRule::fresh})
        if (word(rule) == text) return rule;
    return std::nullopt;
}

std::string utc_text(Timestamp time) {
    namespace chrono = std::chrono;
    const chrono::sys_time<chrono::nanoseconds> moment{chrono::nanoseconds{time.value()}};
    const auto day = chrono::floor<chrono::days>(moment);
    const chrono::year_month_day date{day};
    const chrono::hh_mm_ss clock{moment - day};
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%09dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                  static_cast<int>(clock.subseconds().count()));
    return text.data();
}

std::string printable(std::string_view text) {
    std::string result(text);
    std::ranges::replace_if(result, [](char letter) { return letter < ' ' || letter > '~'; }, '?');
    return result;
}

} // namespace tradehive::db
