#include "db/database.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <fcntl.h>
#include <unistd.h>

#include <thread>

namespace tradehive::db {

namespace {

// A new file is made here, because SQLite would make it readable for others. An existing one is not opened:
// closing it again would drop the locks that this process's other connections hold on it.
void make_private_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
}

// SQLite refuses to change the journal mode while another connection is busy, without waiting for it.
void use_write_ahead_log(soci::session& sql, std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        try {
            std::string mode;
            sql << "PRAGMA journal_mode", soci::into(mode);
            if (mode == "wal") return;
            sql << "PRAGMA journal_mode = WAL", soci::into(mode);
            if (mode == "wal") return;
        } catch (const soci::soci_error&) {
            if (std::chrono::steady_clock::now() >= end) throw;
        }
        if (std::chrono::steady_clock::now() >= end)
            throw DatabaseError("SQLite keeps no write-ahead log on this file system");
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

std::unique_ptr<soci::session> open_sqlite(const DatabaseOptions& options, Durability durability) {
    // SOCI reads text with '=' as a list of settings.
    if (options.connection.empty() || options.connection.find_first_of("=\"") != std::string::npos)
        throw DatabaseError("sqlite3: the connection is a file's path, without '=' and '\"'");
    make_private_file(options.connection);
    auto sql = std::make_unique<soci::session>(soci::sqlite3, options.connection);
    *sql << "PRAGMA busy_timeout = " + std::to_string(options.busy_timeout.count());
    use_write_ahead_log(*sql, options.busy_timeout);
    *sql << (durability == Durability::every_commit ? "PRAGMA synchronous = FULL"
                                                    : "PRAGMA synchronous = NORMAL");
    return sql;
}

} // namespace

Connection::Connection(const DatabaseOptions& options, Durability durability) {
    if (options.backend != "sqlite3")
        throw DatabaseError("unknown database backend '" + options.backend + "'; there is: sqlite3");
    session_ = translating_errors([&] { return open_sqlite(options, durability); });
}

Connection::~Connection() = default;

void rethrow_as_database_error() {
    try {
        throw;
    } catch (const soci::soci_error& error) {
        throw DatabaseError(error.get_error_message());
    }
}

} // namespace tradehive::db
