#include "credentials/password_change.hpp"

#include "credentials/issue.hpp"
#include "credentials/password_field.hpp"

#include <algorithm>
#include <bitset>
#include <exception>

namespace tradehive::credentials {

namespace {

constexpr std::size_t least_different = 6;
constexpr std::size_t least_username = 4; // shorter ones stand in many a good password by chance

char lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool contains(std::string_view text, std::string_view part) noexcept {
    return !std::ranges::search(text, part, {}, lower, lower).empty();
}

std::size_t count_different(std::string_view text) noexcept {
    std::bitset<256> seen;
    for (const char letter : text)
        seen.set(static_cast<unsigned char>(letter));
    return seen.count();
}

// The password alone, as the credential's rule reads 554.
std::string_view password_in(const Credential& credential, std::string_view field) noexcept {
    return credential.totp_rule == TotpRule::none ? field : split_password_field(field).password;
}

} // namespace

bool is_strong(std::string_view username, std::string_view password) noexcept {
    if (!is_usable_password(password) || count_different(password) < least_different) return false;
    return username.size() < least_username || !contains(password, username);
}

StoredPasswordChanger::StoredPasswordChanger(CredentialStore& store, const CredentialVerifier& verifier,
                                             PasswordCost cost)
    : store_{store}
    , verifier_{verifier}
    , cost_{cost} {}

std::expected<PreparedChange, NotChanged> StoredPasswordChanger::prepare(const PasswordWish& wish,
                                                                         Timestamp now) const try {
    const auto credential = store_.find(wish.offer.username);
    if (!credential || credential->session != wish.session) return std::unexpected(NotChanged::incorrect);
    if (credential->scheme != PasswordScheme::argon2id) return std::unexpected(NotChanged::generated);
    const bool is_new = wish.new_password != password_in(*credential, wish.offer.password);
    if (!is_new || !is_strong(credential->username, wish.new_password))
        return std::unexpected(NotChanged::weak);

    const auto verdict = verifier_.verify(wish.offer, now);
    // The grace of `fresh` is for engines that log on again by themselves; here it takes a code of now.
    const auto needed =
        credential->totp_rule == TotpRule::none ? CodeOffered::not_asked : CodeOffered::current;
    if (!verdict || verdict->session != wish.session || verdict->code != needed)
        return std::unexpected(NotChanged::incorrect);

    PreparedChange change{
        .before = *credential, .after = *credential, .code = verdict->code, .totp_step = verdict->totp_step};
    change.after.verifier = hash_password(wish.new_password, cost_);
    return change;
} catch (const std::exception&) { // whatever it says may hold what was offered
    return std::unexpected(NotChanged::not_stored);
}

std::expected<void, NotChanged> StoredPasswordChanger::store(const PreparedChange& change) {
    switch (store_.replace(change.before, change.after)) {
    case Replaced::done:
        return {};
    case Replaced::other:
        return std::unexpected(NotChanged::incorrect);
    case Replaced::not_stored:
        break;
    case Replaced::in_doubt:
        return std::unexpected(NotChanged::in_doubt);
    }
    return std::unexpected(NotChanged::not_stored);
}

} // namespace tradehive::credentials
