// The projection's rows, as db/migrations has their tables, and the prepared statements that write them.
// Inside db only.
//
// A row type names its table and key, and hands each column to a visitor in columns(). Integers are
// long long, since SOCI's other 64-bit types differ between backends.
#pragma once

#include "domain/decimal.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tradehive::db {

// Text that may be NULL.
struct OptionalText {
    std::string text;
    soci::indicator indicator{soci::i_null};

    OptionalText() = default;
    explicit OptionalText(const NumberText& number)
        : text{number.view()}
        , indicator{soci::i_ok} {}
};

struct FirmRow {
    static constexpr std::string_view table = "firms";
    static constexpr std::array key{std::string_view{"firm_id"}};
    long long firm_id{};
    std::string code;
    long long killed{};

    void columns(auto&& visit) {
        visit("firm_id", firm_id);
        visit("code", code);
        visit("killed", killed);
    }
};

struct AccountRow {
    static constexpr std::string_view table = "accounts";
    static constexpr std::array key{std::string_view{"account_id"}};
    long long account_id{};
    long long firm_id{};
    std::string code;
    long long frozen{};
    long long maker_fee{};
    long long taker_fee{};
    long long most_open_orders{};
    long long most_order_qty{};
    long long most_notional{};
    long long killed{};

    void columns(auto&& visit) {
        visit("account_id", account_id);
        visit("firm_id", firm_id);
        visit("code", code);
        visit("frozen", frozen);
        visit("maker_fee_millionths", maker_fee);
        visit("taker_fee_millionths", taker_fee);
        visit("most_open_orders", most_open_orders);
        visit("most_order_qty_lots", most_order_qty);
        visit("most_notional", most_notional);
        visit("killed", killed);
    }
};

struct FixSessionRow {
    static constexpr std::string_view table = "fix_sessions";
    static constexpr std::array key{std::string_view{"fix_session_id"}};
    long long fix_session_id{};
    long long firm_id{};
    std::string comp_id;
    std::string kind;
    std::string cancel_on_disconnect;
    long long resend_max_age{};
    long long revoked{};
    long long killed{};
    std::string self_match;

    void columns(auto&& visit) {
        visit("fix_session_id", fix_session_id);
        visit("firm_id", firm_id);
        visit("comp_id", comp_id);
        visit("kind", kind);
        visit("cancel_on_disconnect", cancel_on_disconnect);
        visit("resend_max_age_seconds", resend_max_age);
        visit("revoked", revoked);
        visit("killed", killed);
        visit("self_match", self_match);
    }
};

struct EntitlementRow {
    static constexpr std::string_view table = "fix_session_accounts";
    static constexpr std::array key{std::string_view{"fix_session_id"}, std::string_view{"account_id"}};
    long long fix_session_id{};
    long long account_id{};

    void columns(auto&& visit) {
        visit("fix_session_id", fix_session_id);
        visit("account_id", account_id);
    }
};

struct AssetRow {
    static constexpr std::string_view table = "assets";
    static constexpr std::array key{std::string_view{"asset_id"}};
    long long asset_id{};
    std::string code;
    long long scale{};

    void columns(auto&& visit) {
        visit("asset_id", asset_id);
        visit("code", code);
        visit("scale", scale);
    }
};

struct InstrumentRow {
    static constexpr std::string_view table = "instruments";
    static constexpr std::array key{std::string_view{"instrument_id"}};
    long long instrument_id{};
    std::string symbol;
    long long base{};
    long long quote{};
    std::string tick;
    long long tick_mantissa{};
    long long tick_scale{};
    std::string lot;
    long long lot_mantissa{};
    long long lot_scale{};
    long long least_quantity{};
    long long most_quantity{};
    long long least_notional{};
    long long market_protection{};
    std::string state;
    long long lowest_price{};
    long long highest_price{};

    void columns(auto&& visit) {
        visit("instrument_id", instrument_id);
        visit("symbol", symbol);
        visit("base_asset_id", base);
        visit("quote_asset_id", quote);
        visit("tick", tick);
        visit("tick_mantissa", tick_mantissa);
        visit("tick_scale", tick_scale);
        visit("lot", lot);
        visit("lot_mantissa", lot_mantissa);
        visit("lot_scale", lot_scale);
        visit("least_quantity_lots", least_quantity);
        visit("most_quantity_lots", most_quantity);
        visit("least_notional", least_notional);
        visit("market_protection_millionths", market_protection);
        visit("state", state);
        visit("lowest_price_ticks", lowest_price);
        visit("highest_price_ticks", highest_price);
    }
};

