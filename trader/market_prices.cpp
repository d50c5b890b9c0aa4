#include "trader/market_prices.hpp"

#include <algorithm>
#include <stdexcept>

namespace tradehive::trader {
namespace {

constexpr std::int64_t step_part = 5'000;         // of the price, the longest step
constexpr std::int64_t pull_part = 500;           // of the distance to the start, in each step
constexpr std::int64_t half_spread_part = 10'000; // of the price, middle to best quote
constexpr std::int64_t level_part = 8'000;        // of the price, from level to level

} // namespace

std::uint64_t SeededNumbers::next() {
    state_ += 0x9E3779B97F4A7C15U;
    auto mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
}

std::int64_t SeededNumbers::between(std::int64_t first, std::int64_t last) {
    const auto span = static_cast<std::uint64_t>(last - first) + 1;
    return first + static_cast<std::int64_t>(next() % span); // the bias of % does not matter here
}

MarketSymbol MarketSymbol::parse(std::string_view text) {
    const auto wrong = [&](std::string_view what) {
        return std::runtime_error("--symbol " + std::string(text) + ": " + std::string(what) +
                                  "; the form is SYMBOL:PRICE:TICK:LOT[:QTY]");
    };
    std::vector<std::string> parts;
    for (auto rest = text;;) {
        const auto end = rest.find(':');
        parts.emplace_back(rest.substr(0, end));
        if (end == std::string_view::npos) break;
        rest = rest.substr(end + 1);
    }
    if (parts.size() < 4 || parts.size() > 5 || parts[0].empty()) throw wrong("has not four or five parts");
    const auto tick = parse_decimal(parts[2]);
    const auto lot = parse_decimal(parts[3]);
    if (!tick || tick->mantissa <= 0 || !lot || lot->mantissa <= 0)
        throw wrong("tick and lot must be decimals above zero");
    MarketSymbol symbol{.symbol = parts[0], .steps = {.tick = *tick, .lot = *lot}};
    const auto start = parse_units(parts[1], *tick);
    constexpr std::int64_t most_ticks = 1'000'000'000'000;
    if (!start || *start < 100 || *start > most_ticks)
        throw wrong("the price must be a whole number of ticks, at least 100 of them");
    symbol.start_ticks = *start;
    symbol.usual_lots = 100;
    if (parts.size() == 5) {
        const auto lots = parse_units(parts[4], *lot);
        if (!lots || *lots <= 0) throw wrong("the quantity must be a whole number of lots above zero");
        symbol.usual_lots = *lots;
    }
    return symbol;
}

PriceWalk::PriceWalk(const MarketSymbol& symbol)
    : start_(symbol.start_ticks)
    , usual_lots_(symbol.usual_lots)
    , middle_(symbol.start_ticks) {}

void PriceWalk::step(SeededNumbers& numbers) {
    const auto longest = std::max<std::int64_t>(1, middle_ / step_part);
    middle_ += numbers.between(-longest, longest) + (start_ - middle_) / pull_part;
    middle_ = std::clamp(middle_, start_ / 2, start_ * 2);
}

void PriceWalk::move_towards(std::int64_t traded_ticks) {
    middle_ = std::clamp(middle_ + (traded_ticks - middle_) / 4, start_ / 2, start_ * 2);
}

std::int64_t PriceWalk::quote(Side side, std::int64_t level) const {
    const auto half_spread = std::max<std::int64_t>(1, middle_ / half_spread_part);
    const auto distance = half_spread + level * std::max<std::int64_t>(1, middle_ / level_part);
    return side == Side::buy ? std::max<std::int64_t>(1, middle_ - distance) : middle_ + distance;
}

std::int64_t PriceWalk::lots(SeededNumbers& numbers) const {
    return std::max<std::int64_t>(1, numbers.between(usual_lots_ / 10, usual_lots_ * 2));
}

} // namespace tradehive::trader
