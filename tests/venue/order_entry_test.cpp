#include "tests/venue/market_fixture.hpp"

namespace tradehive::venue::tests {
namespace {

TEST_F(VenueTest, AnOrderIsAcceptedHeldForAndRests) {
    const OrderId order = market.enter(Market::alpha, Market::a1, Side::buy, 10, 100, "a");
    EXPECT_EQ(market.names(), "OrderAccepted BalanceChanged");
    const auto image = market.only<OrderAccepted>().order;
    EXPECT_EQ(image.order, order);
    EXPECT_EQ(image.session, Market::alpha);
    EXPECT_EQ(image.ord_status, OrdStatus::new_);
    EXPECT_EQ(image.leaves_qty, Quantity{10});
    EXPECT_EQ(market.only<BalanceChanged>().cause, BalanceCause::hold);
    EXPECT_EQ(market.balance(Market::a1, Market::usd).held, Amount{1'000});
}

TEST_F(VenueTest, ATradeIsAtTheRestingOrdersPriceAndReleasesTheRest) {
    market.enter(Market::beta, Market::b1, Side::sell, 4, 90, "s");
    market.enter(Market::alpha, Market::a1, Side::buy, 10, 100, "b");
    const auto traded = market.last<OrderTraded>();
    ASSERT_EQ(traded.size(), 2U);
    EXPECT_EQ(traded[0].maker, 0);
    EXPECT_EQ(traded[1].maker, 1);
    EXPECT_EQ(traded[0].trade, traded[1].trade);
    EXPECT_EQ(traded[0].last_px, Price{90});
    EXPECT_EQ(traded[0].order.ord_status, OrdStatus::partially_filled);
    EXPECT_EQ(traded[1].order.ord_status, OrdStatus::filled);
    EXPECT_EQ(traded[0].order.cum_tick_lots, 360);
    EXPECT_EQ(market.balance(Market::a1, Market::usd).total, Amount{1'000'000 - 360});
    EXPECT_EQ(market.balance(Market::a1, Market::usd).held, Amount{600});
    EXPECT_EQ(market.balance(Market::b1, Market::usd).total, Amount{1'000'360});
    EXPECT_EQ(market.balance(Market::b1, Market::coin).total, Amount{996});
    EXPECT_EQ(market.balance(Market::b1, Market::coin).held, Amount{0});
}

TEST_F(VenueTest, EachBalanceThatMovedIsToldOnceByItsFinalValue) {
    market.enter(Market::beta, Market::b1, Side::sell, 4, 90, "s1");
    market.enter(Market::beta, Market::b1, Side::sell, 4, 91, "s2");
    market.enter(Market::alpha, Market::a1, Side::buy, 8, 100, "b");
    EXPECT_EQ(market.last<BalanceChanged>().size(), 4U);
    for (const auto& changed : market.last<BalanceChanged>()) {
        const auto now = market.balance(changed.account, changed.asset);
        EXPECT_EQ(changed.total, now.total);
        EXPECT_EQ(changed.held, now.held);
        EXPECT_EQ(changed.cause, BalanceCause::trade);
    }
}

TEST_F(VenueTest, AMessageThatComesAgainIsAppliedAsNothing) {
    const EnterOrder order = Market::order(Market::a1, Side::buy, 1, 100, "a");
    market.fix(Market::alpha, order);
    Origin again = market.journal.back().header.origin;
    market.send(again, order);
    EXPECT_EQ(market.names(), "");
    again.epoch = Epoch{2};
    again.number = MsgSeqNum{99};
    market.send(again, order);
    EXPECT_EQ(market.names(), "");
}

TEST_F(VenueTest, AClOrdIDIsFreeAgain24HoursAfterItsOrderEnded) {
    market.enter(Market::alpha, Market::a1, Side::buy, 1, 100, "a");
    market.fix(Market::alpha, Market::cancel("a", "x"));
    market.time =
        Timestamp{market.time.value() + std::chrono::nanoseconds{std::chrono::hours{24}}.count() - 1};
    market.enter(Market::alpha, Market::a1, Side::buy, 1, 100, "a");
    EXPECT_EQ(market.why_rejected(), RejectReason::duplicate_cl_ord_id);
    market.enter(Market::alpha, Market::a1, Side::buy, 1, 100, "x");
    EXPECT_EQ(market.why_rejected(), RejectReason::duplicate_cl_ord_id);
    market.time = Timestamp{market.time.value() + 1};
    market.enter(Market::alpha, Market::a1, Side::buy, 1, 100, "a");
    EXPECT_EQ(market.names(), "OrderAccepted BalanceChanged");
    market.enter(Market::alpha, Market::a1, Side::buy, 1, 100, "x");
    EXPECT_EQ(market.names(), "OrderAccepted BalanceChanged");
}

TEST_F(VenueTest, AReplacedClOrdIDRetiresOnItsOwn) {
    market.enter(Market::alpha, Market::a1, Side::buy, 5, 100, "a");
    market.fix(Market::alpha, Market::replace("a", "b", 4, 100));
    market.time = Timestamp{market.time.value() + std::chrono::nanoseconds{std::chrono::hours{24}}.count()};
    market.enter(Market::alpha, Market::a2, Side::buy, 1, 100, "n"); // forgets what is past
    market.fix(Market::alpha, Market::cancel("a", "x"));
    EXPECT_EQ(market.why_not_changed(), RejectReason::unknown_order);
    market.fix(Market::alpha, Market::cancel("b", "x"));
    EXPECT_EQ(market.only<OrderCanceled>().request.view(), "x");
}

TEST_F(VenueTest, TheSumOfPriceTimesQuantityStaysInRange) {
    market.deposit(Market::b1, Market::usd, INT64_MAX - 6'000'000);
    market.enter(Market::alpha, Market::a1, Side::sell, 2, 1'000'000, "s");
    EXPECT_EQ(market.names(), "OrderAccepted BalanceChanged");
    market.enter(Market::alpha, Market::a1, Side::sell, 2, 2'000'000, "t");
    EXPECT_EQ(market.why_rejected(), RejectReason::notional_too_large);
    market.enter(Market::beta, Market::b1, Side::buy, 1'000'000, INT64_MAX / 1'000'000, "b");
    EXPECT_EQ(market.why_rejected(), RejectReason::insufficient_funds);
}

} // namespace
} // namespace tradehive::venue::tests
