#include "venue/invariants.hpp"

#include "venue/changed_events.hpp"

#include <array>
#include <cstring>

namespace tradehive::venue {

namespace {

class Hash {
public:
    void add(std::uint64_t value) noexcept { hash_ = mixed(hash_ ^ value) + 1; }
    template <class Tag, class Representation>
    void add(Tagged<Tag, Representation> value) noexcept {
        add(static_cast<std::uint64_t>(value.value()));
    }
    // Flat structs without padding.
    template <class Flat>
        requires(std::is_class_v<Flat> && std::has_unique_object_representations_v<Flat> &&
                 sizeof(Flat) % sizeof(std::uint64_t) == 0)
    void add_bytes(const Flat& flat) noexcept {
        std::array<std::uint64_t, sizeof(Flat) / sizeof(std::uint64_t)> words{};
        std::memcpy(words.data(), &flat, sizeof flat);
        for (const auto word : words)
            add(word);
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return hash_; }

private:
    std::uint64_t hash_{};
};

void add_names(Hash& hash, const State& state) {
    const ReferenceData& names = state.names();
    hash.add(names.firms.size());
    for (const FirmView& firm : names.firms)
        hash.add_bytes(firm.code);
    hash.add(names.accounts.size());
    for (const AccountView& account : names.accounts)
        hash.add_bytes(changed_event(account));
    hash.add(names.sessions.size());
    for (const FixSessionView& session : names.sessions) {
        hash.add_bytes(changed_event(session));
        hash.add(session.accounts.size());
        for (const AccountId account : session.accounts)
            hash.add(account);
    }
    hash.add(names.assets.size());
    for (const Asset& asset : names.assets) {
        hash.add_bytes(asset.code);
        hash.add(asset.scale);
    }
    hash.add(names.instruments.size());
    for (const Instrument& instrument : names.instruments)
        hash.add_bytes(changed_event(instrument));
}

void add_sessions(Hash& hash, const State& state) {
    for (const SessionState& session : state.sessions) {
        hash.add(session.epoch);
        hash.add(session.next_in);
        hash.add(session.first_out);
        hash.add(session.logged_on);
        hash.add(static_cast<std::uint64_t>(session.cancel_on_disconnect));
        hash.add(session.last_totp_step);
    }
}

void add_ledger(Hash& hash, const State& state) {
    for (const Asset& asset : state.names().assets) {
        hash.add(state.ledger.supply(asset.asset));
        for (const AccountView& account : state.names().accounts) {
            const auto& balance = state.ledger.balance(account.account, asset.asset);
            hash.add(balance.total);
            hash.add(balance.held);
        }
    }
}

void add_order(Hash& hash, const Order& order) {
    hash.add_bytes(order.image);
    hash.add(order.limit);
    hash.add(order.rates.maker);
    hash.add(order.rates.taker);
    hash.add(order.held);
    hash.add(order.ended);
    hash.add(order.names);
}

void add_orders(Hash& hash, const State& state) {
    hash.add(state.orders.open_count());
    for (const AccountView& account : state.names().accounts)
        for (const Order* order = state.orders.of(account.account).front(); order;
             order = AccountOrders::next(*order))
            add_order(hash, *order);
    hash.add(state.orders.size());
    for (const Order* order = state.orders.oldest_ended(); order; order = order->ended_after)
        add_order(hash, *order);
    for (const OrderName* name = state.orders.oldest_retired(); name; name = name->retired_after) {
        hash.add_bytes(name->cl_ord_id);
        hash.add(name->order->image.order);
        hash.add(name->retired);
    }
}

void add_markets(Hash& hash, const State& state) {
    for (const Market& market : state.markets) {
        hash.add_bytes(market.trades);
        hash.add(market.book.size());
        for (const Side side : {Side::buy, Side::sell})
            market.book.orders(side, [&](const matching::Resting& resting) {
                hash.add(resting.order);
                hash.add(resting.left);
            });
    }
}

void add_keys(Hash& hash, const State& state) {
    for (const AnsweredKeys::Name& name : state.keys.oldest_first()) {
        hash.add(static_cast<std::uint64_t>(name.kind));
        hash.add_bytes(name.key);
        const auto& answered = *state.keys.find(name);
        hash.add_bytes(answered.answer);
        hash.add(answered.body);
    }
}

} // namespace

std::uint64_t state_hash(const State& state) {
    Hash hash;
    hash.add(state.sequence);
    hash.add(state.time);
    hash.add(state.next_event);
    hash.add(state.last_trade);
    hash.add(state.last_day_ended);
    add_names(hash, state);
    add_sessions(hash, state);
    add_ledger(hash, state);
    add_orders(hash, state);
    add_markets(hash, state);
    add_keys(hash, state);
    return hash.value();
}

} // namespace tradehive::venue
