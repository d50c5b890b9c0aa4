#include "db/retention.hpp"

#include "db/migrations.hpp"
#include "db/projection.hpp"
#include "event_story.hpp"
#include "scratch_database.hpp"

#include <gtest/gtest.h>

namespace tradehive::db {
namespace {

using namespace std::chrono_literals;

class RetentionTest : public testing::Test {
protected:
    RetentionTest() {
        migrate(connection);
        story.add_world();
    }

    // Ids of orders and trades rise by two and one a trade; events are a second apart, 14 of them a trade.
    // The sell order of each ends, the buy order stays open.
    void project(std::uint64_t first, std::uint64_t past, long long partition_ids) {
        for (auto i = first; i < past; ++i)
            story.add_trade(i);
        Projection projection(connection, partition_ids);
        const auto from = projection.position().value() - 1;
        ASSERT_TRUE(projection.project(EventNumber{from + 1}, story.part(from, story.events().size())));
    }
    void close_all_bought_before(std::uint64_t past) {
        for (std::uint64_t i = 0; i < past; ++i) {
            OrderCanceled canceled;
            canceled.order = filled(story_order(2 * i + 2, Side::buy, buyer), 10'000);
            canceled.order.ord_status = OrdStatus::canceled;
            canceled.order.leaves_qty = Quantity{};
            story.add(canceled);
        }
    }
    int run(std::chrono::seconds kept) {
        Retention retention(connection, kept);
        int steps = 1;
        while (retention.step(story.events().back().header.time) && steps < 1000)
            ++steps;
        return steps;
    }
    long long count(const std::string& what) { return number_of(connection, "SELECT COUNT(*) FROM " + what); }

    ScratchDatabase database;
    Connection connection{database.options()};
    Story story;
};

TEST_F(RetentionTest, WithoutABoundEverythingStays) {
    project(0, 100, 10);
    EXPECT_EQ(run(0s), 1);
    EXPECT_EQ(count("orders"), 200);
}

TEST_F(RetentionTest, WhatHasEndedAndIsOldGoesAndWhatIsOpenStays) {
    project(0, 300, 50);
    run(14s * 100); // the last hundred trades are younger
    EXPECT_EQ(count("orders WHERE ord_status = 'partially_filled'"), 300);
    // On PostgreSQL the parts being filled are left alone; these are older.
    EXPECT_EQ(count("orders WHERE order_id <= 390 AND ord_status = 'canceled'"), 0);
    EXPECT_EQ(count("orders WHERE order_id > 402 AND ord_status = 'canceled'"), 99);
    EXPECT_EQ(count("trades WHERE trade_id <= 150"), 0);
    EXPECT_EQ(count("trades WHERE trade_id > 201"), 2 * 99);
    EXPECT_EQ(count("balances"), 5); // balances are never dropped
}

TEST_F(RetentionTest, AnOldOrderThatEndedLatelyStays) {
    project(0, 300, 50);
    close_all_bought_before(10);
    project(300, 300, 50);
    run(14s * 100);
    EXPECT_EQ(count("orders WHERE order_id <= 20 AND ord_status = 'canceled'"), 10);
}

TEST_F(RetentionTest, GoesInBoundedSteps) {
    project(0, 2500, 1'000'000);
    project(2500, 2500, 1'000'000);
    const auto before = count("orders");
    Retention retention(connection, 1s);
    const bool more = retention.step(story.events().back().header.time);
    EXPECT_LE(before - count("orders"), Retention::rows_a_step);
    if (on_postgresql()) return; // there is one part only, which is being filled
    EXPECT_TRUE(more);
    EXPECT_GT(run(1s), 3);
    EXPECT_EQ(count("orders"), 2500);
}

TEST_F(RetentionTest, ARunningProjectionGoesOnAndTheOldOrderIsChangedWhereItStands) {
    project(0, 300, 50);
    run(14s * 100);
    close_all_bought_before(300);
    project(300, 310, 50);
    EXPECT_EQ(count("orders WHERE order_id <= 600 AND ord_status = 'partially_filled'"), 0);
    EXPECT_EQ(count("orders WHERE order_id <= 600 AND order_id % 2 = 0 AND ord_status = 'canceled'"), 300);
}

TEST_F(RetentionTest, PartsAreMadeAheadAndDroppedWhole) {
    if (!on_postgresql()) GTEST_SKIP() << "SQLite has no partitions";
    project(0, 300, 50);
    const auto parts = [this](const std::string& parent) {
        return number_of(connection,
                         "SELECT COUNT(*) FROM pg_inherits WHERE inhparent = '" + parent + "'::regclass");
    };
    EXPECT_EQ(parts("orders"), 14); // orders 1 to 600 in 13, and one ahead
    EXPECT_EQ(parts("trades"), 8);  // trades 1 to 300 in 7
    EXPECT_EQ(number_of(connection, "SELECT MAX(past_id) FROM partitions WHERE parent = 'orders'"), 700);
    close_all_bought_before(300);
    project(300, 310, 50);
    run(500s);
    EXPECT_LT(parts("trades"), 4);
    const auto dropped =
        number_of(connection, "SELECT MIN(first_id) FROM partitions WHERE parent = 'trades'");
    EXPECT_GT(dropped, 200);
    EXPECT_EQ(parts("orders"), 14); // ended lately
    close_all_bought_before(1);     // time goes on by many seconds
    for (int i = 0; i < 2000; ++i)
        story.add(CommandDone{});
    project(310, 310, 50);
    run(1000s);
    EXPECT_LT(parts("orders"), 4);
}

TEST_F(RetentionTest, PartsOfAnotherSizeFitBesideTheOldOnes) {
    project(0, 30, 17);
    project(30, 200, 1000);
    project(200, 210, 3);
    EXPECT_EQ(count("orders"), 420);
    EXPECT_EQ(count("trades"), 420);
    if (!on_postgresql()) return;
    EXPECT_EQ(number_of(connection,
                        "SELECT COUNT(*) FROM partitions a JOIN partitions b ON a.parent = b.parent AND "
                        "a.first_id < b.first_id AND a.past_id > b.first_id"),
              0);
}

} // namespace
} // namespace tradehive::db
