// The EventLog: all events in order, in a file that is appended without sync. What a crash takes of its tail
// is made again from the journal, byte for byte.
//
// Threads: publish and restore belong to the venue's thread; everything of EventReader may be called by any.
#pragma once

#include "domain/ports.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <span>

namespace tradehive::journal {

class EventLog : public EventReader {
public:
    struct Options {
        std::filesystem::path directory;
        std::size_t events_in_memory{1 << 16}; // a reader further behind reads the file
        std::size_t segment_bytes{64 << 20};
        // A follower that has not moved for so long is not waited for.
        std::chrono::seconds most_wait{std::chrono::days{30}};
    };

    // Opens what is there. From the first record on that a crash has damaged, everything counts as missing
    // and is made again by restore(). Throws JournalError for a second venue, an unknown format, or a file
    // that cannot be read.
    [[nodiscard]] static std::unique_ptr<EventLog> open(const Options& options);

    // The command of the newest whole event on disk, also of one behind damage; zero when there is none. A
    // journal that ends before it has lost acknowledged commands.
    [[nodiscard]] virtual Sequence highest_sequence() const = 0;

    // During recovery: events that replay made. Those already on disk are compared where that is cheap (the
    // tail) and otherwise passed over; the rest is appended. Throws JournalError when replay made something
    // else, or begins after end().
    virtual void restore(std::span<const Event> events) = 0;

    // Numbers continue from end(). Readers are woken after the append. Throws JournalError.
    virtual void publish(std::span<const Event> events) = 0;

    // Drops whole segments that every follower has passed, but those that stand still, and that are older
    // than the age. As long as nobody has set a position, nothing is dropped. The venue's thread.
    virtual void drop_passed(std::chrono::seconds age, Timestamp now) = 0;
};

} // namespace tradehive::journal
