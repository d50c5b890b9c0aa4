// How the venue's terms stand in SQL: what domain/words.hpp does not say.
#pragma once

#include "domain/words.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tradehive::db {

// nullopt: no such word.
[[nodiscard]] std::optional<PasswordScheme> password_scheme(std::string_view text) noexcept;
[[nodiscard]] std::optional<TotpRule> totp_rule(std::string_view text) noexcept;

// "2026-01-31T12:00:00.000000001Z"
[[nodiscard]] std::string utc_text(Timestamp time);

// Bytes that are not printable ASCII become '?': one strange name must not stop the projection, and not
// every database takes every byte.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace tradehive::db
