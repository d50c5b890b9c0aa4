// Why the venue refuses: one named reason for each rule, its stable word for Text(58), and what would
// be right. Words never change their meaning; a word is added, not reused.
#pragma once

#include <cstdint>
#include <string_view>

namespace tradehive {

enum class RejectReason : std::uint8_t {
    none,
    // orders
    unknown_instrument,
    instrument_halted,
    unknown_account, // also: an account that this session may not act for; the two look the same
    account_frozen,
    session_may_not_trade,
    duplicate_cl_ord_id,
    bad_quantity,          // not above zero
    quantity_too_small,    // bound: least lots
    quantity_too_large,    // bound: most lots, of the instrument
    over_quantity_limit,   // bound: most lots, of the account
    bad_price,             // not above zero, or missing on a limit order
    price_on_market_order, // on any type but limit and stop limit
    notional_too_small,    // bound: least notional in minor units of the quote asset
    notional_too_large,    // the product does not fit the venue's range
    over_notional_limit,   // bound: the account's limit in minor units of the quote asset
    too_many_open_orders,  // bound: the account's limit
    insufficient_funds,    // bound: what is available of the asset that is short, in minor units
    no_reference_price,    // a market order before the first trade and with an empty other side
    unsupported_ord_type,
    unsupported_time_in_force,
    market_needs_ioc_or_fok, // Day and GTC have no meaning for a market order that never rests
    // cancel and replace
    unknown_order,
    too_late,                // the order has already ended
    ids_disagree,            // OrderID and OrigClOrdID name different orders
    field_may_not_change,    // Symbol, Side, OrdType, TimeInForce, Account on a replace
    quantity_already_filled, // bound: CumQty in lots
    // sessions
    unknown_session,
    session_revoked,
    code_already_used,
    already_logged_on,
    // back office
    bad_code, // empty, too long or other than A–Z 0–9 . - _
    already_exists,
    unknown_firm,
    unknown_asset,
    bad_scale,        // above 9
    bad_step,         // tick or lot not above zero, or not a whole number of minor units
    bad_limit,        // a bound below zero, or least above most
    bad_fee,          // a rate outside ±1,000,000 millionths, or maker + taker below zero
    bad_amount,       // not above zero
    supply_too_large, // the asset's whole supply would pass 2^63 − 1 minor units
    not_logged_on,
    bad_number, // a sequence number below 1
    busy,
    stale,
    throttled,
    // messages that the gateway refuses before the core sees them
    account_needed, // Account(1) absent, and the session does not act for exactly one
    unsupported_side,
    unsupported_field, // one that would change what the order means
    bad_field,
    unsupported_message,
    unsupported_subscription,
    unsupported_depth,
    unsupported_book,
    unsupported_entry_type,
    unsupported_update_type,
    key_reused, // an idempotency key came again with another command body
    // market data
    duplicate_request,
    unknown_request,
    too_many_subscriptions, // bound: how many a session may have
    book_too_large,
    unknown_trading_session,
    // types of order and states
    bad_stop_px,           // missing or not above zero on a type that has it
    stop_px_not_taken,     // on a type that has none
    time_in_force_of_type, // one that the type does not go with
    bad_expire_time,       // missing with good_till_date, given without it, or past
    bad_display_qty,       // above OrderQty, or on an order that never rests
    bad_min_qty,           // above OrderQty, or on an order that is not immediate or cancel
    quantity_or_cash,  // both of OrderQty and CashOrderQty, or neither; CashOrderQty on a type that has none
    cash_too_small,    // buys not a single lot
    exec_inst_of_type, // post-only on an order that never rests
    would_take,        // post-only
    bad_self_match,
    price_band,     // bound: the price that it passes, in ticks
    bad_price_band, // the lowest above the highest, or below zero
    killed,         // the account, its firm or the session
    cancel_only,
    delisted,
    unsupported_mass_cancel,
    unsupported_mass_status,
    // users
    not_own_username,
    unsupported_user_request,
    password_incorrect, // or its one-time code
    weak_password,
    generated_secret,
    password_not_stored,
    password_in_doubt,
};

inline constexpr auto reject_reason_count = static_cast<std::uint8_t>(RejectReason::password_in_doubt) + 1;

[[nodiscard]] constexpr bool is_known(RejectReason reason) noexcept {
    return static_cast<std::uint8_t>(reason) < reject_reason_count;
}

struct RejectWords {
    std::string_view word; // stable, in capitals
    std::string_view rule; // one sentence: what would be right
};

[[nodiscard]] RejectWords describe(RejectReason reason) noexcept;

} // namespace tradehive
