// The owner of a credential gives it another password.
//
// In two steps, between which the venue uses up the one-time code, so that it counts once here and at logon:
//
//   prepare()   is the old password right, and does the new one keep the rule? Changes nothing. Slow on
//   purpose
//               (argon2id, twice): never on an I/O thread
//   store()     writes it to the CredentialStore; waits for the database
//
// The rule: 12 to 128 printable ASCII characters, at least 6 of them different; not the old password, no user
// name of 4 characters and more in it, no end like "…:123456", which a logon would take for a code.
//
// A credential with a generated secret keeps it: a password that a person makes up is weaker, and where the
// rule for codes is `none` nothing else would guard the session.
//
// Nothing here returns or throws a secret. Any thread.
#pragma once

#include "credentials/secret.hpp"
#include "credentials/verifier.hpp"
#include "domain/ports.hpp"

#include <expected>
#include <string_view>

namespace tradehive::credentials {

struct PasswordWish {
    FixSessionId session; // whose credential it must be
    Offer offer;          // 553, 554 with the code, or 20101
    std::string_view new_password;
};

struct PreparedChange {
    Credential before;
    Credential after;
    CodeOffered code{};        // current: totp_step is to be used up first
    std::uint64_t totp_step{}; // of the code that was given
};

enum class NotChanged : std::uint8_t {
    incorrect, // the old password or the code, or the credential is another's, or no longer what it was
    weak,
    generated,
    not_stored, // or no memory for argon2id
    in_doubt,   // the database did not say
};

[[nodiscard]] bool is_strong(std::string_view username, std::string_view password) noexcept;

class PasswordChanger {
public:
    PasswordChanger() = default;
    PasswordChanger(const PasswordChanger&) = delete;
    PasswordChanger& operator=(const PasswordChanger&) = delete;
    virtual ~PasswordChanger() = default;

    [[nodiscard]] virtual std::expected<PreparedChange, NotChanged> prepare(const PasswordWish& wish,
                                                                            Timestamp now) const = 0;
    [[nodiscard]] virtual std::expected<void, NotChanged> store(const PreparedChange& change) = 0;
};

class StoredPasswordChanger final : public PasswordChanger {
public:
    // Store and verifier outlive it. cost: of the new passwords.
    StoredPasswordChanger(CredentialStore& store, const CredentialVerifier& verifier, PasswordCost cost);

    [[nodiscard]] std::expected<PreparedChange, NotChanged> prepare(const PasswordWish& wish,
                                                                    Timestamp now) const override;
    [[nodiscard]] std::expected<void, NotChanged> store(const PreparedChange& change) override;

private:
    CredentialStore& store_;
    const CredentialVerifier& verifier_;
    const PasswordCost cost_;
};

} // namespace tradehive::credentials
