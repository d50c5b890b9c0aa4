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
    TotpRule rule{};
    std::string_view password;
    std::string_view code;
    bool codes_differ{};
};

Offered read_fields(TotpRule rule, std::string_view password_field, std::string_view totp_field) {
    if (rule == TotpRule::none) return {rule, password_field, {}, false};
    const auto [password, code] = split_password_field(password_field);
    if (code.empty() || totp_field.empty()) return {rule, password, code.empty() ? totp_field : code, false};
    return {rule, password, code, !equal_in_constant_time(code, totp_field)};
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
    if (offered.rule == TotpRule::none) return Verified{.session = credential->session};
    if (offered.codes_differ) return refused(RefusedBecause::codes_differ);
    if (code.step)
        return Verified{
            .session = credential->session, .code = CodeOffered::current, .totp_step = *code.step};
    const auto why = offered.code.empty() ? RefusedBecause::code_missing : RefusedBecause::wrong_code;
    if (offered.rule != TotpRule::fresh) return refused(why);
    return Verified{.session = credential->session,
                    .code = offered.code.empty() ? CodeOffered::absent : CodeOffered::other};
}

} // namespace

StoredCredentialVerifier::StoredCredentialVerifier(const CredentialStore& store, const Keys& keys,
                                                   Options options)
    : store_{store}
    , keys_{keys}
    , options_{options} {}

Verdict StoredCredentialVerifier::verify(const Offer& offer, Timestamp now) const try {
    // The bounds leave room for a code behind the longest password.
    if (offer.username.size() > greatest_username || offer.code.size() > totp_digits ||
        offer.password.size() > greatest_password + 1 + totp_digits) {
        waste_password_check({}, options_.cost);
        static_cast<void>(check_code(std::nullopt, keys_, {}, now));
        return std::unexpected(Refused{RefusedBecause::too_long, {}});
    }
    const auto credential = store_.find(offer.username);
    const auto rule = credential ? credential->totp_rule : TotpRule::every_logon;
    const Offered offered = read_fields(rule, offer.password, offer.code);

    const auto password = credential ? check(*credential, keys_, offered.password) : PasswordOutcome{};
    const auto code = check_code(credential, keys_, offered.code, now);
    auto verdict = conclude(credential, offered, password.check, code);
    if (!verdict && !password.cost_paid) waste_password_check(offered.password, options_.cost);
    if (verdict && rule == TotpRule::fresh) {
        verdict->otp_grace_seconds = static_cast<std::uint32_t>(options_.otp_grace.count());
        verdict->address = keyed_mark(keys_, offer.username, offer.address);
        verdict->code_mark = keyed_mark(keys_, offer.username, offered.code);
    }
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
