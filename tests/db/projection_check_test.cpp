#include "db/projection_check.hpp"

#include "db/migrations.hpp"
#include "db/projection.hpp"
#include "event_story.hpp"
#include "scratch_database.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::db {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class ProjectionCheckTest : public testing::Test {
protected:
    ProjectionCheckTest() {
        migrate(connection);
        story.add_world();
        for (std::uint64_t i = 0; i < 400; ++i)
            story.add_trade(i);
        Projection projection(connection);
        EXPECT_TRUE(projection.project(EventNumber{1}, story.events()));
    }

    ProjectionCheck::Report check(const std::vector<Event>& events, ProjectionCheck::Options options = {}) {
        ProjectionCheck projection(connection, options);
        for (std::size_t i = 0; i < events.size(); i += 100)
            projection.add(std::span(events).subspan(i, std::min<std::size_t>(100, events.size() - i)));
        return projection.finish();
    }
    ProjectionCheck::Report check_after(const std::string& damage, ProjectionCheck::Options options = {}) {
        connection.sql() << damage;
        return check(story.events(), options);
    }

    ScratchDatabase database;
    Connection connection{database.options()};
    Story story;
};

TEST_F(ProjectionCheckTest, FindsNothingWhereAllIsEqual) {
    const auto report = check(story.events());
    EXPECT_THAT(report.differences, IsEmpty());
    EXPECT_EQ(report.different, 0U);
    EXPECT_EQ(report.orders, 800U);
    EXPECT_EQ(report.trades, 800U);
    EXPECT_EQ(report.others, 5U + 1 + 3 + 1 + 2 + 2 + 1); // balances, then names
}

TEST_F(ProjectionCheckTest, WhatTheDatabaseHasNotGotYetIsNoDifference) {
    for (std::uint64_t i = 400; i < 410; ++i)
        story.add_trade(i);
    EXPECT_THAT(check(story.events()).differences, IsEmpty());
}

TEST_F(ProjectionCheckTest, NamesTheColumnOfOneUnit) {
    EXPECT_THAT(
        check_after("UPDATE balances SET held = held + 1 WHERE account_id = 3 AND asset_id = 2").differences,
        ElementsAre("balances account_id 3 asset_id 2: held is '2109476', the journal says '2109475'"));
}

TEST_F(ProjectionCheckTest, NamesRowsThatAreMissingOrTooMany) {
    connection.sql() << "DELETE FROM trades WHERE trade_id = 7 AND side = 'buy'";
    connection.sql() << "DELETE FROM orders WHERE order_id = 2";
    connection.sql() << "UPDATE trades SET trade_id = 900 WHERE trade_id = 8 AND side = 'sell'";
    EXPECT_THAT(check_after("UPDATE orders SET order_id = 901 WHERE order_id = 3").differences,
                testing::UnorderedElementsAre(
                    "orders order_id 2: is missing", "orders order_id 3: is missing",
                    "orders order_id 901: stands there, the journal knows nothing of it",
                    "trades trade_id 7 side buy: is missing", "trades trade_id 8 side sell: is missing",
                    "trades trade_id 900 side sell: stands there, the journal knows nothing of it"));
}

TEST_F(ProjectionCheckTest, EachColumnOfEachTableIsLookedAt) {
    for (const char* damage :
         {"UPDATE firms SET code = 'X'", "UPDATE accounts SET frozen = 1 WHERE account_id = 1",
          "UPDATE fix_sessions SET kind = 'drop_copy'",
          "DELETE FROM fix_session_accounts WHERE account_id = 2",
          "UPDATE assets SET scale = 3 WHERE asset_id = 2", "UPDATE instruments SET state = 'halted'",
          "UPDATE orders SET avg_px = NULL WHERE order_id = 5",
          "UPDATE trades SET fee_text = '0' WHERE trade_id = 9 AND side = 'buy'"}) {
        connection.sql() << damage;
        EXPECT_GE(check(story.events()).different, 1U) << damage;
    }
    EXPECT_EQ(check(story.events()).different, 8U);
}

TEST_F(ProjectionCheckTest, TellsSoManyAndCountsTheRest) {
    const auto report = check_after("UPDATE orders SET cl_ord_id = 'x'", {.most = 3});
    EXPECT_EQ(report.differences.size(), 3U);
    EXPECT_EQ(report.different, 800U);
}

TEST_F(ProjectionCheckTest, FromASnapshotOnOnlyWhatCameAfterItIsCompared) {
    const auto world = story.events().size() - 400 * 14;
    // After the first 200 trades, in the midst of one: its sell order is cancelled after the snapshot.
    const auto later = story.part(world + 199 * 14 + 11, story.events().size());
    const ProjectionCheck::Options after{.after = Sequence{400}};
    auto report = check(later, after);
    EXPECT_THAT(report.differences, IsEmpty());
    EXPECT_EQ(report.orders, 401U);
    EXPECT_EQ(report.trades, 400U);
    connection.sql() << "UPDATE orders SET side = '?' WHERE order_id IN (398, 399, 500)";
    EXPECT_EQ(check(later, after).different, 2U);
    connection.sql() << "INSERT INTO firms (firm_id, code) VALUES (9, 'X')";
    EXPECT_EQ(check(later, after).different, 2U);
}

TEST_F(ProjectionCheckTest, OldRowsMayBeMissingWhereTheyAreDroppedButNoOpenOrder) {
    connection.sql() << "DELETE FROM trades WHERE trade_id <= 100";
    connection.sql() << "DELETE FROM orders WHERE order_id <= 200 AND ord_status = 'canceled'";
    EXPECT_EQ(check(story.events()).different, 300U);
    const auto report = check(story.events(), {.kept = 300 * 14s});
    EXPECT_THAT(report.differences, IsEmpty());
    EXPECT_EQ(report.dropped, 300U);
    EXPECT_THAT(check(story.events(), {.kept = 301 * 14s}).differences.size(), testing::Gt(0));
    EXPECT_THAT(check_after("DELETE FROM orders WHERE order_id = 2", {.kept = 300 * 14s}).differences,
                ElementsAre("orders order_id 2: is missing"));
}

} // namespace
} // namespace tradehive::db
