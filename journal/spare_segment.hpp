// The next segment, filled with zeros and synced by a thread of its own before it is needed: a sync into a
// zero-filled file writes data only, without the file system's own journal.
//
// The owner calls start() and take(), in turn; the thread calls nobody. One spare at a time.
#pragma once

#include "journal/file.hpp"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

namespace tradehive::journal {

class SpareSegment {
public:
    SpareSegment(std::filesystem::path path, std::uint64_t bytes, FileOperations& operations);
    SpareSegment(const SpareSegment&) = delete;
    SpareSegment& operator=(const SpareSegment&) = delete;
    ~SpareSegment();

    // Begins to make one. Tries again every few seconds when the disk is full.
    void start();

    // Waits for it and hands it over. Throws JournalError when it could not be made or is not ready in time.
    [[nodiscard]] File take(std::chrono::milliseconds longest_wait);

    // Why the last try failed; empty when all is well. Any thread.
    [[nodiscard]] std::string trouble() const;

private:
    enum class State : std::uint8_t { none, wanted, ready, stopping };

    void run();
    [[nodiscard]] File make();

    const std::filesystem::path path_;
    const std::uint64_t bytes_;
    FileOperations& operations_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    State state_{State::none};
    File file_;
    std::string trouble_;
    std::thread thread_;
};

} // namespace tradehive::journal
