#include "trader/latency_histogram.hpp"

#include <algorithm>
#include <bit>

namespace tradehive::trader {
namespace {

constexpr unsigned precision = 7; // bits
constexpr std::size_t parts = std::size_t{1} << precision;

// Values below 2 × parts have a bucket each; above, the value's leading precision + 1 bits choose it.
constexpr std::size_t place_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width > precision + 1 ? width - (precision + 1) : 0;
    return shift * parts + static_cast<std::size_t>(value >> shift);
}

constexpr std::int64_t first_of(std::size_t place) {
    if (place < 2 * parts) return static_cast<std::int64_t>(place);
    const auto shift = place / parts - 1;
    return static_cast<std::int64_t>((place % parts + parts) << shift);
}

static_assert(place_of(255) == 255 && place_of(256) == 256 && place_of(257) == 256 && place_of(258) == 257);
static_assert(first_of(256) == 256 && first_of(257) == 258 && first_of(place_of(1'000'000)) <= 1'000'000);

} // namespace

LatencyHistogram::LatencyHistogram()
    : counts_(place_of(static_cast<std::uint64_t>(longest)) + 1) {}

void LatencyHistogram::add(std::int64_t nanoseconds) {
    const auto value = std::clamp<std::int64_t>(nanoseconds, 0, longest);
    ++counts_[place_of(static_cast<std::uint64_t>(value))];
    ++count_;
    sum_ += static_cast<std::uint64_t>(value);
    least_ = std::min(least_, value);
    most_ = std::max(most_, value);
}

void LatencyHistogram::add(const LatencyHistogram& other) {
    for (std::size_t place = 0; place < counts_.size(); ++place)
        counts_[place] += other.counts_[place];
    count_ += other.count_;
    sum_ += other.sum_;
    least_ = std::min(least_, other.least_);
    most_ = std::max(most_, other.most_);
}

std::int64_t LatencyHistogram::mean() const {
    return count_ == 0 ? 0 : static_cast<std::int64_t>(sum_ / count_);
}

std::int64_t LatencyHistogram::at(std::uint64_t millionths) const {
    constexpr std::uint64_t whole = 1'000'000;
    // In two parts, so that the product stays in range.
    const auto rank = count_ / whole * millionths + (count_ % whole * millionths + whole - 1) / whole;
    std::uint64_t seen = 0;
    for (std::size_t place = 0; place < counts_.size() && count_ > 0; ++place) {
        seen += counts_[place];
        if (seen >= std::max<std::uint64_t>(rank, 1))
            return std::clamp(first_of(place + 1) - 1, least_, most_);
    }
    return most_;
}

std::vector<LatencyHistogram::Bucket> LatencyHistogram::buckets() const {
    std::vector<Bucket> used;
    for (std::size_t place = 0; place < counts_.size(); ++place)
        if (counts_[place] > 0)
            used.push_back({.from = first_of(place), .to = first_of(place + 1) - 1, .count = counts_[place]});
    return used;
}

} // namespace tradehive::trader
