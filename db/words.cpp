#include "db/words.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace tradehive::db {

// A value that is none of its enum's (damage, or a newer program's) shows as "?".

std::string_view word(Side side) noexcept {
    switch (side) {
    case Side::buy:
        return "buy";
    case Side::sell:
        return "sell";
    }
    return "?";
}

std::string_view word(OrdType type) noexcept {
    switch (type) {
    case OrdType::market:
        return "market";
    case OrdType::limit:
        return "limit";
    }
    return "?";
}

std::string_view word(TimeInForce time_in_force) noexcept {
    switch (time_in_force) {
    case TimeInForce::day:
        return "day";
    case TimeInForce::good_till_cancel:
        return "good_till_cancel";
    case TimeInForce::immediate_or_cancel:
        return "immediate_or_cancel";
    case TimeInForce::fill_or_kill:
        return "fill_or_kill";
    }
    return "?";
}

std::string_view word(OrdStatus status) noexcept {
    switch (status) {
    case OrdStatus::new_:
        return "new";
    case OrdStatus::partially_filled:
        return "partially_filled";
    case OrdStatus::filled:
        return "filled";
    case OrdStatus::canceled:
        return "canceled";
    case OrdStatus::rejected:
        return "rejected";
    case OrdStatus::expired:
        return "expired";
    }
    return "?";
}

std::string_view word(InstrumentState state) noexcept {
    switch (state) {
    case InstrumentState::open:
        return "open";
    case InstrumentState::halted:
        return "halted";
    }
    return "?";
}

std::string_view word(SessionKind kind) noexcept {
    switch (kind) {
    case SessionKind::order_entry:
        return "order_entry";
    case SessionKind::market_data:
        return "market_data";
    case SessionKind::drop_copy:
        return "drop_copy";
    }
    return "?";
}

std::string_view word(CancelOnDisconnect mode) noexcept {
    switch (mode) {
    case CancelOnDisconnect::none:
        return "none";
    case CancelOnDisconnect::session:
        return "session";
    case CancelOnDisconnect::account:
        return "account";
    }
    return "?";
}

std::string_view word(PasswordScheme scheme) noexcept {
    switch (scheme) {
    case PasswordScheme::argon2id:
        return "argon2id";
    case PasswordScheme::keyed_hash:
        return "keyed_hash";
    }
    return "?";
}

std::string_view word(TotpRule rule) noexcept {
    switch (rule) {
    case TotpRule::none:
        return "none";
    case TotpRule::every_logon:
        return "every_logon";
    case TotpRule::fresh:
        return "fresh";
    }
    return "?";
}

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
