#include "db/comparison.hpp"

#include <soci/soci.h>

#include <map>
#include <tuple>

namespace tradehive::db {

namespace {

struct BalanceState {
    long long total{};
    long long held{};

    friend bool operator==(const BalanceState&, const BalanceState&) = default;
    [[nodiscard]] std::string text() const {
        return "total " + std::to_string(total) + " held " + std::to_string(held);
    }
};

struct OrderState {
    long long price_ticks{};
    long long leaves_lots{};
    long long cum_lots{};

    friend bool operator==(const OrderState&, const OrderState&) = default;
    [[nodiscard]] std::string text() const {
        return "price " + std::to_string(price_ticks) + " ticks, leaves " + std::to_string(leaves_lots) +
               " lots, filled " + std::to_string(cum_lots) + " lots";
    }
};

using BalanceKey = std::pair<long long, long long>;
using Balances = std::map<BalanceKey, BalanceState>;
using Orders = std::map<long long, OrderState>;

std::string name(const BalanceKey& key) {
    return "balance of account " + std::to_string(key.first) + " in asset " + std::to_string(key.second);
}

std::string name(long long order) {
    return "order " + std::to_string(order);
}

Balances projected_balances(soci::session& sql) {
    Balances balances;
    const soci::rowset<soci::row> rows =
        (sql.prepare
         << "SELECT account_id, asset_id, total, held FROM balances WHERE total <> 0 OR held <> 0");
    for (const auto& row : rows)
        balances[{row.get<long long>(0), row.get<long long>(1)}] = {row.get<long long>(2),
                                                                    row.get<long long>(3)};
    return balances;
}

Orders projected_open_orders(soci::session& sql) {
    Orders orders;
    const soci::rowset<soci::row> rows =
        (sql.prepare << "SELECT order_id, price_ticks, leaves_qty_lots, cum_qty_lots FROM orders "
                        "WHERE ord_status IN ('new', 'partially_filled')");
    for (const auto& row : rows)
        orders[row.get<long long>(0)] = {row.get<long long>(1), row.get<long long>(2), row.get<long long>(3)};
    return orders;
}

Balances balances_of(const BalancesAnswer& answer) {
    Balances balances;
    for (const auto& line : answer.lines) {
        if (line.total == Amount{} && line.held == Amount{}) continue;
        balances[{line.account.value(), line.asset.value()}] = {line.total.value(), line.held.value()};
    }
    return balances;
}

Orders orders_of(const OpenOrdersAnswer& answer) {
    Orders orders;
    for (const auto& order : answer.orders)
        orders[static_cast<long long>(order.order.value())] = {order.price.value(), order.leaves_qty.value(),
                                                               order.cum_qty.value()};
    return orders;
}

template <class Map>
void add_differences(std::vector<std::string>& differences, const Map& venue, const Map& database,
                     std::size_t most) {
    const auto add = [&](const auto& key, const std::string& in_venue, const std::string& in_database) {
        if (differences.size() < most)
            differences.push_back(name(key) + ": venue " + in_venue + "; database " + in_database);
    };
    for (const auto& [key, state] : venue) {
        const auto found = database.find(key);
        if (found == database.end())
            add(key, state.text(), "none");
        else if (!(found->second == state))
            add(key, state.text(), found->second.text());
    }
    for (const auto& [key, state] : database)
        if (!venue.contains(key)) add(key, "none", state.text());
}

} // namespace

std::vector<std::string> compare(Connection& connection, const BalancesAnswer& balances,
                                 const OpenOrdersAnswer& open_orders, std::size_t most) {
    return connection.ask([&] {
        auto& sql = connection.sql();
        std::vector<std::string> differences;
        add_differences(differences, balances_of(balances), projected_balances(sql), most);
        add_differences(differences, orders_of(open_orders), projected_open_orders(sql), most);
        return differences;
    });
}

} // namespace tradehive::db
