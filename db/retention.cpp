#include "db/retention.hpp"

#include "db/words.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace tradehive::db {

namespace {

constexpr long long greatest_id = std::numeric_limits<long long>::max();
constexpr std::string_view lock_not_available = "55P03"; // SQLSTATE

} // namespace

Retention::Retention(Connection& connection, std::chrono::seconds kept)
    : connection_{connection}
    , kept_{kept}
    , tables_{{{.parts = {connection, "orders", 1},
                .name = "orders",
                .id = "order_id",
                .entered = "entered_at",
                .changed = "changed_at",
                .keep = "ord_status IN ('new', 'partially_filled')"},
               {.parts = {connection, "trades", 1},
                .name = "trades",
                .id = "trade_id",
                .entered = "traded_at",
                .changed = "traded_at",
                .keep = "1 = 0"}}} {}

bool Retention::step(Timestamp newest) {
    if (kept_ == std::chrono::seconds{}) return false;
    const auto limit = utc_text(Timestamp{newest.value() - std::chrono::nanoseconds{kept_}.count()});
    return connection_.ask(
        [&] { return std::ranges::any_of(tables_, [&](Table& table) { return step(table, limit); }); });
}

bool Retention::step(Table& table, const std::string& limit) {
    if (connection_.backend() == Backend::sqlite) return delete_rows(table, greatest_id, limit);
    const auto parts = table.parts.read();
    // The newest part is written to, and the one after it is ready for what comes.
    for (std::size_t i = 0; i + 2 < parts.size(); ++i)
        if (parts[i].past > table.next) return drop_or_delete(table, parts[i], limit);
    table.next = 0;
    return false;
}

bool Retention::drop_or_delete(Table& table, const Partitions::Part& part, const std::string& limit) {
    const auto in_part = " FROM " + table.name + " WHERE " + table.id + " >= " + std::to_string(part.first) +
                         " AND " + table.id + " < " + std::to_string(part.past);
    std::string last_entered;
    connection_.sql() << "SELECT " + table.entered + in_part + " ORDER BY " + table.id + " DESC LIMIT 1",
        soci::into(last_entered);
    if (last_entered >= limit) { // and so is every part after this one
        table.next = 0;
        return false;
    }
    if (!any("SELECT 1" + in_part + " AND (" + table.keep + " OR " + table.changed + " >= '" + limit +
             "') LIMIT 1"))
        return drop(table, part);
    table.next = std::max(table.next, part.first);
    if (!delete_rows(table, part.past, limit)) table.next = part.past;
    return true;
}

// True: a full step, there may be more rows before `past`.
bool Retention::delete_rows(Table& table, long long past, const std::string& limit) {
    std::vector<long long> ids(rows_a_step);
    std::vector<std::string> entered(rows_a_step);
    std::vector<std::string> changed(rows_a_step);
    std::vector<int> keep(rows_a_step);
    auto& sql = connection_.sql();
    sql << "SELECT " + table.id + ", " + table.entered + ", " + table.changed + ", CASE WHEN " + table.keep +
               " THEN 1 ELSE 0 END FROM " + table.name + " WHERE " + table.id +
               " >= " + std::to_string(table.next) + " AND " + table.id + " < " + std::to_string(past) +
               " ORDER BY " + table.id + " LIMIT " + std::to_string(rows_a_step),
        soci::into(ids), soci::into(entered), soci::into(changed), soci::into(keep);
    std::string old;
    std::size_t i = 0;
    for (; i < ids.size() && entered[i] < limit; ++i)
        if (keep[i] == 0 && changed[i] < limit)
            old.append(old.empty() ? "" : ", ").append(std::to_string(ids[i]));
    if (!old.empty()) sql << "DELETE FROM " + table.name + " WHERE " + table.id + " IN (" + old + ")";
    const bool full = i == static_cast<std::size_t>(rows_a_step);
    table.next = full ? ids.back() + 1 : 0;
    return full;
}

// Not while somebody reads the table: then at the next pass.
bool Retention::drop(Table& table, const Partitions::Part& part) try {
    auto& sql = connection_.sql();
    soci::transaction transaction(sql);
    sql << "SET LOCAL lock_timeout = '500ms'";
    table.parts.drop(part);
    transaction.commit();
    return true;
} catch (const soci::postgresql_soci_error& error) {
    if (error.sqlstate().substr(0, lock_not_available.size()) != lock_not_available) throw;
    table.next = 0;
    return false;
}

bool Retention::any(const std::string& query) {
    int one{};
    connection_.sql() << query, soci::into(one);
    return connection_.sql().got_data();
}

} // namespace tradehive::db
