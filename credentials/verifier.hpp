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

#include <chrono>
#include <cstdint>
#include <expected>
#include <string_view>

namespace tradehive::credentials {

class Keys;

// What a Logon brings.
struct Offer {
    std::string_view username;  // 553
    std::string_view password;  // 554: "<password>" or "<password>:<6 digits>"
    std::string_view code{};    // 20101, empty when not given
    std::string_view address{}; // the peer's
};

struct Verified {
    FixSessionId session;
    CodeOffered code{};
    std::uint64_t totp_step{};         // of the code that is current; else zero
    std::uint32_t otp_grace_seconds{}; // these three of the rule `fresh` only
    std::uint64_t address{};
    std::uint64_t code_mark{};
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

    // Slow on purpose (argon2id): never on an I/O thread. Any thread; does not throw.
    [[nodiscard]] virtual Verdict verify(const Offer& offer, Timestamp now) const = 0;
};

// The venue's verifier, over a CredentialStore.
//
// The same work for every refusal: unknown username, wrong password, wrong code and over-long fields all
// cost exactly one argon2id of `cost` and the check of three one-time codes. (A generated secret that is
// right is told at once; one that is wrong pays for an argon2id that it would not need.)
//
// Under the rule `fresh` a code that is not current, and none, are let through for apply() to decide: they
// will do for a while after one that counted, from the same address, if it is that one.
//
// A credential whose rule is none takes the whole of 554 as its password, and does not look at 20101.
class StoredCredentialVerifier final : public CredentialVerifier {
public:
    struct Options {
        PasswordCost cost{}; // of the stored passwords, so that refusals take the same time
        std::chrono::seconds otp_grace{12 * 3600}; // of the rule `fresh`
    };

    // Store and keys outlive the verifier.
    StoredCredentialVerifier(const CredentialStore& store, const Keys& keys, Options options);

    [[nodiscard]] Verdict verify(const Offer& offer, Timestamp now) const override;

private:
    const CredentialStore& store_;
    const Keys& keys_;
    const Options options_;
};

} // namespace tradehive::credentials
