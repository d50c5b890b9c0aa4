// The one way into the venue: commands and questions of all senders in one order, bounded.
//
// Bounds. EnterOrder, ReplaceOrder and questions are taken while fewer than `ordinary` items wait; refusals,
// cancels, session and back-office commands while fewer than `ordinary + reserved` do. Above that submit()
// and ask() say `full` and nothing has happened: the sender refuses with BUSY or stops reading.
//
// Threads: submit, ask, close, waiting: any, and none blocks for longer than the copy of one item. drain():
// the venue's thread only.
//
// Memory is allocated once, by the constructor. Senders fill one buffer while the venue reads the other.
#pragma once

#include "domain/ports.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <span>
#include <variant>
#include <vector>

namespace tradehive::venue {

class CommandQueue final : public CommandSink {
public:
    struct Bounds {
        std::size_t ordinary{8192};
        std::size_t reserved{4096};
        std::size_t batch{1024}; // most items that drain() hands out at once
    };
    using Item = std::variant<Command, Question>;

    CommandQueue();
    explicit CommandQueue(const Bounds& bounds);

    [[nodiscard]] Submitted submit(const Command& command) override;
    [[nodiscard]] Submitted ask(const Question& question) override;

    // Waits for something and hands it out, oldest first; the span lives until the next call. Empty only when
    // the queue is closed and all that it had taken has been handed out.
    [[nodiscard]] std::span<Item> drain();

    // From now on submit() and ask() say `stopping`. What was taken is still handed out.
    void close() noexcept;

    [[nodiscard]] std::size_t waiting() const;

private:
    [[nodiscard]] Submitted take(const Item& item, std::size_t bound);

    const Bounds bounds_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::vector<Item> filling_; // guarded by mutex_
    std::size_t unread_{};      // of reading_, guarded by mutex_
    bool sleeping_{};           // guarded by mutex_
    bool closed_{};             // guarded by mutex_
    std::vector<Item> reading_; // the venue's thread
    std::size_t read_{};        // the venue's thread: handed out of reading_
};

} // namespace tradehive::venue
