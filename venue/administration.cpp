#include "venue/administration.hpp"

#include "venue/changed_events.hpp"
#include "venue/instrument_rules.hpp"

#include <algorithm>
#include <string_view>

namespace tradehive::venue {

namespace {

bool is_code(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

} // namespace

// --- names ----------------------------------------------------------------------------------------------

void Administration::apply(const CreateFirm& request, Outcome& outcome) {
    if (!is_code(request.code.view())) return outcome.refuse({RejectReason::bad_code});
    const auto firm = state_.registry.add_firm(request.code);
    if (!firm) return outcome.refuse({RejectReason::already_exists});
    outcome.made(*firm);
    outcome.write(FirmCreated{.code = request.code, .firm = *firm});
}

void Administration::apply(const CreateAccount& request, Outcome& outcome) {
    if (const auto reason = check(request); reason != RejectReason::none) return outcome.refuse({reason});
    const auto account =
        state_.registry.add_account(request.code, request.firm, {request.maker_fee, request.taker_fee});
    if (!account) return outcome.refuse({RejectReason::already_exists});
    (void)state_.ledger.add_account();
    state_.orders.add_account();
    outcome.made(*account);
    outcome.write(changed_event(*state_.names().account(*account)));
}

RejectReason Administration::check(const CreateAccount& request) const {
    if (!is_code(request.code.view())) return RejectReason::bad_code;
    if (!state_.names().firm(request.firm)) return RejectReason::unknown_firm;
    if (!risk::acceptable(risk::FeeRates{request.maker_fee, request.taker_fee})) return RejectReason::bad_fee;
    return RejectReason::none;
}

void Administration::apply(const CreateFixSession& request, Outcome& outcome) {
    if (const auto reason = check(request); reason != RejectReason::none) return outcome.refuse({reason});
    FixSessionView view;
    view.comp_id = request.comp_id;
    view.firm = request.firm;
    view.kind = request.session_kind;
    view.cancel_on_disconnect = request.cancel_on_disconnect;
    view.self_match = request.self_match;
    view.resend_max_age = request.resend_max_age;
    const auto session = state_.registry.add_session(std::move(view));
    if (!session) return outcome.refuse({RejectReason::already_exists});
    state_.sessions.emplace_back();
    state_.orders.add_session();
    outcome.made(*session);
    outcome.write(changed_event(*state_.names().session(*session)));
}

RejectReason Administration::check(const CreateFixSession& request) const {
    if (!is_code(request.comp_id.view())) return RejectReason::bad_code;
    if (!state_.names().firm(request.firm)) return RejectReason::unknown_firm;
    if (!is_known(request.self_match)) return RejectReason::bad_self_match;
    return RejectReason::none;
}

void Administration::apply(const CreateAsset& request, Outcome& outcome) {
    if (!is_code(request.code.view())) return outcome.refuse({RejectReason::bad_code});
    if (request.scale > greatest_asset_scale)
        return outcome.refuse({RejectReason::bad_scale, greatest_asset_scale});
    const auto asset = state_.registry.add_asset(request.code, request.scale);
    if (!asset) return outcome.refuse({RejectReason::already_exists});
    (void)state_.ledger.add_asset();
    outcome.made(*asset);
    outcome.write(AssetCreated{.code = request.code, .asset = *asset, .scale = request.scale});
}

void Administration::apply(const CreateInstrument& request, Outcome& outcome) {
    if (!is_code(request.symbol.view())) return outcome.refuse({RejectReason::bad_code});
    const auto instrument = make_instrument(request, state_.names());
    if (!instrument) return outcome.refuse({instrument.error()});
    const auto id = state_.registry.add_instrument(*instrument);
    if (!id) return outcome.refuse({RejectReason::already_exists});
    state_.markets.emplace_back();
    outcome.made(*id);
    outcome.write(changed_event(*state_.names().instrument(*id)));
}

// --- limits, fees, entitlements
// -------------------------------------------------------------------------------

void Administration::apply(const SetAccountLimits& request, Outcome& outcome) {
    if (!state_.names().account(request.account)) return outcome.refuse({RejectReason::unknown_account});
    if (!risk::acceptable(
            risk::Limits{request.most_open_orders, request.most_order_qty, request.most_notional}))
        return outcome.refuse({RejectReason::bad_limit});
    AccountView& account = state_.registry.change(request.account);
    account.most_open_orders = request.most_open_orders;
    account.most_order_qty = request.most_order_qty;
    account.most_notional = request.most_notional;
    outcome.write(changed_event(account));
}

void Administration::apply(const SetAccountFrozen& request, Outcome& outcome) {
    const AccountView* known = state_.names().account(request.account);
    if (!known) return outcome.refuse({RejectReason::unknown_account});
    if (known->frozen == (request.frozen != 0)) return;
    AccountView& account = state_.registry.change(request.account);
    account.frozen = request.frozen != 0;
    outcome.write(changed_event(account));
}

void Administration::apply(const SetAccountFees& request, Outcome& outcome) {
    if (!state_.names().account(request.account)) return outcome.refuse({RejectReason::unknown_account});
    if (!risk::acceptable(risk::FeeRates{request.maker_fee, request.taker_fee}))
        return outcome.refuse({RejectReason::bad_fee});
    AccountView& account = state_.registry.change(request.account);
    account.maker_fee = request.maker_fee;
    account.taker_fee = request.taker_fee;
    outcome.write(changed_event(account));
}

void Administration::apply(const EntitleSession& request, Outcome& outcome) {
    SessionState* session = state_.session(request.session);
    if (!session) return outcome.refuse({RejectReason::unknown_session});
    const FixSessionView& known = *state_.names().session(request.session);
    if (known.revoked) return outcome.refuse({RejectReason::session_revoked});
    const AccountView* account = state_.names().account(request.account);
    if (!account || account->firm != known.firm) return outcome.refuse({RejectReason::unknown_account});
    if (session->may_act_for(request.account)) return;
    session->entitle(request.account);
    state_.registry.change(request.session).accounts.push_back(request.account);
    outcome.write(SessionEntitled{.session = request.session, .account = request.account});
}

// --- money ----------------------------------------------------------------------------------------------

RejectReason Administration::check_movement(AccountId account, AssetId asset, Amount amount) const {
    if (!state_.names().account(account)) return RejectReason::unknown_account;
    if (!state_.names().asset(asset)) return RejectReason::unknown_asset;
    if (amount <= Amount{0}) return RejectReason::bad_amount;
    return RejectReason::none;
}

void Administration::apply(const Deposit& request, Outcome& outcome) {
    const auto reason = check_movement(request.account, request.asset, request.amount);
    if (reason != RejectReason::none) return outcome.refuse({reason});
    if (!state_.ledger.deposit(request.account, request.asset, request.amount))
        outcome.refuse({RejectReason::supply_too_large, state_.ledger.supply(request.asset).value()});
}

void Administration::apply(const Withdraw& request, Outcome& outcome) {
    const auto reason = check_movement(request.account, request.asset, request.amount);
    if (reason != RejectReason::none) return outcome.refuse({reason});
    if (state_.names().account(request.account)->frozen)
        return outcome.refuse({RejectReason::account_frozen});
    if (!state_.ledger.withdraw(request.account, request.asset, request.amount))
        outcome.refuse({RejectReason::insufficient_funds,
                        state_.ledger.balance(request.account, request.asset).available().value()});
}

} // namespace tradehive::venue
