// All that a venue keeps, locked, proved and brought up to its last durable command; nothing is served yet.
//
// EventLog and message stores say what they know → the newest good snapshot that begins within the EventLog →
// the journal opens against all of that → what comes after the snapshot is replayed, and what the EventLog
// lacks is made again.
#pragma once

#include "journal/event_log.hpp"
#include "journal/local_journal.hpp"
#include "main/configuration.hpp"
#include "venue/snapshots.hpp"
#include "venue/venue.hpp"
#include "venue/venue_loop.hpp"

#include <chrono>
#include <memory>

namespace tradehive::main {

struct RecoveredVenue {
    // take_over: see LocalJournal::Options. Throws what is wrong as std::exception.
    explicit RecoveredVenue(const Configuration& configuration, bool take_over = false);

    std::unique_ptr<journal::EventLog> events;
    venue::Venue venue;
    venue::Start start;
    std::unique_ptr<journal::LocalJournal> journal;
    venue::Recovered recovered;
    std::chrono::duration<double> took{};
};

} // namespace tradehive::main
