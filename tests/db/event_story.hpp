// Events as a venue would make them, and an EventReader that holds them in memory.
#pragma once

#include "domain/ports.hpp"

#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace tradehive::db {

class MemoryLog final : public EventReader {
public:
    void publish(const std::vector<Event>& events) {
        const std::scoped_lock lock(mutex_); // wakes under the lock, as unkindly as the port allows
        events_.insert(events_.end(), events.begin(), events.end());
        for (const auto& [key, wake] : wakes_)
            wake();
    }
    void drop_before(EventNumber number) {
        const std::scoped_lock lock(mutex_);
        begin_ = number.value();
    }

    [[nodiscard]] EventNumber begin() const override {
        const std::scoped_lock lock(mutex_);
        return EventNumber{begin_};
    }
    [[nodiscard]] EventNumber end() const override {
        const std::scoped_lock lock(mutex_);
        return EventNumber{events_.size() + 1};
    }
    [[nodiscard]] std::size_t read(EventNumber from, std::span<Event> into) const override {
        const std::scoped_lock lock(mutex_);
        if (from.value() < begin_) throw std::out_of_range("no longer kept");
        std::size_t count = 0;
        for (auto next = from.value() - 1; next < events_.size() && count < into.size(); ++next)
            into[count++] = events_[next];
        return count;
    }
    [[nodiscard]] std::shared_ptr<void> on_publish(std::function<void()> wake) override {
        const std::scoped_lock lock(mutex_);
        const int key = next_key_++;
        wakes_.emplace(key, std::move(wake));
        return {nullptr, [this, key](void*) {
                    const std::scoped_lock inner(mutex_);
                    wakes_.erase(key);
                }};
    }
    [[nodiscard]] EventNumber position(std::string_view follower) const override {
        const std::scoped_lock lock(mutex_);
        const auto found = positions_.find(std::string(follower));
        return found == positions_.end() ? EventNumber{begin_} : found->second;
    }
    void set_position(std::string_view follower, EventNumber position) override {
        const std::scoped_lock lock(mutex_);
        positions_[std::string(follower)] = position;
    }

private:
    mutable std::mutex mutex_;
    std::vector<Event> events_;
    std::uint64_t begin_{1};
    std::map<int, std::function<void()>> wakes_;
    int next_key_{};
    std::map<std::string, EventNumber> positions_;
};

