// The newest events in memory, in chunks that readers share: a reader takes a chunk under a short lock and
// copies out of it without one.
//
// Invariant: a slot is written once, before end() passes it, and never again; a chunk that falls out of the
// window lives on until its last reader lets go of it.
//
// Threads: add and forget_all belong to the one writer, everything else to any thread.
#pragma once

#include "domain/event.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <span>

namespace tradehive::journal {

class EventMemory {
public:
    // Empty, before the event of that number. Keeps at least so many events.
    EventMemory(EventNumber next, std::size_t events);

    [[nodiscard]] EventNumber begin() const;
    [[nodiscard]] EventNumber end() const;

    // Numbers continue from end(), which passes all of them at once: what ends with a whole command is never
    // seen in part. When full, the oldest chunk falls out; readers then use the file.
    void add(std::span<const Event> events);
    // Everything; the next event is of that number.
    void forget_all(EventNumber next);

    // Copies events from that number on; 0 when it is not here.
    [[nodiscard]] std::size_t read(EventNumber from, std::span<Event> into) const;

private:
    static constexpr std::size_t events_a_chunk = 512;
    struct Chunk {
        std::uint64_t first{}; // number of slot 0
        std::array<Event, events_a_chunk> events;
    };

    mutable std::mutex mutex_;
    std::deque<std::shared_ptr<Chunk>> chunks_;
    std::uint64_t begin_;
    std::uint64_t end_;
    const std::size_t most_chunks_;
};

} // namespace tradehive::journal
