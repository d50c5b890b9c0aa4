#include "venue/order_entry.hpp"

#include "venue/order_rules.hpp"

#include <cassert>

namespace tradehive::venue {

namespace {

OrderImage image_of(const EnterOrder& request, const Outcome& outcome) noexcept {
    OrderImage image;
    image.order = OrderId{outcome.command().sequence.value()};
    image.account = request.account;
    image.instrument = request.instrument;
    if (outcome.origin().channel == Channel::fix) image.session = outcome.origin().session;
    image.side = request.side;
    image.ord_type = request.ord_type;
    image.time_in_force = request.time_in_force;
    image.ord_status = OrdStatus::new_;
    image.price = request.price;
    image.order_qty = request.order_qty;
    image.leaves_qty = request.order_qty;
    image.cl_ord_id = request.cl_ord_id;
    return image;
}

void move(Order& order, Happening happening) noexcept {
    const auto next = after(order.image.ord_status, happening);
    assert(next);
    order.image.ord_status = *next;
}

void fill(Order& order, Price price, Quantity quantity) noexcept {
    OrderImage& image = order.image;
    image.leaves_qty -= quantity;
    image.cum_qty += quantity;
    image.cum_tick_lots += price.value() * quantity.value(); // fits: turnover_fits()
    move(order, image.leaves_qty == Quantity{0} ? Happening::fill_fully : Happening::fill_partly);
}

} // namespace

// --- entering -------------------------------------------------------------------------------------------

void OrderEntry::enter(const EnterOrder& request, Outcome& outcome) {
    const OrderImage image = image_of(request, outcome);
    if (const auto refusal = may_trade(outcome.origin())) return reject(image, refusal, outcome);

    const AccountView* account = state_.names().account(request.account);
    if (!account || !state_.may_act_for(outcome.origin(), request.account))
        return reject(image, {RejectReason::unknown_account}, outcome);

    if (const Order* known = state_.orders.find(request.account, request.cl_ord_id)) {
        if (request.poss_resend) return outcome.write(OrderStatusReport{known->image});
        return reject(image, {RejectReason::duplicate_cl_ord_id}, outcome);
    }

    const risk::FeeRates rates = rates_of(*account);
    const auto admission = admit(image, rates);
    if (!admission) return reject(image, admission.error(), outcome);

    Order& order = state_.orders.enter(image);
    order.limit = admission->limit;
    order.rates = rates;
    order.entered = outcome.time();
    change_hold(order, admission->hold);
    outcome.write(OrderAccepted{order.image});
    outcome.made(image.order);
    match(order, outcome);
}

Refusal OrderEntry::may_trade(const Origin& origin) const {
    if (origin.channel != Channel::fix) return {};
    const FixSessionView* session = state_.names().session(origin.session);
    if (!session) return {RejectReason::unknown_session};
    if (session->revoked) return {RejectReason::session_revoked};
    if (session->kind != SessionKind::order_entry) return {RejectReason::session_may_not_trade};
    if (!state_.session(origin.session)->logged_on) return {RejectReason::not_logged_on};
    return {};
}

std::expected<OrderEntry::Admission, Refusal> OrderEntry::admit(const OrderImage& order,
                                                                const risk::FeeRates& rates) const {
    const auto refused = [](const Refusal& refusal) { return std::unexpected{refusal}; };
    const Instrument* instrument = state_.names().instrument(order.instrument);
    if (!instrument) return refused({RejectReason::unknown_instrument});
    if (const auto refusal = check_terms({order.side, order.ord_type, order.time_in_force, order.price}))
        return refused(refusal);
    if (instrument->state != InstrumentState::open) return refused({RejectReason::instrument_halted});

    const AccountView& account = *state_.names().account(order.account);
    if (account.frozen) return refused({RejectReason::account_frozen});
    const risk::Limits limits = limits_of(account);
    if (const auto refusal = check_quantity(*instrument, limits, order.order_qty)) return refused(refusal);

    const auto limit = worst_price(order);
    if (!limit) return refused(limit.error());
    if (const auto refusal = check_notional(*instrument, limits, *limit, order.order_qty))
        return refused(refusal);
    if (may_rest(order.ord_type, order.time_in_force))
        if (const auto refusal = risk::check_open_orders(limits, state_.orders.of(order.account).size()))
            return refused(refusal);

    const auto hold = needed_hold(*instrument, order.side, *limit, order.order_qty, rates);
    if (!hold || !turnover_fits(order, *limit, order.order_qty))
        return refused({RejectReason::notional_too_large});
    const AssetId asset = paying_asset(*instrument, order.side);
    const Amount available = state_.ledger.balance(order.account, asset).available();
    if (*hold > available) return refused({RejectReason::insufficient_funds, available.value()});
    return Admission{*limit, *hold};
}

std::expected<Price, Refusal> OrderEntry::worst_price(const OrderImage& order) const {
    if (order.ord_type == OrdType::limit) return order.price;
    const Market& market = state_.market(order.instrument);
    Price reference = market.trades.last;
    if (reference == Price{0}) {
        const auto best = market.book.best(opposite(order.side));
        if (!best) return std::unexpected{Refusal{RejectReason::no_reference_price}};
        reference = *best;
    }
    const auto limit = protection_price(*state_.names().instrument(order.instrument), order.side, reference);
    if (!limit) return std::unexpected{Refusal{RejectReason::notional_too_large}};
    return *limit;
}

// Whether the sum of price × quantity over all fills of the order stays in range: what it has, what it can
// trade for at once (a buy at its limit at most, a sell for all the money that there is at most), and what
// may rest, which trades at the limit.
bool OrderEntry::turnover_fits(const OrderImage& order, Price limit, Quantity leaves) const {
    const Instrument& instrument = *state_.names().instrument(order.instrument);
    Wide most = Wide{order.cum_tick_lots} + Wide{limit.value()} * leaves.value();
    if (order.side == Side::sell)
        most += state_.ledger.supply(instrument.quote).value() / instrument.units_per_tick_lot;
    return narrow(most).has_value();
}

// --- matching -------------------------------------------------------------------------------------------

void OrderEntry::match(Order& taker, Outcome& outcome) {
    const OrderImage& image = taker.image;
    const matching::Incoming incoming{
        .order = image.order,
        .owner = image.account.value(),
        .side = image.side,
        .limit = taker.limit,
        .quantity = image.leaves_qty,
        .rests = may_rest(image.ord_type, image.time_in_force),
        .all_or_none = image.time_in_force == TimeInForce::fill_or_kill,
    };
    auto& book = state_.market(image.instrument).book;
    const auto entered = book.enter(incoming, [&](const matching::Fill& filled) {
        trade(taker, *state_.orders.find(filled.maker), filled.price, filled.quantity, outcome);
    });
    switch (entered.ended) {
    case matching::Ended::rested:
    case matching::Ended::filled:
        return;
    case matching::Ended::left_over:
    case matching::Ended::not_fillable:
        return finish(taker, Unsolicited::expired, {}, outcome);
    case matching::Ended::self_match:
        return finish(taker, Unsolicited::self_match, {}, outcome);
    }
}

void OrderEntry::trade(Order& taker, Order& maker, Price price, Quantity quantity, Outcome& outcome) {
    const Instrument& instrument = state_.instrument(taker);
    const Amount worth = *notional(price, quantity, instrument.units_per_tick_lot);
    const auto fees = risk::fees_of_fill(worth, maker.rates.maker, taker.rates.taker);
    fill(taker, price, quantity);
    fill(maker, price, quantity);

    const bool taker_buys = taker.image.side == Side::buy;
    Order& buy = taker_buys ? taker : maker;
    Order& sell = taker_buys ? maker : taker;
    state_.ledger.settle({
        .buyer = buy.image.account,
        .seller = sell.image.account,
        .base = instrument.base,
        .quote = instrument.quote,
        .base_units = *risk::hold_of_sell(quantity, instrument.base_units_per_lot),
        .notional = worth,
        .buyer_fee = taker_buys ? fees.taker : fees.maker,
        .seller_fee = taker_buys ? fees.maker : fees.taker,
        .buyer_unholds = shrink_hold(buy),
        .seller_unholds = shrink_hold(sell),
    });

    state_.market(taker.image.instrument).trades.trade(price, quantity, outcome.time());
    state_.last_trade = TradeId{state_.last_trade.value() + 1};
    OrderTraded traded{.order = taker.image,
                       .trade = state_.last_trade,
                       .last_px = price,
                       .last_qty = quantity,
                       .notional = worth,
                       .fee = fees.taker};
    outcome.write(traded);
    traded.order = maker.image;
    traded.fee = fees.maker;
    traded.maker = 1;
    outcome.write(traded);

    for (Order* order : {&taker, &maker})
        if (!order->open()) state_.orders.end(*order, {}, outcome.time());
}

// --- ending ---------------------------------------------------------------------------------------------

void OrderEntry::end(Order& order, Unsolicited why, const ClOrdID& request, Outcome& outcome) {
    [[maybe_unused]] const bool was_there =
        state_.market(order.image.instrument).book.cancel(order.image.order);
    assert(was_there);
    finish(order, why, request, outcome);
}

void OrderEntry::end_all(const AccountOrders& orders, Unsolicited why, Outcome& outcome) {
    while (Order* order = orders.front())
        end(*order, why, {}, outcome);
}

void OrderEntry::end_all(const SessionOrders& orders, Unsolicited why, Outcome& outcome) {
    while (Order* order = orders.front())
        end(*order, why, {}, outcome);
}

void OrderEntry::finish(Order& order, Unsolicited why, const ClOrdID& request, Outcome& outcome) {
    move(order, why == Unsolicited::expired ? Happening::expire : Happening::cancel);
    order.image.leaves_qty = Quantity{0};
    change_hold(order, Amount{0});
    outcome.write(OrderCanceled{.order = order.image, .request = request, .why = why});
    state_.orders.end(order, request, outcome.time());
}

// --- holds and refusals ---------------------------------------------------------------------------------

// After a fill: what the order no longer needs. The settlement takes it out of the ledger's hold.
Amount OrderEntry::shrink_hold(Order& order) {
    const auto needed = needed_hold(state_.instrument(order), order.image.side, order.limit,
                                    order.image.leaves_qty, order.rates);
    assert(needed && *needed <= order.held);
    const Amount freed = order.held - *needed;
    order.held = *needed;
    return freed;
}

// The caller has seen that the difference is available.
void OrderEntry::change_hold(Order& order, Amount to) {
    const AssetId asset = paying_asset(state_.instrument(order), order.image.side);
    if (to > order.held) {
        [[maybe_unused]] const bool held = state_.ledger.hold(order.image.account, asset, to - order.held);
        assert(held);
    } else if (to < order.held) {
        state_.ledger.release(order.image.account, asset, order.held - to);
    }
    order.held = to;
}

void OrderEntry::reject(OrderImage image, const Refusal& refusal, Outcome& outcome) {
    image.ord_status = OrdStatus::rejected;
    image.leaves_qty = Quantity{0};
    outcome.refuse(refusal);
    outcome.write(OrderRejected{.order = image, .bound = refusal.bound, .reason = refusal.reason});
}

} // namespace tradehive::venue
