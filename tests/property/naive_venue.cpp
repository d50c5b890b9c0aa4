#include "tests/property/naive_venue.hpp"

#include <algorithm>

namespace tradehive::tests {

namespace {

std::string text(std::int64_t number) {
    return std::to_string(number);
}

std::string word(RejectReason reason) {
    return std::string{describe(reason).word};
}

// floor for what is paid, towards zero for what is given back.
std::int64_t part(std::int64_t amount, std::int64_t rate) {
    const Wide whole = Wide{amount} * (rate < 0 ? -rate : rate) / 1'000'000;
    return static_cast<std::int64_t>(rate < 0 ? -whole : whole);
}

} // namespace

Lines NaiveVenue::apply(const Command& command) {
    now_ = command.header;
    lines_.clear();
    const Origin& from = now_.origin;
    if (from.channel == Channel::fix && from.number.value() != 0) {
        auto& session = sessions.at(from.session);
        if (from.number.value() < session.next_in) return {};
        session.next_in = from.number.value() + 1;
    }
    const auto movable = [&](AccountId account, AssetId asset) {
        return totals[{account, asset}] - held(account, asset);
    };
    switch (now_.kind) {
    case CommandKind::enter_order:
        enter(command.as<EnterOrder>());
        break;
    case CommandKind::cancel_order:
        cancel(command.as<CancelOrder>());
        break;
    case CommandKind::replace_order:
        replace(command.as<ReplaceOrder>());
        break;
    case CommandKind::log_on_session:
        if (auto& session = sessions.at(command.as<LogOnSession>().session); session.logged_on)
            lines_.push_back("logon refused");
        else
            session.logged_on = true, lines_.push_back("logon");
        break;
    case CommandKind::session_disconnected: {
        const auto notice = command.as<SessionDisconnected>();
        disconnect(notice.session, notice.keep_orders != 0);
        break;
    }
    case CommandKind::venue_started:
        for (const auto& [id, session] : sessions)
            disconnect(id, false);
        break;
    case CommandKind::end_day:
        end_day(command.as<EndDay>().day);
        break;
    case CommandKind::set_account_limits: {
        const auto limits = command.as<SetAccountLimits>();
        accounts.at(limits.account).limits = limits;
        done(RejectReason::none);
        break;
    }
    case CommandKind::set_account_frozen: {
        const auto request = command.as<SetAccountFrozen>();
        accounts.at(request.account).frozen = request.frozen != 0;
        done(RejectReason::none);
        break;
    }
    case CommandKind::set_account_fees: {
        const auto request = command.as<SetAccountFees>();
        const bool pays_out = request.maker_fee.value() + request.taker_fee.value() < 0;
        if (!pays_out) {
            accounts.at(request.account).maker_fee = request.maker_fee.value();
            accounts.at(request.account).taker_fee = request.taker_fee.value();
        }
        done(pays_out ? RejectReason::bad_fee : RejectReason::none);
        break;
    }
    case CommandKind::set_instrument_state: {
        const auto request = command.as<SetInstrumentState>();
        instruments.at(request.instrument).halted = request.state == InstrumentState::halted;
        done(RejectReason::none);
        break;
    }
    case CommandKind::deposit: {
        const auto request = command.as<Deposit>();
        totals[{request.account, request.asset}] += request.amount.value();
        done(RejectReason::none);
        break;
    }
    case CommandKind::withdraw: {
        const auto request = command.as<Withdraw>();
        if (accounts.at(request.account).frozen) {
            done(RejectReason::account_frozen);
        } else if (request.amount.value() > movable(request.account, request.asset)) {
            done(RejectReason::insufficient_funds);
        } else {
            totals[{request.account, request.asset}] -= request.amount.value();
            done(RejectReason::none);
        }
        break;
    }
    default:
        break;
    }
    return lines_;
}

void NaiveVenue::done(RejectReason reason) {
    lines_.push_back("done " + word(reason));
}

void NaiveVenue::say(const std::string& what, const NaiveOrder& order, const std::string& more) {
    lines_.push_back(what + " " + std::to_string(order.id.value()) + " " + order.cl_ord_id +
                     " 39=" + order.status + " 38=" + text(order.quantity) + " 151=" + text(order.leaves) +
                     " 14=" + text(order.cum) + " 44=" + text(order.price) +
                     " turnover=" + text(order.turnover) + (more.empty() ? "" : " ") + more);
}

std::int64_t NaiveVenue::needs(const NaiveOrder& order, const NaiveInstrument& instrument) {
    if (order.side == Side::sell) return order.leaves * instrument.base_units_per_lot;
    const std::int64_t worth = order.limit * order.leaves * instrument.units_per_tick_lot;
    return worth + part(worth, std::max({order.maker_fee, order.taker_fee, std::int64_t{0}}));
}

std::int64_t NaiveVenue::held(AccountId account, AssetId asset) const {
    std::int64_t sum = 0;
    for (const NaiveOrder* order : open_orders(account)) {
        const auto& instrument = instruments.at(order->instrument);
        if ((order->side == Side::buy ? instrument.quote : instrument.base) == asset)
            sum += needs(*order, instrument);
    }
    return sum;
}

std::vector<const NaiveOrder*> NaiveVenue::open_orders(AccountId account) const {
    std::vector<const NaiveOrder*> found;
    for (const OrderId id : open_)
        if (const auto& order = orders.at(id); account == AccountId{} || order.account == account)
            found.push_back(&order);
    return found;
}

bool NaiveVenue::sees(AccountId account) const {
    return now_.origin.channel != Channel::fix || sessions.at(now_.origin.session).accounts.contains(account);
}

RejectReason NaiveVenue::may_trade() const {
    if (now_.origin.channel != Channel::fix) return RejectReason::none;
    return sessions.at(now_.origin.session).logged_on ? RejectReason::none : RejectReason::not_logged_on;
}

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
        const auto& account = accounts.at(order.account);
        order.maker_fee = account.maker_fee;
        order.taker_fee = account.taker_fee;
        order.limit = order.price;
        if (order.ord_type == OrdType::market) {
            const auto& instrument = instruments.at(order.instrument);
            auto reference = instrument.last_trade;
            if (reference == 0)
                if (const auto best = instrument.book.best(opposite(order.side))) reference = best->value();
            const std::int64_t away = reference * instrument.market_protection / 1'000'000;
            order.limit = reference == 0
                              ? 0
                              : std::max<std::int64_t>(1, order.side == Side::buy ? reference + away
                                                                                  : reference - away);
        }
        why = why_not(order);
    }
    if (why != RejectReason::none) {
        order.status = '8';
        order.leaves = 0;
        say("rejected", order, word(why));
    } else {
        names_[{order.account, order.cl_ord_id}] = order.id;
        say("accepted", order);
        open_.insert(order.id);
        match(orders[order.id] = order);
    }
    if (now_.origin.channel == Channel::control) done(why);
}

