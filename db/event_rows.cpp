#include "db/event_rows.hpp"

#include "db/words.hpp"
#include "domain/reject_reason.hpp"

#include <string>

namespace tradehive::db {

namespace {

template <class Tag, class Representation>
long long number(Tagged<Tag, Representation> tagged) {
    return static_cast<long long>(tagged.value());
}

} // namespace

Steps::Steps(soci::session& sql) {
    const soci::rowset<soci::row> assets = (sql.prepare << "SELECT asset_id, scale FROM assets");
    for (const auto& row : assets)
        add_asset(AssetId{static_cast<std::uint32_t>(row.get<long long>(0))},
                  static_cast<std::uint8_t>(row.get<long long>(1)));
    const soci::rowset<soci::row> rows =
        (sql.prepare << "SELECT instrument_id, tick_mantissa, tick_scale, lot_mantissa, lot_scale, "
                        "quote_asset_id FROM instruments");
    for (const auto& row : rows)
        add_instrument(InstrumentId{static_cast<std::uint32_t>(row.get<long long>(0))},
                       {row.get<long long>(1), static_cast<std::uint8_t>(row.get<long long>(2))},
                       {row.get<long long>(3), static_cast<std::uint8_t>(row.get<long long>(4))},
                       AssetId{static_cast<std::uint32_t>(row.get<long long>(5))});
}

void Steps::add_asset(AssetId asset, std::uint8_t scale) {
    scales_.insert_or_assign(asset, scale);
}

void Steps::add_instrument(InstrumentId instrument, Decimal tick, Decimal lot, AssetId quote) {
    const auto scale = scales_.find(quote);
    instruments_.insert_or_assign(
        instrument, Instrument{tick, lot, scale == scales_.end() ? std::uint8_t{} : scale->second});
}

const Steps::Instrument* Steps::instrument(InstrumentId id) const {
    const auto found = instruments_.find(id);
    return found == instruments_.end() ? nullptr : &found->second;
}

OptionalText Steps::amount(AssetId asset, Amount amount) const {
    const auto found = scales_.find(asset);
    if (found == scales_.end()) return {};
    return OptionalText(format_units(amount.value(), minor_unit(found->second)));
}

EventRows::EventRows(Steps& steps, std::span<const Event> events)
    : steps_{steps} {
    for (const auto& event : events)
        add(event);
    for (const auto& [id, latest] : latest_orders_)
        orders.push_back(row_of(latest));
    for (const auto& [key, latest] : latest_balances_)
        balances.push_back(row_of(latest));
}

void EventRows::add(const Event& event) {
    const auto& header = event.header;
    if (header.version != body_version(header.kind) || body_size(header.kind) != header.body_size)
        throw UnknownEvent("event " + std::to_string(header.number.value()) + " is of kind " +
                           std::to_string(static_cast<int>(header.kind)) + " version " +
                           std::to_string(header.version) + ", which this program does not know");
    switch (header.kind) {
    case EventKind::order_accepted:
        add_order(header, event.as<OrderAccepted>().order);
        return;
    case EventKind::order_canceled:
        add_order(header, event.as<OrderCanceled>().order);
        return;
    case EventKind::order_restated:
        add_order(header, event.as<OrderRestated>().order);
        return;
    case EventKind::order_replaced:
        add_order(header, event.as<OrderReplaced>().order);
        return;
    case EventKind::order_rejected: {
        const auto rejected = event.as<OrderRejected>();
        add_order(header, rejected.order).reason = rejected.reason;
        return;
    }
    case EventKind::order_traded:
        add_trade(header, event.as<OrderTraded>());
        return;
    case EventKind::balance_changed: {
        const auto changed = event.as<BalanceChanged>();
        latest_balances_[{changed.account, changed.asset}] = {header.time, header.number, changed};
        return;
    }
    default:
        add_reference(event);
        return;
    }
}

void EventRows::add_reference(const Event& event) {
    switch (event.header.kind) {
    case EventKind::firm_created: {
        const auto created = event.as<FirmCreated>();
        firms.push_back({number(created.firm), printable(created.code.view())});
        return;
    }
    case EventKind::firm_changed: {
        const auto changed = event.as<FirmChanged>();
        firms.push_back({number(changed.firm), printable(changed.code.view()), changed.killed});
        return;
    }
    case EventKind::account_changed:
        add_account(event.as<AccountChanged>());
        return;
    case EventKind::fix_session_changed:
        add_fix_session(event.as<FixSessionChanged>());
        return;
    case EventKind::session_entitled: {
        const auto entitled = event.as<SessionEntitled>();
        entitlements.push_back({number(entitled.session), number(entitled.account)});
        return;
    }
    case EventKind::asset_created:
        add_asset(event.as<AssetCreated>());
        return;
    case EventKind::instrument_changed:
        add_instrument(event.as<InstrumentChanged>());
        return;
    default:
        return; // answers and session events change no row
    }
}

EventRows::LatestOrder& EventRows::add_order(const EventHeader& header, const OrderImage& image) {
    auto [place, first] = latest_orders_.try_emplace(image.order);
    auto& latest = place->second;
    if (first) latest.entered = header.time;
    latest.changed = header.time;
    latest.event = header.number;
    latest.image = image;
    return latest;
}

void EventRows::set_terms(OrderRow& row, const OrderImage& image, const Steps::Instrument* steps) {
    row.stop_px_ticks = number(image.stop_px);
    row.display_qty_lots = number(image.display_qty);
    row.min_qty_lots = number(image.min_qty);
    row.cash_order_qty = number(image.cash_order_qty);
    if (image.expire_time != Timestamp{}) row.expires_at = utc_text(image.expire_time);
    row.exec_inst = word(image.exec_inst);
    row.self_match = word(image.self_match);
    row.triggered = image.triggered;
    if (steps == nullptr) return;
    if (image.stop_px != Price{})
        row.stop_px = OptionalText(format_units(image.stop_px.value(), steps->tick));
    if (image.display_qty != Quantity{})
        row.display_qty = OptionalText(format_units(image.display_qty.value(), steps->lot));
    if (image.min_qty != Quantity{})
        row.min_qty = OptionalText(format_units(image.min_qty.value(), steps->lot));
    if (image.cash_order_qty != Amount{})
        row.cash_order_qty_text =
            OptionalText(format_units(image.cash_order_qty.value(), minor_unit(steps->quote_scale)));
}

OrderRow EventRows::row_of(const LatestOrder& order) const {
    const auto& image = order.image;
    OrderRow row;
    row.entered_at = utc_text(order.entered);
    if (order.reason != RejectReason::none) row.reject_word = describe(order.reason).word;
    row.order_id = number(image.order);
    row.account_id = number(image.account);
    row.instrument_id = number(image.instrument);
    row.fix_session_id = number(image.session);
    row.cl_ord_id = printable(image.cl_ord_id.view());
    row.side = word(image.side);
    row.ord_type = word(image.ord_type);
    row.time_in_force = word(image.time_in_force);
    row.ord_status = word(image.ord_status);
    row.price_ticks = number(image.price);
    row.order_qty_lots = number(image.order_qty);
    row.leaves_qty_lots = number(image.leaves_qty);
    row.cum_qty_lots = number(image.cum_qty);
    row.changed_at = utc_text(order.changed);
    row.changed_by_event = number(order.event);
    const auto* steps = steps_.instrument(image.instrument);
    set_terms(row, image, steps);
    if (steps != nullptr) {
        if (image.price != Price{}) row.price = OptionalText(format_units(image.price.value(), steps->tick));
        row.order_qty = OptionalText(format_units(image.order_qty.value(), steps->lot));
        row.leaves_qty = OptionalText(format_units(image.leaves_qty.value(), steps->lot));
        row.cum_qty = OptionalText(format_units(image.cum_qty.value(), steps->lot));
        row.avg_px = OptionalText(format_average_price(image.cum_tick_lots, image.cum_qty, steps->tick));
    }
    return row;
}

void EventRows::add_trade(const EventHeader& header, const OrderTraded& traded) {
    add_order(header, traded.order);
    TradeRow row;
    row.trade_id = number(traded.trade);
    row.side = word(traded.order.side);
    row.order_id = number(traded.order.order);
    row.account_id = number(traded.order.account);
    row.instrument_id = number(traded.order.instrument);
    row.exec_id = std::to_string(header.sequence.value()) + "-" + std::to_string(header.index);
    row.maker = traded.maker;
    row.last_px_ticks = number(traded.last_px);
    row.last_qty_lots = number(traded.last_qty);
    row.notional = number(traded.notional);
    row.fee = number(traded.fee);
    row.traded_at = utc_text(header.time);
    row.event = number(header.number);
    if (const auto* steps = steps_.instrument(traded.order.instrument); steps != nullptr) {
        row.last_px = OptionalText(format_units(traded.last_px.value(), steps->tick));
        row.last_qty = OptionalText(format_units(traded.last_qty.value(), steps->lot));
        row.notional_text =
            OptionalText(format_units(traded.notional.value(), minor_unit(steps->quote_scale)));
        row.fee_text = OptionalText(format_units(traded.fee.value(), minor_unit(steps->quote_scale)));
    }
    trades.push_back(std::move(row));
}

BalanceRow EventRows::row_of(const LatestBalance& latest) const {
    const auto& changed = latest.balance;
    BalanceRow row;
    const Amount available = changed.total - changed.held;
    row.account_id = number(changed.account);
    row.asset_id = number(changed.asset);
    row.total = number(changed.total);
    row.held = number(changed.held);
    row.available = number(available);
    row.total_text = steps_.amount(changed.asset, changed.total);
    row.held_text = steps_.amount(changed.asset, changed.held);
    row.available_text = steps_.amount(changed.asset, available);
    row.changed_at = utc_text(latest.changed);
    row.changed_by_event = number(latest.event);
    return row;
}

void EventRows::add_account(const AccountChanged& changed) {
    accounts.push_back({.account_id = number(changed.account),
                        .firm_id = number(changed.firm),
                        .code = printable(changed.code.view()),
                        .frozen = changed.frozen,
                        .maker_fee = number(changed.maker_fee),
                        .taker_fee = number(changed.taker_fee),
                        .most_open_orders = changed.most_open_orders,
                        .most_order_qty = number(changed.most_order_qty),
                        .most_notional = number(changed.most_notional),
                        .killed = changed.killed});
}

void EventRows::add_fix_session(const FixSessionChanged& changed) {
    fix_sessions.push_back({.fix_session_id = number(changed.session),
                            .firm_id = number(changed.firm),
                            .comp_id = printable(changed.comp_id.view()),
                            .kind = std::string(word(changed.session_kind)),
                            .cancel_on_disconnect = std::string(word(changed.cancel_on_disconnect)),
                            .resend_max_age = changed.resend_max_age,
                            .revoked = changed.revoked,
                            .killed = changed.killed,
                            .self_match = std::string(word(changed.self_match))});
}

void EventRows::add_asset(const AssetCreated& created) {
    assets.push_back({number(created.asset), printable(created.code.view()), created.scale});
    steps_.add_asset(created.asset, created.scale);
}

void EventRows::add_instrument(const InstrumentChanged& changed) {
    const Decimal tick{changed.tick_mantissa, changed.tick_scale};
    const Decimal lot{changed.lot_mantissa, changed.lot_scale};
    instruments.push_back({.instrument_id = number(changed.instrument),
                           .symbol = printable(changed.symbol.view()),
                           .base = number(changed.base),
                           .quote = number(changed.quote),
                           .tick = std::string(format_units(1, tick).view()),
                           .tick_mantissa = tick.mantissa,
                           .tick_scale = tick.scale,
                           .lot = std::string(format_units(1, lot).view()),
                           .lot_mantissa = lot.mantissa,
                           .lot_scale = lot.scale,
                           .least_quantity = number(changed.least_quantity),
                           .most_quantity = number(changed.most_quantity),
                           .least_notional = number(changed.least_notional),
                           .market_protection = changed.market_protection,
                           .state = std::string(word(changed.state)),
                           .lowest_price = number(changed.lowest_price),
                           .highest_price = number(changed.highest_price)});
    steps_.add_instrument(changed.instrument, tick, lot, changed.quote);
}

} // namespace tradehive::db
