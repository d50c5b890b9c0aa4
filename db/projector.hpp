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

enum class Alarm : std::uint8_t {
    database_away, // once for each outage; it tries on
    database_back, // after that, once
    // Stopped for good:
    database_ahead, // it has projected events that the EventLog does not have: the venue has lost commands,
                    // or this is another venue's database. The venue should halt.
    events_gone,    // the EventLog no longer keeps the next event that the database needs
    schema_refused, // of a newer program
    unknown_event,  // an event that this program does not know
};

[[nodiscard]] std::string_view name(Alarm alarm) noexcept;

class Projector {
public:
    struct Options {
        DatabaseOptions database;
        std::size_t batch{1024};                    // events a transaction at most
        std::chrono::milliseconds linger{20};       // when there is little to do, wait so long for more of it
        std::chrono::milliseconds first_pause{100}; // after a failure; doubles with each further one
        std::chrono::milliseconds longest_pause{10'000};
    };
    // On the projector's thread; must not throw. The text is for the log.
    using OnAlarm = std::function<void(Alarm, std::string_view text)>;

    // Starts the thread; never waits for the database. The events outlive the projector, and their log is
    // complete (recovery is over).
    Projector(Options options, EventReader& events, OnAlarm on_alarm);
    Projector(const Projector&) = delete;
    Projector& operator=(const Projector&) = delete;
    ~Projector(); // ends after the batch under way

    // Any thread:

    // Events published and not yet in the database; before the first look at the database, all of them.
    [[nodiscard]] std::uint64_t lag() const;
    // Number of the next event to project; zero before the first look at the database.
    [[nodiscard]] EventNumber position() const noexcept;
    [[nodiscard]] bool stopped() const noexcept { return stopped_.load(); } // for good
    // Waits until the event before `position` is in the database. False: not within the time, or stopped.
    [[nodiscard]] bool wait_for(EventNumber position, std::chrono::milliseconds patience);

private:
    void run(const std::stop_token& stop);
    void follow(const std::stop_token& stop);
    void project_from(EventNumber from, Projection& projection, const std::stop_token& stop);
    [[nodiscard]] bool can_go_on_from(EventNumber position);
    void reached(EventNumber position);
    void went_well();
    void failed(std::string_view what);
    void stop_for_good(Alarm alarm, const std::string& text);
    void pause(std::chrono::milliseconds time, const std::stop_token& stop);
    void wait_for_events(const std::stop_token& stop);

    const Options options_;
    EventReader& events_;
    const OnAlarm on_alarm_;

    std::atomic<std::uint64_t> position_{0};
    std::atomic<bool> stopped_{false};
    bool away_{};                       // the projector's thread only
    std::chrono::milliseconds pause_{}; // the projector's thread only

    mutable std::mutex mutex_; // held for moments only: the venue's thread takes it to say `published`
    std::condition_variable_any changed_;
    bool published_{};

    std::shared_ptr<void> subscription_;
    std::jthread thread_;
};

} // namespace tradehive::db
