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
