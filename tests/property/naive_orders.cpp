// NaiveVenue: orders that enter, and their changes.
#include "tests/property/naive_venue.hpp"
#include "tests/property/naive_words.hpp"

#include <algorithm>

namespace tradehive::tests {

namespace {

// Found out after whether a post-only order would take.
bool is_about_worth(RejectReason why) {
    return why == RejectReason::notional_too_small || why == RejectReason::over_notional_limit;
}

} // namespace

// --- in --------------------------------------------------------------------------------------------------

void NaiveVenue::enter(const EnterOrder& request) {
    NaiveOrder order;
    order.id = OrderId{now_.sequence.value()};
    order.account = request.account;
    order.instrument = request.instrument;
    order.session = now_.origin.session;
    order.side = request.side;
    order.ord_type = request.ord_type;
    order.time_in_force = request.time_in_force;
    order.price = request.price.value();
    order.quantity = order.leaves = request.order_qty.value();
    order.cl_ord_id = std::string{request.cl_ord_id.view()};
    order.entered = now_.time.value();
    order.stop_px = request.stop_px.value();
    order.display = request.display_qty.value();
    order.least = request.min_qty.value();
    order.cash = order.cash_left = request.cash_order_qty.value();
    order.expires = request.expire_time.value();
    order.exec_inst = request.exec_inst;
    if (request.self_match_given)
        order.self_match = request.self_match;
    else if (now_.origin.channel == Channel::fix)
        order.self_match = sessions.at(now_.origin.session).self_match;

    RejectReason why = may_trade();
    if (why == RejectReason::none && (!accounts.contains(order.account) || !sees(order.account)))
        why = RejectReason::unknown_account;
    if (why == RejectReason::none) {
        if (const auto known = names_.find({order.account, order.cl_ord_id}); known != names_.end()) {
            if (request.poss_resend) {
                say("status", orders.at(known->second));
                if (now_.origin.channel == Channel::control) done(RejectReason::none);
                return;
            }
            why = RejectReason::duplicate_cl_ord_id;
        }
    }
    if (why == RejectReason::none) {
        order.maker_fee = accounts.at(order.account).maker_fee;
        order.taker_fee = accounts.at(order.account).taker_fee;
        order.limit = worst_price(order);
        why = why_not(order);
    }
    if (why != RejectReason::none) {
        order.status = '8';
        order.leaves = 0;
        say("rejected", order, word(why));
    } else {
        if (order.cash > 0) order.quantity = order.leaves = lots_for_cash(order);
        names_[{order.account, order.cl_ord_id}] = order.id;
        say("accepted", order);
        open_.insert(order.id);
        go(orders[order.id] = order);
    }
    if (now_.origin.channel == Channel::control) done(why);
}

// A price of its own, or one that is near enough to what it goes by.
std::int64_t NaiveVenue::worst_price(const NaiveOrder& order) const {
    if (order.price != 0) return order.price;
    const auto& instrument = instruments.at(order.instrument);
    std::int64_t reference = order.is_any("34J") ? order.stop_px : instrument.last_trade;
    if (reference == 0)
        if (const auto best = instrument.book.best(opposite(order.side))) reference = best->value();
    if (reference == 0) return 0;
    const std::int64_t away = reference * instrument.market_protection / 1'000'000;
    auto price = std::max<std::int64_t>(1, order.side == Side::buy ? reference + away : reference - away);
    if (instrument.highest_price > 0) price = std::min(price, instrument.highest_price);
    return std::max(price, instrument.lowest_price);
}

// Lot by lot, as long as the money lasts: through the book, then at the worst price.
std::int64_t NaiveVenue::lots_for_cash(const NaiveOrder& order) const {
    const auto& instrument = instruments.at(order.instrument);
    std::int64_t cash = order.cash;
    std::int64_t lots = 0;
    bool spent = false;
    const auto buy_up_to = [&](std::int64_t most, std::int64_t price) {
        const auto cost = [&](std::int64_t quantity) {
            const std::int64_t worth = price * quantity * instrument.units_per_tick_lot;
            return order.side == Side::buy ? worth + part(worth, std::max<std::int64_t>(order.taker_fee, 0))
                                           : worth;
        };
        std::int64_t bought = 0;
        while (bought < most && cost(bought + 1) <= cash)
            ++bought;
        spent = cost(bought + 1) > cash;
        cash -= cost(bought);
        lots += bought;
    };
    bool stopped = false;
    instrument.book.orders(opposite(order.side), [&](const matching::Resting& resting) {
        const bool too_dear = order.side == Side::buy ? resting.price.value() > order.limit
                                                      : resting.price.value() < order.limit;
        if (spent || stopped || too_dear) return;
        const bool own = resting.owner == order.account.value() && order.self_match != SelfMatch::decrement;
        if (!own)
            buy_up_to(resting.left.value(), resting.price.value());
        else
            stopped = order.self_match != SelfMatch::cancel_resting;
    });
    if (!spent) buy_up_to(1'000'000'000, order.limit);
    return lots;
}

std::int64_t NaiveVenue::shown(const NaiveOrder& order) const {
    if (!order.open() || order.waits() || !order.rests()) return 0;
    if (const auto resting = instruments.at(order.instrument).book.find(order.id))
        return resting->shown.value();
    return order.display > 0 ? std::min(order.display, order.leaves) : order.leaves;
}

bool NaiveVenue::would_take(const NaiveOrder& order) const {
    const auto best = instruments.at(order.instrument).book.best(opposite(order.side));
    if (!best) return false;
    return order.side == Side::buy ? best->value() <= order.price : best->value() >= order.price;
}

// Whatever the market.
RejectReason NaiveVenue::why_not_as_it_is(const NaiveOrder& order) const {
    using enum RejectReason;
    const bool market = order.is_any("1");
    const bool gtd = order.time_in_force == TimeInForce::good_till_date;
    if (order.self_match > SelfMatch::decrement) return bad_self_match;
    if (order.is_any("24") ? order.price <= 0 : order.price != 0)
        return order.is_any("24") ? bad_price : price_on_market_order;
    if (order.is_any("34J") && order.stop_px <= 0) return bad_stop_px;
    if (!order.is_any("34J") && order.stop_px != 0) return stop_px_not_taken;
    if (market && (gtd || order.time_in_force == TimeInForce::good_till_cancel))
        return market_needs_ioc_or_fok;
    if (order.is_any("34JK") && !order.stays()) return time_in_force_of_type;
    if (gtd ? order.expires <= now_.time.value() : order.expires != 0) return bad_expire_time;
    if (has(order.exec_inst, ExecInst::post_only) && !(order.is_any("2") && order.stays()))
        return exec_inst_of_type;
    if (order.cash != 0 && (order.quantity != 0 || !market)) return quantity_or_cash;
    if (market && order.cash == 0 && order.quantity == 0) return quantity_or_cash;
    const bool ioc = order.time_in_force == TimeInForce::immediate_or_cancel;
    if (order.least != 0 && (!ioc || order.least > order.quantity)) return bad_min_qty;
    if (order.display != 0 && (!order.is_any("24") || !order.stays() || order.display > order.quantity))
        return bad_display_qty;
    return none;
}

RejectReason NaiveVenue::why_not_now(const NaiveOrder& order) const {
    using enum RejectReason;
    const auto& account = accounts.at(order.account);
    switch (instruments.at(order.instrument).state) {
    case InstrumentState::open:
        break;
    case InstrumentState::halted:
        return instrument_halted;
    case InstrumentState::cancel_only:
        return cancel_only;
    case InstrumentState::delisted:
        return delisted;
    }
    if (account.frozen) return account_frozen;
    const bool by_fix = now_.origin.channel == Channel::fix;
    if (account.killed || killed_firms_.contains(account.firm) ||
        (by_fix && sessions.at(now_.origin.session).killed))
        return killed;
    return none;
}

RejectReason NaiveVenue::why_not_there(std::int64_t price, const NaiveInstrument& instrument) {
    if (price == 0) return RejectReason::none;
    const bool low = price < instrument.lowest_price;
    const bool high = instrument.highest_price > 0 && price > instrument.highest_price;
    return low || high ? RejectReason::price_band : RejectReason::none;
}

RejectReason NaiveVenue::why_not(const NaiveOrder& order) const {
    const auto& instrument = instruments.at(order.instrument);
    const auto& account = accounts.at(order.account);
    for (const auto why : {why_not_as_it_is(order), why_not_now(order),
                           why_not_there(order.price, instrument), why_not_there(order.stop_px, instrument)})
        if (why != RejectReason::none) return why;
    NaiveOrder sized = order;
    if (order.cash > 0) {
        if (order.limit == 0) return RejectReason::no_reference_price;
        if (order.cash < instrument.least_notional) return RejectReason::notional_too_small;
        const auto most = account.limits.most_notional.value();
        if (most > 0 && order.cash > most) return RejectReason::over_notional_limit;
        sized.quantity = sized.leaves = lots_for_cash(order);
        if (sized.quantity == 0) return RejectReason::cash_too_small;
    }
    if (const auto why = why_not_sized(sized, account); why != RejectReason::none) return why;
    const std::size_t open = open_orders(order.account).size();
    if (!order.is_any("1") && order.stays() && account.limits.most_open_orders > 0 &&
        open >= account.limits.most_open_orders)
        return RejectReason::too_many_open_orders;
    if (has(order.exec_inst, ExecInst::post_only) && would_take(order)) return RejectReason::would_take;
    const auto asset = order.side == Side::buy ? instrument.quote : instrument.base;
    if (needs(sized, instrument) > totals.at({order.account, asset}) - held(order.account, asset))
        return RejectReason::insufficient_funds;
    return RejectReason::none;
}

RejectReason NaiveVenue::why_not_sized(const NaiveOrder& order, const NaiveAccount& account) const {
    const auto& instrument = instruments.at(order.instrument);
    const auto& limits = account.limits;
    if (order.quantity <= 0) return RejectReason::bad_quantity;
    if (order.quantity < instrument.least_quantity) return RejectReason::quantity_too_small;
    if (order.quantity > instrument.most_quantity) return RejectReason::quantity_too_large;
    if (limits.most_order_qty.value() > 0 && order.quantity > limits.most_order_qty.value())
        return RejectReason::over_quantity_limit;
    if (order.cum > 0 && order.quantity <= order.cum) return RejectReason::quantity_already_filled;
    if (order.limit == 0) return RejectReason::no_reference_price;
    if (order.cash > 0) return RejectReason::none; // its worth is the amount
    const std::int64_t worth = order.limit * order.quantity * instrument.units_per_tick_lot;
    if (worth < instrument.least_notional) return RejectReason::notional_too_small;
    if (limits.most_notional.value() > 0 && worth > limits.most_notional.value())
        return RejectReason::over_notional_limit;
    return RejectReason::none;
}

// --- changes ---------------------------------------------------------------------------------------------

NaiveOrder* NaiveVenue::named(OrderId id, const ClOrdID& name, AccountId account, RejectReason& why) {
    const std::string wanted{name.view()};
    why = RejectReason::unknown_order;
    if (id != OrderId{}) {
        const auto found = orders.find(id);
        if (found == orders.end() || !sees(found->second.account)) return nullptr;
        why = RejectReason::none;
        const auto by_name = names_.find({found->second.account, wanted});
        if (!wanted.empty() && (by_name == names_.end() || by_name->second != id))
            why = RejectReason::ids_disagree;
        return &found->second;
    }
    NaiveOrder* best = nullptr;
    int open = 0;
    for (const auto& [owner, details] : accounts) {
        if (!sees(owner) || (account != AccountId{} && account != owner)) continue;
        const auto found = names_.find({owner, wanted});
        if (found == names_.end()) continue;
        NaiveOrder& order = orders.at(found->second);
        open += order.open();
        if (!best || (order.open() && !best->open())) best = &order;
    }
    if (open > 1) {
        why = RejectReason::account_needed;
        return nullptr;
    }
    if (best) why = RejectReason::none;
    return best;
}

std::pair<NaiveOrder*, RejectReason> NaiveVenue::target(OrderId id, const ClOrdID& orig, const ClOrdID& own,
                                                        AccountId account, Side side) {
    if (const auto why = may_trade(); why != RejectReason::none) return {nullptr, why};
    RejectReason why{};
    NaiveOrder* order = named(id, orig, account, why);
    if (why != RejectReason::none) return {order, why};
    if (account != AccountId{} && !sees(account)) return {nullptr, RejectReason::unknown_order};
    if (names_.contains({order->account, std::string{own.view()}}))
        return {order, RejectReason::duplicate_cl_ord_id};
    if ((account != AccountId{} && account != order->account) || (side != Side{} && side != order->side))
        return {order, RejectReason::field_may_not_change};
    if (!order->open()) return {order, RejectReason::too_late};
    return {order, RejectReason::none};
}

void NaiveVenue::cancel(const CancelOrder& request) {
    const auto [order, why] =
        target(request.order, request.orig_cl_ord_id, request.cl_ord_id, request.account, request.side);
    if (why != RejectReason::none) {
        lines_.push_back("cancel refused " + std::to_string(order ? order->id.value() : 0) + " " + word(why));
    } else {
        names_[{order->account, std::string{request.cl_ord_id.view()}}] = order->id;
        take_out(*order, '4', now_.origin.channel == Channel::control ? "operator" : "none");
    }
    if (now_.origin.channel == Channel::control) done(why);
}

void NaiveVenue::replace(const ReplaceOrder& request) {
    auto [order, why] =
        target(request.order, request.orig_cl_ord_id, request.cl_ord_id, request.account, request.side);
    NaiveOrder changed = order ? *order : NaiveOrder{};
    if (changed.is_any("24") || request.price != Price{0}) changed.price = request.price.value();
    if (request.stop_px != Price{0}) changed.stop_px = request.stop_px.value();
    if (request.expire_time != Timestamp{}) changed.expires = request.expire_time.value();
    changed.display = request.display_qty.value();
    changed.quantity = request.order_qty.value();
    changed.leaves = changed.quantity - changed.cum;
    changed.cl_ord_id = std::string{request.cl_ord_id.view()};
    bool keeps = false;
    if (why == RejectReason::none) {
        const auto& instrument = instruments.at(order->instrument);
        const auto& account = accounts.at(order->account);
        const bool shows_more =
            order->display > 0 && (changed.display == 0 || changed.display > order->display);
        keeps = changed.price == order->price && changed.stop_px == order->stop_px &&
                changed.leaves <= order->leaves && !shows_more;
        NaiveOrder as_new = changed;
        if (as_new.is_any("K")) as_new.ord_type = OrdType::limit;
        changed.limit = worst_price(changed);
        const auto asset = order->side == Side::buy ? instrument.quote : instrument.base;
        if (request.ord_type != order->ord_type || (!order->waits() && changed.stop_px != order->stop_px))
            why = RejectReason::field_may_not_change;
        else if (why = why_not_now(changed); why != RejectReason::none)
            ;
        else if (why = why_not_as_it_is(as_new); why != RejectReason::none)
            ;
        else if (changed.price != order->price &&
                 why_not_there(changed.price, instrument) != RejectReason::none)
            why = RejectReason::price_band;
        else if (changed.stop_px != order->stop_px &&
                 why_not_there(changed.stop_px, instrument) != RejectReason::none)
            why = RejectReason::price_band;
        else if (why = why_not_sized(changed, account); why == RejectReason::none || is_about_worth(why)) {
            if (has(changed.exec_inst, ExecInst::post_only) && !keeps && would_take(changed))
                why = RejectReason::would_take;
            else if (why == RejectReason::none &&
                     needs(changed, instrument) > totals.at({order->account, asset}) -
                                                      held(order->account, asset) + needs(*order, instrument))
                why = RejectReason::insufficient_funds;
        }
    }
    if (why != RejectReason::none) {
        lines_.push_back("replace refused " + std::to_string(order ? order->id.value() : 0) + " " +
                         word(why));
    } else {
        auto& book = instruments.at(order->instrument).book;
        if (!keeps) {
            book.cancel(order->id);
            changed.turn = ++turns_;
        } else if (!order->waits()) {
            book.reduce(order->id, Quantity{changed.leaves}, Quantity{changed.display});
        }
        names_[{order->account, changed.cl_ord_id}] = order->id;
        *order = changed;
        say("replaced", *order, keeps ? "kept" : "lost");
        if (!keeps) go(*order);
    }
    if (now_.origin.channel == Channel::control) done(why);
}

} // namespace tradehive::tests
