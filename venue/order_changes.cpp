// OrderEntry: cancel and replace.
#include "venue/order_entry.hpp"
#include "venue/order_rules.hpp"

#include <cassert>
#include <vector>

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

// The order as the request would have it.
OrderImage as_changed(const OrderImage& order, const ReplaceOrder& request) noexcept {
    OrderImage changed = order;
    if (has_price(order.ord_type) || request.price != Price{0}) changed.price = request.price;
    if (request.stop_px != Price{0}) changed.stop_px = request.stop_px;
    if (request.expire_time != Timestamp{}) changed.expire_time = request.expire_time;
    changed.display_qty = request.display_qty;
    changed.order_qty = request.order_qty;
    changed.leaves_qty = request.order_qty - order.cum_qty;
    return changed;
}

// As it would be entered now: what a market order left over is a limit order since.
OrderImage as_entered(OrderImage order) noexcept {
    if (order.ord_type == OrdType::market_to_limit) order.ord_type = OrdType::limit;
    return order;
}

bool shows_more(const OrderImage& before, const OrderImage& after) noexcept {
    if (before.display_qty == Quantity{0}) return false;
    return after.display_qty == Quantity{0} || after.display_qty > before.display_qty;
}

bool keeps_its_place(const OrderImage& before, const OrderImage& after) noexcept {
    return after.price == before.price && after.stop_px == before.stop_px &&
           after.leaves_qty <= before.leaves_qty && !shows_more(before, after);
}

} // namespace

struct OrderEntry::Replacement {
    Replacement(const OrderImage& before, const ReplaceOrder& request) noexcept
        : order{as_changed(before, request)}
        , keeps_place{keeps_its_place(before, order)} {}

    OrderImage order; // as the request would have it
    bool keeps_place;
};

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
    const Target found = target(change, outcome.origin());
    if (found.refusal) return reject(change, found, outcome);
    Order& order = *found.order;
    OrderImage& image = order.image;
    Replacement replacement{image, request};
    auto& [changed, keeps_place] = replacement;
    if (const auto refusal = may_replace(order, request, replacement, outcome))
        return reject(change, {&order, refusal}, outcome);
    const auto needs = new_hold(order, changed);
    if (!needs) return reject(change, {&order, needs.error()}, outcome);

    Market& market = state_.market(image.instrument);
    if (!keeps_place)
        market.take_out(image);
    else if (!waits(image))
        market.book.reduce(image.order, changed.leaves_qty, changed.display_qty);
    if (changed.expire_time != image.expire_time) {
        state_.expiries.remove(image.order);
        state_.expiries.add(changed);
    }

    change_hold(order, needs->hold);
    order.limit = needs->limit;
    changed.ord_status = *after(image.ord_status, Happening::replace);
    const ClOrdID replaced = image.cl_ord_id;
    const auto resting = keeps_place ? market.book.find(image.order) : std::nullopt;
    changed.shown_qty = resting ? resting->shown : shown_of(changed, changed.leaves_qty);
    image = changed;
    state_.orders.rename(order, request.cl_ord_id, outcome.time());
    outcome.write(OrderReplaced{
        .order = image,
        .orig_cl_ord_id = request.orig_cl_ord_id.empty() ? replaced : request.orig_cl_ord_id,
        .kept_place = keeps_place,
    });
    outcome.made(image.order);
    if (!keeps_place) wait_or_match(order, outcome);
}

Refusal OrderEntry::may_replace(const Order& order, const ReplaceOrder& request,
                                const Replacement& replacement, const Outcome& outcome) const {
    const OrderImage& image = order.image;
    const OrderImage& changed = replacement.order;
    const bool moves_a_trigger_that_was_met =
        !waits(image) && request.stop_px != Price{0} && request.stop_px != image.stop_px;
    const bool changes_its_way = request.exec_inst_given && request.exec_inst != image.exec_inst;
    if (request.ord_type != image.ord_type || moves_a_trigger_that_was_met || changes_its_way ||
        (request.time_in_force != TimeInForce{} && request.time_in_force != image.time_in_force))
        return {RejectReason::field_may_not_change};
    const Instrument& instrument = state_.instrument(order);
    if (const auto refusal = may_enter(image, outcome.origin())) return refusal;

    if (const auto refusal = check_terms(as_entered(changed), outcome.time())) return refusal;
    if (changed.price != image.price)
        if (const auto refusal = check_band(instrument, changed.price)) return refusal;
    if (changed.stop_px != image.stop_px)
        if (const auto refusal = check_band(instrument, changed.stop_px)) return refusal;
    const risk::Limits limits = limits_of(*state_.names().account(image.account));
    if (const auto refusal = check_quantity(instrument, limits, request.order_qty)) return refusal;
    if (request.order_qty <= image.cum_qty)
        return {RejectReason::quantity_already_filled, image.cum_qty.value()};
    if (has(image.exec_inst, ExecInst::post_only) && !replacement.keeps_place &&
        state_.market(image.instrument).book.would_take(image.side, changed.price))
        return {RejectReason::would_take};
    return {};
}

// What the order will need, if what it holds now and what is available cover it. The order's fee rates stay
// those of its entry.
std::expected<OrderEntry::Admission, Refusal> OrderEntry::new_hold(const Order& order,
                                                                   const OrderImage& changed) const {
    const auto refused = [](const Refusal& refusal) { return std::unexpected{refusal}; };
    const Instrument& instrument = state_.instrument(order);
    const auto limit = worst_price(changed);
    if (!limit) return refused(limit.error());
    const risk::Limits limits = limits_of(*state_.names().account(changed.account));
    if (const auto refusal = check_notional(instrument, limits, *limit, changed.order_qty))
        return refused(refusal);
    const auto needed = needed_hold(instrument, changed.side, *limit, changed.leaves_qty, order.rates);
    if (!needed || !turnover_fits(changed, *limit, changed.leaves_qty))
        return refused({RejectReason::notional_too_large});
    return affordable({*limit, changed.order_qty, *needed}, available_for(changed) + order.held);
}

void OrderEntry::mass_cancel(const MassCancel& request, Outcome& outcome) {
    MassCanceled report{.cl_ord_id = request.cl_ord_id, .instrument = request.instrument};
    report.reason = may_trade(outcome.origin()).reason;
    if (report.reason == RejectReason::none && request.instrument != InstrumentId{} &&
        !state_.names().instrument(request.instrument))
        report.reason = RejectReason::unknown_instrument;
    if (report.reason != RejectReason::none || outcome.origin().channel != Channel::fix) {
        outcome.refuse({report.reason});
        return outcome.write(report);
    }
    std::vector<Order*> meant;
    for (Order* order = state_.orders.of(outcome.origin().session).front(); order;
         order = SessionOrders::next(*order))
        if (request.instrument == InstrumentId{} || order->image.instrument == request.instrument)
            meant.push_back(order);
    report.orders = static_cast<std::uint32_t>(meant.size());
    outcome.write(report);
    for (Order* order : meant)
        end(*order, Unsolicited::mass_cancel, {}, outcome);
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
