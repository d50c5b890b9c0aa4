#include "tests/property/naive_venue.hpp"

#include "tests/property/naive_words.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <utility>

namespace tradehive::tests {

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
    case CommandKind::mass_cancel:
        mass_cancel(command.as<MassCancel>().instrument);
        break;
    case CommandKind::venue_started:
        for (const auto& [id, session] : sessions)
            disconnect(id, false);
        expire();
        break;
    case CommandKind::expire_orders:
        expire();
        break;
    case CommandKind::set_price_band: {
        const auto request = command.as<SetPriceBand>();
        instruments.at(request.instrument).lowest_price = request.lowest.value();
        instruments.at(request.instrument).highest_price = request.highest.value();
        done(RejectReason::none);
        break;
    }
    case CommandKind::set_kill_switch:
        kill(command.as<SetKillSwitch>());
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
        set_state(command.as<SetInstrumentState>());
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
                     " turnover=" + text(order.turnover) + " 99=" + text(order.stop_px) +
                     " shown=" + text(shown(order)) + (more.empty() ? "" : " ") + more);
}

std::int64_t NaiveVenue::needs(const NaiveOrder& order, const NaiveInstrument& instrument) {
    if (order.side == Side::sell) return order.leaves * instrument.base_units_per_lot;
    if (order.cash > 0) return order.cash_left;
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

// --- matching --------------------------------------------------------------------------------------------

// The order, then those that trades have met: in turns, what a turn meets comes behind.
void NaiveVenue::go(NaiveOrder& order) {
    auto& instrument = instruments.at(order.instrument);
    instrument.lowest_trade = instrument.highest_trade = 0;
    const auto rising = [](const NaiveOrder& each) { return (each.side == Side::buy) == each.is_any("34"); };
    const auto is_met = [&](const NaiveOrder& each, std::int64_t low, std::int64_t high) {
        return low > 0 && (rising(each) ? each.stop_px <= high : each.stop_px >= low);
    };
    order.turn = ++turns_;
    if (!order.waits())
        match(order);
    else if (is_met(order, instrument.last_trade, instrument.last_trade))
        trigger(order);

    std::vector<OrderId> queue;
    std::set<OrderId> queued;
    for (std::size_t next = 0;; ++next) {
        std::vector<const NaiveOrder*> met;
        for (const NaiveOrder* each : open_orders())
            if (each->instrument == order.instrument && each->waits() && !queued.contains(each->id) &&
                is_met(*each, instrument.lowest_trade, instrument.highest_trade))
                met.push_back(each);
        std::ranges::sort(met, {}, [&](const NaiveOrder* each) {
            return std::tuple(!rising(*each), rising(*each) ? each->stop_px : -each->stop_px, each->turn);
        });
        for (const NaiveOrder* each : met) {
            queue.push_back(each->id);
            queued.insert(each->id);
        }
        instrument.lowest_trade = instrument.highest_trade = 0;
        if (next == queue.size()) return;
        trigger(orders.at(queue[next]));
    }
}

void NaiveVenue::trigger(NaiveOrder& order) {
    order.triggered = true;
    say("restated", order, "triggered");
    match(order);
}

void NaiveVenue::match(NaiveOrder& order) {
    auto& instrument = instruments.at(order.instrument);
    matching::Incoming incoming{.order = order.id,
                                .owner = order.account.value(),
                                .side = order.side,
                                .limit = Price{order.limit},
                                .quantity = Quantity{order.leaves},
                                .rests = order.rests()};
    incoming.self_match = order.self_match;
    incoming.display = Quantity{order.display};
    incoming.at_least =
        Quantity{order.time_in_force == TimeInForce::fill_or_kill ? order.leaves : order.least};
    const auto entered = instrument.book.enter(
        incoming,
        [&](const matching::Fill& fill) {
            trade(order, orders.at(fill.maker), fill.price.value(), fill.quantity.value());
        },
        [&](const matching::OwnOrder& own) { meet_own(order, own); });
    if (entered.ended == matching::Ended::self_match) {
        finish(order, '4', "self_match");
    } else if (entered.ended == matching::Ended::left_over && order.is_any("K") && order.cum > 0) {
        order.price = order.limit = instrument.last_trade;
        incoming.limit = Price{order.limit};
        incoming.quantity = Quantity{order.leaves};
        incoming.rests = true;
        instrument.book.enter(incoming, [](const matching::Fill&) { std::abort(); });
        say("restated", order, "rests_as_limit");
    } else if (entered.ended == matching::Ended::left_over ||
               entered.ended == matching::Ended::not_fillable) {
        finish(order, 'C', "expired");
    }
}

void NaiveVenue::meet_own(NaiveOrder& taker, const matching::OwnOrder& own) {
    NaiveOrder& resting = orders.at(own.resting);
    if (own.resting_shown.value() == 0) {
        finish(resting, '4', "self_match");
    } else {
        resting.quantity -= own.by.value();
        resting.leaves -= own.by.value();
        say("restated", resting, "self_match");
    }
    if (const auto lost = taker.leaves - own.incoming_left.value(); lost > 0 && lost < taker.leaves) {
        taker.quantity -= lost;
        taker.leaves -= lost;
        say("restated", taker, "self_match");
    }
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
    instrument.highest_trade = std::max(instrument.highest_trade, price);
    instrument.lowest_trade = instrument.lowest_trade == 0 ? price : std::min(instrument.lowest_trade, price);
    for (NaiveOrder* order : {&taker, &maker}) {
        const bool takes = order == &taker;
        const std::int64_t fee = takes ? taker_fee : maker_fee;
        const std::int64_t sign = order->side == Side::buy ? 1 : -1;
        order->leaves -= quantity;
        order->cum += quantity;
        order->turnover += price * quantity;
        order->status = order->leaves == 0 ? '2' : '1';
        if (order->leaves == 0) open_.erase(order->id);
        if (order->cash > 0) order->cash_left -= worth + fee;
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

void NaiveVenue::take_out_all(std::string_view why, char status,
                              const std::function<bool(const NaiveOrder&)>& meant) {
    for (const NaiveOrder* order : open_orders())
        if (meant(*order)) take_out(orders.at(order->id), status, std::string{why});
}

void NaiveVenue::disconnect(FixSessionId id, bool keep_orders) {
    auto& session = sessions.at(id);
    if (!session.logged_on) return;
    session.logged_on = false;
    if (!keep_orders && session.mode == CancelOnDisconnect::session)
        take_out_all("disconnect", '4', [&](const NaiveOrder& order) { return order.session == id; });
    if (!keep_orders && session.mode == CancelOnDisconnect::account)
        for (const AccountId account : session.accounts)
            take_out_all("disconnect", '4',
                         [&](const NaiveOrder& order) { return order.account == account; });
    lines_.push_back("logoff");
}

void NaiveVenue::end_day(std::uint32_t day) {
    if (day <= last_day_) return;
    last_day_ = day;
    take_out_all("expired", 'C', [&](const NaiveOrder& order) {
        return order.time_in_force == TimeInForce::day &&
               order.entered < (std::int64_t{day} + 1) * 86'400'000'000'000;
    });
}

void NaiveVenue::expire() {
    std::vector<const NaiveOrder*> due;
    for (const NaiveOrder* order : open_orders())
        if (order->expires != 0 && order->expires <= now_.time.value()) due.push_back(order);
    std::ranges::sort(due, {}, [](const NaiveOrder* order) { return std::pair(order->expires, order->id); });
    for (const NaiveOrder* order : due)
        take_out(orders.at(order->id), 'C', "expired");
}

void NaiveVenue::mass_cancel(InstrumentId instrument) {
    if (const auto why = may_trade(); why != RejectReason::none) {
        lines_.push_back("mass 0 " + word(why));
        return;
    }
    const auto meant = [&](const NaiveOrder& order) {
        return order.session == now_.origin.session &&
               (instrument == InstrumentId{} || order.instrument == instrument);
    };
    const auto open = open_orders();
    const auto count = std::ranges::count_if(open, [&](const NaiveOrder* order) { return meant(*order); });
    lines_.push_back("mass " + text(count) + " OK");
    take_out_all("mass_cancel", '4', meant);
}

void NaiveVenue::set_state(const SetInstrumentState& request) {
    auto& instrument = instruments.at(request.instrument);
    const auto before = std::exchange(instrument.state, request.state);
    if (request.state == InstrumentState::halted && before != InstrumentState::halted)
        take_out_all("halted", '4', [&](const NaiveOrder& order) {
            return order.instrument == request.instrument && has(order.exec_inst, ExecInst::cancel_on_halt);
        });
    done(RejectReason::none);
}

void NaiveVenue::kill(const SetKillSwitch& request) {
    const bool on = request.killed != 0;
    const auto all_of = [&](auto&& meant) {
        if (on) take_out_all("killed", '4', meant);
    };
    switch (request.scope) {
    case KillScope::account: {
        const AccountId account{request.id};
        accounts.at(account).killed = on;
        all_of([&](const NaiveOrder& order) { return order.account == account; });
        break;
    }
    case KillScope::firm: {
        const FirmId firm{request.id};
        if (on ? !killed_firms_.insert(firm).second : killed_firms_.erase(firm) == 0) break;
        for (const auto& [account, details] : accounts)
            if (details.firm == firm)
                all_of([&](const NaiveOrder& order) { return order.account == account; });
        break;
    }
    case KillScope::session: {
        const FixSessionId session{request.id};
        sessions.at(session).killed = on;
        all_of([&](const NaiveOrder& order) { return order.session == session; });
        break;
    }
    }
    done(RejectReason::none);
}

} // namespace tradehive::tests
