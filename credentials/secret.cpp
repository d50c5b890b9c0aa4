#include "credentials/secret.hpp"

#include "credentials/keys.hpp"

#include <argon2.h>
#include <sodium.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace tradehive::credentials {

namespace {

constexpr std::size_t hash_bytes = 32;
constexpr std::size_t salt_bytes = 16;
constexpr int base64_variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t hash_text_size = sodium_base64_ENCODED_LEN(hash_bytes, base64_variant); // with its NUL

using HashText = std::array<char, hash_text_size>;

const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

HashText keyed_hash(const SecretKey& key, std::string_view secret) noexcept {
    std::array<unsigned char, hash_bytes> hash{};
    crypto_generichash(hash.data(), hash.size(), bytes_of(secret), secret.size(), key.hashing.data(),
                       key.hashing.size());
    HashText text{};
    sodium_bin2base64(text.data(), text.size(), hash.data(), hash.size(), base64_variant);
    return text;
}

struct KeyedVerifier {
    std::uint8_t key{};
    std::string_view hash;
};

// "k<key id>$<hash>"; key 0: it is none.
KeyedVerifier parse_keyed(std::string_view verifier) noexcept {
    if (!verifier.starts_with('k')) return {};
    const char* const end = verifier.data() + verifier.size();
    KeyedVerifier parsed;
    const auto [rest, error] = std::from_chars(verifier.data() + 1, end, parsed.key);
    if (error != std::errc{} || rest == end || *rest != '$') return {};
    parsed.hash = verifier.substr(static_cast<std::size_t>(rest + 1 - verifier.data()));
    if (parsed.hash.size() != hash_text_size - 1) return {};
    return parsed;
}

} // namespace

void wipe(void* bytes, std::size_t size) noexcept {
    sodium_memzero(bytes, size);
}

void start_sodium() {
    if (sodium_init() < 0) throw std::runtime_error("the system gives no random numbers (libsodium)");
}

bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

Secret generate_session_secret() {
    static constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    start_sodium();
    Secret secret = Secret::of_size(session_secret_length);
    for (std::size_t i = 0; i < secret.size(); ++i)
        secret.data()[i] = letters[randombytes_uniform(static_cast<std::uint32_t>(letters.size()))];
    return secret;
}

std::uint64_t keyed_mark(const Keys& keys, std::string_view owner, std::string_view value) noexcept {
    const auto& key = keys.newest().hashing;
    const std::array<unsigned char, 8> owner_size = std::bit_cast<std::array<unsigned char, 8>>(owner.size());
    std::array<unsigned char, hash_bytes> hash{};
    crypto_generichash_state state;
    crypto_generichash_init(&state, key.data(), key.size(), hash.size());
    crypto_generichash_update(&state, owner_size.data(), owner_size.size());
    crypto_generichash_update(&state, bytes_of(owner), owner.size());
    crypto_generichash_update(&state, bytes_of(value), value.size());
    crypto_generichash_final(&state, hash.data(), hash.size());
    std::uint64_t mark{};
    std::memcpy(&mark, hash.data(), sizeof mark);
    return mark;
}

std::string keyed_verifier(const Keys& keys, std::string_view secret) {
    const SecretKey& key = keys.newest();
    return "k" + std::to_string(key.id) + "$" + keyed_hash(key, secret).data();
}

SecretCheck check_keyed(const Keys& keys, std::string_view verifier, std::string_view secret) noexcept {
    const auto parsed = parse_keyed(verifier);
    const SecretKey* const key = keys.find(parsed.key);
    if (key == nullptr) return SecretCheck::unusable;
    const HashText hash = keyed_hash(*key, secret);
    return equal_in_constant_time({hash.data(), hash.size() - 1}, parsed.hash) ? SecretCheck::match
                                                                               : SecretCheck::mismatch;
}

std::string hash_password(std::string_view password, PasswordCost cost) {
    start_sodium();
    std::array<unsigned char, salt_bytes> salt{};
    randombytes_buf(salt.data(), salt.size());
    std::string encoded(
        argon2_encodedlen(cost.passes, cost.kibibytes, cost.lanes, salt_bytes, hash_bytes, Argon2_id), '\0');
    const int result =
        argon2id_hash_encoded(cost.passes, cost.kibibytes, cost.lanes, password.data(), password.size(),
                              salt.data(), salt.size(), hash_bytes, encoded.data(), encoded.size());
    if (result != ARGON2_OK)
        throw std::runtime_error(std::string("argon2id: ") + argon2_error_message(result));
    encoded.resize(encoded.find('\0'));
    return encoded;
}

SecretCheck check_password(const std::string& encoded, std::string_view password) noexcept {
    switch (argon2id_verify(encoded.c_str(), password.data(), password.size())) {
    case ARGON2_OK:
        return SecretCheck::match;
    case ARGON2_VERIFY_MISMATCH:
        return SecretCheck::mismatch;
    default:
        return SecretCheck::unusable;
    }
}

void waste_password_check(std::string_view password, PasswordCost cost) noexcept {
    static constexpr std::array<unsigned char, salt_bytes> salt{};
    std::array<unsigned char, hash_bytes> hash{};
    // When there is no memory for it, a real check would have failed as early.
    static_cast<void>(argon2id_hash_raw(cost.passes, cost.kibibytes, cost.lanes, password.data(),
                                        password.size(), salt.data(), salt.size(), hash.data(), hash.size()));
}

} // namespace tradehive::credentials
