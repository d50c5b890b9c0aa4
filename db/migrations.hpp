// The schema, as numbered migrations: db/migrations/<number>_<name>.sql, compiled in. A migration that has
// been released is never changed; a change of the schema is a new one. Where PostgreSQL needs other
// statements, <number>_<name>.postgresql.sql stands beside it.
//
// In those files each statement ends with ';' at the end of a line, and comments have lines of their own.
#pragma once

#include "db/database.hpp"

#include <span>
#include <string_view>

namespace tradehive::db {

struct Migration {
    int number{};
    std::string_view name; // the file's, without its ending
    std::string_view sql;
    std::string_view postgresql{}; // instead of sql on PostgreSQL; empty: the same
};

[[nodiscard]] std::span<const Migration> migrations() noexcept; // by number, from 1 without a gap

// The database has been used by a newer program, or by another one: nothing was changed.
class SchemaRefused : public DatabaseError {
public:
    using DatabaseError::DatabaseError;
};

// Brings the schema up to the newest migration, in one transaction; nothing to do is fine. Two processes may
// do it at once: one waits for the other. Throws SchemaRefused or DatabaseError.
void migrate(Connection& connection, std::span<const Migration> known = migrations());

// Changes nothing. Throws SchemaRefused, saying what would be right, unless the schema is that of the newest
// migration.
void require_schema(Connection& connection, std::span<const Migration> known = migrations());

} // namespace tradehive::db
