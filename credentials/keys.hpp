// The venue's keys: 32 random bytes each, from which the key for sealing and the key for hashing session
// secrets are derived.
//
// As text, one key a line: "<id> <64 hexadecimal digits>", id 1..255, '#' begins a comment line. The greatest
// id is the newest: new secrets use it, older ones stay readable as long as their line stays. So a key is
// rotated by adding a line.
//
// Whoever has the keys and the database has the TOTP secrets; whoever loses the keys must issue every
// credential again.
#pragma once

#include "credentials/secret.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace tradehive::credentials {

// what() names file and line and what would be right, never a byte of a key.
class KeyError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

using KeyBytes = std::array<unsigned char, 32>;

struct SecretKey {
    SecretKey() = default;
    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;
    ~SecretKey() {
        wipe(sealing.data(), sealing.size());
        wipe(hashing.data(), hashing.size());
    }

    std::uint8_t id{};
    KeyBytes sealing{};
    KeyBytes hashing{};
};

// Immutable, so any thread.
class Keys {
public:
    // source: what KeyError calls it.
    [[nodiscard]] static Keys from_text(std::string_view text, std::string_view source);

    // The file is a regular one that only its owner can read or write.
    [[nodiscard]] static Keys from_file(const std::filesystem::path& path);

    // As from_file; a file that does not exist is made with one new key, mode 0600, synced. Two processes
    // that do it at once end with the same key.
    [[nodiscard]] static Keys load_or_create(const std::filesystem::path& path);

    // nullopt when the variable is not set. Before other threads start. The variable is removed from the
    // environment, so that no child inherits it.
    [[nodiscard]] static std::optional<Keys> from_environment(const char* variable);

    [[nodiscard]] const SecretKey& newest() const noexcept { return keys_.back(); }
    [[nodiscard]] const SecretKey* find(std::uint8_t id) const noexcept; // nullptr: not here

private:
    Keys() = default;
    std::vector<SecretKey> keys_; // by id, at least one
};

} // namespace tradehive::credentials
