// What `tradehive journal dump` and `check` do: they read only, take no lock, and may run beside a venue.
#pragma once

#include "journal/journal.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <limits>
#include <string>
#include <vector>

namespace tradehive::journal {

struct DumpOptions {
    bool json{};
    Sequence from{1};
    Sequence to{std::numeric_limits<std::uint64_t>::max()}; // inclusive
};

// Prints each command, a line each, in order; a journal of whatever rules version. Throws JournalError at
// damage, after what is good before it has been printed. An unfinished tail is not damage.
void dump(const std::filesystem::path& directory, std::ostream& out, const DumpOptions& options);

// The same of an event log: from and to are event numbers.
struct EventDumpOptions {
    bool json{};
    EventNumber from{1};
    EventNumber to{std::numeric_limits<std::uint64_t>::max()}; // inclusive
};
void dump_events(const std::filesystem::path& directory, std::ostream& out, const EventDumpOptions& options);

struct CheckReport {
    std::size_t segments{};
    std::uint64_t commands{};
    Sequence first; // zero in an empty journal
    Sequence last;
    std::uint32_t rules_version{};    // of the last segment
    std::vector<std::string> damages; // each names file and offset; empty: whole
    // An unfinished tail, which the next start cuts off; or that rules versions differ. No damage.
    std::vector<std::string> notes;

    [[nodiscard]] bool whole() const noexcept { return damages.empty(); }
};

// Chain, checksums, and that no sequence is missing; the beginning may be, as far as the oldest snapshot
// reaches. Goes on after damage, to name all of it. Throws JournalError only when the directory cannot be
// read.
[[nodiscard]] CheckReport check(const std::filesystem::path& directory, Sequence oldest_snapshot = {});

} // namespace tradehive::journal
