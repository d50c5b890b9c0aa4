// Files as the journal needs them: whole writes, syncs that are checked, renames that are durable.
//
// Everything that changes the disk goes through FileOperations, so that tests can let any single step fail,
// or stop there as a crash would. All errors are JournalError with the file's name, what failed and why.
#pragma once

#include "journal/journal.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace tradehive::journal {

// The system calls that change the disk; -1 and errno like the calls themselves. Any thread.
class FileOperations {
public:
    FileOperations() = default;
    FileOperations(const FileOperations&) = delete;
    FileOperations& operator=(const FileOperations&) = delete;
    virtual ~FileOperations() = default;

    virtual ssize_t write_at(int descriptor, std::span<const std::byte> bytes, std::uint64_t offset);
    virtual int sync(int descriptor);           // of a file: content and size
    virtual int sync_directory(int descriptor); // the names in it
    virtual int rename(const std::filesystem::path& from, const std::filesystem::path& to);

    [[nodiscard]] static FileOperations& system() noexcept;
};

// An open file; closed with the object. One thread at a time, except that read_at may be called by many.
class File {
public:
    enum class Mode : std::uint8_t { read, write, create_empty };

    File() noexcept = default;
    File(std::filesystem::path path, Mode mode, FileOperations& operations = FileOperations::system());
    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::uint64_t bytes() const;

    // How many were read: fewer than asked for only at the end of the file.
    [[nodiscard]] std::size_t read_at(std::span<std::byte> into, std::uint64_t offset) const;
    void write_at(std::span<const std::byte> bytes, std::uint64_t offset);
    void write_zeros(std::uint64_t from, std::uint64_t to);
    // Content and size are durable when this returns.
    void sync();
    // The file, which must be closed by nobody else, under another name in the same directory, durably.
    void rename_to(const std::filesystem::path& path);

private:
    std::filesystem::path path_;
    int descriptor_{-1};
    FileOperations* operations_{nullptr};
};

// To a directory that may be on another disk: the file is there durably before it is gone from here. A file
// that is there already is never written over: an equal one stands for this one, another one is refused.
void move_file(const std::filesystem::path& from, const std::filesystem::path& to,
               FileOperations& operations);

[[nodiscard]] std::vector<std::byte> read_whole(const std::filesystem::path& path);

// Creates what is missing of it, durably.
void make_directory(const std::filesystem::path& directory, FileOperations& operations);
void sync_directory(const std::filesystem::path& directory, FileOperations& operations);

// Held as long as the object lives. Throws JournalError, naming the process that holds it, when somebody
// else does.
class DirectoryLock {
public:
    // whose: "journal" or "event log", for the message.
    DirectoryLock(const std::filesystem::path& directory, std::string_view whose);
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;
    ~DirectoryLock();

private:
    int descriptor_{-1};
};

} // namespace tradehive::journal
