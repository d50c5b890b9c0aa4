#include "credentials/issue.hpp"

#include "credentials/password_field.hpp"
#include "credentials/sealing.hpp"
#include "credentials/totp.hpp"

#include <algorithm>
#include <stdexcept>

namespace tradehive::credentials {

namespace {

constexpr std::size_t least_password = 12;

// Null: none.
const char* fault_of(std::string_view password) noexcept {
    if (password.size() < least_password || password.size() > greatest_password)
        return "a password has 12 to 128 characters";
    if (!std::ranges::all_of(password, [](char letter) { return letter >= ' ' && letter <= '~'; }))
        return "a password has printable ASCII characters only";
    if (!split_password_field(password).code.empty())
        return "a password may not end with a colon and six digits";
    return nullptr;
}

void add_totp(Issued& issued, const Keys& keys) {
    if (issued.credential.totp_rule == TotpRule::none) return;
    const Secret secret = generate_totp_secret();
    const auto& username = issued.credential.username;
    issued.credential.sealed_totp_secret = seal(keys, totp_context(username), secret.view());
    issued.totp_secret = to_base32(secret.view());
    issued.otpauth_uri = otpauth_uri(username, secret.view());
}

} // namespace

bool is_usable_password(std::string_view password) noexcept {
    return !fault_of(password);
}

std::string totp_context(std::string_view username) {
    return "totp:" + std::string(username);
}

Issued issue(const Keys& keys, std::string_view username, FixSessionId session, TotpRule rule) {
    Issued issued;
    issued.password = generate_session_secret();
    issued.credential = {.username = std::string(username),
                         .session = session,
                         .scheme = PasswordScheme::keyed_hash,
                         .verifier = keyed_verifier(keys, issued.password.view()),
                         .totp_rule = rule,
                         .sealed_totp_secret = {}};
    add_totp(issued, keys);
    return issued;
}

Issued issue_with_password(const Keys& keys, std::string_view username, FixSessionId session, TotpRule rule,
                           std::string_view password, PasswordCost cost) {
    if (const char* const fault = fault_of(password)) throw std::invalid_argument(fault);

    Issued issued;
    issued.credential = {.username = std::string(username),
                         .session = session,
                         .scheme = PasswordScheme::argon2id,
                         .verifier = hash_password(password, cost),
                         .totp_rule = rule,
                         .sealed_totp_secret = {}};
    add_totp(issued, keys);
    return issued;
}

} // namespace tradehive::credentials
