#pragma once

#include "db/database.hpp"

#include <soci/soci.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace tradehive::db {

// A database in a folder of its own, gone with the test.
class ScratchDatabase {
public:
    ScratchDatabase() {
        std::string name = (std::filesystem::temp_directory_path() / "tradehive-db-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category());
        folder_ = name;
    }
    ScratchDatabase(const ScratchDatabase&) = delete;
    ScratchDatabase& operator=(const ScratchDatabase&) = delete;
    ~ScratchDatabase() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    [[nodiscard]] DatabaseOptions options() const {
        return {
            .backend = "sqlite3", .connection = path().string(), .busy_timeout = std::chrono::seconds(20)};
    }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "test.db"; }

private:
    std::filesystem::path folder_;
};

inline long long number_of(Connection& connection, const std::string& query) {
    long long number{};
    connection.sql() << query, soci::into(number);
    return number;
}

inline std::string text_of(Connection& connection, const std::string& query) {
    std::string text;
    soci::indicator indicator{};
    connection.sql() << query, soci::into(text, indicator);
    return indicator == soci::i_null ? "NULL" : text;
}

// Each row of the tables that the projector keeps, as text: equal dumps are equal projections.
inline std::string dump(Connection& connection) {
    std::string text;
    for (const std::string order :
         {"firms ORDER BY firm_id", "accounts ORDER BY account_id", "fix_sessions ORDER BY fix_session_id",
          "fix_session_accounts ORDER BY fix_session_id, account_id", "assets ORDER BY asset_id",
          "instruments ORDER BY instrument_id", "orders ORDER BY order_id", "trades ORDER BY trade_id, side",
          "balances ORDER BY account_id, asset_id", "projection ORDER BY follower"}) {
        text += order + "\n";
        const soci::rowset<soci::row> rows = (connection.sql().prepare << "SELECT * FROM " + order);
        for (const auto& row : rows) {
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (row.get_indicator(i) == soci::i_null)
                    text += "NULL";
                else if (row.get_properties(i).get_data_type() == soci::dt_string)
                    text += row.get<std::string>(i);
                else
                    text += std::to_string(row.get<long long>(i));
                text += "|";
            }
            text += "\n";
        }
    }
    return text;
}

} // namespace tradehive::db
