// Snapshots of the venue: made by replaying sealed segments into a venue of its own, never the live one, and
// read again at start.
//
// A snapshot stands where a sealed segment ends, and names that segment by its SHA-256; so it belongs to one
// journal, and to one place in it. It is trusted when its end mark proves the file, its bytes load as a state
// that breaks no invariant, and that state saves to the same bytes.
//
// Threads: one owner each; making takes the lock of the snapshots' directory.
#pragma once

#include "journal/sealed_segments.hpp"
#include "journal/snapshot_file.hpp"
#include "venue/venue.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tradehive::venue {

struct Start {
    journal::SegmentEnd from; // all zero: the first command
    // Newer snapshots, and why each of them was not used.
    std::vector<std::string> passed_over;
};

// Loads the newest snapshot that is good and begins no later than the event log ends: what comes after a
// snapshot is made again from the journal, what came before it cannot be. When there is none the venue stays
// as it is. Throws JournalError only when the directory cannot be read.
[[nodiscard]] Start load_newest(const std::filesystem::path& snapshots, Venue& venue,
                                EventNumber event_log_end = EventNumber{
                                    std::numeric_limits<std::uint64_t>::max()});

// The last sequence of the newest snapshot, whether it is good or not; zero when there is none. A journal
// that ends before it has lost commands.
[[nodiscard]] Sequence newest_snapshot(const std::filesystem::path& snapshots);

struct LoadedSnapshot {
    journal::SnapshotHeader header;
    journal::SnapshotEnd end;
};

// One snapshot, loaded and proved. Throws JournalError, and then the venue is as it was.
LoadedSnapshot load_snapshot(const journal::SnapshotName& name, Venue& venue);

struct SnapshotWork {
    std::filesystem::path journal;
    std::filesystem::path snapshots; // made when it is not there
    std::filesystem::path events;    // made durable up to the new snapshot before that gets its name
    std::size_t keep{2};             // good ones, the new one among them
    std::function<void(std::string_view what)> note{[](std::string_view) {}};
};

struct MadeSnapshot {
    journal::SnapshotName name;
    std::uint64_t commands{}; // replayed for it
    std::uint64_t bytes{};    // of the file
    std::uint64_t state_hash{};
};

// Of all that is sealed, from the newest good snapshot on; read again and proved before it gets its name, and
// before older ones beyond `keep` are removed. Older ones that are damaged get the name ".damaged" and do not
// count. Nothing when no segment was sealed since the newest. Throws JournalError, and then nothing was
// removed.
[[nodiscard]] std::optional<MadeSnapshot> make_snapshot(const SnapshotWork& work);

struct Rehearsal {
    Sequence from; // the snapshot that it began with; zero: the first command
    Sequence last;
    std::uint64_t commands{};
    std::uint64_t snapshots{};  // that the replay came by and agreed with
    std::uint64_t state_hash{}; // at the end
    std::vector<std::string> faults;
};

// Replays the whole journal as far back as it and the snapshots go, under this program's rules. Each snapshot
// on the way must be the state that the replay has there; the invariants must hold there, every so many
// commands, and at the end. Beside a running venue or without one. Throws JournalError when the journal
// cannot be read.
[[nodiscard]] Rehearsal rehearse(const std::filesystem::path& journal,
                                 const std::filesystem::path& snapshots);

} // namespace tradehive::venue
