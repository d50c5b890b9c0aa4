#include "journal/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace tradehive::journal {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, std::string_view what, int error) {
    const auto reason = std::generic_category().message(error);
    const auto advice = error == ENOSPC || error == EDQUOT
                            ? " Make room on the disk and start again; nothing that was acknowledged is lost."
                        : error == EFBIG ? " Raise the limit on file sizes (ulimit -f) and start again."
                                         : "";
    throw JournalError{fmt::format("{}: cannot {}: {}.{}", path.string(), what, reason, advice)};
}

int open_or_fail(const std::filesystem::path& path, int flags, std::string_view what) {
    constexpr mode_t owner_only = 0600;
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, owner_only);
    if (descriptor < 0) fail(path, what, errno);
    return descriptor;
}

} // namespace

// --- system calls --------------------------------------------------------------------------------------

ssize_t FileOperations::write_at(int descriptor, std::span<const std::byte> bytes, std::uint64_t offset) {
    return ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
}

int FileOperations::sync(int descriptor) {
    // Sizes are part of what fdatasync makes durable; time stamps, which it leaves out, mean nothing here.
    return ::fdatasync(descriptor);
}

int FileOperations::sync_directory(int descriptor) {
    return ::fsync(descriptor);
}

int FileOperations::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
    return ::rename(from.c_str(), to.c_str());
}

FileOperations& FileOperations::system() noexcept {
    static FileOperations instance;
    return instance;
}

// --- File ----------------------------------------------------------------------------------------------

File::File(std::filesystem::path path, Mode mode, FileOperations& operations)
    : path_{std::move(path)}
    , operations_{&operations} {
    switch (mode) {
    case Mode::read:
        descriptor_ = open_or_fail(path_, O_RDONLY, "open it");
        break;
    case Mode::write:
        descriptor_ = open_or_fail(path_, O_RDWR, "open it for writing");
        break;
    case Mode::create_empty:
        descriptor_ = open_or_fail(path_, O_RDWR | O_CREAT | O_TRUNC, "create it");
        break;
    }
}

File::File(File&& other) noexcept
    : path_{std::move(other.path_)}
    , descriptor_{std::exchange(other.descriptor_, -1)}
    , operations_{other.operations_} {}

File& File::operator=(File&& other) noexcept {
    if (this == &other) return *this;
    if (descriptor_ >= 0) ::close(descriptor_);
    path_ = std::move(other.path_);
    descriptor_ = std::exchange(other.descriptor_, -1);
    operations_ = other.operations_;
    return *this;
}

File::~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t File::bytes() const {
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0) fail(path_, "read its size", errno);
    return static_cast<std::uint64_t>(status.st_size);
}

