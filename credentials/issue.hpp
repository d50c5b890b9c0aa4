// Making a credential: what goes into the CredentialStore, and what its owner is told, once.
#pragma once

#include "credentials/keys.hpp"
#include "domain/ports.hpp"

#include <string_view>

namespace tradehive::credentials {

struct Issued {
    Credential credential;
    Secret password;    // 554; empty when the owner chose it
    Secret totp_secret; // base32; empty when the rule is none
    Secret otpauth_uri; // the same as a URI
};

// With a generated session secret.
[[nodiscard]] Issued issue(const Keys& keys, std::string_view username, FixSessionId session, TotpRule rule);

// With a password that the owner chose: 12 to 128 printable ASCII characters, not ending like
// "…:123456", which a logon would take for a code. Throws std::invalid_argument, without the password.
[[nodiscard]] Issued issue_with_password(const Keys& keys, std::string_view username, FixSessionId session,
                                         TotpRule rule, std::string_view password, PasswordCost cost = {});

// The form that every chosen password has.
[[nodiscard]] bool is_usable_password(std::string_view password) noexcept;

// What a credential's TOTP secret is sealed under.
[[nodiscard]] std::string totp_context(std::string_view username);

} // namespace tradehive::credentials
