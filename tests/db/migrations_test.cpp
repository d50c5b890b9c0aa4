#include "db/migrations.hpp"

#include "scratch_database.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace tradehive::db {
namespace {

constexpr Migration first{
    .number = 1, .name = "001_first", .sql = "-- a comment\nCREATE TABLE one (\n    a BIGINT\n);\n"};
constexpr Migration second{.number = 2, .name = "002_second", .sql = "CREATE TABLE two (a BIGINT);\n"};
constexpr Migration broken{
    .number = 2, .name = "002_broken", .sql = "CREATE TABLE two (a BIGINT);\nNONSENSE;\n"};

std::string refusal(Connection& connection, std::span<const Migration> known) {
    try {
        migrate(connection, known);
    } catch (const SchemaRefused& refused) {
        return refused.what();
    }
    return "none";
}

TEST(Migrations, MakeTheSchemaAndAreSafeToRunTwice) {
    const ScratchDatabase database;
    for (int run = 0; run < 2; ++run) {
        Connection connection(database.options());
        migrate(connection);
        migrate(connection);
        EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM schema_migrations WHERE number > 0"),
                  static_cast<long long>(migrations().size()));
        EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM orders"), 0);
    }
}

TEST(Migrations, NewOnesAreAddedToAnOldDatabase) {
    const ScratchDatabase database;
    Connection connection(database.options());
    migrate(connection, std::array{first});
    connection.sql() << "INSERT INTO one (a) VALUES (7)";
    migrate(connection, std::array{first, second});
    EXPECT_EQ(number_of(connection, "SELECT a FROM one"), 7);
    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM two"), 0);
}

TEST(Migrations, NewerSchemaIsRefusedByName) {
    const ScratchDatabase database;
    Connection connection(database.options());
    migrate(connection, std::array{first, second});
    EXPECT_NE(
        refusal(connection, std::array{first}).find("newer than this program: it has migration '002_second'"),
        std::string::npos);
}

TEST(Migrations, AnotherProgramsDatabaseIsRefused) {
    const ScratchDatabase database;
    Connection connection(database.options());
    migrate(connection, std::array{first, second});
    EXPECT_NE(refusal(connection, std::array{first, broken}).find("another program's"), std::string::npos);
}

TEST(Migrations, OneThatFailsLeavesNothingBehind) {
    const ScratchDatabase database;
    Connection connection(database.options());
    EXPECT_THROW(migrate(connection, std::array{first, broken}), DatabaseError);
    EXPECT_EQ(number_of(connection, on_postgresql()
                                        ? "SELECT COUNT(*) FROM pg_tables WHERE tablename IN ('one', 'two')"
                                        : "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('one', 'two')"),
              0);
    migrate(connection, std::array{first, second});
    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM two"), 0);
}

TEST(Migrations, ProcessesThatStartAtOnceWaitForEachOther) {
    const ScratchDatabase database;
    std::array<pid_t, 6> children{};
    for (auto& child : children) {
        child = ::fork();
        ASSERT_GE(child, 0);
        if (child != 0) continue;
        try {
            Connection connection(database.options());
            migrate(connection);
            ::_exit(0);
        } catch (const std::exception& error) {
            ::fprintf(stderr, "%s\n", error.what());
            ::_exit(1);
        }
    }
    for (const auto child : children) {
        int status{};
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    }
    Connection connection(database.options());
    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM schema_migrations WHERE number > 0"),
              static_cast<long long>(migrations().size()));
}

TEST(Connection, NewFileIsPrivate) {
    if (on_postgresql()) GTEST_SKIP() << "PostgreSQL keeps its files itself";
    const ScratchDatabase database;
    Connection connection(database.options());
    migrate(connection);
    for (const char* ending : {"", "-wal", "-shm"}) {
        struct stat status{};
        ASSERT_EQ(::stat((database.path().string() + ending).c_str(), &status), 0) << ending;
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << ending;
    }
}

TEST(Connection, SaysWhatIsWrong) {
    for (const char* file : {"/nowhere/at all/x.db", "db=x", ""}) {
        DatabaseOptions options;
        options.file = file;
        EXPECT_THROW(Connection{options}, DatabaseError) << file;
    }
}

TEST(Connection, PathMayHoldSpaces) {
    if (on_postgresql()) GTEST_SKIP() << "PostgreSQL has no path";
    const ScratchDatabase database;
    auto options = database.options();
    options.file = database.folder() / "with two spaces.db";
    const Connection connection(options);
    EXPECT_TRUE(std::filesystem::exists(options.file));
}

TEST(Connection, ErrorsDoNotRepeatTheValuesOfParameters) {
    const ScratchDatabase database;
    Connection connection(database.options());
    migrate(connection);
    const std::string marked = "MARKED-SECRET";
    const auto insert = [&] {
        connection.sql() << "INSERT INTO firms (firm_id, code) VALUES (1, :code)", soci::use(marked, "code");
    };
    insert();
    try {
        connection.ask(insert);
        FAIL() << "the key is there twice";
    } catch (const DatabaseError& error) {
        EXPECT_EQ(std::string(error.what()).find(marked), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find(on_postgresql() ? "unique" : "UNIQUE"), std::string::npos)
            << error.what();
    }
}

} // namespace
} // namespace tradehive::db