struct OrderRow {
    static constexpr std::string_view table = "orders";
    static constexpr std::array key{std::string_view{"order_id"}};
    static constexpr std::string_view written_once = "entered_at";
    long long order_id{};
    long long account_id{};
    long long instrument_id{};
    long long fix_session_id{};
    std::string cl_ord_id;
    std::string side;
    std::string ord_type;
    std::string time_in_force;
    std::string ord_status;
    std::string reject_word;
    long long price_ticks{};
    OptionalText price;
    long long order_qty_lots{};
    OptionalText order_qty;
    long long leaves_qty_lots{};
    OptionalText leaves_qty;
    long long cum_qty_lots{};
    OptionalText cum_qty;
    OptionalText avg_px;
    std::string entered_at;
    std::string changed_at;
    long long changed_by_event{};
    long long stop_px_ticks{};
    OptionalText stop_px;
    long long display_qty_lots{};
    OptionalText display_qty;
    long long min_qty_lots{};
    OptionalText min_qty;
    long long cash_order_qty{};
    OptionalText cash_order_qty_text;
    std::string expires_at;
    std::string exec_inst;
    std::string self_match;
    long long triggered{};

    void columns(auto&& visit) {
        visit("order_id", order_id);
        visit("account_id", account_id);
        visit("instrument_id", instrument_id);
        visit("fix_session_id", fix_session_id);
        visit("cl_ord_id", cl_ord_id);
        visit("side", side);
        visit("ord_type", ord_type);
        visit("time_in_force", time_in_force);
        visit("ord_status", ord_status);
        visit("reject_word", reject_word);
        visit("price_ticks", price_ticks);
        visit("price", price);
        visit("order_qty_lots", order_qty_lots);
        visit("order_qty", order_qty);
        visit("leaves_qty_lots", leaves_qty_lots);
        visit("leaves_qty", leaves_qty);
        visit("cum_qty_lots", cum_qty_lots);
        visit("cum_qty", cum_qty);
        visit("avg_px", avg_px);
        visit("entered_at", entered_at);
        visit("changed_at", changed_at);
        visit("changed_by_event", changed_by_event);
        visit("stop_px_ticks", stop_px_ticks);
        visit("stop_px", stop_px);
        visit("display_qty_lots", display_qty_lots);
        visit("display_qty", display_qty);
        visit("min_qty_lots", min_qty_lots);
        visit("min_qty", min_qty);
        visit("cash_order_qty", cash_order_qty);
        visit("cash_order_qty_text", cash_order_qty_text);
        visit("expires_at", expires_at);
        visit("exec_inst", exec_inst);
        visit("self_match", self_match);
        visit("triggered", triggered);
    }
};

struct TradeRow {
    static constexpr std::string_view table = "trades";
    static constexpr std::array key{std::string_view{"trade_id"}, std::string_view{"side"}};
    long long trade_id{};
    std::string side;
    long long order_id{};
    long long account_id{};
    long long instrument_id{};
    std::string exec_id;
    long long maker{};
    long long last_px_ticks{};
    OptionalText last_px;
    long long last_qty_lots{};
    OptionalText last_qty;
    long long notional{};
    OptionalText notional_text;
    long long fee{};
    OptionalText fee_text;
    std::string traded_at;
    long long event{};

    void columns(auto&& visit) {
        visit("trade_id", trade_id);
        visit("side", side);
        visit("order_id", order_id);
        visit("account_id", account_id);
        visit("instrument_id", instrument_id);
        visit("exec_id", exec_id);
        visit("maker", maker);
        visit("last_px_ticks", last_px_ticks);
        visit("last_px", last_px);
        visit("last_qty_lots", last_qty_lots);
        visit("last_qty", last_qty);
        visit("notional", notional);
        visit("notional_text", notional_text);
        visit("fee", fee);
        visit("fee_text", fee_text);
        visit("traded_at", traded_at);
        visit("event", event);
    }
};

