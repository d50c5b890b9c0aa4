// A database of its own for each test: SQLite, or PostgreSQL when TRADEHIVE_TEST_DATABASE=postgresql. The
// PostgreSQL server is the one in the folder TRADEHIVE_POSTGRES (scripts/postgres), or is started once for
// the test program.
#pragma once

#include "db/database.hpp"

#include <soci/soci.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace tradehive::db {

inline bool on_postgresql() {
    const char* wanted = std::getenv("TRADEHIVE_TEST_DATABASE");
    return wanted != nullptr && std::string_view(wanted) == "postgresql";
}

inline std::filesystem::path make_scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tradehive-db-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category());
    return name;
}

// A cluster made by scripts/postgres; ended with the program if it was started here.
class PostgresCluster {
public:
    explicit PostgresCluster(std::filesystem::path folder)
        : folder_(std::move(folder)) {}
    PostgresCluster()
        : folder_(make_scratch_folder())
        , own_(true) {
        std::filesystem::permissions(folder_, std::filesystem::perms{0755}); // the server is another user's
        command("start", "--throwaway");
    }
    PostgresCluster(const PostgresCluster&) = delete;
    PostgresCluster& operator=(const PostgresCluster&) = delete;
    ~PostgresCluster() {
        if (own_) (void)run("remove");
    }

    static PostgresCluster& shared() {
        static const char* const given = std::getenv("TRADEHIVE_POSTGRES");
        if (given == nullptr) {
            static PostgresCluster own;
            return own;
        }
        static PostgresCluster theirs{given};
        return theirs;
    }

    // start, stop, kill
    void command(const std::string& what, const std::string& options = {}) const {
        if (run(what, options) != 0) throw std::runtime_error("scripts/postgres " + what + " failed");
    }

    [[nodiscard]] PostgresServer server(std::string database = "tradehive") const {
        const std::filesystem::path certificates = line_of("certificates-folder");
        PostgresServer server;
        server.port = static_cast<std::uint16_t>(std::stoi(line_of("port")));
        server.name = std::move(database);
        server.ca = certificates / "ca.crt";
        server.certificate = certificates / "venue.crt";
        server.key = certificates / "venue.key";
        return server;
    }
    [[nodiscard]] DatabaseOptions options(std::string database = "tradehive") const {
        DatabaseOptions options;
        options.backend = Backend::postgresql;
        options.server = server(std::move(database));
        options.busy_timeout = std::chrono::seconds(20);
        return options;
    }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

private:
    [[nodiscard]] int run(const std::string& what, const std::string& options = {}) const {
        return std::system(
            (TRADEHIVE_SOURCE_DIR "/scripts/postgres " + what + " " + folder_.string() + " " + options)
                .c_str());
    }
    [[nodiscard]] std::string line_of(const char* file) const {
        std::string line;
        std::getline(std::ifstream(folder_ / file), line);
        return line;
    }

    std::filesystem::path folder_;
    bool own_{};
};

class ScratchDatabase {
public:
    ScratchDatabase()
        : folder_(make_scratch_folder()) {
        if (!on_postgresql()) return;
        static int count = 0;
        name_ = "scratch_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
        administer("CREATE DATABASE " + name_);
    }
    ScratchDatabase(const ScratchDatabase&) = delete;
    ScratchDatabase& operator=(const ScratchDatabase&) = delete;
    ~ScratchDatabase() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
        if (on_postgresql()) administer("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    }

    [[nodiscard]] DatabaseOptions options() const {
        if (on_postgresql()) return PostgresCluster::shared().options(name_);
        DatabaseOptions options;
        options.file = path();
        options.busy_timeout = std::chrono::seconds(20);
        return options;
    }
    // For SQLite.
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "test.db"; }

    // Nobody can connect, and who was connected is not any more.
    void take_away() const {
        if (!on_postgresql()) return std::filesystem::rename(folder_, folder_.string() + ".away");
        administer("ALTER DATABASE " + name_ + " WITH ALLOW_CONNECTIONS false");
        administer("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '" + name_ +
                   "'");
    }
    void bring_back() const {
        if (!on_postgresql()) return std::filesystem::rename(folder_.string() + ".away", folder_);
        administer("ALTER DATABASE " + name_ + " WITH ALLOW_CONNECTIONS true");
    }

    static void administer(const std::string& statement) {
        Connection(PostgresCluster::shared().options()).sql() << statement;
    }

private:
    std::filesystem::path folder_;
    std::string name_; // PostgreSQL
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