RejectReason NaiveVenue::why_not(const NaiveOrder& order) const {
    const auto& instrument = instruments.at(order.instrument);
    const auto& account = accounts.at(order.account);
    const bool market = order.ord_type == OrdType::market;
    if (!market && order.price <= 0) return RejectReason::bad_price;
    if (market && order.time_in_force == TimeInForce::good_till_cancel)
        return RejectReason::market_needs_ioc_or_fok;
    if (market && order.price != 0) return RejectReason::price_on_market_order;
    if (instrument.halted) return RejectReason::instrument_halted;
    if (account.frozen) return RejectReason::account_frozen;
    if (const auto why = why_not_sized(order, account); why != RejectReason::none) return why;
    const bool rests = !market && (order.time_in_force == TimeInForce::day ||
                                   order.time_in_force == TimeInForce::good_till_cancel);
    const std::size_t open = open_orders(order.account).size();
    if (rests && account.limits.most_open_orders > 0 && open >= account.limits.most_open_orders)
        return RejectReason::too_many_open_orders;
    const auto asset = order.side == Side::buy ? instrument.quote : instrument.base;
    if (needs(order, instrument) > totals.at({order.account, asset}) - held(order.account, asset))
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
        take_out(*order, '4', now_.origin.channel == Channel::control ? "operator" : "asked");
    }
    if (now_.origin.channel == Channel::control) done(why);
}

