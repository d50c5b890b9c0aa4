#include "db/connection_pool.hpp"

#include "scratch_database.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace tradehive::db {
namespace {

using namespace std::chrono_literals;

void use(ConnectionPool::Lease& lease) {
    int one{};
    lease.sql() << "SELECT 1", soci::into(one);
    EXPECT_EQ(one, 1);
    lease.done();
}

TEST(ConnectionPool, LendsSoManyAndNoMore) {
    const ScratchDatabase database;
    ConnectionPool pool(database.options(), {.connections = 2, .patience = 1ms});
    auto one = pool.lend();
    {
        auto two = pool.lend();
        EXPECT_THROW((void)pool.lend(), DatabaseError);
        use(two);
    }
    auto again = pool.lend();
    use(again);
}

TEST(ConnectionPool, WhoWaitsGetsTheOneThatComesBack) {
    const ScratchDatabase database;
    ConnectionPool pool(database.options(), {.connections = 1, .patience = 60s});
    std::atomic<bool> got{false};
    std::optional<std::jthread> waiting;
    {
        auto lease = pool.lend();
        waiting.emplace([&] {
            auto other = pool.lend();
            use(other);
            got = true;
        });
        use(lease);
        EXPECT_FALSE(got);
    }
    waiting.reset();
    EXPECT_TRUE(got);
}

TEST(ConnectionPool, ConnectionsThatTheServerForgotAreReplaced) {
    const ScratchDatabase database;
    ConnectionPool pool(database.options(), {.connections = 2, .patience = 1ms, .first_pause = 1ms});
    {
        auto one = pool.lend();
        auto two = pool.lend();
        use(one);
        use(two);
    }
    database.take_away();
    EXPECT_THROW((void)pool.lend(), DatabaseError);
    EXPECT_THROW((void)pool.lend(), DatabaseError); // and a failed attempt gives its place back
    EXPECT_THROW((void)pool.lend(), DatabaseError);
    database.bring_back();
    auto one = pool.lend();
    auto two = pool.lend();
    use(one);
    use(two);
}

} // namespace
} // namespace tradehive::db
