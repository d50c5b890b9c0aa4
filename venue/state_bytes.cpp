#include "venue/state_bytes.hpp"

#include "venue/instrument_rules.hpp"
#include "venue/invariants.hpp"
#include "venue/state_fields.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace tradehive::venue {

namespace {

// Ids are 32 bits; more names than that there cannot be.
constexpr std::uint64_t most_names = std::numeric_limits<std::uint32_t>::max() - 1;

// --- saving ---------------------------------------------------------------------------------------------

template <class Things>
void save_all(Writing& out, const Things& things) {
    out(std::uint64_t{things.size()});
    for (const auto& thing : things)
        out(thing);
}

void save_sessions(Writing& out, const State& state) {
    const auto& views = state.names().sessions;
    out(std::uint64_t{views.size()});
    for (std::size_t i = 0; i < views.size(); ++i) {
        out(views[i]);
        save_all(out, views[i].accounts);
        out(state.sessions[i]);
    }
}

void save_ledger(Writing& out, const State& state) {
    for (const Asset& asset : state.names().assets) {
        out(state.ledger.supply(asset.asset));
        for (const AccountView& account : state.names().accounts)
            out(state.ledger.balance(account.account, asset.asset));
    }
}

void save_orders(Writing& out, const State& state) {
    std::vector<std::pair<OrderId, const Order*>>
        open; // the id beside it, so that sorting stays in the cache
    open.reserve(state.orders.open_count());
    for (const AccountView& account : state.names().accounts)
        for (const Order* order = state.orders.of(account.account).front(); order;
             order = AccountOrders::next(*order))
            open.emplace_back(order->image.order, order);
    std::ranges::sort(open);
    out(std::uint64_t{open.size()}, std::uint64_t{state.orders.size() - open.size()},
        std::uint64_t{state.orders.retired_count()});
    for (const auto& [id, order] : open)
        out(*order);
    for (const Order* order = state.orders.oldest_ended(); order; order = order->ended_after)
        out(*order);
    for (const OrderName* name = state.orders.oldest_retired(); name; name = name->retired_after)
        out(name->order->image.order, name->cl_ord_id, name->retired);
}

void save_markets(Writing& out, const State& state) {
    std::vector<matching::Level> levels;
    for (const Market& market : state.markets) {
        out(market);
        for (const Side side : {Side::buy, Side::sell}) {
            market.book.levels(side, 0, levels);
            std::uint64_t count = 0;
            for (const auto& level : levels)
                count += level.orders;
            out(count);
            market.book.orders(side,
                               [&](const matching::Resting& resting) { out(resting.order, resting.left); });
        }
        out(std::uint64_t{market.waiting.size()});
        market.waiting.visit([&](OrderId order) { out(order); });
    }
}

void save_keys(Writing& out, const State& state) {
    out(std::uint64_t{state.keys.oldest_first().size()});
    for (const AnsweredKeys::Name& name : state.keys.oldest_first())
        out(name, *state.keys.find(name));
}

// --- loading --------------------------------------------------------------------------------------------

// Those that exist from the first moment are there already.
void load_firms(Reading& in, State& state) {
    const auto count = in.count(most_names, "the number of firms");
    for (std::uint64_t i = 0; i < count; ++i) {
        FirmView firm;
        in(firm);
        if (i < state.names().firms.size())
            in.require(state.names().firms[i].code == firm.code, "the venue's own firm");
        else
            in.require(state.registry.add_firm(firm.code).has_value(), "a firm's code");
        state.registry.change(FirmId{static_cast<std::uint32_t>(i + 1)}).killed = firm.killed;
    }
    in.require(count == state.names().firms.size(), "the number of firms");
}

void load_accounts(Reading& in, State& state) {
    const auto count = in.count(most_names, "the number of accounts");
    for (std::uint64_t i = 0; i < count; ++i) {
        AccountView account;
        in(account);
        in.require(state.names().firm(account.firm) != nullptr, "an account's firm");
        in.require(risk::acceptable(rates_of(account)), "an account's fees");
        in.require(risk::acceptable(limits_of(account)), "an account's limits");
        if (i < state.names().accounts.size()) {
            const AccountView& known = state.names().accounts[i];
            in.require(known.code == account.code && known.firm == account.firm, "the venue's own account");
        } else {
            in.require(state.registry.add_account(account.code, account.firm, rates_of(account)).has_value(),
                       "an account's code");
            (void)state.ledger.add_account();
            state.orders.add_account();
        }
        account.account = AccountId{static_cast<std::uint32_t>(i + 1)};
        state.registry.change(account.account) = account;
    }
    in.require(count == state.names().accounts.size(), "the number of accounts");
}

void load_assets(Reading& in, State& state) {
    const auto count = in.count(most_names, "the number of assets");
    for (std::uint64_t i = 0; i < count; ++i) {
        Asset asset;
        in(asset);
        in.require(asset.scale <= greatest_asset_scale, "an asset's scale");
        in.require(state.registry.add_asset(asset.code, asset.scale).has_value(), "an asset's code");
        (void)state.ledger.add_asset();
    }
}

// What was accepted when it was created is accepted again, and what follows from it worked out again.
void load_instruments(Reading& in, State& state) {
    const auto count = in.count(most_names, "the number of instruments");
    for (std::uint64_t i = 0; i < count; ++i) {
        Instrument saved;
        in(saved);
        auto instrument = make_instrument({.key = {},
                                           .symbol = saved.symbol,
                                           .base = saved.base,
                                           .quote = saved.quote,
                                           .tick_mantissa = saved.tick.mantissa,
                                           .lot_mantissa = saved.lot.mantissa,
                                           .least_quantity = saved.least_quantity,
                                           .most_quantity = saved.most_quantity,
                                           .least_notional = saved.least_notional,
                                           .market_protection = saved.market_protection,
                                           .tick_scale = saved.tick.scale,
                                           .lot_scale = saved.lot.scale},
                                          state.names());
        in.require(instrument.has_value(), "an instrument");
        in.require(saved.lowest_price >= Price{0} && saved.highest_price >= Price{0}, "a price band");
        instrument->state = saved.state;
        instrument->lowest_price = saved.lowest_price;
        instrument->highest_price = saved.highest_price;
        in.require(state.registry.add_instrument(*instrument).has_value(), "an instrument's symbol");
        state.markets.emplace_back();
    }
}

void load_sessions(Reading& in, State& state) {
    const auto count = in.count(most_names, "the number of FIX sessions");
    for (std::uint64_t i = 0; i < count; ++i) {
        FixSessionView view;
        in(view);
        in.require(state.names().firm(view.firm) != nullptr, "a FIX session's firm");
        SessionState session;
        const auto accounts = in.count(state.names().accounts.size(), "the number of a session's accounts");
        for (std::uint64_t j = 0; j < accounts; ++j) {
            AccountId account;
            in(account);
            const AccountView* known = state.names().account(account);
            in.require(known && known->firm == view.firm && !session.may_act_for(account),
                       "a session's account");
            session.entitle(account);
            view.accounts.push_back(account);
        }
        in(session);
        in.require(state.registry.add_session(std::move(view)).has_value(), "a session's CompID");
        state.sessions.push_back(std::move(session));
        state.orders.add_session();
    }
}

void load_ledger(Reading& in, State& state) {
    for (const Asset& asset : state.names().assets) {
        Amount supply;
        in(supply);
        for (const AccountView& account : state.names().accounts) {
            risk::Balance balance;
            in(balance);
            in.require(state.ledger.restore(account.account, asset.asset, balance), "a balance");
        }
        in.require(state.ledger.supply(asset.asset) == supply, "an asset's supply");
    }
}

void check_order(Reading& in, const State& state, const Order& order) {
    const OrderImage& image = order.image;
    in.require(image.order != OrderId{} && image.order.value() <= state.sequence.value(), "an OrderID");
    in.require(state.names().account(image.account) != nullptr, "an order's account");
    in.require(state.names().instrument(image.instrument) != nullptr, "an order's instrument");
    in.require(image.session == FixSessionId{} || state.names().session(image.session) != nullptr,
               "an order's FIX session");
    in.require(image.price >= Price{0} && order.limit > Price{0}, "an order's price");
    in.require(image.order_qty > Quantity{0} && image.leaves_qty >= Quantity{0} &&
                   image.cum_qty >= Quantity{0} && image.cum_tick_lots >= 0,
               "an order's quantity");
    const auto all = checked_add(image.leaves_qty, image.cum_qty);
    in.require(all && *all <= image.order_qty, "an order's LeavesQty");
    in.require(image.stop_px >= Price{0} && image.display_qty >= Quantity{0} &&
                   image.min_qty >= Quantity{0} && image.cash_order_qty >= Amount{0} && image.triggered <= 1,
               "an order's terms");
    in.require(image.shown_qty >= Quantity{0} && image.shown_qty <= image.leaves_qty,
               "what is shown of an order");
    in.require(risk::acceptable(order.rates), "an order's fees");
    in.require(order.held >= Amount{0}, "what an order holds");
}

void load_orders(Reading& in, State& state) {
    const auto open = in.count(state.sequence.value(), "the number of open orders");
    const auto ended = in.count(OrderTable::most_kept, "the number of ended orders");
    const auto retired = in.count(OrderTable::most_kept, "the number of retired ClOrdIDs");
    const auto believed = std::min<std::uint64_t>(open, OrderTable::most_kept); // more when they have come
    state.orders.reserve(believed + ended, believed + retired);
    OrderId last;
    for (std::uint64_t i = 0; i < open; ++i) {
        Order order;
        in(order);
        if (in.layout() < 3) order.image.shown_qty = order.image.leaves_qty; // all of them did
        check_order(in, state, order);
        in.require(order.open() && order.ended == Timestamp{}, "an open order");
        in.require(order.image.order > std::exchange(last, order.image.order), "the order of open orders");
        in.require(state.orders.restore(order), "a ClOrdID");
        if (order.image.expire_time != Timestamp{}) state.expiries.add(order.image);
    }
    for (std::uint64_t i = 0; i < ended; ++i) {
        Order order;
        in(order);
        check_order(in, state, order);
        in.require(!order.open() && order.held == Amount{0}, "an ended order");
        in.require(state.orders.restore(order), "an OrderID");
    }
    for (std::uint64_t i = 0; i < retired; ++i) {
        OrderId order;
        ClOrdID cl_ord_id;
        Timestamp at;
        in(order, cl_ord_id, at);
        in.require(state.orders.restore_retired(order, cl_ord_id, at), "a retired ClOrdID");
    }
}

void load_side(Reading& in, State& state, Market& market, InstrumentId instrument, Side side) {
    const auto count = in.count(state.orders.open_count(), "the number of orders in a book");
    std::vector<const Order*> resting;
    Quantity sum;
    for (std::uint64_t i = 0; i < count; ++i) {
        OrderId id;
        Quantity left;
        in(id, left);
        const Order* order = state.orders.find(id);
        in.require(order && order->open() && order->image.instrument == instrument &&
                       order->image.side == side && order->image.leaves_qty == left && left > Quantity{0},
                   "an order in a book");
        const auto more = checked_add(sum, left);
        in.require(more.has_value(), "the quantity of a book");
        sum = *more;
        resting.push_back(order);
    }
    // The worst price first, so that no new level moves others; within a price by age.
    for (auto end = resting.cend(); end != resting.cbegin();) {
        auto begin = end - 1;
        while (begin != resting.cbegin() && begin[-1]->limit == begin[0]->limit)
            --begin;
        for (auto place = begin; place != end; ++place) {
            const OrderImage& image = (*place)->image;
            in.require(!market.book.find(image.order), "an order that is twice in a book");
            in.require(!market.book.would_take(side, (*place)->limit), "a book that is crossed");
            in.require(image.shown_qty > Quantity{0} &&
                           (image.display_qty > Quantity{0} || image.shown_qty == image.leaves_qty),
                       "what is shown of an order");
            market.book.add({image.order, image.account.value(), side, (*place)->limit, image.leaves_qty,
                             image.shown_qty},
                            image.display_qty);
        }
        end = begin;
    }
}

void load_waiting(Reading& in, State& state, Market& market, InstrumentId instrument) {
    const auto count = in.count(state.orders.open_count(), "the number of orders that wait");
    for (std::uint64_t i = 0; i < count; ++i) {
        OrderId id;
        in(id);
        const Order* order = state.orders.find(id);
        in.require(order && order->open() && waits(order->image) && order->image.instrument == instrument &&
                       order->image.stop_px > Price{0} && !market.waiting.has(id),
                   "an order that waits");
        market.waiting.add(order->image);
    }
}

void load_markets(Reading& in, State& state) {
    for (const Instrument& instrument : state.names().instruments) {
        Market& market = state.market(instrument.instrument);
        in(market);
        const TradeStatistics& trades = market.trades;
        in.require(trades.low >= Price{0} && trades.low <= trades.high && trades.close >= Price{0} &&
                       trades.last >= Price{0} && trades.volume >= Quantity{0} &&
                       trades.last_qty >= Quantity{0},
                   "what an instrument traded");
        for (const Side side : {Side::buy, Side::sell})
            load_side(in, state, market, instrument.instrument, side);
        if (in.layout() >= 3) load_waiting(in, state, market, instrument.instrument);
    }
}

void load_keys(Reading& in, State& state) {
    const auto count = in.count(AnsweredKeys::most_kept, "the number of idempotency keys");
    for (std::uint64_t i = 0; i < count; ++i) {
        AnsweredKeys::Name name;
        AnsweredKeys::Answered answered;
        in(name, answered);
        in.require(!state.keys.find(name), "an idempotency key");
        state.keys.remember(name, answered);
    }
}

class HashSink final : public journal::ByteSink {
public:
    void write(std::span<const std::byte> bytes) override { hash_.add(bytes); }
    [[nodiscard]] journal::Digest digest() const { return hash_.digest(); }

private:
    journal::Sha256 hash_;
};

} // namespace

