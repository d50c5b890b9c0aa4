// Prices and quantities of a simulated market: a seeded random walk in whole ticks, orders in whole lots.
// The same seed gives the same market, as far as the venue answers the same. Not thread-safe.
#pragma once

#include "domain/terms.hpp"
#include "trader/lobster_file.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tradehive::trader {

class SeededNumbers { // splitmix64
public:
    explicit SeededNumbers(std::uint64_t seed)
        : state_(seed) {}

    [[nodiscard]] std::uint64_t next();
    // first..last, both included; first ≤ last.
    [[nodiscard]] std::int64_t between(std::int64_t first, std::int64_t last);

private:
    std::uint64_t state_;
};

struct MarketSymbol {
    std::string symbol;
    Steps steps;
    std::int64_t start_ticks{};
    std::int64_t usual_lots{}; // of one order; orders have one tenth to twice of it

    // SYMBOL:PRICE:TICK:LOT[:QTY], QTY of a usual order (100 lots unless said), as in
    // BTC-USD:50000:0.01:0.00001:0.05. Throws std::invalid_argument that says what would be right.
    [[nodiscard]] static MarketSymbol parse(std::string_view text);
};

// What the demo venue lists (main/demo_market.cpp).
[[nodiscard]] const std::vector<MarketSymbol>& demo_instruments();
[[nodiscard]] std::vector<std::string> demo_symbols();

// Where an instrument is worth something, and how lively it is there. Heat runs from 0 to 1,000: trades and
// sudden news raise it, time cools it. A hot market moves further, quotes wider and is traded more, so that
// quiet and busy times alternate by themselves.
class PriceWalk {
public:
    static constexpr std::int64_t most_heat = 1'000;

    explicit PriceWalk(const MarketSymbol& symbol);

    // One step: pulled gently towards the start, never below half or above twice of it; now and then a jump.
    void step(SeededNumbers& numbers);
    // Trading goes on where somebody has moved it.
    void traded(std::int64_t ticks);

    [[nodiscard]] std::int64_t middle() const { return middle_; }
    [[nodiscard]] std::int64_t heat() const { return heat_; }
    [[nodiscard]] std::int64_t half_spread() const;
    // Where a maker's order of that level (0: best) belongs: bids below the middle, offers above. A maker who
    // holds too much, tilt > 0 (of 1,000), quotes lower on both sides, so that it is bought from.
    [[nodiscard]] std::int64_t quote(Side side, std::int64_t level, std::int64_t tilt = 0) const;
    [[nodiscard]] std::int64_t lots(SeededNumbers& numbers) const;

private:
    std::int64_t start_;
    std::int64_t usual_lots_;
    std::int64_t middle_;
    std::int64_t heat_{};
};

} // namespace tradehive::trader
