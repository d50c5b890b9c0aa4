// Has snapshots made beside the running venue, and keeps the journal short.
//
// A snapshot is made by a child process, `tradehive snapshot make` of this same program, at the lowest
// priority: it shares nothing with the venue but files that never change again, its memory is its own and
// goes with it, and if it fails the venue does not notice. It ends with the venue.
//
// After each new snapshot the rule for old segments is applied: of the journal everything stays that the
// oldest kept snapshot needs. The EventLog up to there is on the disk itself by then, since what it loses of
// that can no longer be made again: no snapshot has a name before (venue/snapshots.hpp). An archive has a
// folder for each venue.
//
// Threads: one owner, main's. look() moves one segment at most, and waits for nothing else.
#pragma once

#include "journal/local_journal.hpp"
#include "main/configuration.hpp"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

namespace tradehive::main {

class SnapshotKeeper {
public:
    SnapshotKeeper(const Configuration& configuration, journal::LocalJournal& journal);
    SnapshotKeeper(const SnapshotKeeper&) = delete;
    SnapshotKeeper& operator=(const SnapshotKeeper&) = delete;
    ~SnapshotKeeper(); // ends the child

    // Now and then: begins a snapshot when it is time, sees one through that is under way.
    void look();

private:
    [[nodiscard]] bool is_time() const;
    void start_child();
    void see_child();
    void child_ended(int status);
    void drop_one_segment();

    const Configuration configuration_;
    journal::LocalJournal& journal_;
    Sequence newest_;                   // of the snapshots
    std::optional<Sequence> droppable_; // segments up to there
    std::size_t dropped_{};             // of those, so far
    std::chrono::steady_clock::time_point next_by_clock_;
    std::chrono::steady_clock::time_point not_before_;
    pid_t child_{};
    int output_{-1}; // what the child says
    std::string said_;
};

} // namespace tradehive::main
