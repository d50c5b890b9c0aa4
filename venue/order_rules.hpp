// The rules that an order must keep before money is looked at: one named reason each. Pure functions of what
// is given. Also what an order may trade at and what it needs held.
#pragma once

#include "domain/event.hpp"
#include "domain/instrument.hpp"
#include "domain/terms.hpp"
#include "risk/fees.hpp"
#include "risk/limits.hpp"

#include <algorithm>
#include <optional>

namespace tradehive::venue {

using risk::Refusal;

// What the order is, whatever the market: its words are ones that the venue takes, they go together, and each
// field is there if and only if it means something. now: the command's time.
[[nodiscard]] Refusal check_terms(const OrderImage& order, Timestamp now) noexcept;

// The price lies within the instrument's band; zero, none, does.
[[nodiscard]] Refusal check_band(const Instrument& instrument, Price price) noexcept;

// The nearest price within the instrument's band.
[[nodiscard]] Price within_band(const Instrument& instrument, Price price) noexcept;

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

// How many lots an amount of money trades at that price: for a buy fees are paid out of it too, a sell brings
// at most that much before fees.
[[nodiscard]] Quantity lots_for(const Instrument& instrument, Side side, Price price, Amount cash,
                                const risk::FeeRates& rates) noexcept;

// What a buy pays with, and what a sell gives.
[[nodiscard]] constexpr AssetId paying_asset(const Instrument& instrument, Side side) noexcept {
    return side == Side::buy ? instrument.quote : instrument.base;
}

// Stays until it is filled, ended by somebody, or its time is over.
[[nodiscard]] constexpr bool stays(TimeInForce time_in_force) noexcept {
    return time_in_force != TimeInForce::immediate_or_cancel && time_in_force != TimeInForce::fill_or_kill;
}

[[nodiscard]] constexpr bool has_stop_px(OrdType type) noexcept {
    return type == OrdType::stop || type == OrdType::stop_limit || type == OrdType::take_profit;
}

// Its owner gives its worst price.
[[nodiscard]] constexpr bool has_price(OrdType type) noexcept {
    return type == OrdType::limit || type == OrdType::stop_limit;
}

// Waits for its StopPx and is in no book.
[[nodiscard]] constexpr bool waits(const OrderImage& order) noexcept {
    return has_stop_px(order.ord_type) && order.triggered == 0;
}

// What is left of it when it has traded goes into the book. (A market order with leftover as limit does that
// with its own second step.)
[[nodiscard]] constexpr bool rests(const OrderImage& order) noexcept {
    return (has_price(order.ord_type) ||
            (order.ord_type == OrdType::market_to_limit && order.price > Price{0})) &&
           stays(order.time_in_force);
}

// May be open when its command is done.
[[nodiscard]] constexpr bool may_stay_open(const OrderImage& order) noexcept {
    return order.ord_type != OrdType::market && stays(order.time_in_force);
}

// What the book shows of that much.
[[nodiscard]] constexpr Quantity shown_of(const OrderImage& order, Quantity leaves) noexcept {
    if (waits(order) || !rests(order)) return {};
    return order.display_qty > Quantity{0} ? std::min(order.display_qty, leaves) : leaves;
}

// A market buy for an amount of money: it holds what is left of that, whatever it buys.
[[nodiscard]] constexpr bool holds_cash(const OrderImage& order) noexcept {
    return order.cash_order_qty > Amount{0} && order.side == Side::buy;
}

// The order waits, and a trade at that price is what it waits for. A stop is for the worse: it buys when the
// price has risen to its StopPx; a take-profit is for the better: it buys when it has fallen there.
[[nodiscard]] constexpr bool waits_for_rise(const OrderImage& order) noexcept {
    return (order.side == Side::buy) == (order.ord_type != OrdType::take_profit);
}
[[nodiscard]] constexpr bool is_met(const OrderImage& order, Price trade) noexcept {
    return waits_for_rise(order) ? trade >= order.stop_px : trade <= order.stop_px;
}

} // namespace tradehive::venue
