#include "main/recovered_venue.hpp"

#include "acceptor/message_store.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace tradehive::main {

namespace {

// What any other file of this machine has seen is what the journal must reach.
journal::LocalJournal::Options journal_options(const Configuration& configuration,
                                               const journal::EventLog& events, const venue::Start& start) {
    journal::LocalJournal::Options options;
    options.directory = configuration.journal_directory();
    options.segment_bytes = configuration.journal.segment_bytes;
    options.rules_version = venue::rules_version;
    options.snapshot = start.from;
    options.highest_known_elsewhere =
        std::max({events.highest_sequence(), venue::newest_snapshot(configuration.snapshot_directory()),
                  acceptor::SessionStore::highest_sequence(configuration.session_directory())});
    return options;
}

std::unique_ptr<journal::LocalJournal> open_journal(journal::LocalJournal::Options options,
                                                    const venue::Start& start, bool take_over) {
    options.take_over = take_over;
    try {
        return journal::LocalJournal::open(options);
    } catch (const journal::JournalError& error) {
        if (start.passed_over.empty()) throw;
        throw journal::JournalError{fmt::format("{} These snapshots could not be used instead: {}",
                                                error.what(), fmt::join(start.passed_over, "; "))};
    }
}

} // namespace

RecoveredVenue::RecoveredVenue(const Configuration& configuration, bool take_over)
    : events{journal::EventLog::open(
          {configuration.event_directory(), configuration.event_log.events_in_memory,
           configuration.event_log.segment_bytes, configuration.event_log.most_wait})} {
    const auto began = std::chrono::steady_clock::now();
    start = venue::load_newest(configuration.snapshot_directory(), venue, events->end());
    for (const auto& why : start.passed_over)
        spdlog::warn("a snapshot is passed over: {}", why);
    journal = open_journal(journal_options(configuration, *events, start), start, take_over);
    recovered = venue::recover(*journal, venue, *events);
    took = std::chrono::steady_clock::now() - began;
}

} // namespace tradehive::main
