#include "journal/spare_segment.hpp"

#include <fmt/format.h>
#include <utility>

namespace tradehive::journal {

namespace {
constexpr std::chrono::seconds pause_after_failure{2};
} // namespace

SpareSegment::SpareSegment(std::filesystem::path path, std::uint64_t bytes, FileOperations& operations)
    : path_{std::move(path)}
    , bytes_{bytes}
    , operations_{operations}
    , thread_{[this] { run(); }} {}

SpareSegment::~SpareSegment() {
    {
        const std::scoped_lock lock{mutex_};
        state_ = State::stopping;
    }
    changed_.notify_all();
    thread_.join();
}

void SpareSegment::start() {
    {
        const std::scoped_lock lock{mutex_};
        state_ = State::wanted;
    }
    changed_.notify_all();
}

File SpareSegment::take(std::chrono::milliseconds longest_wait) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, longest_wait, [this] { return state_ == State::ready || !trouble_.empty(); });
    if (state_ == State::ready) {
        state_ = State::none;
        return std::move(file_);
    }
    if (!trouble_.empty()) throw JournalError{"The next journal segment could not be prepared: " + trouble_};
    throw JournalError{fmt::format("{}: the next journal segment is not ready after {} ms. The disk is too "
                                   "slow or hangs; look at it and start again.",
                                   path_.string(), longest_wait.count())};
}

std::string SpareSegment::trouble() const {
    const std::scoped_lock lock{mutex_};
    return trouble_;
}

File SpareSegment::make() {
    File file{path_, File::Mode::create_empty, operations_};
    file.write_zeros(0, bytes_);
    file.sync();
    return file;
}

void SpareSegment::run() {
    std::unique_lock lock{mutex_};
    while (state_ != State::stopping) {
        if (state_ != State::wanted) {
            changed_.wait(lock);
            continue;
        }
        lock.unlock();
        File file;
        std::string trouble;
        try {
            file = make();
        } catch (const std::exception& error) {
            trouble = error.what();
        }
        lock.lock();
        trouble_ = trouble;
        if (state_ == State::stopping) break;
        if (trouble.empty()) {
            file_ = std::move(file);
            state_ = State::ready;
        }
        changed_.notify_all();
        if (!trouble.empty())
            changed_.wait_for(lock, pause_after_failure, [this] { return state_ == State::stopping; });
    }
}

} // namespace tradehive::journal
