// What a subscriber may ask to see of an instrument, in FIX's terms (V MarketDataRequest).
#pragma once

#include "domain/ids.hpp"
#include "domain/terms.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>

namespace tradehive::market_data {

enum class EntryType : char { // 269
    bid = '0',
    offer = '1',
    trade = '2',
    opening_price = '4',
    closing_price = '5',
    high_price = '7',
    low_price = '8',
    volume = 'B',
};

inline constexpr std::array entry_types{
    EntryType::bid,           EntryType::offer,      EntryType::trade,     EntryType::opening_price,
    EntryType::closing_price, EntryType::high_price, EntryType::low_price, EntryType::volume};

[[nodiscard]] constexpr EntryType entry_type(Side side) noexcept {
    return side == Side::buy ? EntryType::bid : EntryType::offer;
}

// A set of them.
class EntryTypes {
public:
    constexpr void add(EntryType type) noexcept { bits_ |= bit(type); }
    [[nodiscard]] constexpr bool has(EntryType type) const noexcept { return (bits_ & bit(type)) != 0; }
    [[nodiscard]] constexpr bool has(Side side) const noexcept { return has(entry_type(side)); }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }

    friend constexpr auto operator<=>(const EntryTypes&, const EntryTypes&) noexcept = default;

private:
    static constexpr std::uint32_t bit(EntryType type) noexcept {
        std::uint32_t result = 1;
        for (const EntryType other : entry_types) {
            if (other == type) break;
            result <<= 1U;
        }
        return result;
    }
    std::uint32_t bits_{};
};

// How much of a book is looked at. There are few of them, so whatever clients ask for, few copies of a book
// are kept.
struct WindowTerms {
    std::uint32_t depth{}; // 264: best price levels of a side; 0: all
    bool by_order{};       // 266=N

    friend constexpr auto operator<=>(const WindowTerms&, const WindowTerms&) noexcept = default;
};

// What is told of a window. Whoever has the same edition of the same window sees the same bytes.
struct Edition {
    bool incremental{}; // 265=1: changes (X); otherwise the whole again (W)
    EntryTypes types;   // 269

    friend constexpr auto operator<=>(const Edition&, const Edition&) noexcept = default;
};

struct ViewTerms {
    WindowTerms window;
    Edition edition;
};

} // namespace tradehive::market_data