void NaiveVenue::replace(const ReplaceOrder& request) {
    auto [order, why] =
        target(request.order, request.orig_cl_ord_id, request.cl_ord_id, request.account, request.side);
    NaiveOrder changed = order ? *order : NaiveOrder{};
    changed.price = changed.limit = request.price.value();
    changed.quantity = request.order_qty.value();
    changed.leaves = changed.quantity - changed.cum;
    changed.cl_ord_id = std::string{request.cl_ord_id.view()};
    if (why == RejectReason::none) {
        const auto& instrument = instruments.at(order->instrument);
        const auto& account = accounts.at(order->account);
        if (request.ord_type != order->ord_type)
            why = RejectReason::field_may_not_change;
        else if (instrument.halted)
            why = RejectReason::instrument_halted;
        else if (account.frozen)
            why = RejectReason::account_frozen;
        else if (changed.price <= 0)
            why = RejectReason::bad_price;
        else
            why = why_not_sized(changed, account);
        const auto asset = order->side == Side::buy ? instrument.quote : instrument.base;
        if (why == RejectReason::none && needs(changed, instrument) > totals.at({order->account, asset}) -
                                                                          held(order->account, asset) +
                                                                          needs(*order, instrument))
            why = RejectReason::insufficient_funds;
    }
    if (why != RejectReason::none) {
        lines_.push_back("replace refused " + std::to_string(order ? order->id.value() : 0) + " " +
                         word(why));
    } else {
        auto& book = instruments.at(order->instrument).book;
        const bool keeps = changed.price == order->price && changed.leaves <= order->leaves;
        if (keeps)
            book.reduce(order->id, Quantity{changed.leaves});
        else
            book.cancel(order->id);
        names_[{order->account, changed.cl_ord_id}] = order->id;
        *order = changed;
        say("replaced", *order, keeps ? "kept" : "lost");
        if (!keeps) match(*order);
    }
    if (now_.origin.channel == Channel::control) done(why);
}

// --- matching --------------------------------------------------------------------------------------------

void NaiveVenue::match(NaiveOrder& order) {
    auto& instrument = instruments.at(order.instrument);
    const bool rests =
        order.ord_type == OrdType::limit &&
        (order.time_in_force == TimeInForce::day || order.time_in_force == TimeInForce::good_till_cancel);
    const matching::Incoming incoming{order.id,
                                      order.account.value(),
                                      order.side,
                                      Price{order.limit},
                                      Quantity{order.leaves},
                                      rests,
                                      order.time_in_force == TimeInForce::fill_or_kill};
    const auto entered = instrument.book.enter(incoming, [&](const matching::Fill& fill) {
        trade(order, orders.at(fill.maker), fill.price.value(), fill.quantity.value());
    });
    if (entered.ended == matching::Ended::self_match)
        finish(order, '4', "self");
    else if (entered.ended == matching::Ended::left_over || entered.ended == matching::Ended::not_fillable)
        finish(order, 'C', "expired");
}

void NaiveVenue::trade(NaiveOrder& taker, NaiveOrder& maker, std::int64_t price, std::int64_t quantity) {
    auto& instrument = instruments.at(taker.instrument);
    const std::int64_t worth = price * quantity * instrument.units_per_tick_lot;
    std::int64_t maker_fee = part(worth, maker.maker_fee);
    std::int64_t taker_fee = part(worth, taker.taker_fee);
    if (maker_fee < 0) maker_fee = std::max(maker_fee, -std::max<std::int64_t>(taker_fee, 0));
    if (taker_fee < 0) taker_fee = std::max(taker_fee, -std::max<std::int64_t>(maker_fee, 0));
    ++trades_;
    instrument.last_trade = price;
    for (NaiveOrder* order : {&taker, &maker}) {
        const bool takes = order == &taker;
        const std::int64_t fee = takes ? taker_fee : maker_fee;
        const std::int64_t sign = order->side == Side::buy ? 1 : -1;
        order->leaves -= quantity;
        order->cum += quantity;
        order->turnover += price * quantity;
        order->status = order->leaves == 0 ? '2' : '1';
        if (order->leaves == 0) open_.erase(order->id);
        totals[{order->account, instrument.base}] += sign * quantity * instrument.base_units_per_lot;
        totals[{order->account, instrument.quote}] -= sign * worth + fee;
        totals[{fee_account, instrument.quote}] += fee;
        say("traded", *order,
            text(static_cast<std::int64_t>(trades_)) + " " + text(quantity) + "@" + text(price) + " fee " +
                text(fee) + (takes ? " taker" : " maker"));
    }
}

void NaiveVenue::take_out(NaiveOrder& order, char status, const std::string& why) {
    instruments.at(order.instrument).book.cancel(order.id);
    finish(order, status, why);
}

void NaiveVenue::finish(NaiveOrder& order, char status, const std::string& why) {
    order.status = status;
    order.leaves = 0;
    open_.erase(order.id);
    say("ended", order, why);
}

