// Connections to the SQL database: a SQLite file, or a PostgreSQL server. What is true of one backend only
// stands in database.cpp and partitions.cpp and nowhere else.
//
// A Connection belongs to one thread at a time. Nothing that this folder logs or throws holds a password or
// the value of a statement's parameter.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
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
    std::chrono::seconds connect_timeout{5};      // PostgreSQL
    // PostgreSQL: a statement that takes longer is given up by the server.
    std::chrono::milliseconds statement_timeout{30'000};
};

class Connection {
public:
    // Throws DatabaseError.
    explicit Connection(const DatabaseOptions& options, Durability durability = Durability::every_commit);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    [[nodiscard]] soci::session& sql() noexcept { return *session_; }
    [[nodiscard]] Backend backend() const noexcept { return backend_; }

    // Within a transaction on PostgreSQL: waits until no other connection holds the lock, and keeps it until
    // the transaction ends. SQLite has one writer anyway: nothing to do.
    void lock_schema();

    // Any thread, PostgreSQL: hangs up, so that a statement which waits for the server fails at once. Nothing
    // to do on SQLite, which waits for nobody longer than busy_timeout.
    void hang_up() const noexcept;

    // Whether a trivial statement works; a server that was restarted is noticed here.
    [[nodiscard]] bool answers() noexcept;

private:
    Backend backend_;
    std::unique_ptr<soci::session> session_;
    int socket_{-1}; // PostgreSQL
};

// Calls work() and throws what SOCI throws as a DatabaseError; SOCI's own text would name the values of
// parameters.
[[noreturn]] void rethrow_as_database_error();

template <class Work>
auto translating_errors(Work&& work) try {
    return std::forward<Work>(work)();
} catch (...) {
    rethrow_as_database_error();
}

} // namespace tradehive::db
