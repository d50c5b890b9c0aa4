// How fast the venue applies W1 with risk on, beside a plain array book without risk in the same run.
//
//   venue_bench [--rounds N] [--operations N]
//
// The venue: sessions, entitlements, ClOrdIDs, holds, fees, settlement, matching, events in memory; no
// journal, no sync, no queue. The two take turns; the figure of each is its median round.
#include "tests/bench/array_book.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/venue_commands.hpp"
#include "venue/venue.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <vector>

namespace tradehive::bench {
namespace {

constexpr std::size_t batch = 256; // commands whose events are kept together, as the venue loop does

struct Applied {
    double nanoseconds{}; // a command
    std::size_t events{};
    std::size_t trades{};
};

Applied venue_round(const VenueCommands& commands, std::size_t prefill) {
    venue::Venue venue{venue::Capacity{commands.all().size()}};
    std::vector<Event> events;
    const std::size_t first = commands.setup() + prefill;
    const auto& all = commands.all();
    for (std::size_t i = 0; i < first; ++i)
        venue.apply(all[i], events);
    events.clear();
    Applied applied;
    const double seconds = seconds_of([&] {
        for (std::size_t i = first; i < all.size(); ++i) {
            venue.apply(all[i], events);
            if (i % batch != 0) continue;
            applied.events += events.size();
            events.clear();
        }
    });
    applied.nanoseconds = seconds * 1e9 / static_cast<double>(all.size() - first);
    Question question;
    question.what = AskVenue{};
    const Answer answer = venue.answer(question);
    applied.trades = std::get<VenueAnswer>(answer.what).trades;
    return applied;
}

double array_round(const Workload& workload) {
    auto book = array_book_for(workload);
    std::uint64_t digest = 0;
    const auto apply_to_book = [&](const Operation& operation) {
        apply(operation, book, [&](OrderId maker, Price, Quantity) { digest = digest * 31 + maker.value(); });
    };
    const std::span operations{workload.operations};
    std::ranges::for_each(operations.first(workload.prefill), apply_to_book);
    const auto timed = operations.subspan(workload.prefill);
    const double seconds = seconds_of([&] { std::ranges::for_each(timed, apply_to_book); });
    return digest == 0 ? 0 : seconds * 1e9 / static_cast<double>(timed.size());
}

int run(std::size_t rounds, std::size_t operations) {
    const Workload workload = Workload::w1(std::min<std::size_t>(10'000, operations), operations);
    const VenueCommands commands{workload};
    std::vector<double> venue;
    std::vector<double> book;
    Applied last;
    for (std::size_t round = 0; round < rounds; ++round) {
        last = venue_round(commands, workload.prefill);
        venue.push_back(last.nanoseconds);
        book.push_back(array_round(workload));
    }
    fmt::print("W1: {} orders before, {} operations, {} fills; {} rounds, alternating\n\n", workload.prefill,
               operations, workload.fills, rounds);
    fmt::print("| | median ns an operation | a second | ratio |\n|---|---|---|---|\n");
    fmt::print("| venue, risk on | {:.0f} | {:.0f} | {:.1f} |\n", median(venue), 1e9 / median(venue),
               median(venue) / median(book));
    fmt::print("| plain array book, no risk | {:.1f} | {:.0f} | 1 |\n", median(book), 1e9 / median(book));
    fmt::print("\n{:.2f} events an operation\n",
               static_cast<double>(last.events) / static_cast<double>(operations));
    return last.trades >= workload.fills ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace
} // namespace tradehive::bench

int main(int argument_count, char** arguments) {
    std::size_t rounds = 5;
    std::size_t operations = 1'000'000;
    return tradehive::bench::run_bench("venue_bench", argument_count, arguments,
                                       {{"--rounds", rounds}, {"--operations", operations}},
                                       [&] { return tradehive::bench::run(rounds, operations); });
}
