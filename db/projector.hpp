// The projector: a thread that follows the EventLog and keeps the SQL tables of 002_projection.sql.
//
// It goes on where the database's own position says; that position is in the same transaction as the rows,
// so a kill at any moment leaves neither half a batch nor one twice. It never holds up the venue: while the
// database is away it tries again with growing pauses, and catches up. The EventLog keeps what it has not
// projected yet (follower "projector").
//
// It stops for good, after an alarm, when going on would make wrong rows: see Alarm.
#pragma once

#include "db/database.hpp"
#include "domain/ports.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace tradehive::db {

class Projection;
class Retention;

enum class Alarm : std::uint8_t {
    database_away,    // an outage, and again when its cause changes; it tries on
    database_back,    // after that, once
    retention_failed, // old rows stay; tried again later, told again when the cause changes
    // Stopped for good:
    database_ahead, // it has projected events that the EventLog does not have: the venue has lost commands.
                    // The venue should halt.
    other_venue,    // it belongs to another venue
    events_gone,    // the EventLog no longer keeps the next event that the database needs
    schema_refused, // of a newer program
    unknown_event,  // an event that this program does not know
};

[[nodiscard]] std::string_view name(Alarm alarm) noexcept;

class Projector {
public:
    struct Options {
        DatabaseOptions database;
        std::string venue;                          // whose database it must be; empty: anybody's
        std::size_t batch{1024};                    // events a transaction at most
        std::chrono::milliseconds linger{20};       // when there is little to do, wait so long for more of it
        std::chrono::milliseconds first_pause{100}; // after a failure; doubles with each further one
        std::chrono::milliseconds longest_pause{10'000};
        std::chrono::seconds kept{}; // ended orders and trades, see retention.hpp; zero: for ever
        std::chrono::milliseconds between_retentions{60'000};
        long long partition_ids{1'000'000}; // PostgreSQL: ids a partition
    };
    // For an operator.
    struct Status {
        bool up{};      // the last attempt to reach the database went well
        bool stopped{}; // for good
        std::uint64_t events_behind{};
        std::chrono::seconds behind{}; // age of the oldest event that is not projected
        std::string last_error;        // newest; stays after it is mended
        std::chrono::system_clock::time_point last_error_at;
    };
    // On the projector's thread; must not throw. The text is for the log.
    using OnAlarm = std::function<void(Alarm, std::string_view text)>;

    // Starts the thread; never waits for the database. The events outlive the projector, and their log is
    // complete (recovery is over).
    Projector(Options options, EventReader& events, OnAlarm on_alarm);
    Projector(const Projector&) = delete;
    Projector& operator=(const Projector&) = delete;
    ~Projector(); // ends at once; what is under way is projected again another time

    // Any thread:

    // Events published and not yet in the database; before the first look at the database, all of them.
    [[nodiscard]] std::uint64_t lag() const;
    // Number of the next event to project; zero before the first look at the database.
    [[nodiscard]] EventNumber position() const noexcept;
    [[nodiscard]] bool stopped() const noexcept { return stopped_.load(); } // for good
    [[nodiscard]] Status status() const;
    // Waits until the event before `position` is in the database. False: not within the time, or stopped.
    [[nodiscard]] bool wait_for(EventNumber position, std::chrono::milliseconds patience);

private:
    void run(const std::stop_token& stop);
    void follow(const std::stop_token& stop);
    void project_from(EventNumber from, Projection& projection, Retention& retention,
                      const std::stop_token& stop);
    [[nodiscard]] bool can_go_on_from(EventNumber position);
    void reached(EventNumber position);
    void went_well();
    void failed(std::string_view what);
    void stop_for_good(Alarm alarm, const std::string& text);
    void pause(std::chrono::milliseconds time, const std::stop_token& stop);
    void wait_for_events(const std::stop_token& stop);
    void drop_old(Retention& retention);

    const Options options_;
    EventReader& events_;
    const OnAlarm on_alarm_;

    std::atomic<std::uint64_t> position_{0};
    std::atomic<bool> stopped_{false};
    // The projector's thread only:
    std::chrono::milliseconds pause_{};
    std::string retention_told_; // why it failed the last time; empty: it did not
    std::string told_;           // of the outage under way; empty: there is none
    Timestamp newest_;           // of the events projected
    std::chrono::steady_clock::time_point next_retention_;

    mutable std::mutex mutex_; // held for moments only: the venue's thread takes it to say `published`
    std::condition_variable_any changed_;
    bool published_{};
    bool up_{};
    std::string last_error_;
    std::chrono::system_clock::time_point last_error_at_;

    std::shared_ptr<void> subscription_;
    std::jthread thread_;
};

} // namespace tradehive::db
