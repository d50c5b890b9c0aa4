// The loop: drain, stamp, append, sync, apply, publish. One thread runs it and owns the venue, the journal
// and the writing end of the EventLog for as long as it runs.
//
// Guarantees
//   * Nothing is published or answered before the commands that led to it are on disk: one sync a batch.
//   * A question is answered at its place: after the commands before it, before those behind it.
//   * Reference data is published before the events of its batch.
//   * Command time = max(clock, last stamp): it never goes back.
//
// Failure. When a write or sync fails its outcome is unknown: the queue is closed (senders see `stopping`),
// nothing of the batch is applied or published, `fatal` is called once with the reason, and run() returns
// failed. The same for any other exception: a venue that cannot say what it did does not go on.
#pragma once

#include "journal/event_log.hpp"
#include "journal/journal.hpp"
#include "venue/clock.hpp"
#include "venue/command_queue.hpp"
#include "venue/reference_source.hpp"
#include "venue/venue.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace tradehive::venue {

// All but the callbacks must outlive the loop.
struct LoopWiring {
    CommandQueue& queue;
    journal::Journal& journal;
    Venue& venue;
    journal::EventLog& events;
    PublishedReferenceData& reference_data;
    Clock& clock;
    // The wall's time jumped against the steady clock by more than greatest_clock_jump. Must not throw.
    std::function<void(std::string_view what)> alarm;
    // The venue has stopped for good; the process should end. Must not throw.
    std::function<void(std::string_view what)> fatal;
    // After each EndDay events older than this, which every follower has passed, are dropped. Zero: never.
    std::chrono::seconds keep_events{};
};

inline constexpr std::chrono::seconds greatest_clock_jump{5};

class VenueLoop {
public:
    enum class Ended : std::uint8_t { closed, failed };

    // Of a venue that has been recovered: publishes its names, so that they are known before anybody asks.
    explicit VenueLoop(LoopWiring wiring);

    // Before run(): where the answers to that channel's questions go; without one they are dropped.
    void answers_of(Channel channel, AnswerSink& sink);

    // Until the queue is closed and empty, or something fails.
    Ended run();

    // When the next order with an expire_time is due, as of the last batch; nullopt: there is none. Any
    // thread.
    [[nodiscard]] std::optional<Timestamp> next_expiry() const noexcept {
        const auto next = next_expiry_.load(std::memory_order_relaxed);
        return next == no_expiry ? std::nullopt : std::optional{Timestamp{next}};
    }

    // One batch; waits for it. False: the queue is closed and empty. Throws what run() reports as fatal.
    bool turn();

private:
    struct ReadyAnswer {
        Channel channel;
        std::shared_ptr<const Answer> answer;
    };

    [[nodiscard]] Timestamp stamp();
    void append(std::span<CommandQueue::Item> batch);
    void apply(std::span<CommandQueue::Item> batch);
    void publish();
    void publish_names();
    void publish_next_expiry() noexcept;

    LoopWiring wiring_;
    std::array<AnswerSink*, 4> sinks_{};
    std::vector<Event> events_;
    std::vector<ReadyAnswer> answers_;
    std::uint64_t published_names_{};
    bool day_ended_{};
    static constexpr std::int64_t no_expiry = -1;
    std::atomic<std::int64_t> next_expiry_{no_expiry};
    struct ClockReading {
        Timestamp wall;
        std::chrono::nanoseconds steady;
    };
    std::optional<ClockReading> last_reading_;
};

struct Recovered {
    std::uint64_t commands{};
    Sequence last;
};

// Replays the journal into a venue that has applied nothing or a prefix of it, and completes the EventLog.
// Sends nothing. Throws JournalError when the EventLog knows commands that the journal has lost.
Recovered recover(const journal::Journal& journal, Venue& venue, journal::EventLog& events);

} // namespace tradehive::venue
