// A journal for a bench to read.
#pragma once

#include "domain/command.hpp"
#include "journal/local_journal.hpp"

#include <cstddef>
#include <span>

namespace tradehive::bench {

// Appends them all, synced in batches. The journal is closed again.
inline void write_journal(const journal::LocalJournal::Options& options, std::span<const Command> commands) {
    constexpr std::size_t batch = 1024;
    const auto journal = journal::LocalJournal::open(options);
    for (std::size_t i = 0; i < commands.size(); ++i) {
        journal->append(commands[i]);
        if (i % batch == batch - 1) journal->sync();
    }
    journal->sync();
}

} // namespace tradehive::bench
