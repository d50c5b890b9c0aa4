#include "db/projection_check.hpp"

#include "db/event_rows.hpp"
#include "db/rows.hpp"
#include "db/words.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

namespace tradehive::db {

namespace {

constexpr std::size_t rows_at_once = 500;
const std::string null_text = "NULL";

using Texts = std::vector<std::string>;
using TextsByKey = std::map<std::vector<std::string>, Texts>; // by the key's columns

template <class Row>
Texts texts_of(Row row) {
    Texts texts;
    row.columns([&](const std::string& /*name*/, auto& value) {
        if constexpr (requires { value.indicator; })
            texts.push_back(value.indicator == soci::i_null ? null_text : value.text);
        else if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::string>)
            texts.push_back(value);
        else
            texts.push_back(std::to_string(value));
    });
    return texts;
}

Texts texts_of(const soci::row& row) {
    Texts texts;
    for (std::size_t i = 0; i < row.size(); ++i)
        if (row.get_indicator(i) == soci::i_null)
            texts.push_back(null_text);
        else if (row.get_properties(i).get_data_type() == soci::dt_string)
            texts.push_back(row.get<std::string>(i));
        else
            texts.push_back(std::to_string(row.get<long long>(i)));
    return texts;
}

template <class Row>
std::vector<std::string> names_of() {
    std::vector<std::string> names;
    Row{}.columns([&](const std::string& name, auto& /*value*/) { names.push_back(name); });
    return names;
}

template <class Row>
std::vector<std::string> key_of(const Texts& texts) {
    static const auto names = names_of<Row>();
    std::vector<std::string> key;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (std::ranges::find(Row::key, names[i]) != Row::key.end()) key.push_back(texts[i]);
    return key;
}

// "orders order_id 17"
template <class Row>
std::string shown(const std::vector<std::string>& key) {
    std::string text(Row::table);
    for (std::size_t i = 0; i < key.size(); ++i)
        text += " " + std::string(Row::key[i]) + " " + key[i];
    return text;
}

} // namespace

class ProjectionCheck::Comparer {
public:
    Comparer(Connection& connection, const Options& options)
        : connection_{connection}
        , options_{options}
        , one_moment_{connection.sql()} {
        auto& sql = connection_.sql();
        if (connection_.backend() == Backend::postgresql)
            sql << "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
        long long next = 1;
        sql << "SELECT COALESCE(MAX(next_event), 1) FROM projection", soci::into(next);
        position_ = EventNumber{static_cast<std::uint64_t>(next)};
        if (!from_beginning()) steps_ = Steps(sql);
    }

    [[nodiscard]] EventNumber position() const noexcept { return position_; }

    void add(std::span<const Event> events) {
        const auto past = std::ranges::find_if(
            events, [this](const Event& event) { return event.header.number >= position_; });
        events = {events.begin(), past};
        if (events.empty()) return;
        EventRows rows(steps_, events);
        newest_ = events.back().header.time;
        for (auto& row : rows.orders)
            take(std::move(row));
        trades_.insert(trades_.end(), rows.trades.begin(), rows.trades.end());
        keep_all(balances_, rows.balances);
        keep_all(firms_, rows.firms);
        keep_all(accounts_, rows.accounts);
        keep_all(fix_sessions_, rows.fix_sessions);
        keep_all(entitlements_, rows.entitlements);
        keep_all(assets_, rows.assets);
        keep_all(instruments_, rows.instruments);
        if (ended_.size() >= rows_at_once) compare_orders(ended_, "changed_at");
        if (trades_.size() >= rows_at_once) compare_trades();
    }

    Report finish() {
        compare_orders(ended_, "changed_at");
        std::vector<OrderRow> open;
        open.reserve(open_.size());
        for (auto& [id, row] : open_)
            open.push_back(std::move(row));
        compare_orders(open, {}); // these must be there, however old
        compare_trades();
        find_unknown_orders();
        find_unknown_trades();
        compare_table<BalanceRow>(balances_);
        compare_table<FirmRow>(firms_);
        compare_table<AccountRow>(accounts_);
        compare_table<FixSessionRow>(fix_sessions_);
        compare_table<EntitlementRow>(entitlements_);
        compare_table<AssetRow>(assets_);
        compare_table<InstrumentRow>(instruments_);
        settle_missing();
        return std::move(report_);
    }

private:
    [[nodiscard]] bool from_beginning() const { return options_.after == Sequence{}; }
    // An OrderID is the sequence of the command that entered the order.
    [[nodiscard]] bool is_older(long long order_id) const {
        return order_id <= static_cast<long long>(options_.after.value());
    }

    struct Missing {
        std::string what;
        std::string changed_at;
    };

    template <class Row>
    static void keep(TextsByKey& rows, const Row& row) {
        auto texts = texts_of(row);
        auto key = key_of<Row>(texts);
        rows.insert_or_assign(std::move(key), std::move(texts));
    }
    template <class Row>
    static void keep_all(TextsByKey& all, const std::vector<Row>& rows) {
        for (const auto& row : rows)
            keep(all, row);
    }

    // Rows of several additions are one row: what was there first stays, as it does in the database.
    void take(OrderRow row) {
        orders_seen_.insert(row.order_id);
        if (const auto known = open_.find(row.order_id); known != open_.end()) {
            row.entered_at = known->second.entered_at;
            open_.erase(known);
        }
        const bool is_open =
            row.ord_status == word(OrdStatus::new_) || row.ord_status == word(OrdStatus::partially_filled);
        if (is_open)
            open_.insert_or_assign(row.order_id, std::move(row));
        else
            ended_.push_back(std::move(row));
    }

    void differs(const std::string& text) {
        ++report_.different;
        if (report_.differences.size() < options_.most) report_.differences.push_back(text);
    }

