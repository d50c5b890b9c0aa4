// What of a LOBSTER message file is one thing: executions of the same moment on the same side are the work
// of one aggressor, and a book can be compared only where no group is half done.
#pragma once

#include "trader/lobster_file.hpp"

#include <cstddef>
#include <vector>

namespace tradehive::trader {

struct ExecutionGroup {
    std::vector<std::size_t> rows; // of visible executions, in file order
    Side resting{Side::buy};
    std::int64_t lots{};        // sum
    std::int64_t worst_ticks{}; // of the resting orders: lowest bid or highest offer
};

struct FlowStep {
    std::ptrdiff_t group{-1}; // the group that begins with this row
    bool in_group{};          // a later row of a group that an earlier row has sent
    bool observable{true};    // no group is half done after this row
};

struct OrderFlow {
    std::vector<FlowRow> rows;
    std::vector<FlowStep> steps; // one a row
    std::vector<ExecutionGroup> groups;
};

[[nodiscard]] OrderFlow group_executions(std::vector<FlowRow> rows);

// The orders that must have rested before the first message: the first row of the book without it.
[[nodiscard]] BookRow book_before(const BookRow& after_first, const FlowRow& first);

} // namespace tradehive::trader
