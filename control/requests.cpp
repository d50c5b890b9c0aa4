#include "control/requests.hpp"

#include <algorithm>

namespace tradehive::control {

namespace {

using enum Field::Shape;

constexpr Field positional_field(std::string_view name, std::string_view meaning, std::string_view help) {
    return {name, meaning, help, positional, true};
}
constexpr Field required_option(std::string_view name, std::string_view meaning, std::string_view help) {
    return {name, meaning, help, option, true};
}
constexpr Field optional(std::string_view name, std::string_view meaning, std::string_view help) {
    return {name, meaning, help, option, false};
}

constexpr auto key =
    optional("key", "KEY", "makes it safe to send again: the same key is done once (up to 39 characters)");
constexpr auto account = positional_field("account", "ACCOUNT", "code of the account");
constexpr auto comp_id = positional_field("comp-id", "COMPID", "the client's SenderCompID(49)");
constexpr auto scope = positional_field("scope", "SCOPE", "account, firm or session");
constexpr auto whose = positional_field("name", "NAME", "its code or CompID");
constexpr auto symbol = positional_field("symbol", "SYMBOL", "symbol of the instrument");
constexpr auto maker_fee =
    optional("maker-fee", "RATE", "of the notional, as decimal: 0.001 is 0.1 %; negative: rebate (0)");
constexpr auto taker_fee = optional("taker-fee", "RATE", "of the notional, as decimal (0)");
constexpr Field password{"password", "PASSWORD", "a chosen password, read from standard input, one line",
                         from_input, false};
constexpr auto totp = optional("totp", "RULE", "none, every-logon or fresh (every-logon)");

std::vector<RequestShape> make_reference_requests() {
    return {
        {"firm create",
         "Creates a firm",
         {positional_field("firm", "FIRM", "its code: 1 to 15 of A-Z 0-9 . _ -"), key},
         {}},
        {"firm list", "Lists the firms", {}, {"firm", "id"}},
        {"account create",
         "Creates an account of a firm",
         {positional_field("account", "ACCOUNT",
                           "its code, what FIX Account(1) carries: 1 to 15 of A-Z 0-9 . _ -"),
          required_option("firm", "FIRM", "the firm that it belongs to"), maker_fee, taker_fee, key},
         {}},
        {"account list",
         "Lists the accounts with their limits and fees",
         {},
         {"account", "firm", "frozen", "maker_fee", "taker_fee", "most_open_orders", "most_order_lots",
          "most_notional_units", "id"}},
        {"account limits",
         "Sets the limits of an account; a limit that is not given stays, 0 means none",
         {account, optional("most-open-orders", "COUNT", "open orders at once"),
          optional("most-order-lots", "LOTS", "quantity of one order, in lots of its instrument"),
          optional("most-notional-units", "UNITS",
                   "price x quantity of one order, in minor units of the quote asset")},
         {}},
        {"account fees",
         "Sets the fee rates for orders that enter from now on; a rate that is not given stays",
         {account, maker_fee, taker_fee},
         {}},
        {"account freeze", "Freezes an account: only cancels are taken", {account}, {}},
        {"account unfreeze", "Lets a frozen account trade again", {account}, {}},
        {"kill",
         "Kill switch: cancels all open orders of an account, firm or FIX session, and takes no new ones",
         {scope, whose},
         {}},
        {"revive", "Turns a kill switch off", {scope, whose}, {}},
        {"asset create",
         "Creates an asset",
         {positional_field("asset", "ASSET", "its code: 1 to 15 of A-Z 0-9 . _ -"),
          required_option("scale", "DIGITS", "decimals of its minor unit, 0 to 9"), key},
         {}},
        {"asset list", "Lists the assets", {}, {"asset", "scale", "id"}},
        {"instrument create",
         "Creates an instrument; its assets, tick and lot never change afterwards",
         {positional_field("symbol", "SYMBOL", "what FIX Symbol(55) carries: 1 to 15 of A-Z 0-9 . _ -"),
          required_option("base", "ASSET", "what is bought and sold"),
          required_option("quote", "ASSET", "what it is paid with"),
          required_option("tick", "PRICE", "step of prices: 0.01"),
          required_option("lot", "QUANTITY", "step of quantities: 0.0001"),
          optional("least-quantity", "QUANTITY", "of an order (one lot)"),
          optional("most-quantity", "QUANTITY", "of an order (a billion lots)"),
          optional("least-notional", "AMOUNT", "price x quantity of an order, in the quote asset (0)"),
          optional("protection", "RATE",
                   "how far a market order may go from the reference price: 0.05 is 5 % (0.05)"),
          key},
         {}},
        {"instrument list",
         "Lists the instruments",
         {},
         {"symbol", "base", "quote", "tick", "lot", "least_quantity", "most_quantity", "least_notional",
          "protection", "state", "lowest", "highest", "id"}},
        {"instrument halt", "Halts an instrument: cancels are taken, nothing else", {symbol}, {}},
        {"instrument resume", "Opens a halted instrument again", {symbol}, {}},
        {"instrument cancel-only",
         "As halt, for longer: announced as not available for trading",
         {symbol},
         {}},
        {"instrument delist", "Ends an instrument for ever: cancels its orders, takes no more", {symbol}, {}},
        {"instrument band",
         "Sets the prices between which orders are taken; resting ones stay",
         {symbol, optional("lowest", "PRICE", "orders below it are refused (no bound)"),
          optional("highest", "PRICE", "orders above it are refused (no bound)")},
         {}},
    };
}

std::vector<RequestShape> make_money_requests() {
    const auto asset = positional_field("asset", "ASSET", "code of the asset");
    const auto amount = positional_field("amount", "AMOUNT", "a decimal: 1000.50");
    const auto of_account = optional("account", "ACCOUNT", "of this account only");
    return {
        {"deposit", "Adds to a balance", {account, asset, amount, key}, {}},
        {"withdraw", "Takes from what is available of a balance", {account, asset, amount, key}, {}},
        {"balances", "Lists balances", {of_account}, {"account", "asset", "total", "held", "available"}},
        {"orders",
         "Lists open orders",
         {of_account},
         {"order", "account", "symbol", "side", "type", "tif", "price", "quantity", "leaves", "filled",
          "average", "status", "cl_ord_id", "session"}},
    };
}

std::vector<RequestShape> make_session_requests() {
    return {
        {"fix-session create",
         "Creates a FIX session and its credential; secret and TOTP key are shown this once",
         {comp_id, required_option("firm", "FIRM", "the firm that it belongs to"),
          optional("accounts", "A,B,…", "accounts that it may act for"),
          optional("kind", "KIND", "order-entry, market-data or drop-copy (order-entry)"),
          optional("username", "NAME", "Username(553), 1 to 64 printable characters (the COMPID)"), password,
          totp, optional("cancel-on-disconnect", "MODE", "none, session or account (session)"),
          optional("self-match", "RULE",
                   "of orders that do not say: cancel-incoming, cancel-resting, cancel-both or decrement "
                   "(cancel-incoming)"),
          optional("resend-max-age", "SECONDS", "older resent orders are refused as STALE (10)")},
         {}},
        {"fix-session renew",
         "Replaces the credential of a FIX session; secret and TOTP key are shown this once",
         {comp_id, optional("username", "NAME", "Username(553), 1 to 64 printable characters (the COMPID)"),
          password, totp},
         {}},
        {"fix-session entitle",
         "Lets a FIX session act for an account of its firm",
         {comp_id, positional_field("account", "ACCOUNT", "code of the account")},
         {}},
        {"fix-session revoke",
         "Ends a FIX session for ever: logs it out, cancels its orders, removes its credential",
         {comp_id},
         {}},
        {"fix-session list",
         "Lists the FIX sessions",
         {},
         {"comp_id", "firm", "kind", "accounts", "cancel_on_disconnect", "self_match", "resend_max_age",
          "revoked", "killed", "id"}},
        {"session list",
         "Lists the connections of FIX sessions",
         {},
         {"comp_id", "connected", "address", "since", "next_in", "next_out", "bytes_waiting"}},
        {"session disconnect",
         "Logs a FIX session out and closes its connection",
         {comp_id, optional("text", "TEXT", "Text(58) of the Logout")},
         {}},
        {"session set-next",
         "Sets the next sequence numbers of a FIX session; a live connection ends",
         {comp_id, required_option("in", "NUMBER", "the next MsgSeqNum(34) that is expected from the client"),
          required_option("out", "NUMBER", "the next MsgSeqNum(34) that the venue sends")},
         {}},
        {"session reset", "Sets both next sequence numbers of a FIX session to 1", {comp_id}, {}},
    };
}

std::vector<RequestShape> make_requests() {
    std::vector<RequestShape> all = make_reference_requests();
    for (auto& part : {make_money_requests(), make_session_requests()})
        all.insert(all.end(), part.begin(), part.end());
    all.push_back({"end-day",
                   "Ends a trading day: its Day orders expire. A day ends once",
                   {optional("day", "YYYY-MM-DD", "the day (today, UTC)")},
                   {}});
    all.push_back({"status", "Tells what the venue is doing", {}, {}});
    all.push_back({"check", "Checks every invariant of the venue's state; slow on a large one", {}, {}});
    return all;
}

} // namespace

std::span<const RequestShape> requests() {
    static const auto all = make_requests();
    return all;
}

const RequestShape* find_request(std::string_view name) {
    const auto all = requests();
    const auto found = std::ranges::find(all, name, &RequestShape::name);
    return found == all.end() ? nullptr : &*found;
}

} // namespace tradehive::control
