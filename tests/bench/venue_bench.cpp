// How fast the venue applies W1 with risk on, beside a plain array book without risk in the same run.
//
//   venue_bench [--rounds N] [--operations N]
//
// The venue: sessions, entitlements, ClOrdIDs, holds, fees, settlement, matching, events in memory; no
// journal, no sync, no queue. The two take turns; the figure of each is its median round.
#include "tests/bench/array_book.hpp"
#include "tests/bench/venue_commands.hpp"
#include "venue/venue.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace tradehive::bench {
namespace {

constexpr std::size_t batch = 256; // commands whose events are kept together, as the venue loop does

struct Applied {
    double nanoseconds{}; // a command
    std::size_t events{};
    std::size_t trades{};
};

template <class Work>
double nanoseconds_each(std::size_t count, Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    return took.count() / static_cast<double>(count);
}

Applied venue_round(const VenueCommands& commands, std::size_t prefill) {
    venue::Venue venue{venue::Capacity{commands.all().size()}};
    std::vector<Event> events;
    const std::size_t first = commands.setup() + prefill;
    const auto& all = commands.all();
    for (std::size_t i = 0; i < first; ++i)
        venue.apply(all[i], events);
    events.clear();
    Applied applied;
    applied.nanoseconds = nanoseconds_each(all.size() - first, [&] {
        for (std::size_t i = first; i < all.size(); ++i) {
            venue.apply(all[i], events);
            if (i % batch != 0) continue;
            applied.events += events.size();
            events.clear();
        }
    });
    Question question;
    question.what = AskVenue{};
    const Answer answer = venue.answer(question);
    applied.trades = std::get<VenueAnswer>(answer.what).trades;
    return applied;
}

double array_round(const Workload& workload) {
    constexpr std::int64_t reach = Workload::most_drift + 2 * Workload::most_offset;
    ArrayBook book{workload.operations.size(), Price{Workload::first_mid - reach},
                   Price{Workload::first_mid + reach}};
    std::uint64_t digest = 0;
    const auto apply = [&](const Operation& operation) {
        if (operation.cancels)
            book.cancel(operation.order);
        else
            book.enter(operation.order, operation.side, operation.limit, operation.quantity,
                       [&](OrderId maker, Price, Quantity) { digest = digest * 31 + maker.value(); });
    };
    for (std::size_t i = 0; i < workload.prefill; ++i)
        apply(workload.operations[i]);
    const double nanoseconds = nanoseconds_each(workload.operations.size() - workload.prefill, [&] {
        for (std::size_t i = workload.prefill; i < workload.operations.size(); ++i)
            apply(workload.operations[i]);
    });
    return digest == 0 ? 0 : nanoseconds;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
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
    for (int i = 1; i + 1 < argument_count; i += 2) {
        const std::string_view option = arguments[i];
        std::size_t& value = option == "--rounds" ? rounds : operations;
        value = std::strtoull(arguments[i + 1], nullptr, 10);
        if ((option != "--rounds" && option != "--operations") || value == 0) {
            fmt::print(stderr, "usage: venue_bench [--rounds N] [--operations N]\n");
            return EXIT_FAILURE;
        }
    }
    return tradehive::bench::run(rounds, operations);
}
