// Secrets in memory, and what is kept of them to check them by.
//
//   generated session secret   32 of [A-Za-z0-9] (190 bits): BLAKE2b under the venue's key is enough
//   password that one chose    argon2id with its own salt, as libargon2's encoded string
//
// A Secret is wiped when it goes; it cannot be printed, compared or copied by accident. Nothing here throws
// or returns the text of a secret except as a Secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tradehive::credentials {

class Keys;

void wipe(void* bytes, std::size_t size) noexcept;

template <class T>
struct WipingAllocator {
    using value_type = T;

    WipingAllocator() noexcept = default;
    template <class U>
    explicit(false) WipingAllocator(const WipingAllocator<U>& /*other*/) noexcept {}

    T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
    void deallocate(T* first, std::size_t count) noexcept {
        wipe(first, count * sizeof(T));
        std::allocator<T>{}.deallocate(first, count);
    }
    friend bool operator==(const WipingAllocator& /*left*/, const WipingAllocator& /*right*/) noexcept {
        return true;
    }
};

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text)
        : bytes_(text.begin(), text.end()) {}
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    Secret(Secret&&) noexcept = default;
    Secret& operator=(Secret&&) noexcept = default;
    ~Secret() = default; // the allocator wipes

    static Secret of_size(std::size_t size) {
        Secret secret;
        secret.bytes_.resize(size);
        return secret;
    }

    // Valid while the Secret lives. Whoever copies it answers for the copy.
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), bytes_.size()}; }
    [[nodiscard]] char* data() noexcept { return bytes_.data(); }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
    void append(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }

private:
    std::vector<char, WipingAllocator<char>> bytes_; // a vector: a string would keep short text inside itself
};

// Starts libsodium; any thread, any number of times. Throws std::runtime_error when the system gives no
// random numbers.
void start_sodium();

// Takes the same time wherever they differ; lengths are no secret.
[[nodiscard]] bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept;

inline constexpr std::size_t session_secret_length = 32;

[[nodiscard]] Secret generate_session_secret();

// "k<key id>$<base64 of the hash>", under the newest key.
[[nodiscard]] std::string keyed_verifier(const Keys& keys, std::string_view secret);

enum class SecretCheck : std::uint8_t {
    match,
    mismatch,
    unusable, // the verifier is not one, or its key is not here, or there is no memory for argon2id
};

[[nodiscard]] SecretCheck check_keyed(const Keys& keys, std::string_view verifier,
                                      std::string_view secret) noexcept;

// 64 bits of a keyed hash, under the newest key: tells whether two of an owner's values are the same, and
// without the key nothing else.
[[nodiscard]] std::uint64_t keyed_mark(const Keys& keys, std::string_view owner,
                                       std::string_view value) noexcept;

// How hard a chosen password is to guess from its verifier. Stored with each verifier, so changing it
// touches only passwords set from then on.
struct PasswordCost {
    std::uint32_t passes{2};
    std::uint32_t kibibytes{64 * 1024}; // a verification needs as much memory while it runs
    std::uint32_t lanes{1};
};

// Throws std::runtime_error when the cost is out of libargon2's range or memory is short.
[[nodiscard]] std::string hash_password(std::string_view password, PasswordCost cost);
[[nodiscard]] SecretCheck check_password(const std::string& encoded, std::string_view password) noexcept;

// The work of one check_password at that cost, for nothing.
void waste_password_check(std::string_view password, PasswordCost cost) noexcept;

} // namespace tradehive::credentials
