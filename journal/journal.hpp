// The journal: the one order of all commands, on disk before anything is applied.
//
// This is the port; LocalJournal (local_journal.hpp) keeps it in local files. Nothing outside this folder may
// assume files.
//
// Thread rule: one owner at a time, the venue's thread once the venue runs.
#pragma once

#include "domain/command.hpp"

#include <functional>
#include <stdexcept>

namespace tradehive::journal {

// The outcome of a write or sync is unknown, or what is on disk cannot be trusted. what() says what was
// wrong, where, and what to do. The venue never goes on after it.
class JournalError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Journal {
public:
    Journal() = default;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    virtual ~Journal() = default;

    // The last command that is durable or appended; zero in an empty journal.
    [[nodiscard]] virtual Sequence last() const noexcept = 0;

    // Takes the next command, header stamped with last() + 1. Not durable before sync() returns.
    virtual void append(const Command& command) = 0;

    // Everything appended is durable when this returns. Throws JournalError.
    virtual void sync() = 0;

    // Hands over each durable command from that sequence on, in order. Throws JournalError.
    virtual void replay(Sequence from, const std::function<void(const Command&)>& visit) const = 0;
};

} // namespace tradehive::journal
