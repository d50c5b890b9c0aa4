// A book as lines for a window of that size: offers above, bids below, bars for quantities, the last trades
// beside them, and the day's figures on top. Pure.
#pragma once

#include "trader/market_book.hpp"
#include "trader/screen.hpp"

#include <string>
#include <vector>

namespace tradehive::trader {

struct LadderState {
    std::string symbol;
    std::string note; // "waiting for the book", "not connected: …"; empty when the book is current
    bool colours{};
};

// At most size.rows lines of at most size.columns characters (colours not counted).
[[nodiscard]] std::vector<std::string> ladder_lines(const MarketBook& book, const LadderState& state,
                                                    WindowSize size);

// Difference of two exact numbers as text with as many decimals as the longer of the two texts has.
[[nodiscard]] std::string difference_text(const std::string& high, const std::string& low);

} // namespace tradehive::trader
