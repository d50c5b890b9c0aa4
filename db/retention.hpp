// Old rows go: orders that have ended, and trades, when their last change is longer ago than they are kept.
// What is open stays, however old. Inside db only.
//
// Of the age: before the newest event that was projected, not before this machine's clock. On PostgreSQL a
// part of a table whose rows have all come of age is dropped whole; where something must stay in it, and on
// SQLite, rows are deleted, a bounded number in a transaction of their own.
#pragma once

#include "db/database.hpp"
#include "db/partitions.hpp"
#include "domain/ids.hpp"

#include <array>
#include <chrono>
#include <string>

namespace tradehive::db {

class Retention {
public:
    static constexpr int rows_a_step = 1000;

    // kept zero: for ever.
    Retention(Connection& connection, std::chrono::seconds kept);

    // One bounded step, in no transaction of the caller's. True: there may be more to do at once. Throws
    // DatabaseError.
    [[nodiscard]] bool step(Timestamp newest);

private:
    struct Table {
        Partitions parts;
        std::string name;
        std::string id;
        std::string entered; // when a row came; rises with its id
        std::string changed; // its last change
        std::string keep;    // what stays whatever its age
        long long next{};    // where the pass under way goes on; 0: no pass
    };

    [[nodiscard]] bool step(Table& table, const std::string& limit);
    [[nodiscard]] bool drop_or_delete(Table& table, const Partitions::Part& part, const std::string& limit);
    [[nodiscard]] bool delete_rows(Table& table, long long past, const std::string& limit);
    [[nodiscard]] bool drop(Table& table, const Partitions::Part& part);
    [[nodiscard]] bool any(const std::string& query);

    Connection& connection_;
    std::chrono::seconds kept_;
    std::array<Table, 2> tables_;
};

} // namespace tradehive::db
