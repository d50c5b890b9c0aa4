// Counts of durations in buckets that grow with the value: 128 of equal width to each power of two, so a
// bucket is never wider than 1/128 of what it holds, from a nanosecond to eighteen minutes. Integers only;
// adding is a shift and an increment. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tradehive::trader {

class LatencyHistogram {
public:
    // What is longer counts as this; negative counts as zero.
    static constexpr std::int64_t longest = (std::int64_t{1} << 40) - 1;

    struct Bucket {
        std::int64_t from{}; // nanoseconds, both included
        std::int64_t to{};
        std::uint64_t count{};
    };

    LatencyHistogram();

    void add(std::int64_t nanoseconds);
    void add(const LatencyHistogram& other);

    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] std::int64_t least() const { return count_ == 0 ? 0 : least_; }
    [[nodiscard]] std::int64_t most() const { return most_; }
    [[nodiscard]] std::int64_t mean() const;
    // The least value of which at least so many millionths are not above it, up to the width of its bucket:
    // 999'000 is p99.9. Zero when nothing was added.
    [[nodiscard]] std::int64_t at(std::uint64_t millionths) const;

    [[nodiscard]] std::vector<Bucket> buckets() const; // those with a count, in order

private:
    std::vector<std::uint64_t> counts_;
    std::uint64_t count_{};
    std::int64_t least_{longest};
    std::int64_t most_{};
    std::uint64_t sum_{}; // 2^64 ns are 584 years of latency
};

} // namespace tradehive::trader
