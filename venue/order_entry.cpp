#include "venue/order_entry.hpp"

#include "venue/order_rules.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>
#include <vector>

namespace tradehive::venue {

namespace {

OrderImage image_of(const EnterOrder& request, SelfMatch self_match, const Outcome& outcome) noexcept {
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
    image.stop_px = request.stop_px;
    image.display_qty = request.display_qty;
    image.min_qty = request.min_qty;
    image.cash_order_qty = request.cash_order_qty;
    image.expire_time = request.expire_time;
    image.exec_inst = request.exec_inst;
    image.self_match = self_match;
    return image;
}

void move(Order& order, Happening happening) noexcept {
    const auto next = after(order.image.ord_status, happening);
    assert(next);
    order.image.ord_status = *next;
}

void fill(Order& order, Price price, Quantity quantity, Quantity shown) noexcept {
    OrderImage& image = order.image;
    image.leaves_qty -= quantity;
    image.cum_qty += quantity;
    image.cum_tick_lots += price.value() * quantity.value(); // fits: turnover_fits()
    image.shown_qty = shown;
    move(order, image.leaves_qty == Quantity{0} ? Happening::fill_fully : Happening::fill_partly);
}

} // namespace

// --- entering -------------------------------------------------------------------------------------------

void OrderEntry::enter(const EnterOrder& request, Outcome& outcome) {
    OrderImage image = image_of(request, self_match_of(request, outcome.origin()), outcome);
    if (const auto refusal = may_trade(outcome.origin())) return reject(image, refusal, outcome);

    const AccountView* account = state_.names().account(request.account);
    if (!account || !state_.may_act_for(outcome.origin(), request.account))
        return reject(image, {RejectReason::unknown_account}, outcome);

    if (const Order* known = state_.orders.find(request.account, request.cl_ord_id)) {
        if (request.poss_resend) return outcome.write(OrderStatusReport{known->image});
        return reject(image, {RejectReason::duplicate_cl_ord_id}, outcome);
    }

    const risk::FeeRates rates = rates_of(*account);
    const auto admission = admit(image, rates, outcome);
    if (!admission) return reject(image, admission.error(), outcome);

    image.order_qty = image.leaves_qty = admission->order_qty;
    image.shown_qty = shown_of(image, image.leaves_qty);
    Order& order = state_.orders.enter(image);
    order.limit = admission->limit;
    order.rates = rates;
    order.entered = outcome.time();
    if (image.expire_time != Timestamp{}) state_.expiries.add(image);
    change_hold(order, admission->hold);
    outcome.write(OrderAccepted{order.image});
    outcome.made(image.order);
    wait_or_match(order, outcome);
}

SelfMatch OrderEntry::self_match_of(const EnterOrder& request, const Origin& origin) const {
    if (request.self_match_given) return request.self_match;
    const FixSessionView* session =
        origin.channel == Channel::fix ? state_.names().session(origin.session) : nullptr;
    return session ? session->self_match : SelfMatch::cancel_incoming;
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

// Whether the market and the account are such that an order may enter or change.
Refusal OrderEntry::may_enter(const OrderImage& order, const Origin& origin) const {
    switch (state_.names().instrument(order.instrument)->state) {
    case InstrumentState::open:
        break;
    case InstrumentState::halted:
        return {RejectReason::instrument_halted};
    case InstrumentState::cancel_only:
        return {RejectReason::cancel_only};
    case InstrumentState::delisted:
        return {RejectReason::delisted};
    }
    const AccountView& account = *state_.names().account(order.account);
    if (account.frozen) return {RejectReason::account_frozen};
    const FixSessionView* session =
        origin.channel == Channel::fix ? state_.names().session(origin.session) : nullptr;
    if (account.killed || state_.names().firm(account.firm)->killed || (session && session->killed))
        return {RejectReason::killed};
    return {};
}

std::expected<OrderEntry::Admission, Refusal>
OrderEntry::admit(const OrderImage& order, const risk::FeeRates& rates, const Outcome& outcome) const {
    const auto refused = [](const Refusal& refusal) { return std::unexpected{refusal}; };
    const Instrument* instrument = state_.names().instrument(order.instrument);
    if (!instrument) return refused({RejectReason::unknown_instrument});
    if (const auto refusal = check_terms(order, outcome.time())) return refused(refusal);
    if (const auto refusal = may_enter(order, outcome.origin())) return refused(refusal);
    if (const auto refusal = check_band(*instrument, order.price)) return refused(refusal);
    if (const auto refusal = check_band(*instrument, order.stop_px)) return refused(refusal);

    const auto limit = worst_price(order);
    if (order.cash_order_qty != Amount{0}) {
        if (!limit) return refused(limit.error());
        return admit_cash(order, *limit, rates);
    }
    const risk::Limits limits = limits_of(*state_.names().account(order.account));
    if (const auto refusal = check_quantity(*instrument, limits, order.order_qty)) return refused(refusal);
    if (!limit) return refused(limit.error());
    if (const auto refusal = check_notional(*instrument, limits, *limit, order.order_qty))
        return refused(refusal);
    if (may_stay_open(order))
        if (const auto refusal = risk::check_open_orders(limits, state_.orders.of(order.account).size()))
            return refused(refusal);
    if (has(order.exec_inst, ExecInst::post_only) &&
        state_.market(order.instrument).book.would_take(order.side, order.price))
        return refused({RejectReason::would_take});

    const auto hold = needed_hold(*instrument, order.side, *limit, order.order_qty, rates);
    if (!hold || !turnover_fits(order, *limit, order.order_qty))
        return refused({RejectReason::notional_too_large});
    return affordable({*limit, order.order_qty, *hold}, available_for(order));
}

// A market order for an amount of money becomes one for as many lots as that is worth now.
std::expected<OrderEntry::Admission, Refusal> OrderEntry::admit_cash(const OrderImage& order, Price limit,
                                                                     const risk::FeeRates& rates) const {
    const auto refused = [](const Refusal& refusal) { return std::unexpected{refusal}; };
    const Instrument& instrument = *state_.names().instrument(order.instrument);
    const risk::Limits limits = limits_of(*state_.names().account(order.account));
    if (order.cash_order_qty < instrument.least_notional)
        return refused({RejectReason::notional_too_small, instrument.least_notional.value()});
    if (const auto refusal = risk::check_notional(limits, order.cash_order_qty)) return refused(refusal);
    const Quantity lots = lots_for_cash(order, limit, rates);
    if (lots == Quantity{0}) return refused({RejectReason::cash_too_small});
    if (const auto refusal = check_quantity(instrument, limits, lots)) return refused(refusal);
    if (!turnover_fits(order, limit, lots)) return refused({RejectReason::notional_too_large});
    if (holds_cash(order)) return affordable({limit, lots, order.cash_order_qty}, available_for(order));
    const auto hold = risk::hold_of_sell(lots, instrument.base_units_per_lot);
    if (!hold) return refused({RejectReason::notional_too_large});
    return affordable({limit, lots, *hold}, available_for(order));
}

std::expected<OrderEntry::Admission, Refusal> OrderEntry::affordable(const Admission& admission,
                                                                     Amount available) {
    if (admission.hold > available)
        return std::unexpected{Refusal{RejectReason::insufficient_funds, available.value()}};
    return admission;
}

// Of the asset that the order takes.
Amount OrderEntry::available_for(const OrderImage& order) const {
    const AssetId asset = paying_asset(*state_.names().instrument(order.instrument), order.side);
    return state_.ledger.balance(order.account, asset).available();
}

// What the amount trades in the book as it stands, and what is left of it then at the worst price: the order
// never costs, or brings, more.
Quantity OrderEntry::lots_for_cash(const OrderImage& order, Price limit, const risk::FeeRates& rates) const {
    const Instrument& instrument = *state_.names().instrument(order.instrument);
    Amount cash = order.cash_order_qty;
    Quantity lots;
    bool spent = false;
    state_.market(order.instrument).book.orders(opposite(order.side), [&](const matching::Resting& resting) {
        if (order.side == Side::buy ? resting.price > limit : resting.price < limit) return false;
        if (resting.owner == order.account.value() && order.self_match != SelfMatch::decrement)
            return order.self_match == SelfMatch::cancel_resting;
        const Quantity affordable = lots_for(instrument, order.side, resting.price, cash, rates);
        const Quantity traded = std::min(affordable, resting.left);
        const Amount worth = *notional(resting.price, traded, instrument.units_per_tick_lot);
        cash -= worth;
        if (order.side == Side::buy) cash -= std::max(fee_rounded_down(worth, rates.taker), Amount{0});
        lots += traded;
        spent = traded == affordable;
        return !spent;
    });
    if (!spent) lots += lots_for(instrument, order.side, limit, cash, rates);
    return lots;
}

std::expected<Price, Refusal> OrderEntry::worst_price(const OrderImage& order) const {
    if (order.price != Price{0}) return order.price;
    const Instrument& instrument = *state_.names().instrument(order.instrument);
    const Market& market = state_.market(order.instrument);
    Price reference = has_stop_px(order.ord_type) ? order.stop_px : market.trades.last;
    if (reference == Price{0}) {
        const auto best = market.book.best(opposite(order.side));
        if (!best) return std::unexpected{Refusal{RejectReason::no_reference_price}};
        reference = *best;
    }
    const auto limit = protection_price(instrument, order.side, reference);
    if (!limit) return std::unexpected{Refusal{RejectReason::notional_too_large}};
    return within_band(instrument, *limit);
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

void OrderEntry::wait_or_match(Order& order, Outcome& outcome) {
    const OrderImage& image = order.image;
    Market& market = state_.market(image.instrument);
    if (!waits(image)) {
        match(order, outcome);
    } else if (market.trades.last != Price{0} && is_met(image, market.trades.last)) {
        trigger(order, outcome);
    } else {
        market.waiting.add(image);
    }
    if (!market.waiting.empty() && traded_.lowest != Price{0}) run_triggered(market, outcome);
}

// The orders that trades of this command have met, one after the other; their trades may meet others, which
// come behind them.
void OrderEntry::run_triggered(Market& market, Outcome& outcome) {
    std::vector<OrderId> met;
    for (std::size_t next = 0;; ++next) {
        market.waiting.take_met(std::exchange(traded_, {}), met);
        if (next == met.size()) break;
        unasked_ = true;
        trigger(*state_.orders.find(met[next]), outcome);
    }
    unasked_ = false;
}

void OrderEntry::trigger(Order& order, Outcome& outcome) {
    order.image.triggered = 1;
    order.image.shown_qty = shown_of(order.image, order.image.leaves_qty);
    outcome.write(OrderRestated{.order = order.image, .why = Unsolicited::triggered});
    match(order, outcome);
}

void OrderEntry::match(Order& taker, Outcome& outcome) {
    const OrderImage& image = taker.image;
    const matching::Incoming incoming{
        .order = image.order,
        .owner = image.account.value(),
        .side = image.side,
        .limit = taker.limit,
        .quantity = image.leaves_qty,
        .rests = rests(image),
        .self_match = image.self_match,
        .at_least = image.time_in_force == TimeInForce::fill_or_kill ? image.leaves_qty : image.min_qty,
        .display = image.display_qty,
    };
    auto& book = state_.market(image.instrument).book;
    const auto entered = book.enter(
        incoming, [&](const matching::Fill& filled) { trade(taker, filled, outcome); },
        [&](const matching::OwnOrder& own) { meet(taker, own, outcome); });
    switch (entered.ended) {
    case matching::Ended::rested:
    case matching::Ended::filled:
        return;
    case matching::Ended::left_over:
        if (image.ord_type == OrdType::market_to_limit && image.cum_qty > Quantity{0})
            return rest_as_limit(taker, outcome);
        [[fallthrough]];
    case matching::Ended::not_fillable:
        return finish(taker, Unsolicited::expired, {}, outcome);
    case matching::Ended::self_match:
        return finish(taker, Unsolicited::self_match, {}, outcome);
    }
}

void OrderEntry::trade(Order& taker, const matching::Fill& filled, Outcome& outcome) {
    Order& maker = *state_.orders.find(filled.maker);
    const auto [_, price, quantity, maker_shown] = filled;
    const Instrument& instrument = state_.instrument(taker);
    const Amount worth = *notional(price, quantity, instrument.units_per_tick_lot);
    const auto fees = risk::fees_of_fill(worth, maker.rates.maker, taker.rates.taker);
    fill(taker, price, quantity, shown_of(taker.image, taker.image.leaves_qty - quantity));
    fill(maker, price, quantity, maker_shown);

    const bool taker_buys = taker.image.side == Side::buy;
    Order& buy = taker_buys ? taker : maker;
    Order& sell = taker_buys ? maker : taker;
    const Amount buyer_fee = taker_buys ? fees.taker : fees.maker;
    state_.ledger.settle({
        .buyer = buy.image.account,
        .seller = sell.image.account,
        .base = instrument.base,
        .quote = instrument.quote,
        .base_units = *risk::hold_of_sell(quantity, instrument.base_units_per_lot),
        .notional = worth,
        .buyer_fee = buyer_fee,
        .seller_fee = taker_buys ? fees.maker : fees.taker,
        .buyer_unholds = shrink_hold(buy, worth + buyer_fee),
        .seller_unholds = shrink_hold(sell, {}),
    });

    traded_.add(price);
    state_.market(taker.image.instrument).trades.trade(price, quantity, outcome.time());
    state_.last_trade = TradeId{state_.last_trade.value() + 1};
    OrderTraded traded{.order = taker.image,
                       .trade = state_.last_trade,
                       .last_px = price,
                       .last_qty = quantity,
                       .notional = worth,
                       .fee = fees.taker,
                       .unasked = unasked_};
    outcome.write(traded);
    traded.order = maker.image;
    traded.fee = fees.maker;
    traded.maker = 1;
    traded.unasked = 0;
    outcome.write(traded);

    for (Order* order : {&taker, &maker})
        if (!order->open()) leave(*order, {}, outcome);
}

// Self-match prevention has taken the resting order out of the book or lowered it, and perhaps the incoming
// one.
void OrderEntry::meet(Order& taker, const matching::OwnOrder& own, Outcome& outcome) {
    Order& resting = *state_.orders.find(own.resting);
    const bool unasked = std::exchange(unasked_, true); // nobody's request was about it
    if (own.resting_shown == Quantity{0})
        finish(resting, Unsolicited::self_match, {}, outcome);
    else
        decrement(resting, own.by, own.resting_shown, outcome);
    unasked_ = unasked;
    const Quantity lost = taker.image.leaves_qty - own.incoming_left;
    if (lost > Quantity{0} && own.incoming_left > Quantity{0})
        decrement(taker, lost, shown_of(taker.image, own.incoming_left), outcome);
}

void OrderEntry::decrement(Order& order, Quantity by, Quantity shown, Outcome& outcome) {
    OrderImage& image = order.image;
    image.order_qty -= by;
    image.leaves_qty -= by;
    image.shown_qty = shown;
    if (!holds_cash(image)) change_hold(order, hold_of(order));
    outcome.write(OrderRestated{.order = image, .why = Unsolicited::self_match});
}

// What a market order has left over rests at the price of its last fill, where nothing is left to trade with.
void OrderEntry::rest_as_limit(Order& order, Outcome& outcome) {
    OrderImage& image = order.image;
    Market& market = state_.market(image.instrument);
    order.limit = image.price = market.trades.last;
    image.shown_qty = shown_of(image, image.leaves_qty);
    change_hold(order, hold_of(order));
    market.book.add(
        {image.order, image.account.value(), image.side, order.limit, image.leaves_qty, image.leaves_qty});
    outcome.write(OrderRestated{.order = image, .why = Unsolicited::rests_as_limit});
}

// --- ending ---------------------------------------------------------------------------------------------

void OrderEntry::end(Order& order, Unsolicited why, const ClOrdID& request, Outcome& outcome) {
    state_.market(order.image.instrument).take_out(order.image);
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

void OrderEntry::end_all(InstrumentId instrument, Unsolicited why, Outcome& outcome) {
    end_if([&](const Order& order) { return order.image.instrument == instrument; }, why, outcome);
}

void OrderEntry::cancel_on_halt(InstrumentId instrument, Outcome& outcome) {
    const auto wants_it = [&](const Order& order) {
        return order.image.instrument == instrument && has(order.image.exec_inst, ExecInst::cancel_on_halt);
    };
    end_if(wants_it, Unsolicited::halted, outcome);
}

void OrderEntry::end_day(std::uint32_t day, Outcome& outcome) {
    // The command is sequenced a little after midnight: what entered in between is of the next day.
    const auto is_over = [&](const Order& order) {
        constexpr std::chrono::nanoseconds length = std::chrono::days{1};
        return order.image.time_in_force == TimeInForce::day &&
               order.entered.value() / length.count() <= std::int64_t{day};
    };
    end_if(is_over, Unsolicited::expired, outcome);
}

// Walks all open orders: for what happens seldom.
template <class IsMeant>
void OrderEntry::end_if(IsMeant&& is_meant, Unsolicited why, Outcome& outcome) {
    std::vector<Order*> meant;
    for (const AccountView& account : state_.names().accounts)
        for (Order* order = state_.orders.of(account.account).front(); order;
             order = AccountOrders::next(*order))
            if (is_meant(*order)) meant.push_back(order);
    std::ranges::sort(meant, {}, [](const Order* order) { return order->image.order; });
    for (Order* order : meant)
        end(*order, why, {}, outcome);
}

void OrderEntry::expire_due(Outcome& outcome) {
    std::vector<Order*> due;
    for (const OrderId order : state_.expiries.due(outcome.time()))
        due.push_back(state_.orders.find(order));
    const auto when_and_which = [](const Order* order) {
        return std::pair{order->image.expire_time, order->image.order};
    };
    std::ranges::sort(due, {}, when_and_which);
    for (Order* order : due)
        end(*order, Unsolicited::expired, {}, outcome);
}

void OrderEntry::finish(Order& order, Unsolicited why, const ClOrdID& request, Outcome& outcome) {
    move(order, why == Unsolicited::expired ? Happening::expire : Happening::cancel);
    order.image.leaves_qty = Quantity{0};
    order.image.shown_qty = Quantity{0};
    change_hold(order, Amount{0});
    outcome.write(OrderCanceled{.order = order.image, .request = request, .why = why, .unasked = unasked_});
    leave(order, request, outcome);
}

// It has ended.
void OrderEntry::leave(Order& order, const ClOrdID& request, Outcome& outcome) {
    if (order.image.expire_time != Timestamp{}) state_.expiries.remove(order.image.order);
    state_.orders.end(order, request, outcome.time());
}

// --- holds and refusals ---------------------------------------------------------------------------------

// What the order needs as it stands.
Amount OrderEntry::hold_of(const Order& order) const {
    return *needed_hold(state_.instrument(order), order.image.side, order.limit, order.image.leaves_qty,
                        order.rates);
}

// After a fill that cost that much: what the order no longer needs. The settlement takes it out of the
// ledger's hold.
Amount OrderEntry::shrink_hold(Order& order, Amount cost) {
    const bool keeps_cash = holds_cash(order.image) && order.open();
    const Amount needed = keeps_cash ? order.held - cost : hold_of(order);
    assert(needed >= Amount{0} && needed <= order.held);
    const Amount freed = order.held - needed;
    order.held = needed;
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