void NaiveVenue::disconnect(FixSessionId id, bool keep_orders) {
    auto& session = sessions.at(id);
    if (!session.logged_on) return;
    session.logged_on = false;
    const auto all_of = [&](auto&& wanted) {
        for (const NaiveOrder* order : open_orders())
            if (wanted(*order)) take_out(orders.at(order->id), '4', "disconnect");
    };
    if (!keep_orders && session.mode == CancelOnDisconnect::session)
        all_of([&](const NaiveOrder& order) { return order.session == id; });
    if (!keep_orders && session.mode == CancelOnDisconnect::account)
        for (const AccountId account : session.accounts)
            all_of([&](const NaiveOrder& order) { return order.account == account; });
    lines_.push_back("logoff");
}

void NaiveVenue::end_day(std::uint32_t day) {
    if (day <= last_day_) return;
    last_day_ = day;
    for (const NaiveOrder* order : open_orders())
        if (order->time_in_force == TimeInForce::day &&
            order->entered < (std::int64_t{day} + 1) * 86'400'000'000'000)
            take_out(orders.at(order->id), 'C', "expired");
}

// --- the real venue's events as lines ----------------------------------------------------------------------

namespace {

std::string line(const std::string& what, const OrderImage& order, const std::string& more = {}) {
    return what + " " + std::to_string(order.order.value()) + " " + std::string{order.cl_ord_id.view()} +
           " 39=" + static_cast<char>(order.ord_status) + " 38=" + text(order.order_qty.value()) +
           " 151=" + text(order.leaves_qty.value()) + " 14=" + text(order.cum_qty.value()) +
           " 44=" + text(order.price.value()) + " turnover=" + text(order.cum_tick_lots) +
           (more.empty() ? "" : " ") + more;
}

std::string line(const OrderTraded& traded) {
    return line("traded", traded.order,
                std::to_string(traded.trade.value()) + " " + text(traded.last_qty.value()) + "@" +
                    text(traded.last_px.value()) + " fee " + text(traded.fee.value()) +
                    (traded.maker ? " maker" : " taker"));
}

std::string why_text(Unsolicited why) {
    switch (why) {
    case Unsolicited::none:
        return "asked";
    case Unsolicited::disconnect:
        return "disconnect";
    case Unsolicited::self_match:
        return "self";
    case Unsolicited::expired:
        return "expired";
    case Unsolicited::operator_:
        return "operator";
    case Unsolicited::session_revoked:
        return "revoked";
    }
    return "?";
}

} // namespace

Lines lines_of(std::span<const Event> events) {
    Lines lines;
    for (const Event& event : events) {
        switch (event.header.kind) {
        case EventKind::order_accepted:
            lines.push_back(line("accepted", event.as<OrderAccepted>().order));
            break;
        case EventKind::order_rejected: {
            const auto rejected = event.as<OrderRejected>();
            lines.push_back(line("rejected", rejected.order, word(rejected.reason)));
            break;
        }
        case EventKind::order_traded:
            lines.push_back(line(event.as<OrderTraded>()));
            break;
        case EventKind::order_canceled: {
            const auto canceled = event.as<OrderCanceled>();
            lines.push_back(line("ended", canceled.order, why_text(canceled.why)));
            break;
        }
        case EventKind::order_replaced: {
            const auto replaced = event.as<OrderReplaced>();
            lines.push_back(line("replaced", replaced.order, replaced.kept_place ? "kept" : "lost"));
            break;
        }
        case EventKind::cancel_rejected: {
            const auto rejected = event.as<CancelRejected>();
            lines.push_back(std::string{rejected.of_replace ? "replace" : "cancel"} + " refused " +
                            std::to_string(rejected.order.value()) + " " + word(rejected.reason));
            break;
        }
        case EventKind::order_status:
            lines.push_back(line("status", event.as<OrderStatusReport>().order));
            break;
        case EventKind::session_logged_on:
            lines.emplace_back("logon");
            break;
        case EventKind::log_on_refused:
            lines.emplace_back("logon refused");
            break;
        case EventKind::session_ended:
            lines.emplace_back("logoff");
            break;
        case EventKind::command_done:
            lines.push_back("done " + word(event.as<CommandDone>().reason));
            break;
        default:
            break;
        }
    }
    return lines;
}

} // namespace tradehive::tests
