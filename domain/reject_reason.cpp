#include "domain/reject_reason.hpp"

namespace tradehive {

RejectWords describe(RejectReason reason) noexcept {
    using enum RejectReason;
    switch (reason) {
    case none:
        return {"OK", "nothing was refused"};
    case unknown_instrument:
        return {"UNKNOWN_SYMBOL", "Symbol(55) must name a listed instrument"};
    case instrument_halted:
        return {"HALTED", "the instrument is halted; only cancels are taken"};
    case unknown_account:
        return {"UNKNOWN_ACCOUNT", "Account(1) must name an account that this session may act for"};
    case account_frozen:
        return {"FROZEN", "the account is frozen; only cancels are taken"};
    case session_may_not_trade:
        return {"NOT_ORDER_ENTRY", "orders are taken on order-entry sessions only"};
    case duplicate_cl_ord_id:
        return {"DUPLICATE", "ClOrdID(11) must differ from the account's open orders and those of 24 hours"};
    case bad_quantity:
        return {"BAD_QTY", "OrderQty(38) must be above zero and a whole number of lots"};
    case quantity_too_small:
        return {"QTY_TOO_SMALL", "OrderQty(38) is below the instrument's least"};
    case quantity_too_large:
        return {"QTY_TOO_LARGE", "OrderQty(38) is above the instrument's most"};
    case over_quantity_limit:
        return {"QTY_LIMIT", "OrderQty(38) is above the account's limit"};
    case bad_price:
        return {"BAD_PRICE", "Price(44) must be above zero and a whole number of ticks"};
    case price_on_market_order:
        return {"PRICE_ON_MARKET",
                "Price(44) goes with OrdType(40) 2 and 4 only; a market order carries none"};
    case notional_too_small:
        return {"NOTIONAL_TOO_SMALL", "price x quantity is below the instrument's least"};
    case notional_too_large:
        return {"NOTIONAL_TOO_LARGE", "price x quantity is beyond the venue's range"};
    case over_notional_limit:
        return {"NOTIONAL_LIMIT", "price x quantity is above the account's limit"};
    case too_many_open_orders:
        return {"OPEN_ORDERS_LIMIT", "the account has as many open orders as it may"};
    case insufficient_funds:
        return {"FUNDS", "the order needs more than the account has available"};
    case no_reference_price:
        return {"NO_REFERENCE_PRICE", "a market order needs a last trade or an order on the other side"};
    case unsupported_ord_type:
        return {"ORD_TYPE", "OrdType(40) must be 1, 2, 3, 4, J (take profit) or K (market to limit)"};
    case unsupported_time_in_force:
        return {"TIME_IN_FORCE", "TimeInForce(59) must be 0 (day), 1 (GTC), 3 (IOC), 4 (FOK) or 6 (GTD)"};
    case market_needs_ioc_or_fok:
        return {"MARKET_TIF", "a market order never rests: TimeInForce(59) must be absent, 0, 3 or 4"};
    case unknown_order:
        return {"UNKNOWN_ORDER", "no order of this account has that OrderID or OrigClOrdID"};
    case too_late:
        return {"TOO_LATE", "the order has already ended"};
    case ids_disagree:
        return {"IDS_DISAGREE", "OrderID(37) and OrigClOrdID(41) must name the same order"};
    case field_may_not_change:
        return {"MAY_NOT_CHANGE", "Account, Symbol, Side, OrdType and TimeInForce stay as they were entered"};
    case quantity_already_filled:
        return {"ALREADY_FILLED", "OrderQty(38) must be above CumQty(14)"};
    case unknown_session:
        return {"UNKNOWN_SESSION", "no FIX session has that id"};
    case session_revoked:
        return {"REVOKED", "the FIX session has been revoked"};
    case code_already_used:
        return {"CODE_USED", "a TOTP code counts once; wait for the next one"};
    case already_logged_on:
        return {"ALREADY_LOGGED_ON", "the session has a live connection"};
    case bad_code:
        return {"BAD_CODE", "a code is 1 to 15 of A-Z 0-9 . _ -"};
    case already_exists:
        return {"ALREADY_EXISTS", "that name is taken"};
    case unknown_firm:
        return {"UNKNOWN_FIRM", "no firm has that id"};
    case unknown_asset:
        return {"UNKNOWN_ASSET", "no asset has that id"};
    case bad_scale:
        return {"BAD_SCALE", "an asset's scale is 0 to 9"};
    case bad_step:
        return {"BAD_STEP",
                "tick and lot are above zero; lot and tick x lot are whole numbers of minor units"};
    case bad_limit:
        return {"BAD_LIMIT", "limits are not negative, and the least is not above the most"};
    case bad_fee:
        return {"BAD_FEE", "a rate lies within 1000000 millionths, and maker + taker is not negative"};
    case bad_amount:
        return {"BAD_AMOUNT", "an amount is above zero and a whole number of minor units"};
    case supply_too_large:
        return {"SUPPLY", "an asset's supply stays below 2^63 minor units"};
    case not_logged_on:
        return {"NOT_LOGGED_ON", "the session has no live connection"};
    case bad_number:
        return {"BAD_NUMBER", "a sequence number is at least 1"};
    case busy:
        return {"BUSY", "the venue's queue is full; send again later"};
    case stale:
        return {"STALE", "the message comes again too late to be acted on; send it as a new one"};
    case throttled:
        return {"THROTTLE", "the session sends faster than it may; slow down and send again"};
    case account_needed:
        return {"ACCOUNT_NEEDED", "Account(1) is needed unless the session acts for exactly one account"};
    case unsupported_side:
        return {"SIDE", "Side(54) must be 1 (buy) or 2 (sell)"};
    case unsupported_field:
        return {"UNSUPPORTED_FIELD", "an order carries no field whose meaning the venue cannot keep"};
    case bad_field:
        return {"BAD_FIELD", "each field must be there and hold what FIX 4.4 and the venue's rules allow"};
    case unsupported_message:
        return {"UNSUPPORTED_MESSAGE", "this MsgType(35) is not taken on this session"};
    case unsupported_subscription:
        return {"SUBSCRIPTION",
                "SubscriptionRequestType(263) must be 0 (snapshot), 1 (subscribe) or 2 (end)"};
    case unsupported_depth:
        return {"DEPTH", "MarketDepth(264) must be 0 (full), 1, 5, 10, 20 or 50"};
    case unsupported_book:
        return {"BOOK", "AggregatedBook(266) must be absent or Y (by price), or N (by order)"};
    case unsupported_entry_type:
        return {"ENTRY_TYPE", "MDEntryType(269) must be 0, 1, 2, 4, 5, 7, 8 or B"};
    case unsupported_update_type:
        return {"UPDATE_TYPE", "MDUpdateType(265) of a subscription must be 0 (full) or 1 (changes)"};
    case key_reused:
        return {"KEY_REUSED", "a key stands for one command; give another command a key of its own"};
    case duplicate_request:
        return {"DUPLICATE_REQUEST", "the id names a request that is alive; give each its own"};
    case unknown_request:
        return {"UNKNOWN_REQUEST", "the id names no subscription that is alive"};
    case too_many_subscriptions:
        return {"SUBSCRIPTIONS", "the session has as many subscriptions as it may; end one first"};
    case book_too_large:
        return {"TOO_LARGE", "the book does not fit into one message; ask for fewer levels"};
    case unknown_trading_session:
        return {"TRADING_SESSION", "TradingSessionID(336) must be absent or the UTC date of the day"};
    case bad_stop_px:
        return {"STOP_PX", "StopPx(99) must be above zero and a whole number of ticks"};
    case stop_px_not_taken:
        return {"NO_STOP_PX", "StopPx(99) goes with OrdType(40) 3, 4 and J only"};
    case time_in_force_of_type:
        return {"TYPE_TIF", "OrdType(40) 3, 4, J and K take TimeInForce(59) 0, 1 or 6"};
    case bad_expire_time:
        return {"EXPIRE_TIME",
                "GTD needs ExpireTime(126) or ExpireDate(432) in the future; nothing else takes one"};
    case bad_display_qty:
        return {"MAX_FLOOR", "MaxFloor(111) is at most OrderQty(38), on a limit order that may rest"};
    case bad_min_qty:
        return {"MIN_QTY", "MinQty(110) is at most OrderQty(38), with TimeInForce(59) 3 (IOC)"};
    case quantity_or_cash:
        return {"QTY_OR_CASH", "an order has OrderQty(38), or a market order CashOrderQty(152), not both"};
    case cash_too_small:
        return {"CASH_TOO_SMALL", "CashOrderQty(152) must be enough for one lot, fees included"};
    case exec_inst_of_type:
        return {"POST_ONLY_TYPE", "ExecInst(18) 6 (post-only) goes with limit orders that may rest"};
    case would_take:
        return {"POST_ONLY", "the order would trade at once; give it a price that rests"};
    case bad_self_match:
        return {"SELF_MATCH_RULE",
                "the rule must be 0 (cancel incoming), 1 (resting), 2 (both) or 3 (decrement)"};
    case price_band:
        return {"PRICE_BAND", "the price lies outside the instrument's price band"};
    case bad_price_band:
        return {"BAD_BAND", "a band's bounds are not negative, and the lowest is not above the highest"};
    case killed:
        return {"KILLED",
                "the kill switch of the account, its firm or the session is on; only cancels are taken"};
    case cancel_only:
        return {"CANCEL_ONLY", "the instrument takes only cancels"};
    case delisted:
        return {"DELISTED", "the instrument is no longer traded"};
    case unsupported_mass_cancel:
        return {"MASS_CANCEL_TYPE", "MassCancelRequestType(530) must be 1 (symbol) or 7 (all)"};
    case unsupported_mass_status:
        return {"MASS_STATUS_TYPE", "MassStatusReqType(585) must be 1 (symbol) or 7 (all)"};
    case not_own_username:
        return {"USERNAME", "Username(553) must be the one that this session has logged on with"};
    case unsupported_user_request:
        return {"USER_REQUEST_TYPE", "UserRequestType(924) must be 3 (change the password) or 4 (status)"};
    case password_incorrect:
        return {"PASSWORD_INCORRECT",
                "Password(554) or its one-time code, where one is needed, is not right"};
    case weak_password:
        return {"WEAK_PASSWORD", "12 to 128 printable ASCII characters, 6 of them different, not the old "
                                 "password, no user name in it"};
    case generated_secret:
        return {"GENERATED_SECRET", "the venue made this secret; its operator renews it"};
    case password_not_stored:
        return {"NOT_STORED", "the venue cannot store it now, the old password counts; try again later"};
    case password_in_doubt:
        return {"IN_DOUBT",
                "the old password counts until the database has said whether the new one is stored"};
    }
    return {"UNKNOWN", "unknown reason"};
}

} // namespace tradehive