// Writes events down one after the other; each is a command of its own, a second after the one before.
class Story {
public:
    template <EventBody Body>
    void add(const Body& body) {
        const auto number = events_.size() + 1;
        Event event{};
        event.header.number = EventNumber{number};
        event.header.sequence = Sequence{number + 1000};
        event.header.time =
            Timestamp{1'700'000'000'000'000'000 + static_cast<std::int64_t>(number) * 1'000'000'001};
        set_body(event, body);
        events_.push_back(event);
    }

    // Firms, accounts, assets BTC (scale 8) and USD (scale 2), BTC/USD with tick 0.01 and lot 0.0001.
    void add_world();
    // A trade of a resting sell order and an incoming buy, with every event that it makes: 14 of them.
    void add_trade(std::uint64_t index);

    [[nodiscard]] const std::vector<Event>& events() const { return events_; }
    [[nodiscard]] EventNumber end() const { return EventNumber{events_.size() + 1}; }
    [[nodiscard]] std::vector<Event> part(std::size_t from, std::size_t to) const {
        return {events_.begin() + static_cast<std::ptrdiff_t>(from),
                events_.begin() + static_cast<std::ptrdiff_t>(to)};
    }

private:
    void balance(std::uint32_t account, std::uint32_t asset, std::int64_t total, std::int64_t held,
                 BalanceCause cause);

    std::vector<Event> events_;
};

inline constexpr FixSessionId story_session{1};
inline constexpr AccountId seller{2};
inline constexpr AccountId buyer{3};

inline OrderImage story_order(std::uint64_t id, Side side, AccountId account) {
    OrderImage order;
    order.order = OrderId{id};
    order.account = account;
    order.instrument = InstrumentId{1};
    order.session = story_session;
    order.side = side;
    order.ord_type = OrdType::limit;
    order.time_in_force = TimeInForce::day;
    order.ord_status = OrdStatus::new_;
    order.price = Price{4'200'050}; // 42000.50
    order.order_qty = Quantity{15'000};
    order.leaves_qty = Quantity{15'000};
    order.cl_ord_id = ClOrdID::cut("order-" + std::to_string(id));
    return order;
}

inline OrderImage filled(OrderImage order, std::int64_t lots) {
    order.leaves_qty = Quantity{order.order_qty.value() - lots};
    order.cum_qty = Quantity{lots};
    order.cum_tick_lots = lots * order.price.value();
    order.ord_status = order.leaves_qty == Quantity{} ? OrdStatus::filled : OrdStatus::partially_filled;
    return order;
}

inline void Story::balance(std::uint32_t account, std::uint32_t asset, std::int64_t total, std::int64_t held,
                           BalanceCause cause) {
    BalanceChanged changed;
    changed.account = AccountId{account};
    changed.asset = AssetId{asset};
    changed.total = Amount{total};
    changed.held = Amount{held};
    changed.cause = cause;
    add(changed);
}

inline void Story::add_world() {
    FirmCreated firm;
    firm.code = Code::cut("VENUE");
    firm.firm = FirmId{1};
    add(firm);
    for (const auto& [id, code] : {std::pair{1U, "FEES"}, {2U, "SELLER"}, {3U, "BUYER"}}) {
        AccountChanged account;
        account.code = Code::cut(code);
        account.account = AccountId{id};
        account.firm = FirmId{1};
        account.taker_fee = FeeRate{1500};
        account.most_order_qty = Quantity{9'000'000'000'000'000'000};
        add(account);
    }
    AssetCreated btc;
    btc.code = Code::cut("BTC");
    btc.asset = AssetId{1};
    btc.scale = 8;
    add(btc);
    AssetCreated usd;
    usd.code = Code::cut("USD");
    usd.asset = AssetId{2};
    usd.scale = 2;
    add(usd);
    InstrumentChanged instrument;
    instrument.symbol = Symbol::cut("BTC/USD");
    instrument.instrument = InstrumentId{1};
    instrument.base = AssetId{1};
    instrument.quote = AssetId{2};
    instrument.tick_mantissa = 1;
    instrument.tick_scale = 2;
    instrument.lot_mantissa = 1;
    instrument.lot_scale = 4;
    add(instrument);
    FixSessionChanged session;
    session.comp_id = CompID::cut("CLIENT");
    session.session = story_session;
    session.firm = FirmId{1};
    session.resend_max_age = 10;
    session.cancel_on_disconnect = CancelOnDisconnect::session;
    add(session);
    add(SessionEntitled{story_session, seller});
    add(SessionEntitled{story_session, buyer});
}

inline void Story::add_trade(std::uint64_t index) {
    const auto traded = static_cast<std::int64_t>(index) + 1;
    const auto sell = story_order(2 * index + 1, Side::sell, seller);
    const auto buy = story_order(2 * index + 2, Side::buy, buyer);
    constexpr std::int64_t lots = 10'000; // 1 BTC of the 1.5 offered
    balance(2, 1, 900'000'000 + traded, 150'000'000, BalanceCause::hold);
    add(OrderAccepted{sell});
    balance(3, 2, 100'000'000 - traded, 6'309'525, BalanceCause::hold);
    add(OrderAccepted{buy});
    for (const bool maker : {false, true}) {
        OrderTraded fill;
        fill.order = filled(maker ? sell : buy, lots);
        fill.trade = TradeId{index + 1};
        fill.last_px = sell.price;
        fill.last_qty = Quantity{lots};
        fill.notional = Amount{4'200'050};
        fill.fee = Amount{maker ? -100 : 6300};
        fill.maker = maker ? 1 : 0;
        add(fill);
    }
    balance(2, 1, 800'000'000 + traded, 50'000'000, BalanceCause::trade);
    balance(2, 2, 4'200'050 * traded, 0, BalanceCause::trade);
    balance(3, 1, 100'000'000 * traded, 0, BalanceCause::trade);
    balance(3, 2, 95'793'650 - traded, 2'109'475, BalanceCause::trade);
    balance(1, 2, 6200 * traded, 0, BalanceCause::fee);
    OrderCanceled canceled;
    canceled.order = filled(sell, lots);
    canceled.order.ord_status = OrdStatus::canceled;
    canceled.order.leaves_qty = Quantity{};
    canceled.why = Unsolicited::disconnect;
    add(canceled);
    balance(2, 1, 800'000'000 + traded, 0, BalanceCause::release);
    add(CommandDone{});
}

} // namespace tradehive::db
