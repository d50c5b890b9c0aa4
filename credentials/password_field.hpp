// What Password(554) carries: "<password>" or "<password>:<6 digits>".
#pragma once

#include "credentials/totp.hpp"

#include <algorithm>
#include <string_view>

namespace tradehive::credentials {

inline constexpr std::size_t greatest_username = 64;
inline constexpr std::size_t greatest_password = 128;

struct PasswordField {
    std::string_view password;
    std::string_view code; // empty: none
};

[[nodiscard]] constexpr PasswordField split_password_field(std::string_view field) noexcept {
    constexpr std::size_t tail = totp_digits + 1;
    if (field.size() <= tail || field[field.size() - tail] != ':') return {field, {}};
    const auto code = field.substr(field.size() - totp_digits);
    if (!std::ranges::all_of(code, [](char digit) { return digit >= '0' && digit <= '9'; }))
        return {field, {}};
    return {field.substr(0, field.size() - tail), code};
}

} // namespace tradehive::credentials
