// The rules that an order must keep before money is looked at: one named reason each. Pure functions of what
// is given. Also what an order may trade at and what it needs held.
#pragma once

#include "domain/instrument.hpp"
#include "domain/terms.hpp"
#include "risk/fees.hpp"
#include "risk/limits.hpp"

#include <optional>

namespace tradehive::venue {

using risk::Refusal;

struct OrderTerms {
    Side side{};
    OrdType ord_type{};
    TimeInForce time_in_force{};
    Price price; // as given
};

// Side, OrdType and TimeInForce are ones that the venue takes and go together; a limit order has a price, a
// market order none.
[[nodiscard]] Refusal check_terms(const OrderTerms& terms) noexcept;

// The quantity lies within the instrument's and the account's bounds.
[[nodiscard]] Refusal check_quantity(const Instrument& instrument, const risk::Limits& limits,
                                     Quantity order_qty) noexcept;

// Price × quantity lies within the venue's range and the instrument's and the account's bounds.
[[nodiscard]] Refusal check_notional(const Instrument& instrument, const risk::Limits& limits, Price limit,
                                     Quantity order_qty) noexcept;

// What a market order may trade at, at worst: the reference price ± the instrument's protection, rounded
// towards the reference price, at least one tick. nullopt: beyond the venue's range.
[[nodiscard]] std::optional<Price> protection_price(const Instrument& instrument, Side side,
                                                    Price reference) noexcept;

// What must be held for that much of an order, in minor units of the quote asset for a buy and of the base
// asset for a sell. nullopt: beyond the venue's range.
[[nodiscard]] std::optional<Amount> needed_hold(const Instrument& instrument, Side side, Price limit,
                                                Quantity leaves, const risk::FeeRates& rates) noexcept;

// What a buy pays with, and what a sell gives.
[[nodiscard]] constexpr AssetId paying_asset(const Instrument& instrument, Side side) noexcept {
    return side == Side::buy ? instrument.quote : instrument.base;
}

// May be in the book when its command is done.
[[nodiscard]] constexpr bool may_rest(OrdType ord_type, TimeInForce time_in_force) noexcept {
    return ord_type == OrdType::limit &&
           (time_in_force == TimeInForce::day || time_in_force == TimeInForce::good_till_cancel);
}

} // namespace tradehive::venue
