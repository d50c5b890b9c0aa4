// A book by price as a subscriber keeps it: begun by W, changed by X. A level is named by its side and price.
// Not thread-safe.
#pragma once

#include "trader/messages.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tradehive::trader {

// A decimal in units of 10⁻¹⁸: exact, and comparable whatever the number of decimals.
__extension__ using ExactNumber = __int128;
[[nodiscard]] std::optional<ExactNumber> exact_number(std::string_view text);

struct PriceRow {
    std::string price;
    std::string quantity;
    ExactNumber exact_quantity{};
    std::string orders; // how many; empty when not told
};

struct BookTrade {
    std::string price;
    std::string quantity;
    std::string time; // HH:MM:SS.sss; empty when not told
    int direction{};  // against the trade before: 1 up, −1 down, 0 the same or not known
};

class MarketBook {
public:
    template <class Order>
    using Side = std::map<ExactNumber, PriceRow, Order>;
    using Bids = Side<std::greater<>>;
    using Offers = Side<std::less<>>;
    static constexpr std::size_t most_trades = 100;

    // W: nothing of before stays but the trades.
    void replace(const BookSnapshot& snapshot);
    // X: false when it does not fit to what is known (something is missing: ask for a new W). The book is not
    // to be used then. Entries of other symbols are passed over.
    [[nodiscard]] bool apply(const BookChange& change);

    [[nodiscard]] const std::string& symbol() const { return symbol_; }
    [[nodiscard]] const Bids& bids() const { return bids_; } // best first
    [[nodiscard]] const Offers& offers() const { return offers_; }
    [[nodiscard]] const std::deque<BookTrade>& trades() const { return trades_; } // newest first
    // Of the day, as text; empty when not told. By MDEntryType(269): 4 open, 5 close, 7 high, 8 low, B
    // volume.
    [[nodiscard]] std::string_view statistic(char type) const;

private:
    [[nodiscard]] bool take(const BookEntry& entry);
    void trade(const BookEntry& entry);

    std::string symbol_;
    Bids bids_;
    Offers offers_;
    std::deque<BookTrade> trades_;
    std::map<char, std::string> statistics_;
};

} // namespace tradehive::trader
