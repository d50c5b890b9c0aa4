// How fast a venue comes back from its journal, beside a bare loop that reads the same files and checks each
// record's CRC and does nothing else.
//
//   recovery_bench [--rounds N] [--operations N]
//
// The journal is W1 (workload.hpp) as commands of two FIX sessions, risk on. The four take turns; the figure
// of each is its median round. Files are in the page cache: what is measured is work, not the disk's reading.
#include "journal/event_log.hpp"
#include "journal/file.hpp"
#include "journal/local_journal.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/venue_commands.hpp"
#include "tests/bench/written_journal.hpp"
#include "tests/temporary_folder.hpp"
#include "venue/venue_loop.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

namespace tradehive::bench {
namespace {

namespace fs = std::filesystem;

// Records in all segments; throws when one is damaged.
std::size_t check_bare(const fs::path& directory) {
    std::size_t records = 0;
    for (const auto& segment : journal::list_segments(directory)) {
        const auto bytes = journal::read_whole(segment.path);
        std::span<const std::byte> rest{bytes};
        rest = rest.subspan(sizeof(journal::SegmentHeader));
        while (rest.size() >= journal::least_record_bytes) {
            journal::RecordPrefix prefix;
            std::memcpy(&prefix, rest.data(), sizeof(prefix));
            if (prefix.length == 0) break; // the zeros behind the content
            const std::size_t whole = sizeof(prefix) + prefix.length;
            if (whole > rest.size() || journal::crc32c(rest.subspan(4, whole - 4)) != prefix.crc32c)
                throw journal::JournalError{segment.path.string() + ": damaged"};
            rest = rest.subspan(whole);
            ++records;
        }
    }
    return records;
}

struct Recovery {
    double seconds{};
    std::uint64_t commands{};
    std::uint64_t events{};
    std::uint64_t hash{};
};

Recovery recover(const journal::Journal& journal, const fs::path& events) {
    venue::Venue venue;
    const auto log = journal::EventLog::open(
        {.directory = events, .events_in_memory = 1 << 16, .segment_bytes = 64 << 20});
    Recovery result;
    result.seconds = seconds_of([&] { result.commands = venue::recover(journal, venue, *log).commands; });
    result.events = venue.next_event().value() - 1;
    result.hash = venue.state_hash();
    return result;
}

void print(std::string_view what, double seconds, double bare, std::size_t commands) {
    fmt::print("| {} | {:.3f} | {:.0f} | {:.1f} |\n", what, seconds, static_cast<double>(commands) / seconds,
               seconds / bare);
}

int run(std::size_t rounds, std::size_t operations) {
    const VenueCommands commands{Workload::w1(std::min<std::size_t>(10'000, operations), operations)};
    const TemporaryFolder scratch;
    journal::LocalJournal::Options options;
    options.directory = scratch / "journal";
    write_journal(options, commands.all());

    std::vector<double> bare;
    std::vector<double> opened;
    std::vector<double> complete; // nothing of the EventLog is missing: an ordinary start
    std::vector<double> lost;     // all of it is, and is made again
    Recovery last = recover(*journal::LocalJournal::open(options), scratch / "events");
    for (std::size_t round = 0; round < rounds; ++round) {
        std::size_t records = 0;
        bare.push_back(seconds_of([&] { records = check_bare(options.directory); }));
        std::unique_ptr<journal::LocalJournal> journal;
        opened.push_back(seconds_of([&] { journal = journal::LocalJournal::open(options); }));
        const Recovery with = recover(*journal, scratch / "events");
        const Recovery without = recover(*journal, scratch / "events-again");
        fs::remove_all(scratch / "events-again");
        complete.push_back(with.seconds);
        lost.push_back(without.seconds);
        if (records != commands.all().size() || with.commands != records || without.commands != records ||
            with.hash != last.hash || without.hash != last.hash || with.events != without.events) {
            fmt::print(stderr, "recovery_bench: the rounds came to different states\n");
            return EXIT_FAILURE;
        }
    }
    const std::size_t count = commands.all().size();
    fmt::print("{} commands, {} events; {} rounds, alternating\n\n", count, last.events, rounds);
    fmt::print("| | median s | commands a second | ratio |\n|---|---|---|---|\n");
    const double baseline = median(bare);
    print("read and check CRCs, nothing else", baseline, baseline, count);
    print("open the journal: check all, rewrite the last segment", median(opened), baseline, count);
    print("recover, EventLog complete", median(complete), baseline, count);
    print("recover, EventLog lost: all events made again", median(lost), baseline, count);
    return EXIT_SUCCESS;
}

} // namespace
} // namespace tradehive::bench

int main(int argument_count, char** arguments) {
    std::size_t rounds = 5;
    std::size_t operations = 500'000;
    return tradehive::bench::run_bench("recovery_bench", argument_count, arguments,
                                       {{"--rounds", rounds}, {"--operations", operations}},
                                       [&] { return tradehive::bench::run(rounds, operations); });
}
