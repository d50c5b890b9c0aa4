#include "venue/order_rules.hpp"

#include <algorithm>

namespace tradehive::venue {

namespace {

bool is_known(TimeInForce time_in_force) noexcept {
    switch (time_in_force) {
    case TimeInForce::day:
    case TimeInForce::good_till_cancel:
    case TimeInForce::immediate_or_cancel:
    case TimeInForce::fill_or_kill:
        return true;
    }
    return false;
}

} // namespace

Refusal check_terms(const OrderTerms& terms) noexcept {
    if (terms.side != Side::buy && terms.side != Side::sell) return {RejectReason::unsupported_side};
    if (terms.ord_type != OrdType::limit && terms.ord_type != OrdType::market)
        return {RejectReason::unsupported_ord_type};
    if (!is_known(terms.time_in_force)) return {RejectReason::unsupported_time_in_force};
    if (terms.ord_type == OrdType::limit) {
        if (terms.price <= Price{0}) return {RejectReason::bad_price};
        return {};
    }
    if (terms.time_in_force == TimeInForce::good_till_cancel) return {RejectReason::market_needs_ioc_or_fok};
    if (terms.price != Price{0}) return {RejectReason::price_on_market_order};
    return {};
}

Refusal check_quantity(const Instrument& instrument, const risk::Limits& limits,
                       Quantity order_qty) noexcept {
    if (order_qty <= Quantity{0}) return {RejectReason::bad_quantity};
    if (order_qty < instrument.least_quantity)
        return {RejectReason::quantity_too_small, instrument.least_quantity.value()};
    if (instrument.most_quantity != Quantity{0} && order_qty > instrument.most_quantity)
        return {RejectReason::quantity_too_large, instrument.most_quantity.value()};
    return risk::check_quantity(limits, order_qty);
}

Refusal check_notional(const Instrument& instrument, const risk::Limits& limits, Price limit,
                       Quantity order_qty) noexcept {
    const auto worth = notional(limit, order_qty, instrument.units_per_tick_lot);
    if (!worth) return {RejectReason::notional_too_large};
    if (*worth < instrument.least_notional)
        return {RejectReason::notional_too_small, instrument.least_notional.value()};
    return risk::check_notional(limits, *worth);
}

std::optional<Price> protection_price(const Instrument& instrument, Side side, Price reference) noexcept {
    const Wide whole = reference.value();
    if (side == Side::buy) {
        const auto highest = narrow(whole * (millionths + instrument.market_protection) / millionths);
        if (!highest) return std::nullopt;
        return Price{*highest};
    }
    const Wide lowest = whole * (millionths - instrument.market_protection);
    const Wide rounded_up = (lowest + millionths - 1) / millionths;
    return Price{std::max<std::int64_t>(1, static_cast<std::int64_t>(rounded_up))};
}

std::optional<Amount> needed_hold(const Instrument& instrument, Side side, Price limit, Quantity leaves,
                                  const risk::FeeRates& rates) noexcept {
    if (side == Side::sell) return risk::hold_of_sell(leaves, instrument.base_units_per_lot);
    const auto worth = notional(limit, leaves, instrument.units_per_tick_lot);
    if (!worth) return std::nullopt;
    return risk::hold_of_buy(*worth, rates);
}

} // namespace tradehive::venue