std::size_t File::read_at(std::span<std::byte> into, std::uint64_t offset) const {
    std::size_t done = 0;
    while (done < into.size()) {
        const auto count =
            ::pread(descriptor_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path_, fmt::format("read at offset {}", offset + done), errno);
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

void File::write_at(std::span<const std::byte> bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const auto count = operations_->write_at(descriptor_, bytes, offset);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0)
            fail(path_, fmt::format("write {} bytes at offset {}", bytes.size(), offset),
                 count < 0 ? errno : EIO);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
}

void File::write_zeros(std::uint64_t from, std::uint64_t to) {
    const std::vector<std::byte> zeros(std::min<std::uint64_t>(to - from, 1U << 20U));
    while (from < to) {
        const auto piece = std::min<std::uint64_t>(zeros.size(), to - from);
        write_at(std::span{zeros}.first(piece), from);
        from += piece;
    }
}

void File::sync() {
    // Never tried again: after a failed sync the kernel may have dropped what it could not write.
    if (operations_->sync(descriptor_) != 0) fail(path_, "sync", errno);
}

void File::rename_to(const std::filesystem::path& path) {
    if (operations_->rename(path_, path) != 0)
        fail(path_, fmt::format("rename it to {}", path.string()), errno);
    path_ = path;
    sync_directory(path.parent_path(), *operations_);
}

// --- directories ---------------------------------------------------------------------------------------

std::vector<std::byte> read_whole(const std::filesystem::path& path) {
    const File file{path, File::Mode::read};
    std::vector<std::byte> bytes(file.bytes());
    bytes.resize(file.read_at(bytes, 0));
    return bytes;
}

namespace {

bool equal(const File& left, const File& right) {
    constexpr std::size_t piece = 1U << 20U;
    std::vector<std::byte> of_left(piece);
    std::vector<std::byte> of_right(piece);
    const auto bytes = left.bytes();
    if (right.bytes() != bytes) return false;
    for (std::uint64_t offset = 0; offset < bytes; offset += piece) {
        const auto count = left.read_at(of_left, offset);
        if (right.read_at(of_right, offset) != count ||
            !std::ranges::equal(std::span{of_left}.first(count), std::span{of_right}.first(count)))
            return false;
    }
    return true;
}

} // namespace

void move_file(const std::filesystem::path& from, const std::filesystem::path& to,
               FileOperations& operations) {
    if (std::filesystem::exists(to)) {
        if (!equal(File{from, File::Mode::read}, File{to, File::Mode::read}))
            throw JournalError{
                fmt::format("{}: another file of that name is there; it is not written over. Move it "
                            "elsewhere, after finding out whose it is",
                            to.string())};
        std::filesystem::remove(from);
        return;
    }
    if (operations.rename(from, to) == 0) {
        sync_directory(to.parent_path(), operations);
        return;
    }
    if (errno != EXDEV) fail(from, fmt::format("move it to {}", to.string()), errno);
    auto beside = to;
    beside += ".unfinished";
    File copy{beside, File::Mode::create_empty, operations};
    const File original{from, File::Mode::read};
    std::vector<std::byte> piece(1U << 20U);
    const auto bytes = original.bytes();
    for (std::uint64_t offset = 0; offset < bytes; offset += piece.size())
        copy.write_at(std::span{piece}.first(original.read_at(piece, offset)), offset);
    copy.sync();
    copy.rename_to(to);
    std::filesystem::remove(from);
}

void make_directory(const std::filesystem::path& directory, FileOperations& operations) {
    if (std::filesystem::is_directory(directory)) return;
    const auto parent = std::filesystem::absolute(directory).parent_path();
    make_directory(parent, operations);
    constexpr mode_t owner_only = 0700;
    if (::mkdir(directory.c_str(), owner_only) != 0 && errno != EEXIST)
        fail(directory, "create the directory", errno);
    sync_directory(parent, operations);
}

void sync_directory(const std::filesystem::path& directory, FileOperations& operations) {
    const int descriptor = open_or_fail(directory, O_RDONLY | O_DIRECTORY, "open the directory");
    const int result = operations.sync_directory(descriptor);
    const int error = errno;
    ::close(descriptor);
    if (result != 0) fail(directory, "sync the directory", error);
}

DirectoryLock::DirectoryLock(const std::filesystem::path& directory, std::string_view whose) {
    const auto path = directory / "lock";
    descriptor_ = open_or_fail(path, O_RDWR | O_CREAT, "open the lock file");
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const int error = errno;
        std::array<char, 32> holder{};
        const auto length = ::pread(descriptor_, holder.data(), holder.size() - 1, 0);
        ::close(descriptor_);
        if (error != EWOULDBLOCK) fail(path, "lock it", error);
        throw JournalError{fmt::format("The {} in {} is in use by another venue (process {}). Stop that one "
                                       "first, or give this one its own data_dir.",
                                       whose, directory.string(), length > 0 ? holder.data() : "unknown")};
    }
    const auto own = fmt::format("{}", ::getpid());
    // Only for the message above: the lock itself is the kernel's.
    if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, own.data(), own.size(), 0) < 0) {
        const int error = errno;
        ::close(descriptor_);
        fail(path, "write the process number into it", error);
    }
}

DirectoryLock::~DirectoryLock() {
    ::close(descriptor_);
}

} // namespace tradehive::journal
