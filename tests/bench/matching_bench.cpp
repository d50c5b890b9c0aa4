// How fast the book is on W1 (workload.hpp), beside a plain array book in the same run.
//
//   matching_bench [--rounds N] [--operations N]
//
// The books take turns; the figure of each is its median round. Both must come to the same fills.
#include "matching/order_book.hpp"
#include "tests/bench/array_book.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/workload.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

namespace tradehive::bench {
namespace {

// Of the fills, in order.
class Digest {
public:
    void add(OrderId maker, Price price, Quantity quantity) noexcept {
        for (const std::uint64_t value : {maker.value(), static_cast<std::uint64_t>(price.value()),
                                          static_cast<std::uint64_t>(quantity.value())})
            value_ = value_ * 31 + value;
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

private:
    std::uint64_t value_ = 0;
};

struct Round {
    double nanoseconds; // an operation
    std::uint64_t digest;
};

// apply(operation, digest) for each; the clock runs after the prefill.
template <class Apply>
Round timed(const Workload& workload, Apply&& apply) {
    Digest digest;
    const auto first_timed = workload.operations.begin() + static_cast<std::ptrdiff_t>(workload.prefill);
    for (auto operation = workload.operations.begin(); operation != first_timed; ++operation)
        apply(*operation, digest);
    const double seconds = seconds_of([&] {
        for (auto operation = first_timed; operation != workload.operations.end(); ++operation)
            apply(*operation, digest);
    });
    return {seconds * 1e9 / static_cast<double>(workload.operations.end() - first_timed), digest.value()};
}

Round order_book(const Workload& workload) {
    matching::OrderBook book{workload.prefill};
    return timed(workload, [&](const Operation& operation, Digest& digest) {
        if (operation.cancels) {
            book.cancel(operation.order);
            return;
        }
        book.enter({.order = operation.order,
                    .owner = static_cast<std::uint32_t>(operation.side),
                    .side = operation.side,
                    .limit = operation.limit,
                    .quantity = operation.quantity,
                    .rests = true},
                   [&](const matching::Fill& fill) { digest.add(fill.maker, fill.price, fill.quantity); });
    });
}

Round array_book(const Workload& workload) {
    auto book = array_book_for(workload);
    return timed(workload, [&](const Operation& operation, Digest& digest) {
        apply(operation, book,
              [&](OrderId maker, Price price, Quantity quantity) { digest.add(maker, price, quantity); });
    });
}

int run(std::size_t rounds, std::size_t operations) {
    const Workload workload = Workload::w1(std::min<std::size_t>(10'000, operations), operations);
    std::vector<double> book;
    std::vector<double> baseline;
    for (std::size_t round = 0; round < rounds; ++round) {
        const Round ours = order_book(workload);
        const Round theirs = array_book(workload);
        if (ours.digest != theirs.digest) {
            fmt::print(stderr, "matching_bench: the two books came to different fills\n");
            return EXIT_FAILURE;
        }
        book.push_back(ours.nanoseconds);
        baseline.push_back(theirs.nanoseconds);
    }
    fmt::print("W1: {} orders before, {} operations, {} fills; {} rounds, alternating\n\n", workload.prefill,
               operations, workload.fills, rounds);
    fmt::print("| book | median ns an operation | least | ratio |\n|---|---|---|---|\n");
    fmt::print("| OrderBook | {:.1f} | {:.1f} | {:.2f} |\n", median(book), std::ranges::min(book),
               median(book) / median(baseline));
    fmt::print("| plain array book | {:.1f} | {:.1f} | 1 |\n", median(baseline), std::ranges::min(baseline));
    return EXIT_SUCCESS;
}

} // namespace
} // namespace tradehive::bench

int main(int argument_count, char** arguments) {
    std::size_t rounds = 11;
    std::size_t operations = 2'000'000;
    return tradehive::bench::run_bench("matching_bench", argument_count, arguments,
                                       {{"--rounds", rounds}, {"--operations", operations}},
                                       [&] { return tradehive::bench::run(rounds, operations); });
}
