// Connections to the SQL database. What is true of one backend only stands in database.cpp and nowhere else.
//
// A Connection belongs to one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
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

// Which of the last commits may be missing after a power loss. None is ever half there, and a killed process
// loses nothing.
enum class Durability : std::uint8_t {
    every_commit, // none: what SQL owns first-hand
    projection,   // some: they are projected again
};

struct DatabaseOptions {
    std::string backend{"sqlite3"};
    std::string connection; // sqlite3: the file's path, made with mode 0600 when it is not there
    std::chrono::milliseconds busy_timeout{5000}; // how long to wait for another connection's transaction
};

class Connection {
public:
    // Throws DatabaseError.
    explicit Connection(const DatabaseOptions& options, Durability durability = Durability::every_commit);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    [[nodiscard]] soci::session& sql() noexcept { return *session_; }

private:
    std::unique_ptr<soci::session> session_;
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
