// The figures of a load for people (text, SVG) and programs (CSV).
#pragma once

#include "trader/load.hpp"

#include <iosfwd>
#include <string>

namespace tradehive::trader {

// 1.2 ms, 345 µs, 850 ns: three digits, rounded down.
[[nodiscard]] std::string duration_text(std::int64_t nanoseconds);
// 1,234,567
[[nodiscard]] std::string count_text(std::uint64_t count);

struct LatencyBand {
    std::int64_t from{}; // nanoseconds
    std::int64_t to{};   // excluded
    std::uint64_t count{};
};
// Ten bands to each power of ten, from the first with a count to the last.
[[nodiscard]] std::vector<LatencyBand> latency_bands(const LatencyHistogram& latency);

void print_load(std::ostream& out, const LoadPlan& plan, const LoadResult& result, bool colours);
// from_ns,to_ns,count,cumulative: every bucket of the histogram that has a count.
void write_load_csv(std::ostream& out, const LoadResult& result);
void write_load_svg(std::ostream& out, const LoadPlan& plan, const LoadResult& result);

} // namespace tradehive::trader
