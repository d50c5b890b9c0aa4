#include "venue/order_table.hpp"

#include <gtest/gtest.h>

namespace tradehive::venue {
namespace {

constexpr AccountId account{1};
constexpr FixSessionId session{1};

class OrderTableTest : public testing::Test {
protected:
    OrderTableTest() {
        table.add_account();
        table.add_session();
    }

    Order& enter(std::uint64_t id, const char* name) {
        OrderImage image;
        image.order = OrderId{id};
        image.account = account;
        image.session = session;
        image.ord_status = OrdStatus::new_;
        image.cl_ord_id = ClOrdID::cut(name);
        return table.enter(image);
    }
    void end(Order& order, const char* by, std::int64_t hours) {
        order.image.ord_status = OrdStatus::canceled;
        table.end(order, ClOrdID::cut(by), at(hours));
    }
    static Timestamp at(std::int64_t hours) {
        return Timestamp{std::chrono::nanoseconds{std::chrono::hours{hours}}.count()};
    }
    Order* named(const char* name) const { return table.find(account, ClOrdID::cut(name)); }

    OrderTable table{1};
};

TEST_F(OrderTableTest, ListsOpenOrdersOldestFirst) {
    Order& first = enter(1, "a");
    Order& second = enter(2, "b");
    Order& third = enter(3, "c");
    EXPECT_EQ(table.of(account).front(), &first);
    end(second, "", 1);
    EXPECT_EQ(AccountOrders::next(first), &third);
    end(first, "", 1);
    EXPECT_EQ(table.of(account).front(), &third);
    EXPECT_EQ(table.of(session).front(), &third);
    EXPECT_EQ(table.of(session).size(), 1U);
    EXPECT_EQ(table.open_count(), 1U);
    EXPECT_EQ(table.size(), 3U);
}

TEST_F(OrderTableTest, AnOrderIsFoundByEachOfItsNames) {
    Order& order = enter(1, "a");
    table.rename(order, ClOrdID::cut("b"), at(1));
    table.rename(order, {}, at(1)); // no new name: as before
    end(order, "x", 1);
    for (const auto* name : {"a", "b", "x"})
        EXPECT_EQ(named(name), &order) << name;
    EXPECT_EQ(named("c"), nullptr);
    EXPECT_EQ(table.find(OrderId{1}), &order);
    EXPECT_EQ(order.image.cl_ord_id.view(), "b");
}

TEST_F(OrderTableTest, ForgetsADayAfter) {
    Order& order = enter(1, "a");
    table.rename(order, ClOrdID::cut("b"), at(10));
    end(order, "x", 20);
    table.forget(at(33));
    EXPECT_NE(named("a"), nullptr);
    table.forget(at(34));
    EXPECT_EQ(named("a"), nullptr);
    EXPECT_NE(named("b"), nullptr);
    table.forget(at(43));
    EXPECT_NE(table.find(OrderId{1}), nullptr);
    table.forget(at(44));
    EXPECT_EQ(table.find(OrderId{1}), nullptr);
    EXPECT_EQ(named("b"), nullptr);
    EXPECT_EQ(named("x"), nullptr);
    EXPECT_EQ(table.size(), 0U);
    EXPECT_EQ(table.oldest_retired(), nullptr);
}

TEST_F(OrderTableTest, ForgetsAFewAtATimeAndInTheEndAll) {
    for (std::uint64_t i = 1; i <= 100; ++i)
        end(enter(i, ("n" + std::to_string(i)).c_str()), "", 1);
    table.forget(at(30));
    EXPECT_GT(table.size(), 0U);
    for (int i = 0; i < 20; ++i)
        table.forget(at(30));
    EXPECT_EQ(table.size(), 0U);
    EXPECT_EQ(named("n100"), nullptr);
    EXPECT_NE(&enter(101, "n1"), nullptr);
    EXPECT_EQ(table.size(), 1U);
}

} // namespace
} // namespace tradehive::venue
