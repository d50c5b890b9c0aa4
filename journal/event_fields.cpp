#include "journal/fields.hpp"

namespace tradehive::journal {

// Not in an unnamed namespace: add_if finds them by the namespace of Fields.

static void add_order(const OrderImage& order, Fields& fields) {
    fields.add("order", order.order);
    fields.add("account", order.account);
    fields.add("instrument", order.instrument);
    fields.add("session", order.session);
    fields.add("side", order.side);
    fields.add("ord_type", order.ord_type);
    fields.add("time_in_force", order.time_in_force);
    fields.add("ord_status", order.ord_status);
    fields.add("price", order.price);
    fields.add("order_qty", order.order_qty);
    fields.add("leaves_qty", order.leaves_qty);
    fields.add("cum_qty", order.cum_qty);
    fields.add("cum_tick_lots", order.cum_tick_lots);
    fields.add("cl_ord_id", order.cl_ord_id);
    fields.add("stop_px", order.stop_px);
    fields.add("display_qty", order.display_qty);
    fields.add("shown_qty", order.shown_qty);
    fields.add("min_qty", order.min_qty);
    fields.add("cash_order_qty", order.cash_order_qty);
    fields.add("expire_time", order.expire_time);
    fields.add("exec_inst", order.exec_inst);
    if (order.self_match != SelfMatch{}) fields.add("self_match", order.self_match);
    fields.add("triggered", order.triggered);
}

static void add_fields(const OrderAccepted& body, Fields& fields) {
    add_order(body.order, fields);
}

static void add_fields(const OrderRejected& body, Fields& fields) {
    add_order(body.order, fields);
    fields.add("bound", body.bound);
    fields.add("reason", body.reason);
}

static void add_fields(const OrderTraded& body, Fields& fields) {
    add_order(body.order, fields);
    fields.add("trade", body.trade);
    fields.add("last_px", body.last_px);
    fields.add("last_qty", body.last_qty);
    fields.add("notional", body.notional);
    fields.add("fee", body.fee);
    fields.add("maker", body.maker);
    fields.add("unasked", body.unasked);
}

static void add_fields(const OrderCanceled& body, Fields& fields) {
    add_order(body.order, fields);
    fields.add("request", body.request);
    fields.add("why", body.why);
    fields.add("unasked", body.unasked);
}

static void add_fields(const OrderReplaced& body, Fields& fields) {
    add_order(body.order, fields);
    fields.add("orig_cl_ord_id", body.orig_cl_ord_id);
    fields.add("kept_place", body.kept_place);
}

static void add_fields(const CancelRejected& body, Fields& fields) {
    fields.add("order", body.order);
    fields.add("cl_ord_id", body.cl_ord_id);
    fields.add("orig_cl_ord_id", body.orig_cl_ord_id);
    fields.add("bound", body.bound);
    fields.add("account", body.account);
    fields.add("reason", body.reason);
    fields.add("ord_status", body.ord_status);
    fields.add("of_replace", body.of_replace);
}

static void add_fields(const OrderRestated& body, Fields& fields) {
    add_order(body.order, fields);
    fields.add("why", body.why);
}

static void add_fields(const MassCanceled& body, Fields& fields) {
    fields.add("cl_ord_id", body.cl_ord_id);
    fields.add("instrument", body.instrument);
    fields.add("orders", body.orders);
    fields.add("reason", body.reason);
}

static void add_fields(const OrderStatusReport& body, Fields& fields) {
    add_order(body.order, fields);
}

static void add_fields(const MessageWasRefused& body, Fields& fields) {
    add_fields(body.refusal, fields);
}

static void add_fields(const SessionLoggedOn& body, Fields& fields) {
    fields.add("session", body.session);
    fields.add("epoch", body.epoch);
    fields.add("next_in", body.next_in);
    fields.add("first_out", body.first_out);
    fields.add("cancel_on_disconnect", body.cancel_on_disconnect);
}

static void add_fields(const LogOnRefused& body, Fields& fields) {
    fields.add("session", body.session);
    fields.add("reason", body.reason);
}

static void add_fields(const SessionEnded& body, Fields& fields) {
    fields.add("session", body.session);
    fields.add("cause", body.cause);
}

static void add_fields(const NextNumbersSet& body, Fields& fields) {
    fields.add("session", body.session);
    fields.add("epoch", body.epoch);
    fields.add("next_in", body.next_in);
    fields.add("next_out", body.next_out);
}

static void add_fields(const CodeUsed& body, Fields& fields) {
    fields.add("session", body.session);
    fields.add("reason", body.reason);
}

static void add_fields(const UserAnswered& body, Fields& fields) {
    add_fields(body.answer, fields);
}

static void add_fields(const DayEnded& body, Fields& fields) {
    fields.add("day", body.day);
}

static void add_fields(const CommandDone& body, Fields& fields) {
    fields.add("made", body.made);
    fields.add("bound", body.bound);
    fields.add("reason", body.reason);
    fields.add("repeated", body.repeated);
}

static void add_fields(const FirmCreated& body, Fields& fields) {
    fields.add("code", body.code);
    fields.add("firm", body.firm);
}

static void add_fields(const AccountChanged& body, Fields& fields) {
    fields.add("code", body.code);
    fields.add("account", body.account);
    fields.add("firm", body.firm);
    fields.add("most_order_qty", body.most_order_qty);
    fields.add("most_notional", body.most_notional);
    fields.add("most_open_orders", body.most_open_orders);
    fields.add("maker_fee", body.maker_fee);
    fields.add("taker_fee", body.taker_fee);
    fields.add("frozen", body.frozen);
    fields.add("killed", body.killed);
}

static void add_fields(const FixSessionChanged& body, Fields& fields) {
    fields.add("comp_id", body.comp_id);
    fields.add("session", body.session);
    fields.add("firm", body.firm);
    fields.add("resend_max_age", body.resend_max_age);
    fields.add("session_kind", body.session_kind);
    fields.add("cancel_on_disconnect", body.cancel_on_disconnect);
    fields.add("revoked", body.revoked);
    fields.add("killed", body.killed);
    if (body.self_match != SelfMatch{}) fields.add("self_match", body.self_match);
}

static void add_fields(const FirmChanged& body, Fields& fields) {
    fields.add("code", body.code);
    fields.add("firm", body.firm);
    fields.add("killed", body.killed);
}

static void add_fields(const SessionEntitled& body, Fields& fields) {
    fields.add("session", body.session);
    fields.add("account", body.account);
}

static void add_fields(const AssetCreated& body, Fields& fields) {
    fields.add("code", body.code);
    fields.add("asset", body.asset);
    fields.add("scale", body.scale);
}

static void add_fields(const InstrumentChanged& body, Fields& fields) {
    fields.add("symbol", body.symbol);
    fields.add("instrument", body.instrument);
    fields.add("base", body.base);
    fields.add("quote", body.quote);
    fields.add("market_protection", body.market_protection);
    fields.add("tick_mantissa", body.tick_mantissa);
    fields.add("lot_mantissa", body.lot_mantissa);
    fields.add("least_quantity", body.least_quantity);
    fields.add("most_quantity", body.most_quantity);
    fields.add("least_notional", body.least_notional);
    fields.add("tick_scale", body.tick_scale);
    fields.add("lot_scale", body.lot_scale);
    fields.add("state", body.state);
    fields.add("lowest_price", body.lowest_price);
    fields.add("highest_price", body.highest_price);
}

static void add_fields(const BalanceChanged& body, Fields& fields) {
    fields.add("account", body.account);
    fields.add("asset", body.asset);
    fields.add("total", body.total);
    fields.add("held", body.held);
    fields.add("change", body.change);
    fields.add("cause", body.cause);
}

void add_body(const Event& event, Fields& fields) {
    add_one_of<OrderAccepted, OrderRejected, OrderTraded, OrderCanceled, OrderReplaced, CancelRejected,
               OrderStatusReport, MessageWasRefused, SessionLoggedOn, LogOnRefused, SessionEnded,
               NextNumbersSet, DayEnded, CommandDone, FirmCreated, AccountChanged, FixSessionChanged,
               SessionEntitled, AssetCreated, InstrumentChanged, BalanceChanged, OrderRestated, MassCanceled,
               FirmChanged, CodeUsed, UserAnswered>(event, fields);
}

} // namespace tradehive::journal
