#include "matching/price_levels.hpp"

#include <algorithm>
#include <cassert>

namespace tradehive::matching {

LevelNumber PriceLevels::look_up_or_make(Side side, Price price) {
    Ladder& ranked = ladder(side);
    const std::int64_t wanted = rank(side, price);
    const auto place = std::ranges::lower_bound(ranked, wanted, {}, &Ranked::rank);
    if (place != ranked.end() && place->rank == wanted) return place->level;
    if (free_.empty()) {
        levels_.emplace_back();
        free_.reserve(levels_.capacity()); // so that erase() never allocates
        free_.push_back(static_cast<LevelNumber>(levels_.size() - 1));
    }
    const LevelNumber level = free_.back();
    ranked.insert(place, {wanted, level});
    free_.pop_back();
    levels_[level] = {.price = price, .quantity = {}, .side = side};
    return level;
}

void PriceLevels::erase(LevelNumber level) noexcept {
    assert(levels_[level].orders == 0);
    const Side side = levels_[level].side;
    Ladder& ranked = ladder(side);
    const auto place = std::ranges::lower_bound(ranked, rank(side, levels_[level].price), {}, &Ranked::rank);
    assert(place != ranked.end() && place->level == level);
    ranked.erase(place);
    free_.push_back(level);
}

} // namespace tradehive::matching