struct BalanceRow {
    static constexpr std::string_view table = "balances";
    static constexpr std::array key{std::string_view{"account_id"}, std::string_view{"asset_id"}};
    long long account_id{};
    long long asset_id{};
    long long total{};
    long long held{};
    long long available{};
    OptionalText total_text;
    OptionalText held_text;
    OptionalText available_text;
    std::string changed_at;
    long long changed_by_event{};

    void columns(auto&& visit) {
        visit("account_id", account_id);
        visit("asset_id", asset_id);
        visit("total", total);
        visit("held", held);
        visit("available", available);
        visit("total_text", total_text);
        visit("held_text", held_text);
        visit("available_text", available_text);
        visit("changed_at", changed_at);
        visit("changed_by_event", changed_by_event);
    }
};

// Names of the row's columns, "a, b, c".
template <class Row>
std::string column_names() {
    std::string names;
    Row{}.columns(
        [&](const std::string& name, auto& /*value*/) { names += (names.empty() ? "" : ", ") + name; });
    return names;
}

// For so many rows; the parameters of row i are named <column>_i.
template <class Row>
std::string upsert_text(std::size_t rows) {
    const auto is_key = [](std::string_view name) {
        return std::ranges::find(Row::key, name) != Row::key.end();
    };
    const auto is_written_once = [](std::string_view name) {
        if constexpr (requires { Row::written_once; })
            return name == Row::written_once;
        else
            return name.empty();
    };
    std::string keys;
    std::string updates;
    const auto add = [](std::string& list, std::string_view item) {
        list.append(list.empty() ? "" : ", ").append(item);
    };
    Row{}.columns([&](const std::string& name, auto& /*value*/) {
        if (is_key(name))
            add(keys, name);
        else if (!is_written_once(name))
            add(updates, name + " = excluded." + name);
    });
    std::string all;
    for (std::size_t i = 0; i < rows; ++i) {
        std::string values;
        Row{}.columns([&](const std::string& name, auto& /*value*/) {
            add(values, ":" + name + "_" + std::to_string(i));
        });
        add(all, "(" + values + ")");
    }
    return "INSERT INTO " + std::string(Row::table) + " (" + column_names<Row>() + ") VALUES " + all +
           " ON CONFLICT (" + keys + ") DO " + (updates.empty() ? "NOTHING" : "UPDATE SET " + updates);
}

// One statement for a fixed number of rows, prepared once.
template <class Row>
class RowsStatement {
public:
    RowsStatement(soci::session& sql, std::size_t rows)
        : rows_(rows)
        , statement_{sql} {
        for (std::size_t i = 0; i < rows_.size(); ++i)
            rows_[i].columns([&](const std::string& name, auto& value) {
                const auto parameter = name + "_" + std::to_string(i);
                if constexpr (requires { value.indicator; })
                    statement_.exchange(soci::use(value.text, value.indicator, parameter));
                else
                    statement_.exchange(soci::use(value, parameter));
            });
        statement_.alloc();
        statement_.prepare(upsert_text<Row>(rows));
        statement_.define_and_bind();
    }

    void write(std::span<Row> rows) {
        std::ranges::move(rows, rows_.begin()); // the statement is bound to rows_
        statement_.execute(true);
    }

private:
    std::vector<Row> rows_;
    soci::statement statement_;
};

// Writes rows by statements of many rows each; a row that is there already (same key) gets the new values.
// SOCI's own vectors would go row by row.
template <class Row>
class RowsWriter {
public:
    // sizes: rows a statement, the largest first, 1 last.
    RowsWriter(soci::session& sql, std::initializer_list<std::size_t> sizes) {
        for (const auto size : sizes)
            statements_.emplace_back(size, std::make_unique<RowsStatement<Row>>(sql, size));
    }

    // With more than one size, no two rows have the same key. The rows are moved from.
    void write(std::span<Row> rows) {
        for (auto& [size, statement] : statements_)
            for (; rows.size() >= size; rows = rows.subspan(size))
                statement->write(rows.first(size));
    }

private:
    std::vector<std::pair<std::size_t, std::unique_ptr<RowsStatement<Row>>>> statements_;
};

} // namespace tradehive::db
