#include "db/migrations.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <string>

namespace tradehive::db {

namespace {

void apply(Connection& connection, const Migration& migration) {
    auto& sql = connection.sql();
    std::string statement;
    std::string_view rest = connection.backend() == Backend::postgresql && !migration.postgresql.empty()
                                ? migration.postgresql
                                : migration.sql;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.empty() || line.starts_with("--")) continue;
        statement.append(line).append("\n");
        if (!line.ends_with(';')) continue;
        sql << statement;
        statement.clear();
    }
    if (!statement.empty())
        throw DatabaseError("migration " + std::string(migration.name) + ": the last statement has no ';'");
    const std::string name(migration.name);
    sql << "INSERT INTO schema_migrations (number, name) VALUES (:number, :name)",
        soci::use(migration.number, "number"), soci::use(name, "name");
}

// How many of the known ones are there already.
std::size_t check_applied(soci::session& sql, std::span<const Migration> known) {
    const soci::rowset<soci::row> rows =
        (sql.prepare << "SELECT number, name FROM schema_migrations WHERE number > 0 ORDER BY number");
    std::size_t applied = 0;
    for (const auto& row : rows) {
        const auto name = row.get<std::string>(1);
        if (applied == known.size())
            throw SchemaRefused("the database's schema is newer than this program: it has migration '" +
                                name + "', this program knows " + std::to_string(known.size()) +
                                "; start a program at least as new, or restore a backup");
        if (known[applied].name != name)
            throw SchemaRefused("the database has migration '" + name + "' where this program has '" +
                                std::string(known[applied].name) + "': it is another program's database");
        ++applied;
    }
    return applied;
}

} // namespace

void migrate(Connection& connection, std::span<const Migration> known) {
    connection.ask([&] {
        auto& sql = connection.sql();
        const std::string make_table = "CREATE TABLE IF NOT EXISTS schema_migrations ("
                                       "number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)";
        // On SQLite on its own: a transaction that has read before it writes is refused when another one has
        // written meanwhile. On PostgreSQL behind the lock: two that make the same table at once collide.
        if (connection.backend() == Backend::sqlite) sql << make_table;
        soci::transaction transaction(sql);
        connection.lock_schema();
        if (connection.backend() == Backend::postgresql) sql << make_table;
        // Row 0 is nobody's migration: writing it first makes a second process wait here on SQLite.
        sql << "INSERT INTO schema_migrations (number, name) VALUES (0, 'lock') "
               "ON CONFLICT (number) DO UPDATE SET name = excluded.name";
        for (const auto& migration : known.subspan(check_applied(sql, known)))
            apply(connection, migration);
        transaction.commit();
    });
}

void require_schema(Connection& connection, std::span<const Migration> known) {
    connection.ask([&] {
        if (!connection.has_table("schema_migrations"))
            throw SchemaRefused("the database has no schema: no venue has used it yet");
        if (const auto applied = check_applied(connection.sql(), known); applied < known.size())
            throw SchemaRefused("the database's schema is older than this program: it lacks migration '" +
                                std::string(known[applied].name) +
                                "'; a start of this program's venue brings it up to date");
    });
}

} // namespace tradehive::db
