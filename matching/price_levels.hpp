// The prices of both sides at which orders rest, in order of priority.
//
// A level has a number that it keeps while it exists. Each side has an array of (rank, level) with the best
// price at the back, where most comes and goes. Rank is the price, complemented for sells: higher is better
// on both sides.
//
// Allocates only when there are more levels than ever before.
#pragma once

#include "domain/numbers.hpp"
#include "domain/terms.hpp"
#include "matching/order_index.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tradehive::matching {

using LevelNumber = std::uint32_t;

// A queue of orders; the book keeps it.
struct PriceLevel {
    Price price;
    Quantity quantity; // of all its orders
    NodeNumber first{no_node};
    NodeNumber last{no_node};
    std::uint32_t orders{};
    Side side{};
};
static_assert(sizeof(PriceLevel) == 32);

class PriceLevels {
public:
    struct Ranked {
        std::int64_t rank{};
        LevelNumber level{};
    };

    [[nodiscard]] static constexpr std::int64_t rank(Side side, Price price) noexcept {
        return side == Side::buy ? price.value() : ~price.value();
    }

    [[nodiscard]] PriceLevel& operator[](LevelNumber level) noexcept { return levels_[level]; }
    [[nodiscard]] const PriceLevel& operator[](LevelNumber level) const noexcept { return levels_[level]; }

    // Best at the back.
    [[nodiscard]] std::span<const Ranked> ranked(Side side) const noexcept { return ladder(side); }

    // The level of that price, made if there is none; a new one is to be given an order.
    [[nodiscard]] LevelNumber find_or_make(Side side, Price price) {
        const LevelNumber recent = recent_at(side, price);
        if (recent < levels_.size() && levels_[recent].orders > 0 && levels_[recent].price == price &&
            levels_[recent].side == side)
            return recent;
        return recent_at(side, price) = look_up_or_make(side, price);
    }
    // The level has no orders.
    void erase(LevelNumber level) noexcept;

private:
    using Ladder = std::vector<Ranked>;

    [[nodiscard]] const Ladder& ladder(Side side) const noexcept { return ladders_[side == Side::sell]; }
    [[nodiscard]] Ladder& ladder(Side side) noexcept { return ladders_[side == Side::sell]; }

    [[nodiscard]] LevelNumber& recent_at(Side side, Price price) noexcept {
        return recent_[side == Side::sell][static_cast<std::uint64_t>(price.value()) % recent_prices];
    }
    [[nodiscard]] LevelNumber look_up_or_make(Side side, Price price);

    std::array<Ladder, 2> ladders_;
    // The level last found for a price with these low bits; it may have ended since, or be another's now.
    static constexpr std::size_t recent_prices = 256;
    std::array<std::array<LevelNumber, recent_prices>, 2> recent_{};
    std::vector<PriceLevel> levels_;
    std::vector<LevelNumber> free_;
};

} // namespace tradehive::matching
