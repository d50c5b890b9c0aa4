// How long a start takes from a snapshot, beside a start that replays the whole journal; and what making one
// costs in time and memory.
//
//   snapshot_bench [--resting N] [--operations N]
//
// The journal is five days of W1 (workload.hpp) with so many orders resting before the operations begin, a
// quarter of which come after the snapshot. The EventLog is complete, the files are in the page cache;
// seconds are the processor's. The snapshot is made by the shipped program, in a process of its own, as a
// running venue has it made.
#include "journal/event_log.hpp"
#include "journal/local_journal.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/venue_commands.hpp"
#include "tests/bench/written_journal.hpp"
#include "tests/temporary_folder.hpp"
#include "venue/snapshots.hpp"
#include "venue/venue_loop.hpp"

#include <fmt/core.h>

#include <chrono>
#include <ctime>
#include <string_view>
#include <vector>

namespace tradehive::bench {
namespace {

namespace fs = std::filesystem;

// Of the processor: the files are in the page cache, and a start has nothing else to wait for than one sync.
template <class Work>
double processor_seconds_of(Work&& work) {
    const auto now = [] {
        timespec used{};
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
        return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
    };
    const auto start = now();
    work();
    return now() - start;
}

struct Data {
    fs::path folder;

    [[nodiscard]] journal::LocalJournal::Options journal(const journal::SegmentEnd& from) const {
        journal::LocalJournal::Options options;
        options.directory = folder / "journal";
        options.segment_bytes = 8 << 20; // the end of a segment is never far
        options.rules_version = venue::rules_version;
        options.snapshot = from;
        return options;
    }
    [[nodiscard]] std::unique_ptr<journal::EventLog> events() const {
        return journal::EventLog::open(
            {.directory = folder / "events", .events_in_memory = 1 << 16, .segment_bytes = 64 << 20});
    }
};

struct Start {
    double events{};   // opening the EventLog: every record of it is checked
    double snapshot{}; // loading and proving it
    double journal{};  // opening it
    double replay{};
    std::uint64_t commands{};
    std::uint64_t hash{};
    std::size_t open_orders{};

    [[nodiscard]] double all() const { return events + snapshot + journal + replay; }
};

Start start(const Data& data, const fs::path& snapshots) {
    Start result;
    std::unique_ptr<journal::EventLog> events;
    std::unique_ptr<journal::LocalJournal> journal;
    venue::Venue venue;
    venue::Start from;
    result.events = processor_seconds_of([&] { events = data.events(); });
    result.snapshot =
        processor_seconds_of([&] { from = venue::load_newest(snapshots, venue, events->end()); });
    result.journal =
        processor_seconds_of([&] { journal = journal::LocalJournal::open(data.journal(from.from)); });
    result.replay =
        processor_seconds_of([&] { result.commands = venue::recover(*journal, venue, *events).commands; });
    result.hash = venue.state_hash();
    Question question;
    question.what = AskVenue{};
    result.open_orders = std::get<VenueAnswer>(venue.answer(question).what).open_orders;
    return result;
}

void print(std::string_view what, const Start& whole, const Start& this_one) {
    fmt::print("| {} | {:.2f} | {:.2f} | {:.2f} | {:.2f} | {:.2f} | {:.2f} |\n", what, this_one.snapshot,
               this_one.journal, this_one.replay, this_one.events, this_one.all(),
               this_one.all() / whole.all());
}

int run(std::size_t resting, std::size_t operations) {
    const TemporaryFolder scratch;
    const Data data{scratch.path};
    std::vector<Command> after;
    {
        constexpr std::chrono::nanoseconds history = std::chrono::days{5};
        const auto step = history.count() / static_cast<std::int64_t>(resting + operations);
        const VenueCommands commands{Workload::w1(resting, operations), step};
        const auto before = commands.setup() + resting + operations * 3 / 4;
        write_journal(data.journal({}), std::span{commands.all()}.first(before));
        after.assign(commands.all().begin() + static_cast<std::ptrdiff_t>(before), commands.all().end());
    }
    (void)start(data, data.folder / "none"); // makes the EventLog, without which no snapshot is made
    {
        const auto journal = journal::LocalJournal::open(data.journal({}));
        journal->seal();
    }
    const auto make = shipped_venue().string() + " snapshot make " + data.folder.string();
    std::fflush(stdout);
    if (std::system(make.c_str()) != 0) return EXIT_FAILURE;
    write_journal(data.journal({}), after);

    (void)start(data, data.folder / "none"); // the rest of the EventLog
    const Start whole = start(data, data.folder / "none");
    const Start quick = start(data, data.folder / "snapshots");
    if (whole.hash != quick.hash) {
        fmt::print(stderr, "snapshot_bench: the two starts came to different states\n");
        return EXIT_FAILURE;
    }
    fmt::print("\n{} commands, {} orders open; {} commands after the snapshot\n\n", whole.commands,
               whole.open_orders, quick.commands);
    fmt::print(
        "| start | load snapshot s | open journal s | replay s | open EventLog s | together s | ratio |\n"
        "|---|---|---|---|---|---|---|\n");
    print("whole journal", whole, whole);
    print("from the snapshot", whole, quick);
    return EXIT_SUCCESS;
}

} // namespace
} // namespace tradehive::bench

int main(int argument_count, char** arguments) {
    std::size_t resting = 1'000'000;
    std::size_t operations = 2'000'000;
    return tradehive::bench::run_bench("snapshot_bench", argument_count, arguments,
                                       {{"--resting", resting}, {"--operations", operations}},
                                       [&] { return tradehive::bench::run(resting, operations); });
}
