// Sealing: small secrets encrypted and authenticated for storage (XChaCha20-Poly1305).
//
// The sealed form is text, safe in any column: base64url without padding of
//     byte 0      format, 1
//     byte 1      id of the key
//     24 bytes    nonce, random
//     the rest    ciphertext and tag
// Format, key id and context are authenticated: a sealed secret opens only under the context that it was
// sealed for, so it is of no use in another row.
#pragma once

#include "credentials/keys.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace tradehive::credentials {

// context names what the secret is and whose, e.g. "totp:<username>". Under the newest key.
[[nodiscard]] std::string seal(const Keys& keys, std::string_view context, std::string_view secret);

enum class UnsealError : std::uint8_t {
    malformed,   // not something that seal() made
    unknown_key, // its key is not among the keys
    not_genuine, // changed, or sealed for another context or under another key of that id
};

[[nodiscard]] std::string_view describe(UnsealError error) noexcept;

[[nodiscard]] std::expected<Secret, UnsealError> unseal(const Keys& keys, std::string_view context,
                                                        std::string_view sealed);

} // namespace tradehive::credentials