    template <class Row>
    TextsByKey read(const std::string& condition) {
        TextsByKey found;
        const soci::rowset<soci::row> rows =
            (connection_.sql().prepare
             << "SELECT " + column_names<Row>() + " FROM " + std::string(Row::table) + condition);
        for (const auto& row : rows) {
            auto texts = texts_of(row);
            auto key = key_of<Row>(texts);
            found.emplace(std::move(key), std::move(texts));
        }
        return found;
    }

    // changed: the column that tells a row's age; empty: it must be there.
    template <class Row>
    void compare(const TextsByKey& expected, const TextsByKey& found, std::string_view changed = {},
                 bool judges_unknown = true) {
        const auto names = names_of<Row>();
        const auto age = std::ranges::find(names, changed) - names.begin();
        for (const auto& [key, texts] : expected) {
            const auto there = found.find(key);
            if (there == found.end()) {
                auto what = shown<Row>(key) + ": is missing";
                if (changed.empty())
                    differs(what);
                else
                    missing_.push_back({std::move(what), texts[static_cast<std::size_t>(age)]});
                continue;
            }
            for (std::size_t i = 0; i < names.size(); ++i)
                if (texts[i] != there->second[i] &&
                    !(names[i] == "entered_at" && is_older(std::stoll(key[0]))))
                    differs(shown<Row>(key) + ": " + names[i] + " is '" + there->second[i] +
                            "', the journal says '" + texts[i] + "'");
        }
        for (const auto& [key, texts] : found)
            if (judges_unknown && !expected.contains(key))
                differs(shown<Row>(key) + ": stands there, the journal knows nothing of it");
    }

    template <class Row>
    void compare_table(const TextsByKey& expected) {
        report_.others += expected.size();
        compare<Row>(expected, read<Row>(""), {}, from_beginning());
    }

    // In pieces.
    void compare_orders(std::vector<OrderRow>& orders, std::string_view changed) {
        for (std::size_t i = 0; i < orders.size(); i += rows_at_once) {
            TextsByKey expected;
            std::string ids;
            for (const auto& row : std::span(orders).subspan(i, std::min(rows_at_once, orders.size() - i))) {
                ids += (ids.empty() ? "" : ", ") + std::to_string(row.order_id);
                keep(expected, row);
            }
            compare<OrderRow>(expected, read<OrderRow>(" WHERE order_id IN (" + ids + ")"), changed);
        }
        report_.orders += orders.size();
        orders.clear();
    }

    // Trade ids have no gaps, so that what should not be there is found between them.
    void compare_trades() {
        if (trades_.empty()) return;
        const auto [least, most] = std::ranges::minmax(trades_, {}, &TradeRow::trade_id);
        TextsByKey expected;
        keep_all(expected, trades_);
        compare<TradeRow>(expected,
                          read<TradeRow>(" WHERE trade_id >= " + std::to_string(least.trade_id) +
                                         " AND trade_id <= " + std::to_string(most.trade_id)),
                          "traded_at");
        report_.trades += trades_.size();
        last_trade_ = std::max(last_trade_, most.trade_id);
        trades_.clear();
    }

    void find_unknown_orders() {
        for (long long last = -1;;) {
            std::vector<long long> ids(10'000);
            connection_.sql() << "SELECT order_id FROM orders WHERE order_id > " + std::to_string(last) +
                                     " ORDER BY order_id LIMIT 10000",
                soci::into(ids);
            for (const auto id : ids)
                if (!is_older(id) && !orders_seen_.contains(id))
                    differs("orders order_id " + std::to_string(id) +
                            ": stands there, the journal knows nothing of it");
            if (ids.size() < 10'000) return;
            last = ids.back();
        }
    }

    void find_unknown_trades() {
        if (last_trade_ == 0 && !from_beginning()) return;
        compare<TradeRow>({},
                          read<TradeRow>(" WHERE trade_id > " + std::to_string(last_trade_) +
                                         " ORDER BY trade_id LIMIT " + std::to_string(options_.most + 1)));
    }

    // Only now the newest event is known, from which the age counts.
    void settle_missing() {
        const auto limit =
            utc_text(Timestamp{newest_.value() - std::chrono::nanoseconds{options_.kept}.count()});
        for (const auto& missing : missing_)
            if (options_.kept != std::chrono::seconds{} && missing.changed_at < limit)
                ++report_.dropped;
            else
                differs(missing.what);
    }

    Connection& connection_;
    const Options options_;
    const soci::transaction one_moment_;
    EventNumber position_;
    Timestamp newest_;
    Report report_;

    Steps steps_;
    std::map<long long, OrderRow> open_;
    std::vector<OrderRow> ended_;
    std::unordered_set<long long> orders_seen_;
    std::vector<TradeRow> trades_;
    long long last_trade_{};
    std::vector<Missing> missing_;
    TextsByKey balances_;
    TextsByKey firms_;
    TextsByKey accounts_;
    TextsByKey fix_sessions_;
    TextsByKey entitlements_;
    TextsByKey assets_;
    TextsByKey instruments_;
};

ProjectionCheck::ProjectionCheck(Connection& connection, const Options& options)
    : connection_{connection}
    , comparer_{connection.ask([&] { return std::make_unique<Comparer>(connection, options); })} {}

ProjectionCheck::~ProjectionCheck() = default;

EventNumber ProjectionCheck::position() const noexcept {
    return comparer_->position();
}

void ProjectionCheck::add(std::span<const Event> events) {
    connection_.ask([&] { comparer_->add(events); });
}

ProjectionCheck::Report ProjectionCheck::finish() {
    return connection_.ask([&] { return comparer_->finish(); });
}

} // namespace tradehive::db
