// Who is logging on: a username, a password field and perhaps a one-time code against the stored credential.
//
// What the caller may tell the stranger is "refused", the same for every reason; the reason is for the audit
// trail. Nothing here holds, returns or throws a secret.
//
// Verifying changes nothing. Whether a TOTP step has been used before is venue state: the step that matched
// goes into LogOnSession, and apply() refuses one that is not newer than the last.
#pragma once

#include "credentials/secret.hpp"
#include "domain/ports.hpp"

#include <cstdint>
#include <expected>
#include <string_view>

namespace tradehive::credentials {

class Keys;

struct Verified {
    FixSessionId session;
    bool uses_totp{};
    std::uint64_t totp_step{}; // of the code that matched; zero without TOTP
};

enum class RefusedBecause : std::uint8_t {
    unknown_username,
    wrong_password,
    code_missing, // the rule asks for one and neither field carries it
    wrong_code,
    codes_differ, // one in each field, and they are not the same
    too_long,     // a field beyond its bound: not looked at
    unverifiable, // the stored credential cannot be used, or no memory: an operator must look
};

[[nodiscard]] std::string_view describe(RefusedBecause why) noexcept; // words for the audit trail

struct Refused {
    RefusedBecause why{};
    FixSessionId session; // whose credential it was; zero when the username is unknown
};

using Verdict = std::expected<Verified, Refused>;

class CredentialVerifier {
public:
    CredentialVerifier() = default;
    CredentialVerifier(const CredentialVerifier&) = delete;
    CredentialVerifier& operator=(const CredentialVerifier&) = delete;
    virtual ~CredentialVerifier() = default;

    // password_field is Password(554), "<password>" or "<password>:<6 digits>"; totp_field is 20101, empty
    // when not given. Slow on purpose (argon2id): never on an I/O thread. Any thread; does not throw.
    [[nodiscard]] virtual Verdict verify(std::string_view username, std::string_view password_field,
                                         std::string_view totp_field, Timestamp now) const = 0;
};

// The venue's verifier, over a CredentialStore.
//
// The same work for every refusal: unknown username, wrong password, wrong code and over-long fields all
// cost exactly one argon2id of `cost` and the check of three one-time codes. (A generated secret that is
// right is told at once; one that is wrong pays for an argon2id that it would not need.) The TotpRule
// `fresh` is checked like every_logon.
//
// A credential whose rule is none takes the whole of 554 as its password, and does not look at 20101.
class StoredCredentialVerifier final : public CredentialVerifier {
public:
    // Both outlive the verifier. cost: that of the stored passwords, so that refusals take the same time.
    StoredCredentialVerifier(const CredentialStore& store, const Keys& keys, PasswordCost cost = {});

    [[nodiscard]] Verdict verify(std::string_view username, std::string_view password_field,
                                 std::string_view totp_field, Timestamp now) const override;

private:
    const CredentialStore& store_;
    const Keys& keys_;
    PasswordCost cost_;
};

} // namespace tradehive::credentials
