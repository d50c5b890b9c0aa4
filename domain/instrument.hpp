// What is traded: assets and the instruments that pair them.
#pragma once

#include "domain/decimal.hpp"
#include "domain/ids.hpp"
#include "domain/numbers.hpp"
#include "domain/terms.hpp"
#include "domain/text.hpp"

#include <cstdint>

namespace tradehive {

struct Asset {
    AssetId asset;
    Code code;
    std::uint8_t scale{}; // decimals of one minor unit, 0..9
};

// Base, quote, tick and lot never change after creation, so that neither a resting order nor a trade can
// ever need rounding.
struct Instrument {
    InstrumentId instrument;
    Symbol symbol;
    AssetId base;
    AssetId quote;
    Decimal tick; // one step of price, in the quote asset
    Decimal lot;  // one step of quantity, in the base asset
    std::int64_t base_units_per_lot{};
    std::int64_t units_per_tick_lot{}; // tick × lot in minor units of the quote asset
    Quantity least_quantity;
    Quantity most_quantity;
    Amount least_notional;
    // A market order's limit lies this far beyond the reference price, in millionths of it, rounded
    // towards the reference price to a whole tick.
    std::int32_t market_protection{};
    InstrumentState state{InstrumentState::open};
    // Where orders may be priced; zero: no bound.
    Price lowest_price{};
    Price highest_price{};
};

} // namespace tradehive
