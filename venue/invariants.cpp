#include "venue/invariants.hpp"

#include "venue/order_rules.hpp"

#include <string>
#include <vector>

namespace tradehive::venue {

namespace {

std::string name_of(const OrderImage& image) {
    return "order " + std::to_string(image.order.value());
}

// What the open orders of an account need, by asset.
class Needs {
public:
    Needs(const State& state, AccountId account)
        : by_asset_(state.ledger.assets() + 1) {
        for (const Order* order = state.orders.of(account).front(); order;
             order = AccountOrders::next(*order))
            by_asset_[paying_asset(state.instrument(*order), order->image.side).value()] +=
                order->held.value();
    }
    [[nodiscard]] Wide of(AssetId asset) const { return by_asset_[asset.value()]; }

private:
    std::vector<Wide> by_asset_;
};

std::string violation_of_open_order(const State& state, const Order& order) {
    const OrderImage& image = order.image;
    if (!order.open()) return name_of(image) + " is listed as open but has ended";
    if (image.leaves_qty <= Quantity{0} || image.leaves_qty + image.cum_qty != image.order_qty)
        return name_of(image) + ": LeavesQty + CumQty is not OrderQty";
    const auto needed =
        needed_hold(state.instrument(order), image.side, order.limit, image.leaves_qty, order.rates);
    if (needed != order.held) return name_of(image) + " does not hold what it needs";
    if (state.expiries.has(image.order) != (image.expire_time != Timestamp{}))
        return name_of(image) + " is not where its expire_time says";
    const Market& market = state.market(image.instrument);
    if (waits(image)) {
        if (!market.waiting.has(image.order)) return name_of(image) + " waits nowhere";
        if (image.shown_qty != Quantity{0}) return name_of(image) + " waits and is shown";
        return {};
    }
    const auto resting = market.book.find(image.order);
    if (!resting) return name_of(image) + " is open but not in its book";
    if (resting->left != image.leaves_qty || resting->shown != image.shown_qty ||
        resting->price != order.limit || resting->side != image.side ||
        resting->owner != image.account.value())
        return name_of(image) + " is another one in its book";
    return {};
}

std::string violation_of_orders(const State& state) {
    std::size_t open = 0;
    std::size_t expiring = 0;
    for (const AccountView& account : state.names().accounts)
        for (const Order* order = state.orders.of(account.account).front(); order;
             order = AccountOrders::next(*order)) {
            ++open;
            if (order->image.expire_time != Timestamp{}) ++expiring;
            if (auto broken = violation_of_open_order(state, *order); !broken.empty()) return broken;
        }
    if (open != state.orders.open_count()) return "the count of open orders is wrong";
    std::size_t in_markets = 0;
    for (const Market& market : state.markets)
        in_markets += market.book.size() + market.waiting.size();
    if (in_markets != open) return "the books hold orders that the order table does not know as open";
    if (state.expiries.size() != expiring) return "more orders expire than are open";
    return {};
}

std::string violation_of_holds(const State& state) {
    for (const AccountView& account : state.names().accounts) {
        const Needs needs{state, account.account};
        for (const Asset& asset : state.names().assets)
            if (state.ledger.balance(account.account, asset.asset).held.value() != needs.of(asset.asset))
                return "account " + std::to_string(account.account.value()) + " holds asset " +
                       std::to_string(asset.asset.value()) + " for more or less than its open orders";
    }
    return {};
}

std::string violation_of_books(const State& state) {
    for (const Instrument& instrument : state.names().instruments) {
        const auto& book = state.market(instrument.instrument).book;
        const auto bid = book.best(Side::buy);
        const auto offer = book.best(Side::sell);
        if (bid && offer && *bid >= *offer)
            return "the book of instrument " + std::to_string(instrument.instrument.value()) + " is crossed";
    }
    return {};
}

} // namespace

std::string violation(const State& state) {
    if (auto broken = state.ledger.violation(); !broken.empty()) return broken;
    if (auto broken = violation_of_orders(state); !broken.empty()) return broken;
    if (auto broken = violation_of_holds(state); !broken.empty()) return broken;
    return violation_of_books(state);
}

} // namespace tradehive::venue
