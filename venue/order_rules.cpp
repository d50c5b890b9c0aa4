#include "venue/order_rules.hpp"

#include <algorithm>

namespace tradehive::venue {

namespace {

Refusal check_prices(const OrderImage& order) noexcept {
    if (has_price(order.ord_type)) {
        if (order.price <= Price{0}) return {RejectReason::bad_price};
    } else if (order.price != Price{0}) {
        return {RejectReason::price_on_market_order};
    }
    if (has_stop_px(order.ord_type)) {
        if (order.stop_px <= Price{0}) return {RejectReason::bad_stop_px};
    } else if (order.stop_px != Price{0}) {
        return {RejectReason::stop_px_not_taken};
    }
    return {};
}

Refusal check_time_in_force(const OrderImage& order, Timestamp now) noexcept {
    const bool till_date = order.time_in_force == TimeInForce::good_till_date;
    switch (order.ord_type) {
    case OrdType::market: // Day is what an absent TimeInForce means, and does no harm
        if (order.time_in_force == TimeInForce::good_till_cancel || till_date)
            return {RejectReason::market_needs_ioc_or_fok};
        break;
    case OrdType::limit:
        break;
    default:
        if (!stays(order.time_in_force)) return {RejectReason::time_in_force_of_type};
    }
    if (till_date ? order.expire_time <= now : order.expire_time != Timestamp{})
        return {RejectReason::bad_expire_time};
    return {};
}

Refusal check_quantities(const OrderImage& order) noexcept {
    const bool market = order.ord_type == OrdType::market;
    const bool has_cash = order.cash_order_qty != Amount{0};
    const bool has_quantity = order.order_qty != Quantity{0};
    if (order.cash_order_qty < Amount{0} || (has_cash && (has_quantity || !market)) ||
        (market && !has_cash && !has_quantity))
        return {RejectReason::quantity_or_cash};
    const bool immediate = order.time_in_force == TimeInForce::immediate_or_cancel;
    if (order.min_qty != Quantity{0} &&
        (order.min_qty < Quantity{0} || order.min_qty > order.order_qty || !immediate))
        return {RejectReason::bad_min_qty};
    const bool may_hide = has_price(order.ord_type) && stays(order.time_in_force);
    if (order.display_qty != Quantity{0} &&
        (order.display_qty < Quantity{0} || order.display_qty > order.order_qty || !may_hide))
        return {RejectReason::bad_display_qty};
    return {};
}

} // namespace

Refusal check_terms(const OrderImage& order, Timestamp now) noexcept {
    if (!is_known(order.side)) return {RejectReason::unsupported_side};
    if (!is_known(order.ord_type)) return {RejectReason::unsupported_ord_type};
    if (!is_known(order.time_in_force)) return {RejectReason::unsupported_time_in_force};
    if (!is_known(order.self_match)) return {RejectReason::bad_self_match};
    if (const auto refusal = check_prices(order)) return refusal;
    if (const auto refusal = check_time_in_force(order, now)) return refusal;
    if (has(order.exec_inst, ExecInst::post_only) &&
        (order.ord_type != OrdType::limit || !stays(order.time_in_force)))
        return {RejectReason::exec_inst_of_type};
    return check_quantities(order);
}

Refusal check_band(const Instrument& instrument, Price price) noexcept {
    if (price == Price{0}) return {};
    if (price < instrument.lowest_price) return {RejectReason::price_band, instrument.lowest_price.value()};
    if (instrument.highest_price != Price{0} && price > instrument.highest_price)
        return {RejectReason::price_band, instrument.highest_price.value()};
    return {};
}

Price within_band(const Instrument& instrument, Price price) noexcept {
    if (instrument.highest_price != Price{0}) price = std::min(price, instrument.highest_price);
    return std::max(price, instrument.lowest_price);
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

Quantity lots_for(const Instrument& instrument, Side side, Price price, Amount cash,
                  const risk::FeeRates& rates) noexcept {
    const Wide lot_costs = Wide{price.value()} * instrument.units_per_tick_lot;
    if (side == Side::sell) return Quantity{static_cast<std::int64_t>(Wide{cash.value()} / lot_costs)};
    const std::int64_t fee = std::max<std::int64_t>(rates.taker.value(), 0);
    // At most one too few, since a fee is rounded down.
    auto lots = static_cast<std::int64_t>(Wide{cash.value()} * millionths / (lot_costs * (millionths + fee)));
    const auto costs = [&](std::int64_t quantity) {
        const Wide worth = lot_costs * quantity;
        return worth + worth * fee / millionths;
    };
    while (costs(lots + 1) <= cash.value())
        ++lots;
    return Quantity{lots};
}

} // namespace tradehive::venue
