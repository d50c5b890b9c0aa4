#include "credentials/sealing.hpp"

#include <sodium.h>

#include <vector>

namespace tradehive::credentials {

namespace {

constexpr unsigned char format = 1;
constexpr std::size_t head_bytes = 2; // format, key id
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t least_bytes = head_bytes + nonce_bytes + tag_bytes;
constexpr int base64_variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

using Bytes = std::vector<unsigned char>;

std::string authenticated(unsigned char key_id, std::string_view context) {
    return std::string{static_cast<char>(format), static_cast<char>(key_id)}.append(context);
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

std::string seal(const Keys& keys, std::string_view context, std::string_view secret) {
    const SecretKey& key = keys.newest();
    const std::string beside = authenticated(key.id, context);
    Bytes sealed(least_bytes + secret.size());
    sealed[0] = format;
    sealed[1] = key.id;
    unsigned char* const nonce = sealed.data() + head_bytes;
    randombytes_buf(nonce, nonce_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_bytes, nullptr, bytes_of(secret), secret.size(),
                                               bytes_of(beside), beside.size(), nullptr, nonce,
                                               key.sealing.data());
    std::string text(sodium_base64_encoded_len(sealed.size(), base64_variant), '\0');
    sodium_bin2base64(text.data(), text.size(), sealed.data(), sealed.size(), base64_variant);
    text.pop_back(); // its NUL
    return text;
}

std::expected<Secret, UnsealError> unseal(const Keys& keys, std::string_view context,
                                          std::string_view sealed_text) {
    if (sealed_text.empty()) return std::unexpected(UnsealError::malformed);
    Bytes sealed(sealed_text.size());
    std::size_t size{};
    if (sodium_base642bin(sealed.data(), sealed.size(), sealed_text.data(), sealed_text.size(), nullptr,
                          &size, nullptr, base64_variant) != 0)
        return std::unexpected(UnsealError::malformed);
    if (size < least_bytes || sealed[0] != format) return std::unexpected(UnsealError::malformed);
    const SecretKey* const key = keys.find(sealed[1]);
    if (key == nullptr) return std::unexpected(UnsealError::unknown_key);

    const std::string beside = authenticated(sealed[1], context);
    const unsigned char* const nonce = sealed.data() + head_bytes;
    Secret secret = Secret::of_size(size - least_bytes);
    const int result = crypto_aead_xchacha20poly1305_ietf_decrypt(
        reinterpret_cast<unsigned char*>(secret.data()), nullptr, nullptr, nonce + nonce_bytes,
        size - head_bytes - nonce_bytes, bytes_of(beside), beside.size(), nonce, key->sealing.data());
    if (result != 0) return std::unexpected(UnsealError::not_genuine);
    return secret;
}

std::string_view describe(UnsealError error) noexcept {
    switch (error) {
    case UnsealError::malformed:
        return "not a sealed secret";
    case UnsealError::unknown_key:
        return "sealed under a key that is not among the venue's keys";
    case UnsealError::not_genuine:
        return "changed since it was sealed, or sealed for something else";
    }
    return "unknown";
}

} // namespace tradehive::credentials
