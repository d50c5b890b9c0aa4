// Connections to the SQL database: a SQLite file, or a PostgreSQL server. What is true of one backend only
// stands in database.cpp and partitions.cpp and nowhere else.
//
// A Connection belongs to one thread at a time. Nothing that this folder logs or throws holds a password or
// the value of a statement's parameter.
#pragma once

#include "db/line_watch.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>

namespace soci {
class session;
}

namespace tradehive::db {

// what() never holds the values of a statement's parameters.
class DatabaseError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class Backend : std::uint8_t { sqlite, postgresql };

// Which of the last commits may be missing after a power loss, or after a PostgreSQL that was killed. None is
// ever half there, and a killed venue loses nothing.
enum class Durability : std::uint8_t {
    every_commit, // none: what SQL owns first-hand
    projection,   // some: they are projected again
};

struct PostgresServer {
    std::string host{"localhost"}; // a name, an address, or the folder of a Unix socket
    std::uint16_t port{5432};
    std::string name{"tradehive"}; // of the database
    std::string user{"venue"};
    // The server must have a certificate of this CA for `host`; false: no TLS.
    bool tls{true};
    std::filesystem::path ca;
    std::filesystem::path certificate; // the venue's own, with its key; both or none
    std::filesystem::path key;
    // libpq's password file. It is read by libpq, so that no password comes into this program's hands.
    std::filesystem::path password_file;
};

struct DatabaseOptions {
    Backend backend{Backend::sqlite};
    std::filesystem::path file;                   // SQLite: made with mode 0600 when it is not there
    PostgresServer server;                        // PostgreSQL
    std::chrono::milliseconds busy_timeout{5000}; // how long to wait for another connection's transaction
    // PostgreSQL: for each address of the server; three times as long for all of them and their names.
    std::chrono::seconds connect_timeout{5};
    // PostgreSQL: a statement that takes longer is given up by the server. A server that says nothing for
    // still longer, by `silence`, stands still and is hung up on.
    std::chrono::milliseconds statement_timeout{30'000};
    std::chrono::milliseconds silence{5000};
    bool read_only{}; // every change is refused; SQLite: the file must be there
};

class Connection {
public:
    // Throws DatabaseError. When stop is requested, also while it connects, it hangs up on PostgreSQL, so
    // that whoever waits for it gets an error at once. SQLite waits for nobody longer than busy_timeout.
    explicit Connection(const DatabaseOptions& options, Durability durability = Durability::every_commit,
                        const std::stop_token& stop = {});
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    // Calls work(), which uses sql(). Nothing else asks the database for anything: here what SOCI throws
    // becomes a DatabaseError without the values of parameters, and a server that stands still is hung up on.
    template <class Work>
    auto ask(Work&& work) {
        const Asking asking{*this, patience_};
        try {
            return std::forward<Work>(work)();
        } catch (...) {
            rethrow();
        }
    }

    [[nodiscard]] soci::session& sql() noexcept { return *session_; }
    [[nodiscard]] Backend backend() const noexcept { return backend_; }

    [[nodiscard]] bool has_table(const std::string& table);

    // Within a transaction on PostgreSQL: waits until no other connection holds the lock, and keeps it until
    // the transaction ends. SQLite has one writer anyway: nothing to do.
    void lock_schema();
    void lock_table(const std::string& table);

    // Whether a trivial statement works; a server that was restarted is noticed here, and after
    // connect_timeout one that stands still.
    [[nodiscard]] bool answers() noexcept;

private:
    class Asking {
    public:
        Asking(Connection& connection, std::chrono::milliseconds patience)
            : watch_{connection.watch_ && connection.watch_->begin(patience) ? &*connection.watch_
                                                                             : nullptr} {}
        Asking(const Asking&) = delete;
        Asking& operator=(const Asking&) = delete;
        ~Asking() {
            if (watch_ != nullptr) watch_->end();
        }

    private:
        LineWatch* const watch_;
    };

    [[noreturn]] void rethrow() const;

    Backend backend_;
    std::chrono::milliseconds patience_;
    std::chrono::milliseconds patience_to_connect_;
    std::unique_ptr<soci::session> session_;
    std::optional<LineWatch> watch_; // PostgreSQL
};

} // namespace tradehive::db
