#include "db/projection.hpp"

#include "db/migrations.hpp"
#include "event_story.hpp"
#include "scratch_database.hpp"

#include <gtest/gtest.h>

namespace tradehive::db {
namespace {

TEST(Projection, BatchThatComesTwiceOrTooEarlyChangesNothing) {
    const ScratchDatabase database;
    Connection connection(database.options());
    migrate(connection);
    Story story;
    story.add_world();
    story.add_trade(0);
    const auto size = story.events().size();
    const auto first = story.part(0, size - 2);
    const auto second = story.part(size - 2, size);

    Projection projection(connection);
    EXPECT_EQ(projection.position(), EventNumber{1});
    EXPECT_FALSE(projection.project(EventNumber{first.size() + 1}, second));
    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM orders"), 0);

    EXPECT_TRUE(projection.project(EventNumber{1}, first));
    EXPECT_TRUE(projection.project(EventNumber{first.size() + 1}, second));
    const auto complete = dump(connection);
    EXPECT_FALSE(projection.project(EventNumber{1}, first)); // would give back what was released since
    EXPECT_FALSE(projection.project(EventNumber{first.size() + 1}, second));
    EXPECT_EQ(dump(connection), complete);
    EXPECT_EQ(projection.position(), story.end());
}

TEST(Projection, SecondOneReadsTicksLotsAndScalesFromTheDatabase) {
    const ScratchDatabase database;
    Connection connection(database.options());
    migrate(connection);
    Story story;
    story.add_world();
    const auto world = story.events().size();
    EXPECT_TRUE(Projection(connection).project(EventNumber{1}, story.events()));
    story.add_trade(0);
    EXPECT_TRUE(
        Projection(connection).project(EventNumber{world + 1}, story.part(world, story.events().size())));
    EXPECT_EQ(text_of(connection,
                      "SELECT last_px || ' ' || last_qty || ' ' || fee_text FROM trades WHERE maker = 0"),
              "42000.50 1.0000 63.00");
    EXPECT_EQ(text_of(connection, "SELECT total_text FROM balances WHERE account_id = 3 AND asset_id = 1"),
              "1.00000000");
}

} // namespace
} // namespace tradehive::db
