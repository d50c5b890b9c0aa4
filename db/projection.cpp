#include "db/projection.hpp"

#include "db/event_rows.hpp"
#include "db/rows.hpp"

#include <vector>

namespace tradehive::db {

namespace {

const std::string follower = "projector";

template <class Tag, class Representation>
long long number(Tagged<Tag, Representation> tagged) {
    return static_cast<long long>(tagged.value());
}

// The ids of some rows: of that column.
template <class Row>
std::vector<long long> ids_of(const std::vector<Row>& rows, long long Row::* id) {
    std::vector<long long> ids;
    ids.reserve(rows.size());
    for (const auto& row : rows)
        ids.push_back(row.*id);
    return ids;
}

} // namespace

struct Projection::Writers {
    // Names change seldom, and one may change twice in a batch.
    static constexpr std::initializer_list<std::size_t> one_by_one{1};
    static constexpr std::initializer_list<std::size_t> many{64, 8, 1};

    explicit Writers(soci::session& sql)
        : firms{sql, one_by_one}
        , accounts{sql, one_by_one}
        , fix_sessions{sql, one_by_one}
        , entitlements{sql, one_by_one}
        , assets{sql, one_by_one}
        , instruments{sql, one_by_one}
        , orders{sql, many}
        , trades{sql, many}
        , balances{sql, many} {}

    RowsWriter<FirmRow> firms;
    RowsWriter<AccountRow> accounts;
    RowsWriter<FixSessionRow> fix_sessions;
    RowsWriter<EntitlementRow> entitlements;
    RowsWriter<AssetRow> assets;
    RowsWriter<InstrumentRow> instruments;
    RowsWriter<OrderRow> orders;
    RowsWriter<TradeRow> trades;
    RowsWriter<BalanceRow> balances;
};

Projection::Projection(Connection& connection, long long partition_ids)
    : connection_{connection} {
    connection_.ask([&] {
        auto& sql = connection_.sql();
        sql << "INSERT INTO projection (follower, next_event) VALUES (:follower, 1) "
               "ON CONFLICT (follower) DO NOTHING",
            soci::use(follower, "follower");
        steps_ = std::make_unique<Steps>(sql);
        writers_ = std::make_unique<Writers>(sql);
        orders_parts_ = std::make_unique<Partitions>(connection_, "orders", partition_ids);
        trades_parts_ = std::make_unique<Partitions>(connection_, "trades", partition_ids);
    });
}

// What was prepared is given back to the server, which may stand still; then the connection goes with it.
Projection::~Projection() {
    [[maybe_unused]] const bool given_back = [this]() noexcept {
        try {
            connection_.ask([this] { writers_.reset(); });
            return true;
        } catch (const std::exception&) {
            return false;
        }
    }();
}

EventNumber Projection::position() {
    return connection_.ask([this] {
        long long next{};
        connection_.sql() << "SELECT next_event FROM projection WHERE follower = :follower", soci::into(next),
            soci::use(follower, "follower");
        return EventNumber{static_cast<std::uint64_t>(next)};
    });
}

bool Projection::project(EventNumber from, std::span<const Event> events) {
    EventRows rows(*steps_, events);

    const auto before = number(from);
    const auto after = before + static_cast<long long>(events.size());
    return connection_.ask([&] {
        auto& sql = connection_.sql();
        soci::transaction transaction(sql);
        soci::statement advance =
            (sql.prepare << "UPDATE projection SET next_event = :after "
                            "WHERE follower = :follower AND next_event = :before",
             soci::use(after, "after"), soci::use(follower, "follower"), soci::use(before, "before"));
        advance.execute(true);
        if (advance.get_affected_rows() != 1) return false;
        orders_parts_->make_for(ids_of(rows.orders, &OrderRow::order_id));
        trades_parts_->make_for(ids_of(rows.trades, &TradeRow::trade_id));
        writers_->firms.write(rows.firms);
        writers_->accounts.write(rows.accounts);
        writers_->fix_sessions.write(rows.fix_sessions);
        writers_->entitlements.write(rows.entitlements);
        writers_->assets.write(rows.assets);
        writers_->instruments.write(rows.instruments);
        writers_->orders.write(rows.orders);
        writers_->trades.write(rows.trades);
        writers_->balances.write(rows.balances);
        transaction.commit();
        return true;
    });
}

} // namespace tradehive::db