void save(const State& state, journal::ByteSink& sink) {
    Writing out{sink};
    out(state);
    save_all(out, state.names().firms);
    save_all(out, state.names().accounts);
    save_all(out, state.names().assets);
    save_all(out, state.names().instruments);
    save_sessions(out, state);
    save_ledger(out, state);
    save_orders(out, state);
    save_markets(out, state);
    save_keys(out, state);
    out.finish();
}

journal::Digest digest(const State& state) {
    HashSink sink;
    save(state, sink);
    return sink.digest();
}

Loaded load(journal::ByteSource& source, std::uint32_t layout, std::size_t expected_orders) {
    if (layout < oldest_state_layout || layout > state_layout)
        throw StateError{"its layout is " + std::to_string(layout) + ", but this program reads " +
                         std::to_string(oldest_state_layout) + " to " + std::to_string(state_layout)};
    auto state = std::make_unique<State>(expected_orders);
    Reading in{source, layout};
    in(*state);
    in.require(state->next_event != EventNumber{}, "the next event");
    load_firms(in, *state);
    load_accounts(in, *state);
    load_assets(in, *state);
    load_instruments(in, *state);
    load_sessions(in, *state);
    load_ledger(in, *state);
    load_orders(in, *state);
    load_markets(in, *state);
    load_keys(in, *state);
    in.finish();
    if (const auto broken = violation(*state); !broken.empty()) throw StateError{broken};
    if (layout == state_layout && digest(*state) != in.digest())
        throw StateError{"saving it again gives other bytes"};
    return {std::move(state), in.digest()};
}

std::uint64_t state_hash(const journal::Digest& digest) {
    std::uint64_t first{};
    std::memcpy(&first, digest.data(), sizeof first);
    return first;
}

std::uint64_t state_hash(const State& state) {
    return state_hash(digest(state));
}

} // namespace tradehive::venue
