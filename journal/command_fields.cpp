#include "journal/fields.hpp"

#include <algorithm>

namespace tradehive::journal {

namespace {

std::string_view up_to_zero(const std::array<char, 4>& padded) {
    return {padded.data(), static_cast<std::size_t>(std::ranges::find(padded, '\0') - padded.begin())};
}

} // namespace

void add_fields(const MessageRefused& body, Fields& fields) {
    fields.add("order", body.order);
    fields.add("cl_ord_id", body.cl_ord_id);
    fields.add("orig_cl_ord_id", body.orig_cl_ord_id);
    fields.add("symbol", body.symbol);
    fields.add("account", body.account);
    fields.add("text", body.text);
    fields.add("ref_tag", body.ref_tag);
    fields.add("code", body.code);
    fields.add("channel", body.channel);
    fields.add("side", body.side);
    fields.add("ref_msg_type", up_to_zero(body.ref_msg_type));
    fields.add("ord_type", body.ord_type);
}

// Not in an unnamed namespace: add_if finds them by the namespace of Fields.

static void add_fields(const EnterOrder& body, Fields& fields) {
    fields.add("account", body.account);
    fields.add("instrument", body.instrument);
    fields.add("price", body.price);
    fields.add("order_qty", body.order_qty);
    fields.add("cl_ord_id", body.cl_ord_id);
    fields.add("side", body.side);
    fields.add("ord_type", body.ord_type);
    fields.add("time_in_force", body.time_in_force);
    fields.add("poss_resend", body.poss_resend);
    fields.add("exec_inst", body.exec_inst);
    if (body.self_match_given) fields.add("self_match", body.self_match);
    fields.add("stop_px", body.stop_px);
    fields.add("display_qty", body.display_qty);
    fields.add("min_qty", body.min_qty);
    fields.add("cash_order_qty", body.cash_order_qty);
    fields.add("expire_time", body.expire_time);
}

static void add_fields(const CancelOrder& body, Fields& fields) {
    fields.add("order", body.order);
    fields.add("orig_cl_ord_id", body.orig_cl_ord_id);
    fields.add("cl_ord_id", body.cl_ord_id);
    fields.add("account", body.account);
    fields.add("instrument", body.instrument);
    fields.add("side", body.side);
}

static void add_fields(const ReplaceOrder& body, Fields& fields) {
    fields.add("order", body.order);
    fields.add("orig_cl_ord_id", body.orig_cl_ord_id);
    fields.add("cl_ord_id", body.cl_ord_id);
    fields.add("account", body.account);
    fields.add("instrument", body.instrument);
    fields.add("price", body.price);
    fields.add("order_qty", body.order_qty);
    fields.add("side", body.side);
    fields.add("ord_type", body.ord_type);
    fields.add("time_in_force", body.time_in_force);
    fields.add("stop_px", body.stop_px);
    fields.add("display_qty", body.display_qty);
    fields.add("expire_time", body.expire_time);
}

static void add_fields(const MassCancel& body, Fields& fields) {
    fields.add("cl_ord_id", body.cl_ord_id);
    fields.add("instrument", body.instrument);
}

static void add_fields(const LogOnSession& body, Fields& fields) {
    fields.add("session", body.session);
    fields.add("cancel_on_disconnect", body.cancel_on_disconnect);
    fields.add("override_cancel_on_disconnect", body.override_cancel_on_disconnect);
    fields.add("reset_numbers", body.reset_numbers);
    fields.add("code", body.code);
    fields.add("totp_step", body.totp_step);
    fields.add("otp_grace_seconds", body.otp_grace_seconds);
    fields.add("address", body.address);
    fields.add("code_mark", body.code_mark);
}

static void add_fields(const SessionDisconnected& body, Fields& fields) {
    fields.add("session", body.session);
    fields.add("epoch", body.epoch);
    fields.add("next_in", body.next_in);
    fields.add("cause", body.cause);
    fields.add("keep_orders", body.keep_orders);
}

static void add_fields(const SetNextNumbers& body, Fields& fields) {
    fields.add("session", body.session);
    fields.add("next_in", body.next_in);
    fields.add("next_out", body.next_out);
}

static void add_fields(const UseCode& body, Fields& fields) {
    fields.add("session", body.session);
    fields.add("totp_step", body.totp_step);
}

void add_fields(const AnswerUser& body, Fields& fields) {
    fields.add("request_id", body.request_id);
    fields.add("username", body.username);
    fields.add("reason", body.reason);
    fields.add("late", body.late);
}

static void add_fields(const VenueStarted& /*body*/, Fields& /*fields*/) {}

static void add_fields(const EndDay& body, Fields& fields) {
    fields.add("day", body.day);
}

static void add_fields(const CreateFirm& body, Fields& fields) {
    fields.add("key", body.key);
    fields.add("code", body.code);
}

static void add_fields(const CreateAccount& body, Fields& fields) {
    fields.add("key", body.key);
    fields.add("code", body.code);
    fields.add("firm", body.firm);
    fields.add("maker_fee", body.maker_fee);
    fields.add("taker_fee", body.taker_fee);
}

static void add_fields(const SetAccountLimits& body, Fields& fields) {
    fields.add("account", body.account);
    fields.add("most_open_orders", body.most_open_orders);
    fields.add("most_order_qty", body.most_order_qty);
    fields.add("most_notional", body.most_notional);
}

static void add_fields(const SetAccountFrozen& body, Fields& fields) {
    fields.add("account", body.account);
    fields.add("frozen", body.frozen);
}

static void add_fields(const SetAccountFees& body, Fields& fields) {
    fields.add("account", body.account);
    fields.add("maker_fee", body.maker_fee);
    fields.add("taker_fee", body.taker_fee);
}

static void add_fields(const CreateFixSession& body, Fields& fields) {
    fields.add("key", body.key);
    fields.add("comp_id", body.comp_id);
    fields.add("firm", body.firm);
    fields.add("resend_max_age", body.resend_max_age);
    fields.add("session_kind", body.session_kind);
    fields.add("cancel_on_disconnect", body.cancel_on_disconnect);
    if (body.self_match != SelfMatch{}) fields.add("self_match", body.self_match);
}

static void add_fields(const EntitleSession& body, Fields& fields) {
    fields.add("session", body.session);
    fields.add("account", body.account);
}

static void add_fields(const RevokeSession& body, Fields& fields) {
    fields.add("session", body.session);
}

static void add_fields(const CreateAsset& body, Fields& fields) {
    fields.add("key", body.key);
    fields.add("code", body.code);
    fields.add("scale", body.scale);
}

static void add_fields(const CreateInstrument& body, Fields& fields) {
    fields.add("key", body.key);
    fields.add("symbol", body.symbol);
    fields.add("base", body.base);
    fields.add("quote", body.quote);
    fields.add("tick_mantissa", body.tick_mantissa);
    fields.add("lot_mantissa", body.lot_mantissa);
    fields.add("least_quantity", body.least_quantity);
    fields.add("most_quantity", body.most_quantity);
    fields.add("least_notional", body.least_notional);
    fields.add("market_protection", body.market_protection);
    fields.add("tick_scale", body.tick_scale);
    fields.add("lot_scale", body.lot_scale);
}

static void add_fields(const SetInstrumentState& body, Fields& fields) {
    fields.add("instrument", body.instrument);
    fields.add("state", body.state);
}

static void add_fields(const Deposit& body, Fields& fields) {
    fields.add("key", body.key);
    fields.add("account", body.account);
    fields.add("asset", body.asset);
    fields.add("amount", body.amount);
}

static void add_fields(const Withdraw& body, Fields& fields) {
    fields.add("key", body.key);
    fields.add("account", body.account);
    fields.add("asset", body.asset);
    fields.add("amount", body.amount);
}

static void add_fields(const SetPriceBand& body, Fields& fields) {
    fields.add("instrument", body.instrument);
    fields.add("lowest", body.lowest);
    fields.add("highest", body.highest);
}

static void add_fields(const SetKillSwitch& body, Fields& fields) {
    fields.add("scope", body.scope);
    fields.add("id", body.id);
    fields.add("killed", body.killed);
}

static void add_fields(const ExpireOrders& /*body*/, Fields& /*fields*/) {}

static void add_fields(const ResetNumbers& body, Fields& fields) {
    fields.add("moment", body.moment);
}

void add_body(const Command& written, Fields& fields) {
    Command command = written;
    bring_up_to_date(command);
    add_one_of<EnterOrder, CancelOrder, ReplaceOrder, MessageRefused, LogOnSession, SessionDisconnected,
               SetNextNumbers, VenueStarted, EndDay, CreateFirm, CreateAccount, SetAccountLimits,
               SetAccountFrozen, SetAccountFees, CreateFixSession, EntitleSession, RevokeSession, CreateAsset,
               CreateInstrument, SetInstrumentState, Deposit, Withdraw, MassCancel, ExpireOrders,
               SetPriceBand, SetKillSwitch, UseCode, AnswerUser, ResetNumbers>(command, fields);
}

} // namespace tradehive::journal
