// What a replay found, as JSON for tests, as lines for people, and against the bounds that must hold.
#pragma once

#include "trader/replay.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace tradehive::trader {

// For LOBSTER's AAPL sample of 2012-06-21, its first hour. Of a part of the file (stop after so many rows)
// the same must hold as far as it goes.
struct ReplayBounds {
    std::size_t most_corrections = 13;
    // Liquidity from before the open, which the file never showed, appears at this row for the first time.
    std::size_t first_row_that_may_differ = 54'607;
    std::size_t whole_rows = 91'997;
    std::size_t whole_observable = 91'176;
    std::size_t least_equal = 91'000;
    std::size_t whole_deep = 637;
    std::size_t whole_groups = 3'290;
    std::size_t most_other_orders = 20; // groups whose fills named other orders at first
};

// What does not hold, a sentence each; empty: all holds. Rows whose answer was lost in a crash of the venue
// are not held against it.
[[nodiscard]] std::vector<std::string> unmet(const ReplayFigures& figures, const ReplayBounds& bounds);

[[nodiscard]] std::string to_json(const ReplayFigures& figures, const std::vector<std::string>& unmet,
                                  const std::string& stopped);

void print_figures(std::ostream& out, const ReplayFigures& figures);

// One line an order in the order of entry: "ClOrdID status cum=lots leaves=lots".
void print_fates(std::ostream& out, const std::vector<SentOrder>& orders);

} // namespace tradehive::trader
