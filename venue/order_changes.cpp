// OrderEntry: cancel and replace.
#include "venue/order_entry.hpp"
#include "venue/order_rules.hpp"

#include <cassert>

namespace tradehive::venue {

namespace {

// By ClOrdID alone: in the given account, or in whichever account of the asker has it; of several, the one
// whose order is still open. Two open ones are never chosen between.
FoundOrder find_by_name(const State& state, const Origin& asker, const ClOrdID& cl_ord_id,
                        AccountId account) {
    constexpr FoundOrder unknown{nullptr, RejectReason::unknown_order};
    Order* found = nullptr;
    if (account != AccountId{}) {
        if (state.may_act_for(asker, account)) found = state.orders.find(account, cl_ord_id);
        return found ? FoundOrder{found} : unknown;
    }
    bool ambiguous = false;
    const auto look_in = [&](AccountId candidate) {
        Order* order = state.orders.find(candidate, cl_ord_id);
        if (order && found && order->open() && found->open()) ambiguous = true;
        if (order && (!found || (order->open() && !found->open()))) found = order;
    };
    if (asker.channel == Channel::fix) {
        if (const FixSessionView* session = state.names().session(asker.session))
            for (const AccountId candidate : session->accounts)
                look_in(candidate);
    } else {
        for (const AccountView& candidate : state.names().accounts)
            look_in(candidate.account);
    }
    if (ambiguous) return {nullptr, RejectReason::account_needed};
    return found ? FoundOrder{found} : unknown;
}

} // namespace

FoundOrder find_order(const State& state, const Origin& asker, OrderId order, const ClOrdID& cl_ord_id,
                      AccountId account) {
    constexpr FoundOrder unknown{nullptr, RejectReason::unknown_order};
    if (order == OrderId{}) {
        if (cl_ord_id.empty()) return unknown;
        return find_by_name(state, asker, cl_ord_id, account);
    }
    Order* const by_id = state.orders.find(order);
    if (!by_id || !state.may_act_for(asker, by_id->image.account)) return unknown;
    if (!cl_ord_id.empty() && state.orders.find(by_id->image.account, cl_ord_id) != by_id)
        return {by_id, RejectReason::ids_disagree};
    return {by_id};
}

OrderEntry::Target OrderEntry::target(const Change& change, const Origin& origin) const {
    if (const auto refusal = may_trade(origin)) return {nullptr, refusal};
    const auto [order, refusal] =
        find_order(state_, origin, change.order, change.orig_cl_ord_id, change.account);
    if (refusal != RejectReason::none) return {order, {refusal}};
    const OrderImage& image = order->image;
    // An account of others looks like one that nobody has.
    if (change.account != AccountId{} && !state_.may_act_for(origin, change.account))
        return {nullptr, {RejectReason::unknown_order}};
    if (!change.cl_ord_id.empty() && state_.orders.find(image.account, change.cl_ord_id))
        return {order, {RejectReason::duplicate_cl_ord_id}};
    if ((change.account != AccountId{} && change.account != image.account) ||
        (change.instrument != InstrumentId{} && change.instrument != image.instrument) ||
        (change.side != Side{} && change.side != image.side))
        return {order, {RejectReason::field_may_not_change}};
    if (!order->open()) return {order, {RejectReason::too_late}};
    return {order, {}};
}

void OrderEntry::cancel(const CancelOrder& request, Outcome& outcome) {
    const Change change{.order = request.order,
                        .orig_cl_ord_id = request.orig_cl_ord_id,
                        .cl_ord_id = request.cl_ord_id,
                        .account = request.account,
                        .instrument = request.instrument,
                        .side = request.side,
                        .of_replace = false};
    const Target found = target(change, outcome.origin());
    if (found.refusal) return reject(change, found, outcome);
    const bool by_operator = outcome.origin().channel == Channel::control;
    end(*found.order, by_operator ? Unsolicited::operator_ : Unsolicited::none, request.cl_ord_id, outcome);
}

void OrderEntry::replace(const ReplaceOrder& request, Outcome& outcome) {
    const Change change{.order = request.order,
                        .orig_cl_ord_id = request.orig_cl_ord_id,
                        .cl_ord_id = request.cl_ord_id,
                        .account = request.account,
                        .instrument = request.instrument,
                        .side = request.side,
                        .of_replace = true};
    Target found = target(change, outcome.origin());
    if (!found.refusal) found.refusal = may_replace(*found.order, request);
    if (found.refusal) return reject(change, found, outcome);

    Order& order = *found.order;
    const auto hold = new_hold(order, request);
    if (!hold) return reject(change, {&order, hold.error()}, outcome);

    OrderImage& image = order.image;
    auto& book = state_.market(image.instrument).book;
    const Quantity leaves = request.order_qty - image.cum_qty;
    const bool keeps_place = request.price == image.price && leaves <= image.leaves_qty;
    [[maybe_unused]] bool was_there = true;
    if (!keeps_place)
        was_there = book.cancel(image.order);
    else if (leaves < image.leaves_qty)
        was_there = book.reduce(image.order, leaves);
    assert(was_there);

    const ClOrdID replaced = image.cl_ord_id;
    change_hold(order, *hold);
    order.limit = image.price = request.price;
    image.order_qty = request.order_qty;
    image.leaves_qty = leaves;
    image.ord_status = *after(image.ord_status, Happening::replace);
    state_.orders.rename(order, request.cl_ord_id, outcome.time());
    outcome.write(OrderReplaced{
        .order = image,
        .orig_cl_ord_id = request.orig_cl_ord_id.empty() ? replaced : request.orig_cl_ord_id,
        .kept_place = keeps_place,
    });
    outcome.made(image.order);
    if (!keeps_place) match(order, outcome);
}

Refusal OrderEntry::may_replace(const Order& order, const ReplaceOrder& request) const {
    const OrderImage& image = order.image;
    if (request.ord_type != image.ord_type ||
        (request.time_in_force != TimeInForce{} && request.time_in_force != image.time_in_force))
        return {RejectReason::field_may_not_change};
    const Instrument& instrument = state_.instrument(order);
    if (instrument.state != InstrumentState::open) return {RejectReason::instrument_halted};
    const AccountView& account = *state_.names().account(image.account);
    if (account.frozen) return {RejectReason::account_frozen};
    if (request.price <= Price{0}) return {RejectReason::bad_price};
    const risk::Limits limits = limits_of(account);
    if (const auto refusal = check_quantity(instrument, limits, request.order_qty)) return refusal;
    if (request.order_qty <= image.cum_qty)
        return {RejectReason::quantity_already_filled, image.cum_qty.value()};
    return check_notional(instrument, limits, request.price, request.order_qty);
}

// What the order will need, if what it holds now and what is available cover it. The order's fee rates stay
// those of its entry.
std::expected<Amount, Refusal> OrderEntry::new_hold(const Order& order, const ReplaceOrder& request) const {
    const Instrument& instrument = state_.instrument(order);
    const OrderImage& image = order.image;
    const Quantity leaves = request.order_qty - image.cum_qty;
    const auto needed = needed_hold(instrument, image.side, request.price, leaves, order.rates);
    if (!needed || !turnover_fits(image, request.price, leaves))
        return std::unexpected{Refusal{RejectReason::notional_too_large}};
    const AssetId asset = paying_asset(instrument, image.side);
    const Amount available = state_.ledger.balance(image.account, asset).available() + order.held;
    if (*needed > available)
        return std::unexpected{Refusal{RejectReason::insufficient_funds, available.value()}};
    return *needed;
}

void OrderEntry::reject(const Change& change, const Target& target, Outcome& outcome) {
    CancelRejected rejected;
    rejected.cl_ord_id = change.cl_ord_id;
    rejected.orig_cl_ord_id = change.orig_cl_ord_id;
    rejected.bound = target.refusal.bound;
    rejected.reason = target.refusal.reason;
    rejected.of_replace = change.of_replace;
    if (target.order) {
        rejected.order = target.order->image.order;
        rejected.account = target.order->image.account;
        rejected.ord_status = target.order->image.ord_status;
    }
    outcome.refuse(target.refusal);
    outcome.write(rejected);
}

} // namespace tradehive::venue
