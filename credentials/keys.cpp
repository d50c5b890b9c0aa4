#include "credentials/keys.hpp"

#include <sodium.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <system_error>

namespace tradehive::credentials {

namespace {

constexpr std::size_t greatest_file = std::size_t{64} * 1024;
constexpr std::size_t hex_digits = 64;

class File {
public:
    explicit File(int descriptor) noexcept
        : descriptor_{descriptor} {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    [[nodiscard]] int get() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
    throw KeyError("key file " + path.string() + ": " + what);
}

[[noreturn]] void fail_with_errno(const std::filesystem::path& path, const char* what) {
    const int error = errno;
    fail(path, std::string(what) + ": " + std::generic_category().message(error));
}

SecretKey derive(std::uint8_t id, const KeyBytes& master) {
    static_assert(crypto_kdf_KEYBYTES == sizeof(KeyBytes) &&
                  crypto_aead_xchacha20poly1305_ietf_KEYBYTES == sizeof(KeyBytes));
    SecretKey key;
    key.id = id;
    crypto_kdf_derive_from_key(key.sealing.data(), key.sealing.size(), 1, "tradhive", master.data());
    crypto_kdf_derive_from_key(key.hashing.data(), key.hashing.size(), 2, "tradhive", master.data());
    return key;
}

std::optional<SecretKey> parse_line(std::string_view line) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto id_text = line.substr(0, space);
    const auto hex = line.substr(space + 1);
    std::uint8_t id{};
    const auto [rest, error] = std::from_chars(id_text.data(), id_text.data() + id_text.size(), id);
    if (error != std::errc{} || rest != id_text.data() + id_text.size() || id == 0) return std::nullopt;
    KeyBytes master{};
    std::size_t written{};
    if (hex.size() != hex_digits ||
        sodium_hex2bin(master.data(), master.size(), hex.data(), hex.size(), nullptr, &written, nullptr) != 0)
        return std::nullopt;
    if (written != master.size()) return std::nullopt;
    SecretKey key = derive(id, master);
    wipe(master.data(), master.size());
    return key;
}

Secret new_key_text() {
    KeyBytes master{};
    randombytes_buf(master.data(), master.size());
    Secret hex = Secret::of_size(hex_digits + 1);
    sodium_bin2hex(hex.data(), hex.size(), master.data(), master.size());
    wipe(master.data(), master.size());
    Secret text("# The venue's key: keep it secret, keep a copy apart from the database's.\n1 ");
    text.append(hex.view().substr(0, hex_digits));
    text.append("\n");
    return text;
}

void write_all(int descriptor, std::string_view text, const std::filesystem::path& path) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail_with_errno(path, "cannot write");
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

// Complete under another name first, then linked: nobody ever reads half a file, and the one who is second
// takes what is there.
void create(const std::filesystem::path& path) {
    std::string unfinished = path.string() + ".XXXXXX";
    const File file(::mkostemp(unfinished.data(), O_CLOEXEC)); // mode 0600
    if (file.get() < 0) fail_with_errno(path, "cannot create");
    try {
        write_all(file.get(), new_key_text().view(), path);
        if (::fsync(file.get()) != 0) fail_with_errno(path, "cannot sync");
        if (::link(unfinished.c_str(), path.c_str()) != 0 && errno != EEXIST)
            fail_with_errno(path, "cannot create");
    } catch (...) {
        ::unlink(unfinished.c_str());
        throw;
    }
    ::unlink(unfinished.c_str());
    const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const File directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0 || ::fsync(directory.get()) != 0) fail_with_errno(path, "cannot sync its folder");
}

} // namespace

Keys Keys::from_text(std::string_view text, std::string_view source) {
    start_sodium();
    Keys keys;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.starts_with('#')) continue;
        const auto key = parse_line(line);
        const auto where = std::string(source) + " line " + std::to_string(number) + ": ";
        if (!key) throw KeyError(where + "expected '<id 1..255> <64 hexadecimal digits>'");
        if (keys.find(key->id) != nullptr)
            throw KeyError(where + "key " + std::to_string(key->id) + " is there twice");
        keys.keys_.push_back(*key);
    }
    if (keys.keys_.empty()) throw KeyError(std::string(source) + ": holds no key");
    std::ranges::sort(keys.keys_, {}, &SecretKey::id);
    return keys;
}

Keys Keys::from_file(const std::filesystem::path& path) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (file.get() < 0) fail_with_errno(path, "cannot open");
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) fail_with_errno(path, "cannot look at it");
    if (!S_ISREG(status.st_mode)) fail(path, "is not a regular file");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        fail(path, "others than its owner may use it; run: chmod 600 " + path.string());
    if (status.st_size > static_cast<off_t>(greatest_file)) fail(path, "is longer than 64 KiB");

    Secret text = Secret::of_size(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    while (filled < text.size()) {
        const ssize_t got = ::read(file.get(), text.data() + filled, text.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_with_errno(path, "cannot read");
        if (got == 0) fail(path, "became shorter while it was read");
        filled += static_cast<std::size_t>(got);
    }
    return from_text(text.view(), "key file " + path.string());
}

Keys Keys::load_or_create(const std::filesystem::path& path) {
    start_sodium();
    if (!std::filesystem::exists(path)) create(path);
    return from_file(path);
}

std::optional<Keys> Keys::from_environment(const char* variable) {
    const char* const value = std::getenv(variable); // NOLINT(concurrency-mt-unsafe): before threads start
    if (value == nullptr) return std::nullopt;
    const Secret text{value};
    ::unsetenv(variable); // NOLINT(concurrency-mt-unsafe)
    return from_text(text.view(), variable);
}

const SecretKey* Keys::find(std::uint8_t id) const noexcept {
    const auto found = std::ranges::find(keys_, id, &SecretKey::id);
    return found == keys_.end() ? nullptr : &*found;
}

} // namespace tradehive::credentials
