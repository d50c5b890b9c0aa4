#include "db/comparison.hpp"

#include "db/migrations.hpp"
#include "db/projection.hpp"
#include "event_story.hpp"
#include "scratch_database.hpp"

#include <gtest/gtest.h>

namespace tradehive::db {
namespace {

class Comparison : public testing::Test {
protected:
    Comparison() {
        migrate(connection);
        Story story;
        story.add_world();
        story.add_trade(0);
        EXPECT_TRUE(Projection(connection).project(EventNumber{1}, story.events()));
        balances.lines = {{AccountId{1}, AssetId{2}, Amount{6200}, Amount{0}},
                          {AccountId{2}, AssetId{1}, Amount{800'000'001}, Amount{0}},
                          {AccountId{2}, AssetId{2}, Amount{4'200'050}, Amount{0}},
                          {AccountId{3}, AssetId{1}, Amount{100'000'000}, Amount{0}},
                          {AccountId{3}, AssetId{2}, Amount{95'793'649}, Amount{2'109'475}},
                          {AccountId{9}, AssetId{2}, Amount{0}, Amount{0}}};
        orders.orders = {filled(story_order(2, Side::buy, buyer), 10'000)};
    }

    ScratchDatabase database;
    Connection connection{database.options()};
    BalancesAnswer balances;
    OpenOrdersAnswer orders;
};

TEST_F(Comparison, FindsNothingWhereAllIsEqual) {
    EXPECT_EQ(compare(connection, balances, orders), std::vector<std::string>{});
}

TEST_F(Comparison, NamesEachDifference) {
    balances.lines[0].total = Amount{6201};
    balances.lines.erase(balances.lines.begin() + 2);
    orders.orders[0].order = OrderId{77};
    EXPECT_EQ(compare(connection, balances, orders),
              (std::vector<std::string>{
                  "balance of account 1 in asset 2: venue total 6201 held 0; database total 6200 held 0",
                  "balance of account 2 in asset 2: venue none; database total 4200050 held 0",
                  "order 77: venue price 4200050 ticks, leaves 5000 lots, filled 10000 lots; database none",
                  "order 2: venue none; database price 4200050 ticks, leaves 5000 lots, filled 10000 lots"}));
    EXPECT_EQ(compare(connection, balances, orders, 2).size(), 2U);
}

} // namespace
} // namespace tradehive::db
