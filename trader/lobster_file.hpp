// LOBSTER's order flow files (message and orderbook, CSV, plain or compressed by xz), read whole into
// integers of the instrument that they are replayed on.
//
//   message    seconds, type, order id, size, price × 10,000, side of the resting order (1 buy, −1 sell)
//   orderbook  ask price, ask size, bid price, bid size, for each level; ±9999999999 with size 0 is empty
//
// A damaged line is refused: std::runtime_error "file:line: what is wrong and what would be right".
#pragma once

#include "domain/decimal.hpp"
#include "domain/terms.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tradehive::trader {

enum class FlowType : std::uint8_t {
    enter = 1,
    reduce = 2,
    cancel = 3,
    execute = 4,
    execute_hidden = 5,
    cross = 6,
    halt = 7,
};

struct FlowRow {
    std::string seconds; // as in the file: equal text is the same moment
    FlowType type{};
    std::int64_t order{};
    std::int64_t lots{};
    std::int64_t ticks{}; // zero in a hidden execution, cross or halt: nothing is done with theirs
    Side side{Side::buy}; // of the resting order
};

struct Level {
    std::int64_t ticks{};
    std::int64_t lots{};

    friend bool operator==(const Level&, const Level&) = default;
};

struct BookRow { // best first; empty levels left out
    std::vector<Level> bids;
    std::vector<Level> offers;

    friend bool operator==(const BookRow&, const BookRow&) = default;
};

// Of the instrument that the flow is replayed on.
struct Steps {
    Decimal tick{1, 2};
    Decimal lot{1, 0};
};

[[nodiscard]] std::vector<FlowRow> read_messages(const std::string& path, const Steps& steps);

// At most so many levels a side and so many rows.
[[nodiscard]] std::vector<BookRow> read_book_rows(const std::string& path, const Steps& steps,
                                                  std::size_t levels, std::size_t rows);

// The whole text of a file; by its name ending in .xz it is decompressed. Bounded by 2 GiB.
[[nodiscard]] std::string read_text(const std::string& path);

} // namespace tradehive::trader
