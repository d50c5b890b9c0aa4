// One-time codes by RFC 6238: HMAC-SHA1, 6 digits, steps of 30 s from 1970, as every authenticator app has
// them.
//
// Secrets are 20 random bytes; people see them in base32. All functions: any thread.
#pragma once

#include "credentials/secret.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tradehive::credentials {

inline constexpr std::int64_t totp_seconds = 30;
inline constexpr std::size_t totp_digits = 6;
inline constexpr std::size_t totp_secret_bytes = 20;

[[nodiscard]] Secret generate_totp_secret();

[[nodiscard]] Secret to_base32(std::string_view secret);
// Spaces and small letters are fine; nullopt when it is no base32.
[[nodiscard]] std::optional<Secret> from_base32(std::string_view text);

// The step that a moment lies in. Times before 1970 lie in step 0.
[[nodiscard]] std::uint64_t totp_step(Timestamp at) noexcept;

// The six digits of a step.
[[nodiscard]] Secret totp_code(std::string_view secret, std::uint64_t step);

// The step whose code it is, among the one of now, the one before and the one after; all three are looked
// at each time. nullopt: none.
[[nodiscard]] std::optional<std::uint64_t> match_totp(std::string_view secret, std::string_view code,
                                                      Timestamp now);

// "otpauth://totp/tradehive:<username>?secret=…": what authenticator apps read.
[[nodiscard]] Secret otpauth_uri(std::string_view username, std::string_view secret);

// The URI as a QR code of UTF-8 half blocks, for a terminal with a dark background.
[[nodiscard]] Secret qr_text(std::string_view uri);

} // namespace tradehive::credentials
