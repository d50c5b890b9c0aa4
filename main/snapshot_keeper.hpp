// Has snapshots made beside the running venue, and keeps the journal short.
//
// A snapshot is made by a child process, `tradehive snapshot make` of this same program, at the lowest
// priority: it shares nothing with the venue but files that never change again, its memory is its own and
// goes with it, and if it fails the venue does not notice. It ends with the venue.
//
// After each new snapshot the rule for old segments is applied: of the journal everything stays that the
// oldest kept snapshot needs, and only after the EventLog up to that snapshot is on the disk itself, since
// what the EventLog loses of what came before it can then no longer be made again.
//
// Threads: one owner, main's. look() takes a few reads of directories and never waits.
#pragma once

#include "journal/local_journal.hpp"
#include "main/configuration.hpp"

#include <sys/types.h>

#include <chrono>
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
    void drop_old_segments();

    const Configuration configuration_;
    journal::LocalJournal& journal_;
    std::chrono::steady_clock::time_point next_by_clock_;
    std::chrono::steady_clock::time_point not_before_;
    pid_t child_{};
    int output_{-1}; // what the child says
    std::string said_;
};

} // namespace tradehive::main
