#include "tests/venue/market_fixture.hpp"

namespace tradehive::venue::tests {
namespace {

class QuestionsTest : public VenueTest {
protected:
    template <class What>
    auto ask(Channel channel, FixSessionId session, const What& what) const {
        Question question;
        question.origin.channel = channel;
        question.origin.session = session;
        question.what = what;
        return market.venue.answer(question);
    }
};

TEST_F(QuestionsTest, ASessionSeesTheOrdersOfItsAccountsOnly) {
    const OrderId order = market.enter(Market::alpha, Market::a1, Side::buy, 1, 100, "a");
    EXPECT_EQ(market.ask(Market::alpha, {order, {}, {}}).order.order, order);
    EXPECT_EQ(market.ask(Market::alpha, {{}, ClOrdID::cut("a"), {}}).order.order, order);
    EXPECT_EQ(market.ask(Market::alpha, {order, ClOrdID::cut("a"), Market::a1}).order.order, order);
    EXPECT_EQ(market.ask(Market::alpha, {order, {}, Market::a2}).reason, RejectReason::unknown_order);
    EXPECT_EQ(market.ask(Market::alpha, {}).reason, RejectReason::unknown_order);
    EXPECT_EQ(market.ask(Market::beta, {order, {}, {}}).reason, RejectReason::unknown_order);
    EXPECT_EQ(market.ask(Market::beta, {{}, ClOrdID::cut("a"), Market::a1}).reason,
              RejectReason::unknown_order);
    market.enter(Market::alpha, Market::a1, Side::buy, 1, 100, "b");
    EXPECT_EQ(market.ask(Market::alpha, {order, ClOrdID::cut("b"), {}}).reason, RejectReason::ids_disagree);
}

TEST_F(QuestionsTest, TheBookIsByPriceAndBestFirst) {
    market.enter(Market::alpha, Market::a1, Side::buy, 1, 100, "a");
    market.enter(Market::alpha, Market::a2, Side::buy, 2, 100, "b");
    market.enter(Market::alpha, Market::a1, Side::buy, 4, 99, "c");
    market.enter(Market::beta, Market::b1, Side::sell, 8, 101, "d");
    const auto answer = ask(Channel::fix, Market::beta, AskBook{Market::coin_usd, 1});
    const auto& book = std::get<BookAnswer>(answer.what);
    ASSERT_EQ(book.bids.size(), 1U);
    EXPECT_EQ(book.bids[0].quantity, Quantity{3});
    EXPECT_EQ(book.bids[0].orders, 2U);
    ASSERT_EQ(book.offers.size(), 1U);
    EXPECT_EQ(book.offers[0].price, Price{101});
    const auto whole = ask(Channel::fix, Market::beta, AskBook{Market::coin_usd, 0});
    EXPECT_EQ(std::get<BookAnswer>(whole.what).bids.size(), 2U);
    const auto none = ask(Channel::fix, Market::beta, AskBook{InstrumentId{7}, 0});
    EXPECT_TRUE(std::get<BookAnswer>(none.what).bids.empty());
    EXPECT_EQ(answer.after, market.venue.next_event());
}

TEST_F(QuestionsTest, TheBookByOrderIsInTheOrderOfTurns) {
    const OrderId first = market.enter(Market::alpha, Market::a1, Side::buy, 1, 100, "a");
    const OrderId worse = market.enter(Market::alpha, Market::a1, Side::buy, 4, 99, "b");
    const OrderId second = market.enter(Market::alpha, Market::a2, Side::buy, 2, 100, "c");
    const OrderId offer = market.enter(Market::beta, Market::b1, Side::sell, 8, 101, "d");
    const auto whole = ask(Channel::fix, Market::beta, AskBook{Market::coin_usd, 0, true});
    const auto& book = std::get<BookAnswer>(whole.what);
    EXPECT_EQ(book.bid_orders, (std::vector<RestingOrder>{{first, Price{100}, Quantity{1}},
                                                          {second, Price{100}, Quantity{2}},
                                                          {worse, Price{99}, Quantity{4}}}));
    EXPECT_EQ(book.offer_orders, (std::vector<RestingOrder>{{offer, Price{101}, Quantity{8}}}));
    EXPECT_TRUE(book.bids.empty());
    const auto best = ask(Channel::fix, Market::beta, AskBook{Market::coin_usd, 1, true});
    EXPECT_EQ(std::get<BookAnswer>(best.what).bid_orders.size(), 2U);
}

TEST_F(QuestionsTest, TheBookCarriesTheStatisticsOfTheDay) {
    const auto statistics = [&] {
        const auto answer = ask(Channel::fix, Market::beta, AskBook{Market::coin_usd, 1});
        return std::get<BookAnswer>(answer.what).trades;
    };
    EXPECT_EQ(statistics(), TradeStatistics{});
    const auto trade = [&](std::int64_t price, std::int64_t quantity, std::string_view name) {
        market.enter(Market::alpha, Market::a1, Side::buy, quantity, price, "b" + std::string{name});
        market.enter(Market::beta, Market::b1, Side::sell, quantity, price, "s" + std::string{name});
    };
    trade(100, 2, "1");
    trade(103, 1, "2");
    trade(99, 4, "3");
    auto now = statistics();
    EXPECT_EQ(now.open, Price{100});
    EXPECT_EQ(now.high, Price{103});
    EXPECT_EQ(now.low, Price{99});
    EXPECT_EQ(now.last, Price{99});
    EXPECT_EQ(now.close, Price{});
    EXPECT_EQ(now.volume, Quantity{7});
    EXPECT_EQ(now.last_qty, Quantity{4});
    EXPECT_EQ(now.last_time, market.venue.last_time());

    const auto hash = market.venue.state_hash();
    market.send({}, EndDay{.day = 20'000});
    EXPECT_NE(market.venue.state_hash(), hash);
    now = statistics();
    EXPECT_EQ(now.close, Price{99});
    EXPECT_EQ(now.last, Price{99});
    EXPECT_EQ(now.open, Price{});
    EXPECT_EQ(now.volume, Quantity{});
    market.send({}, EndDay{.day = 20'001}); // a day without a trade closes at no price of its own
    EXPECT_EQ(statistics().close, Price{99});
}

TEST_F(QuestionsTest, OpenOrdersComeByOrderID) {
    const OrderId first = market.enter(Market::beta, Market::b1, Side::buy, 1, 100, "a");
    const OrderId second = market.enter(Market::alpha, Market::a1, Side::buy, 1, 100, "b");
    const auto all = ask(Channel::control, {}, AskOpenOrders{});
    const auto& orders = std::get<OpenOrdersAnswer>(all.what).orders;
    ASSERT_EQ(orders.size(), 2U);
    EXPECT_EQ(orders[0].order, first);
    EXPECT_EQ(orders[1].order, second);
    const auto own = ask(Channel::fix, Market::alpha, AskOpenOrders{});
    EXPECT_EQ(std::get<OpenOrdersAnswer>(own.what).orders.size(), 1U);
    const auto others = ask(Channel::fix, Market::alpha, AskBalances{Market::b1});
    EXPECT_TRUE(std::get<BalancesAnswer>(others.what).lines.empty());
}

TEST_F(QuestionsTest, WhetherACodeCountsIsToldWhileAnotherConnectionLives) {
    LogOnSession request{.session = Market::beta};
    request.code = CodeOffered::current;
    request.totp_step = 7;
    request.otp_grace_seconds = 60;
    market.disconnect(Market::beta);
    market.send({}, request);
    ASSERT_EQ(market.only<SessionLoggedOn>().session, Market::beta);
    const auto told = [&](const LogOnSession& asked, std::int64_t seconds_later) {
        const Timestamp now{market.time.value() + seconds_later * 1'000'000'000};
        return std::get<LogOnAnswer>(ask(Channel::fix, Market::beta, AskLogOn{asked, now}).what).reason;
    };
    LogOnSession again = request;
    again.totp_step = 8;
    EXPECT_EQ(told(again, 0), RejectReason::none);
    again.code = CodeOffered::absent;
    EXPECT_EQ(told(again, 60), RejectReason::none);
    EXPECT_EQ(told(again, 61), RejectReason::code_already_used);
    again.address = 1;
    EXPECT_EQ(told(again, 0), RejectReason::code_already_used);
    EXPECT_EQ(told(LogOnSession{.session = Market::beta}, 0), RejectReason::none);
    EXPECT_EQ(told(LogOnSession{.session = FixSessionId{9}}, 0), RejectReason::unknown_session);
    market.control(RevokeSession{.session = Market::beta});
    EXPECT_EQ(told(again, 0), RejectReason::code_already_used) << "who has not proved both learns nothing";
    EXPECT_EQ(told(LogOnSession{.session = Market::beta}, 0), RejectReason::session_revoked);
}

TEST_F(QuestionsTest, TheVenueTellsOfItself) {
    market.enter(Market::beta, Market::b1, Side::sell, 1, 100, "a");
    market.enter(Market::alpha, Market::a1, Side::buy, 3, 100, "b");
    const auto answer = ask(Channel::control, {}, AskVenue{true});
    const auto& venue = std::get<VenueAnswer>(answer.what);
    EXPECT_EQ(venue.sequence, market.venue.last_sequence());
    EXPECT_EQ(venue.open_orders, 1U);
    EXPECT_EQ(venue.trades, 1U);
    EXPECT_EQ(venue.state_hash, market.venue.state_hash());
    EXPECT_EQ(venue.violation, "");
}

TEST_F(QuestionsTest, TheStateHashTellsStatesApart) {
    const auto before = market.venue.state_hash();
    market.enter(Market::beta, Market::b1, Side::sell, 1, 100, "a");
    const auto after = market.venue.state_hash();
    EXPECT_NE(before, after);
    Market other;
    EXPECT_EQ(other.venue.state_hash(), before);
    other.enter(Market::beta, Market::b1, Side::sell, 1, 100, "b");
    EXPECT_NE(other.venue.state_hash(), after);
}

} // namespace
} // namespace tradehive::venue::tests
