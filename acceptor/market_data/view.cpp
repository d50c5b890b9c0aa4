#include "acceptor/market_data/view.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tradehive::market_data {

namespace {

// Past the last entry of the best `depth` levels; 0: of all.
Standings::const_iterator end_of_window(const Standings& standings, std::uint32_t depth) {
    if (depth == 0) return standings.end();
    std::uint32_t levels = 0;
    auto at = standings.begin();
    for (auto rank = Place{}.rank; at != standings.end(); ++at) {
        if (levels != 0 && at->first.rank == rank) continue;
        if (levels == depth) break;
        rank = at->first.rank;
        ++levels;
    }
    return at;
}

constexpr std::array statistic_types{EntryType::opening_price, EntryType::closing_price,
                                     EntryType::high_price, EntryType::low_price, EntryType::volume};

// A price of zero: there is none.
std::int64_t value_of(const TradeStatistics& statistics, EntryType type) noexcept {
    switch (type) {
    case EntryType::opening_price:
        return statistics.open.value();
    case EntryType::closing_price:
        return statistics.close.value();
    case EntryType::high_price:
        return statistics.high.value();
    case EntryType::low_price:
        return statistics.low.value();
    default:
        return statistics.volume.value();
    }
}

} // namespace

View::View(const WindowTerms& terms, const BookAnswer& answer)
    : terms_{terms}
    , statistics_{answer.trades} {
    for (const Side side : sides)
        for (const BookLevel& level : side == Side::buy ? answer.bids : answer.offers)
            shown_[side].emplace_hint(
                shown_[side].end(), Place{rank_of(side, level.price), 0},
                Standing{.quantity = level.quantity, .orders = level.orders, .order = {}});
}

void View::renew(const BookImage& image) {
    for (const Side side : sides) {
        const Standings& now = image.standings(terms_.by_order)[side];
        shown_[side] = Standings{now.begin(), end_of_window(now, terms_.depth)};
    }
    statistics_ = statistics_before_ = image.statistics();
    if (!image.trades().empty()) last_trade_ = image.trades().back().trade;
    differences_.clear();
    trades_.clear();
}

void View::update(const BookImage& image) {
    trades_.clear();
    std::ranges::copy_if(image.trades(), std::back_inserter(trades_),
                         [this](const Trade& trade) { return trade.trade > last_trade_; });
    if (!trades_.empty()) last_trade_ = trades_.back().trade;
    statistics_before_ = std::exchange(statistics_, image.statistics());
    differences_.clear();
    for (const Side side : sides)
        compare(side, image);
    show_differences();
}

std::optional<Body> View::change(EntryTypes types, const Instrument& instrument) const {
    BodyWriter writer{'X', instrument};
    if (types.has(EntryType::trade))
        for (const Trade& trade : trades_)
            writer.trade(trade);
    for (const UpdateAction action : {UpdateAction::delete_, UpdateAction::change, UpdateAction::new_})
        for (const Difference& difference : differences_)
            if (difference.action == action && types.has(difference.side))
                writer.change(action, difference.side, difference.place, difference.standing,
                              terms_.by_order);
    for (const EntryType type : statistic_types) {
        const auto before = value_of(statistics_before_, type);
        const auto now = value_of(statistics_, type);
        if (!types.has(type) || before == now) continue;
        auto action = UpdateAction::change;
        if (type != EntryType::volume && before == 0) action = UpdateAction::new_;
        if (type != EntryType::volume && now == 0) action = UpdateAction::delete_;
        writer.change(action, type, now);
    }
    if (writer.empty()) return std::nullopt;
    return writer.finish();
}

void View::compare(Side side, const BookImage& image) {
    const Standings& now = image.standings(terms_.by_order)[side];
    if (terms_.depth != 0) return compare_window(side, now);
    auto touched = image.touched(terms_.by_order)[side];
    std::ranges::sort(touched);
    const auto repeated = std::ranges::unique(touched);
    touched.erase(repeated.begin(), repeated.end());
    for (const Place& place : touched) {
        const auto is = now.find(place);
        const auto was = shown_[side].find(place);
        differ(side, place, was == shown_[side].end() ? nullptr : &was->second,
               is == now.end() ? nullptr : &is->second);
    }
}

void View::compare_window(Side side, const Standings& now) {
    auto was = shown_[side].cbegin();
    const auto was_end = shown_[side].cend();
    auto is = now.cbegin();
    const auto is_end = end_of_window(now, terms_.depth);
    while (was != was_end || is != is_end) {
        if (is == is_end || (was != was_end && was->first < is->first)) {
            differ(side, was->first, &was->second, nullptr);
            ++was;
        } else if (was == was_end || is->first < was->first) {
            differ(side, is->first, nullptr, &is->second);
            ++is;
        } else {
            differ(side, is->first, &was->second, &is->second);
            ++was;
            ++is;
        }
    }
}

void View::differ(Side side, const Place& place, const Standing* before, const Standing* now) {
    if (now == nullptr && before == nullptr) return;
    if (now == nullptr)
        differences_.push_back({UpdateAction::delete_, side, place, *before});
    else if (before == nullptr)
        differences_.push_back({UpdateAction::new_, side, place, *now});
    else if (*before != *now)
        differences_.push_back({UpdateAction::change, side, place, *now});
}

void View::show_differences() {
    for (const Difference& difference : differences_) {
        if (difference.action == UpdateAction::delete_)
            shown_[difference.side].erase(difference.place);
        else
            shown_[difference.side][difference.place] = difference.standing;
    }
}

Body View::snapshot(EntryTypes types, const Instrument& instrument, std::size_t most) const {
    BodyWriter writer{'W', instrument};
    for (const Side side : sides) {
        if (!types.has(side)) continue;
        std::uint64_t position = 0;
        for (const auto& [place, standing] : shown_[side]) {
            if (writer.bytes() > most) return writer.finish();
            writer.standing(side, place, standing, ++position, terms_.by_order);
        }
    }
    if (types.has(EntryType::trade) && statistics_.last != Price{}) writer.last_trade(statistics_);
    for (const EntryType type : statistic_types) {
        const auto value = value_of(statistics_, type);
        if (types.has(type) && (value != 0 || type == EntryType::volume)) writer.statistic(type, value);
    }
    return writer.finish();
}

} // namespace tradehive::market_data
