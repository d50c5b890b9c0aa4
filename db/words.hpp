// How the venue's terms stand in SQL: words and text that people read.
#pragma once

#include "domain/ports.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tradehive::db {

[[nodiscard]] std::string_view word(Side side) noexcept;
[[nodiscard]] std::string_view word(OrdType type) noexcept;
[[nodiscard]] std::string_view word(TimeInForce time_in_force) noexcept;
[[nodiscard]] std::string_view word(OrdStatus status) noexcept;
[[nodiscard]] std::string_view word(InstrumentState state) noexcept;
[[nodiscard]] std::string_view word(SessionKind kind) noexcept;
[[nodiscard]] std::string_view word(CancelOnDisconnect mode) noexcept;
[[nodiscard]] std::string_view word(PasswordScheme scheme) noexcept;
[[nodiscard]] std::string_view word(TotpRule rule) noexcept;

// nullopt: no such word.
[[nodiscard]] std::optional<PasswordScheme> password_scheme(std::string_view text) noexcept;
[[nodiscard]] std::optional<TotpRule> totp_rule(std::string_view text) noexcept;

// "2026-01-31T12:00:00.000000001Z"
[[nodiscard]] std::string utc_text(Timestamp time);

// Bytes that are not printable ASCII become '?': one strange name must not stop the projection, and not
// every database takes every byte.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace tradehive::db
