#include "credentials/verifier.hpp"

#include "credentials/issue.hpp"
#include "credentials/keys.hpp"
#include "credentials/password_field.hpp"
#include "credentials/sealing.hpp"
#include "credentials/totp.hpp"

#include <exception>

namespace tradehive::credentials {

namespace {

// What a logon brought, once it is known which rule it is read by.
struct Offered {
    std::string_view password;
    std::string_view code;
    bool codes_differ{};
};

Offered read_fields(TotpRule rule, std::string_view password_field, std::string_view totp_field) {
    if (rule == TotpRule::none) return {password_field, {}, false};
    const auto [password, code] = split_password_field(password_field);
    if (code.empty() || totp_field.empty()) return {password, code.empty() ? totp_field : code, false};
    return {password, code, !equal_in_constant_time(code, totp_field)};
}

struct PasswordOutcome {
    SecretCheck check{SecretCheck::mismatch};
    bool cost_paid{}; // an argon2id was made
};

PasswordOutcome check(const Credential& credential, const Keys& keys, std::string_view password) {
    if (credential.scheme == PasswordScheme::argon2id)
        return {check_password(credential.verifier, password), true};
    return {check_keyed(keys, credential.verifier, password), false};
}

struct CodeOutcome {
    std::optional<std::uint64_t> step;
    bool unusable{}; // a code is asked for, and the stored secret cannot be opened
};

// Three codes are made in every case, under a secret of no meaning where there is none.
CodeOutcome check_code(const std::optional<Credential>& credential, const Keys& keys, std::string_view code,
                       Timestamp now) {
    constexpr std::string_view meaningless = "01234567890123456789";
    static_assert(meaningless.size() == totp_secret_bytes);
    if (!credential || credential->totp_rule == TotpRule::none) {
        static_cast<void>(match_totp(meaningless, code, now));
        return {};
    }
    const auto secret = unseal(keys, totp_context(credential->username), credential->sealed_totp_secret);
    const auto step = match_totp(secret ? secret->view() : meaningless, code, now);
    if (!secret) return {.step = std::nullopt, .unusable = true};
    return {.step = step, .unusable = false};
}

// Every part has been computed; this only says which comes first.
Verdict conclude(const std::optional<Credential>& credential, const Offered& offered, SecretCheck password,
                 const CodeOutcome& code) {
    const auto refused = [&credential](RefusedBecause why) {
        return std::unexpected(Refused{why, credential ? credential->session : FixSessionId{}});
    };
    if (!credential) return refused(RefusedBecause::unknown_username);
    if (password == SecretCheck::unusable || code.unusable) return refused(RefusedBecause::unverifiable);
    if (password == SecretCheck::mismatch) return refused(RefusedBecause::wrong_password);
    if (credential->totp_rule == TotpRule::none) return Verified{.session = credential->session};
    if (offered.codes_differ) return refused(RefusedBecause::codes_differ);
    if (offered.code.empty()) return refused(RefusedBecause::code_missing);
    if (!code.step) return refused(RefusedBecause::wrong_code);
    return Verified{.session = credential->session, .uses_totp = true, .totp_step = *code.step};
}

} // namespace

StoredCredentialVerifier::StoredCredentialVerifier(const CredentialStore& store, const Keys& keys,
                                                   PasswordCost cost)
    : store_{store}
    , keys_{keys}
    , cost_{cost} {}

Verdict StoredCredentialVerifier::verify(std::string_view username, std::string_view password_field,
                                         std::string_view totp_field, Timestamp now) const try {
    // The bounds leave room for a code behind the longest password.
    if (username.size() > greatest_username || totp_field.size() > totp_digits ||
        password_field.size() > greatest_password + 1 + totp_digits) {
        waste_password_check({}, cost_);
        static_cast<void>(check_code(std::nullopt, keys_, {}, now));
        return std::unexpected(Refused{RefusedBecause::too_long, {}});
    }
    const auto credential = store_.find(username);
    const auto rule = credential ? credential->totp_rule : TotpRule::every_logon;
    const Offered offered = read_fields(rule, password_field, totp_field);

    const auto password = credential ? check(*credential, keys_, offered.password) : PasswordOutcome{};
    const auto code = check_code(credential, keys_, offered.code, now);
    auto verdict = conclude(credential, offered, password.check, code);
    if (!verdict && !password.cost_paid) waste_password_check(offered.password, cost_);
    return verdict;
} catch (const std::exception&) { // whatever it says may hold what was offered
    return std::unexpected(Refused{RefusedBecause::unverifiable, {}});
}

std::string_view describe(RefusedBecause why) noexcept {
    switch (why) {
    case RefusedBecause::unknown_username:
        return "unknown username";
    case RefusedBecause::wrong_password:
        return "wrong password";
    case RefusedBecause::code_missing:
        return "one-time code missing";
    case RefusedBecause::wrong_code:
        return "wrong one-time code";
    case RefusedBecause::codes_differ:
        return "554 and 20101 carry different codes";
    case RefusedBecause::too_long:
        return "a field is longer than any credential's";
    case RefusedBecause::unverifiable:
        return "the stored credential cannot be used";
    }
    return "unknown";
}

} // namespace tradehive::credentials
