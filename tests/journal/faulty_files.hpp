// File operations that skip the syncs, fail, stop or lose power at a chosen step.
#pragma once

#include "journal/file.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace tradehive::journal::testing {

// For tests that open thousands of journals and lose no power.
class Unsynced : public FileOperations {
public:
    int sync(int /*descriptor*/) override { return 0; }
    int sync_directory(int /*descriptor*/) override { return 0; }
};

// The process stopped here.
class Stopped : public std::runtime_error {
public:
    Stopped()
        : std::runtime_error{"stopped by the test"} {}
};

// Everything goes well until the step, and from then on nothing does. Steps are counted over all threads.
class Faulty : public Unsynced {
public:
    enum class How { fail, fill_disk, stop, stop_within_write };

    Faulty(How how, std::uint64_t step)
        : how_{how}
        , left_{step} {}

    // The fault has happened.
    [[nodiscard]] bool happened() const {
        const std::scoped_lock lock{mutex_};
        return left_ == 0;
    }

    ssize_t write_at(int descriptor, std::span<const std::byte> bytes, std::uint64_t offset) override {
        if (good()) return FileOperations::write_at(descriptor, bytes, offset);
        if (how_ == How::stop_within_write && bytes.size() > 1)
            FileOperations::write_at(descriptor, bytes.first(bytes.size() / 2), offset);
        return fault();
    }
    int sync(int /*descriptor*/) override { return good() ? 0 : fault(); }
    int sync_directory(int /*descriptor*/) override { return good() ? 0 : fault(); }
    int rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        return good() ? FileOperations::rename(from, to) : fault();
    }

private:
    bool good() {
        const std::scoped_lock lock{mutex_};
        if (left_ == 0) return false;
        return --left_ != 0;
    }
    int fault() {
        if (how_ == How::stop || how_ == How::stop_within_write) throw Stopped{};
        errno = how_ == How::fill_disk ? ENOSPC : EIO;
        return -1;
    }

    const How how_;
    mutable std::mutex mutex_;
    std::uint64_t left_;
};

// Stops at the step; lose_power() then gives every sector that was written and not synced, and every rename
// whose directory was not synced, by chance its old or its new state.
class PowerLoss : public FileOperations {
public:
    PowerLoss(std::filesystem::path directory, std::uint64_t seed, std::uint64_t step)
        : directory_{std::move(directory)}
        , random_{seed}
        , left_{step} {}

    [[nodiscard]] bool happened() const {
        const std::scoped_lock lock{mutex_};
        return left_ == 0;
    }

    ssize_t write_at(int descriptor, std::span<const std::byte> bytes, std::uint64_t offset) override {
        const std::scoped_lock lock{mutex_};
        step();
        constexpr std::size_t sector = 512;
        for (auto at = offset / sector * sector; at < offset + bytes.size(); at += sector) {
            std::vector<std::byte> old(sector);
            // Beyond the end of the file stays zero: the size had arrived, the bytes had not.
            if (::pread(descriptor, old.data(), sector, static_cast<off_t>(at)) < 0) return -1;
            // Only the first old state of a sector counts: a sector is written whole or not at all.
            unsynced_[inode(descriptor)].emplace(at, std::move(old));
        }
        return FileOperations::write_at(descriptor, bytes, offset);
    }
    int sync(int descriptor) override {
        const std::scoped_lock lock{mutex_};
        step();
        unsynced_.erase(inode(descriptor));
        return 0;
    }
    int rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        const std::scoped_lock lock{mutex_};
        step();
        const auto kept = directory_ / ("kept-" + std::to_string(renames_.size()));
        const bool replaces = std::filesystem::exists(to);
        if (replaces) std::filesystem::create_hard_link(to, kept);
        renames_.push_back({from, to, replaces ? kept : std::filesystem::path{}});
        return FileOperations::rename(from, to);
    }
    int sync_directory(int /*descriptor*/) override {
        const std::scoped_lock lock{mutex_};
        step();
        for (const auto& each : renames_)
            if (!each.kept.empty()) std::filesystem::remove(each.kept);
        renames_.clear();
        return 0;
    }

    void lose_power() {
        for (const auto& entry : std::filesystem::directory_iterator{directory_}) {
            struct ::stat status{};
            must(::stat(entry.path().c_str(), &status));
            const auto found = unsynced_.find(status.st_ino);
            if (found != unsynced_.end()) lose_sectors(entry.path(), found->second);
        }
        for (auto each = renames_.rbegin(); each != renames_.rend(); ++each) {
            if (random_() % 2 == 0) {
                std::filesystem::rename(each->to, each->from);
                if (!each->kept.empty()) std::filesystem::rename(each->kept, each->to);
            } else if (!each->kept.empty()) {
                std::filesystem::remove(each->kept);
            }
        }
    }

private:
    struct Rename {
        std::filesystem::path from;
        std::filesystem::path to;
        std::filesystem::path kept; // what the name stood for before; empty: nothing
    };

    static void must(int result) {
        if (result != 0) throw std::runtime_error{"stat failed"};
    }
    static ino_t inode(int descriptor) {
        struct ::stat status{};
        must(::fstat(descriptor, &status));
        return status.st_ino;
    }
    void step() {
        if (left_ == 0 || --left_ == 0) throw Stopped{};
    }
    void lose_sectors(const std::filesystem::path& path,
                      const std::map<std::uint64_t, std::vector<std::byte>>& sectors) {
        File file{path, File::Mode::write};
        for (const auto& [offset, old] : sectors)
            if (random_() % 2 == 0) file.write_at(old, offset);
    }

    const std::filesystem::path directory_;
    mutable std::mutex mutex_;
    std::mt19937_64 random_;
    std::uint64_t left_;
    std::map<ino_t, std::map<std::uint64_t, std::vector<std::byte>>> unsynced_;
    std::vector<Rename> renames_;
};

} // namespace tradehive::journal::testing
