#include "venue/snapshots.hpp"

#include "journal/event_segment.hpp"
#include "venue/state_bytes.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace tradehive::venue {

namespace fs = std::filesystem;

namespace {

// A venue that trades nothing grows to what it needs.
constexpr Capacity small{16};
constexpr std::uint64_t commands_between_checks = 100'000;

journal::SegmentEnd end_of(const journal::SnapshotHeader& header) {
    return {header.sequence, header.journal_content, header.journal_sha256};
}

journal::SnapshotHeader header_of(const Venue& venue, const journal::SegmentEnd& at) {
    journal::SnapshotHeader header;
    header.rules = rules_version;
    header.sequence = venue.last_sequence();
    header.next_event = venue.next_event();
    header.time = venue.last_time();
    header.journal_content = at.content_bytes;
    header.journal_sha256 = at.sha256;
    header.layout = state_layout;
    return header;
}

// Keeps so many good ones of those before the newest.
void remove_older(const SnapshotWork& work) {
    auto names = journal::list_snapshots(work.snapshots);
    std::size_t kept = 0;
    for (const auto& name : names | std::views::reverse) {
        if (kept == work.keep) {
            fs::remove(name.path);
            continue;
        }
        try {
            journal::check_snapshot(name);
            ++kept;
        } catch (const journal::JournalError& damage) {
            work.note(damage.what());
            fs::rename(name.path, fs::path{name.path}.concat(".damaged"));
        }
    }
    journal::sync_directory(work.snapshots, journal::FileOperations::system());
}

// The oldest place from which everything can be replayed under this program's rules.
journal::SegmentEnd oldest_start(const fs::path& journal, const std::vector<journal::SnapshotName>& snapshots,
                                 Venue& venue, Rehearsal& rehearsal) {
    Sequence ours; // the first of the newest unbroken run of segments under these rules
    const auto segments = journal::list_segments(journal);
    for (const auto& name : segments | std::views::reverse) {
        const auto header = journal::read_segment_header(name);
        if (header.rules != rules_version) break;
        ours = header.first;
    }
    if (ours == Sequence{1} || segments.empty()) return {};
    for (const auto& name : snapshots) {
        if (name.sequence.value() + 1 < ours.value()) continue;
        try {
            const auto header = load_snapshot(name, venue).header;
            rehearsal.from = header.sequence;
            return end_of(header);
        } catch (const journal::JournalError& damage) {
            rehearsal.faults.emplace_back(damage.what());
        }
    }
    throw journal::JournalError{
        "there is neither a good snapshot to replay the journal from under rules version " +
        std::to_string(rules_version) + ", nor its beginning"};
}

} // namespace

Rehearsal rehearse(const fs::path& journal, const fs::path& snapshots) {
    Rehearsal rehearsal;
    const auto names = journal::list_snapshots(snapshots);
    Venue venue{small};
    const auto start = oldest_start(journal, names, venue, rehearsal);
    const auto fault = [&](std::string_view what) {
        rehearsal.faults.push_back("after command " + std::to_string(venue.last_sequence().value()) + ": " +
                                   std::string{what});
    };
    const auto check = [&] {
        if (const auto broken = venue.violation(); !broken.empty()) fault(broken);
    };
    const auto compare = [&](const journal::SnapshotName& name) {
        check();
        try {
            const auto end = journal::SnapshotReader{name}.finish();
            if (state_hash(end.state_sha256) != venue.state_hash())
                fault("the replay has another state than " + name.path.string());
            ++rehearsal.snapshots;
        } catch (const journal::JournalError& damage) {
            rehearsal.faults.emplace_back(damage.what());
        }
    };
    auto next = std::ranges::upper_bound(names, start.sequence, {}, &journal::SnapshotName::sequence);
    std::vector<Event> events;
    journal::replay_all(journal, start, rules_version, [&](const Command& command) {
        events.clear();
        venue.apply(command, events);
        if (++rehearsal.commands % commands_between_checks == 0) check();
        if (next != names.end() && next->sequence == command.header.sequence) compare(*next++);
    });
    check();
    rehearsal.last = venue.last_sequence();
    rehearsal.state_hash = venue.state_hash();
    return rehearsal;
}

LoadedSnapshot load_snapshot(const journal::SnapshotName& name, Venue& venue) {
    journal::SnapshotReader reader{name};
    const auto& header = reader.header();
    journal::SnapshotEnd end;
    if (header.rules > rules_version)
        throw journal::JournalError{name.path.string() + " was made under rules version " +
                                    std::to_string(header.rules) + ", but this program applies version " +
                                    std::to_string(rules_version)};
    Venue loaded{venue.capacity()};
    try {
        const auto state = loaded.load(reader, header.layout);
        end = reader.finish();
        if (state != end.state_sha256 || loaded.last_sequence() != header.sequence ||
            loaded.next_event() != header.next_event || loaded.last_time() != header.time)
            throw StateError{"it is not the state that its header tells of"};
    } catch (const StateError& error) {
        throw journal::JournalError{name.path.string() + ": " + error.what() +
                                    "; this snapshot cannot be used"};
    }
    venue = std::move(loaded);
    return {header, end};
}

Start load_newest(const fs::path& snapshots, Venue& venue, EventNumber event_log_end) {
    Start start;
    for (const auto& name : journal::list_snapshots(snapshots) | std::views::reverse) {
        try {
            const auto next = journal::SnapshotReader{name}.header().next_event;
            if (next > event_log_end)
                throw journal::JournalError{
                    name.path.string() + " goes on with event " + std::to_string(next.value()) +
                    ", but the event log ends before " + std::to_string(event_log_end.value())};
            start.from = end_of(load_snapshot(name, venue).header);
            return start;
        } catch (const journal::JournalError& error) {
            start.passed_over.emplace_back(error.what());
        }
    }
    return start;
}

Sequence newest_snapshot(const fs::path& snapshots) {
    const auto names = journal::list_snapshots(snapshots);
    return names.empty() ? Sequence{} : names.back().sequence;
}

std::optional<MadeSnapshot> make_snapshot(const SnapshotWork& work) {
    journal::make_directory(work.snapshots, journal::FileOperations::system());
    const journal::DirectoryLock lock{work.snapshots, "folder of snapshots"};
    journal::refuse_unsynced_events(work.events); // nothing older goes any more
    MadeSnapshot made;
    Venue venue{small};
    const auto start = load_newest(work.snapshots, venue);
    for (const auto& why : start.passed_over)
        work.note(why);
    std::vector<Event> events;
    const auto at =
        journal::replay_sealed(work.journal, start.from, rules_version, [&](const Command& command) {
            events.clear();
            venue.apply(command, events);
            ++made.commands;
        });
    if (at == start.from) return std::nullopt;
    const auto header = header_of(venue, at);
    journal::SnapshotWriter writer{work.snapshots, header};
    venue.save(writer);
    const auto unnamed = writer.finish();
    venue = Venue{small}; // its memory is wanted for the proof
    const auto proved = load_snapshot(unnamed, venue);
    // A start takes no snapshot that begins behind the end of the EventLog; and when this one has its name,
    // journal may go.
    journal::sync_event_segments(work.events, header.next_event);
    made.name = writer.give_name();
    made.bytes = proved.end.bytes;
    made.state_hash = state_hash(proved.end.state_sha256);
    remove_older(work);
    return made;
}

} // namespace tradehive::venue
