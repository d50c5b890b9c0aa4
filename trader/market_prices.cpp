#include "trader/market_prices.hpp"

#include <algorithm>
#include <stdexcept>

namespace tradehive::trader {
namespace {

constexpr std::int64_t step_part = 20'000;        // of the price, the longest step of a cold market
constexpr std::int64_t pull_part = 2'000;         // of the distance to the start, in each step
constexpr std::int64_t half_spread_part = 20'000; // of the price, middle to best quote of a cold market
constexpr std::int64_t level_part = 12'000;       // of the price, from level to level
constexpr std::int64_t jump_one_in = 600;         // steps
constexpr std::int64_t cooling_part = 40;         // of the heat, in each step
constexpr std::int64_t heat_of_trade = 25;
constexpr std::int64_t heat_of_jump = 700;

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
        return std::invalid_argument("--symbol " + std::string(text) + ": " + std::string(what) +
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

const std::vector<MarketSymbol>& demo_instruments() {
    static const std::vector<MarketSymbol> listed = [] {
        std::vector<MarketSymbol> symbols;
        for (const auto* text : {"BTC-USD:50000:0.01:0.0001:0.02", "ETH-USD:2500:0.01:0.001:0.4",
                                 "ETH-BTC:0.05:0.00001:0.001:0.4", "SOL-USD:150:0.01:0.01:6.5",
                                 "XRP-USD:2.2:0.0001:1:450", "EUR-USD:1.08:0.00001:1:900"})
            symbols.push_back(MarketSymbol::parse(text));
        return symbols;
    }();
    return listed;
}

std::vector<std::string> demo_symbols() {
    std::vector<std::string> names;
    for (const auto& listed : demo_instruments())
        names.push_back(listed.symbol);
    return names;
}

PriceWalk::PriceWalk(const MarketSymbol& symbol)
    : start_(symbol.start_ticks)
    , usual_lots_(symbol.usual_lots)
    , middle_(symbol.start_ticks) {}

void PriceWalk::step(SeededNumbers& numbers) {
    const auto longest = std::max<std::int64_t>(1, middle_ / step_part * (100 + heat_) / 100);
    middle_ += numbers.between(-longest, longest) + (start_ - middle_) / pull_part;
    heat_ -= heat_ / cooling_part + (heat_ > 0 ? 1 : 0);
    if (numbers.between(1, jump_one_in) == 1) {
        middle_ += (numbers.between(0, 1) == 0 ? -1 : 1) * numbers.between(4, 16) * half_spread();
        heat_ = std::min(most_heat, heat_ + heat_of_jump);
    }
    middle_ = std::clamp(middle_, start_ / 2, start_ * 2);
}

void PriceWalk::traded(std::int64_t ticks) {
    middle_ = std::clamp(middle_ + (ticks - middle_) / 8, start_ / 2, start_ * 2);
    heat_ = std::min(most_heat, heat_ + heat_of_trade);
}

std::int64_t PriceWalk::half_spread() const {
    return std::max<std::int64_t>(1, middle_ / half_spread_part * (250 + heat_) / 250);
}

std::int64_t PriceWalk::quote(Side side, std::int64_t level, std::int64_t tilt) const {
    const auto distance = half_spread() + level * std::max<std::int64_t>(1, middle_ / level_part);
    const auto around = middle_ - tilt * 2 * half_spread() / most_heat;
    return std::max<std::int64_t>(1, side == Side::buy ? around - distance : around + distance);
}

// Many small orders, some usual ones, now and then a large one.
std::int64_t PriceWalk::lots(SeededNumbers& numbers) const {
    constexpr std::int64_t large_one_in = 20;
    const auto most = numbers.between(1, large_one_in) == 1 ? usual_lots_ * 6 : usual_lots_;
    return std::max<std::int64_t>(1, numbers.between(usual_lots_ / 20, most));
}

} // namespace tradehive::trader
