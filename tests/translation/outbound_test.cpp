#include "tests/translation/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr FixSessionId nobody{};

OrderImage order_image() {
    OrderImage order;
    order.order = OrderId{42};
    order.account = alice;
    order.instrument = btc_usd;
    order.session = trader_session;
    order.side = Side::buy;
    order.ord_type = OrdType::limit;
    order.time_in_force = TimeInForce::day;
    order.ord_status = OrdStatus::new_;
    order.price = Price{10025};
    order.order_qty = Quantity{1500};
    order.leaves_qty = Quantity{1500};
    order.cl_ord_id = ClOrdID::cut("A-1");
    return order;
}

OrderImage ended(OrdStatus status) {
    auto order = order_image();
    order.ord_status = status;
    order.leaves_qty = {};
    return order;
}

template <class Body>
std::string sent(const Body& body, const Origin& origin = origin_of(trader_session),
                 FixSessionId to = trader_session, bool poss_resend = false) {
    const auto message = report(event_of(body, origin), world(), to, poss_resend);
    return message ? stock_text(*message) : "nothing";
}

TEST(ExecutionReport, New) {
    EXPECT_EQ(
        sent(OrderAccepted{order_image()}),
        "35=8|1=ALICE|6=0|11=A-1|14=0.000|17=77-3|37=42|38=1.500|39=0|40=2|44=100.25|54=1|55=BTC-USD|59=0|"
        "60=20260101-12:00:00.123|150=0|151=1.500");
}

TEST(ExecutionReport, PossResendKeepsExecID) {
    EXPECT_EQ(
        sent(OrderAccepted{order_image()}, origin_of(trader_session), trader_session, true),
        "35=8|97=Y|1=ALICE|6=0|11=A-1|14=0.000|17=77-3|37=42|38=1.500|39=0|40=2|44=100.25|54=1|55=BTC-USD|"
        "59=0|60=20260101-12:00:00.123|150=0|151=1.500");
}

TEST(ExecutionReport, MarketOrderHasNoPrice) {
    auto order = order_image();
    order.ord_type = OrdType::market;
    order.price = {};
    EXPECT_EQ(sent(OrderAccepted{order}),
              "35=8|1=ALICE|6=0|11=A-1|14=0.000|17=77-3|37=42|38=1.500|39=0|40=1|54=1|55=BTC-USD|59=0|"
              "60=20260101-12:00:00.123|150=0|151=1.500");
}

OrderTraded fill() {
    OrderTraded traded;
    traded.order = order_image();
    traded.order.ord_status = OrdStatus::partially_filled;
    traded.order.leaves_qty = Quantity{1200};
    traded.order.cum_qty = Quantity{300};
    traded.order.cum_tick_lots = 100 * 10000 + 200 * 10025;
    traded.trade = TradeId{12};
    traded.last_px = Price{10025};
    traded.last_qty = Quantity{200};
    traded.notional = Amount{20'050'000};
    traded.fee = Amount{20'050};
    return traded;
}

TEST(ExecutionReport, TradeOfATaker) {
    EXPECT_EQ(
        sent(fill()),
        "35=8|1=ALICE|6=100.166667|11=A-1|14=0.300|17=77-3|31=100.25|32=0.200|37=42|38=1.500|39=1|40=2|"
        "44=100.25|54=1|55=BTC-USD|59=0|60=20260101-12:00:00.123|136=1|137=0.020050|138=USD|139=4|891=0|"
        "150=F|151=1.200|527=12|851=2");
}

TEST(ExecutionReport, TradeOfAMakerWithARebate) {
    auto traded = fill();
    traded.maker = 1;
    traded.fee = Amount{-500};
    EXPECT_THAT(sent(traded),
                HasSubstr("|136=1|137=-0.000500|138=USD|139=4|891=0|150=F|151=1.200|527=12|851=1"));
}

TEST(ExecutionReport, NumbersAtTheEndsOfTheRangeAreExact) {
    auto order = order_image();
    order.instrument = aapl;
    order.price = Price{9'999'999'999'999'999};
    order.order_qty = Quantity{1'000'000'000'000'000};
    order.leaves_qty = Quantity{INT64_MAX};
    EXPECT_THAT(sent(OrderAccepted{order}), HasSubstr("|38=1000000000000000|"));
    EXPECT_THAT(sent(OrderAccepted{order}), HasSubstr("|44=99999999999999.99|"));
    EXPECT_THAT(sent(OrderAccepted{order}), HasSubstr("|151=9223372036854775807"));
}

TEST(ExecutionReport, CanceledOnRequestNamesTheRequest) {
    const OrderCanceled canceled{.order = ended(OrdStatus::canceled), .request = ClOrdID::cut("A-2")};
    EXPECT_EQ(
        sent(canceled),
        "35=8|1=ALICE|6=0|11=A-2|14=0.000|17=77-3|37=42|38=1.500|39=4|40=2|41=A-1|44=100.25|54=1|55=BTC-USD|"
        "59=0|60=20260101-12:00:00.123|150=4|151=0.000");
}

TEST(ExecutionReport, ExpiredIsC) {
    const OrderCanceled canceled{
        .order = ended(OrdStatus::expired), .request = {}, .why = Unsolicited::expired};
    EXPECT_EQ(
        sent(canceled),
        "35=8|1=ALICE|6=0|11=A-1|14=0.000|17=77-3|37=42|38=1.500|39=C|40=2|44=100.25|54=1|55=BTC-USD|59=0|"
        "60=20260101-12:00:00.123|150=C|151=0.000");
}

TEST(ExecutionReport, CancelsThatNobodyAskedForSayWhy) {
    using enum Unsolicited;
    for (const auto& [why, word] :
         {std::pair{disconnect, "DISCONNECT: "}, std::pair{self_match, "SELF_MATCH: "},
          std::pair{operator_, "OPERATOR: "}, std::pair{session_revoked, "REVOKED: "}}) {
        const OrderCanceled canceled{.order = ended(OrdStatus::canceled), .request = {}, .why = why};
        EXPECT_THAT(sent(canceled), HasSubstr(std::string{"|58="} + word));
        EXPECT_THAT(sent(canceled), HasSubstr("|150=4|151=0.000|378=99"));
    }
}

TEST(ExecutionReport, ReplacedNamesBothIdsAndThePlace) {
    auto order = order_image();
    order.cl_ord_id = ClOrdID::cut("A-2");
    OrderReplaced replaced{.order = order, .orig_cl_ord_id = ClOrdID::cut("A-1")};
    EXPECT_EQ(
        sent(replaced),
        "35=8|1=ALICE|6=0|11=A-2|14=0.000|17=77-3|37=42|38=1.500|39=0|40=2|41=A-1|44=100.25|54=1|55=BTC-USD|"
        "59=0|60=20260101-12:00:00.123|150=5|151=1.500|638=1");
    replaced.kept_place = 1;
    EXPECT_THAT(sent(replaced), HasSubstr("|638=0"));
}

TEST(ExecutionReport, StatusInAnswerToAKnownPossResend) {
    EXPECT_THAT(sent(OrderStatusReport{order_image()}), HasSubstr("|39=0|"));
    EXPECT_THAT(sent(OrderStatusReport{order_image()}), HasSubstr("|150=I|151=1.500"));
}

TEST(ExecutionReport, RejectedTellsTheBound) {
    OrderRejected rejected{
        .order = ended(OrdStatus::rejected), .bound = 12'500'000, .reason = RejectReason::insufficient_funds};
    EXPECT_EQ(
        sent(rejected),
        "35=8|1=ALICE|6=0|11=A-1|14=0.000|17=77-3|37=42|38=1.500|39=8|40=2|44=100.25|54=1|55=BTC-USD|"
        "58=FUNDS: the order needs more than the account has available: 12.500000 USD is available|59=0|"
        "60=20260101-12:00:00.123|103=3|150=8|151=0.000");
    rejected.order.side = Side::sell;
    EXPECT_THAT(sent(rejected), HasSubstr(": 0.12500000 BTC is available|"));
    rejected.bound = 5;
    rejected.reason = RejectReason::quantity_too_small;
    EXPECT_THAT(sent(rejected),
                HasSubstr("|58=QTY_TOO_SMALL: OrderQty(38) is below the instrument's least: 0.005|"));
    EXPECT_THAT(sent(rejected), HasSubstr("|103=13|"));
    rejected.reason = RejectReason::over_notional_limit;
    EXPECT_THAT(sent(rejected), HasSubstr(": 0.000005 USD|"));
    rejected.reason = RejectReason::too_many_open_orders;
    EXPECT_THAT(sent(rejected), HasSubstr(": 5|"));
    rejected.reason = RejectReason::duplicate_cl_ord_id;
    EXPECT_THAT(sent(rejected), HasSubstr("24 hours|"));
}

TEST(OrderCancelReject, OfACancelAndOfAReplace) {
    CancelRejected rejected;
    rejected.order = OrderId{42};
    rejected.cl_ord_id = ClOrdID::cut("A-2");
    rejected.orig_cl_ord_id = ClOrdID::cut("A-1");
    rejected.account = alice;
    rejected.reason = RejectReason::too_late;
    rejected.ord_status = OrdStatus::filled;
    EXPECT_EQ(sent(rejected),
              "35=9|1=ALICE|11=A-2|37=42|39=2|41=A-1|58=TOO_LATE: the order has already ended|"
              "60=20260101-12:00:00.123|102=0|434=1");
    rejected.of_replace = 1;
    EXPECT_THAT(sent(rejected), HasSubstr("|434=2"));
}

TEST(OrderCancelReject, OfAnUnknownOrder) {
    CancelRejected rejected;
    rejected.cl_ord_id = ClOrdID::cut("A-2");
    rejected.reason = RejectReason::unknown_order;
    EXPECT_EQ(sent(rejected), "35=9|11=A-2|37=NONE|39=8|41=NONE|"
                              "58=UNKNOWN_ORDER: no order of this account has that OrderID or OrigClOrdID|"
                              "60=20260101-12:00:00.123|102=1|434=1");
}

TEST(Report, IsOnlyForItsRecipients) {
    EXPECT_EQ(sent(OrderAccepted{order_image()}, origin_of(trader_session), broker_session), "nothing");
    EXPECT_EQ(sent(OrderAccepted{order_image()}, origin_of(trader_session), nobody), "nothing");
}

TEST(Report, OtherEventsMakeNoMessage) {
    EXPECT_EQ(sent(DayEnded{}), "nothing");
    EXPECT_EQ(sent(BalanceChanged{}), "nothing");
    EXPECT_EQ(sent(SessionLoggedOn{}), "nothing");
}

TEST(Report, AViewOlderThanTheEventIsAnError) {
    auto order = order_image();
    order.instrument = InstrumentId{99};
    EXPECT_THROW((void)report(event_of(OrderAccepted{order}), world(), trader_session, false),
                 std::out_of_range);
}

// Whom each event reaches when the order is another session's than the asker's.
TEST(Recipients, WhoAskedAndTheOrdersOwnSession) {
    const auto asker = origin_of(broker_session);
    const auto of = [&](const auto& body) { return recipients(event_of(body, asker)); };
    EXPECT_THAT(of(OrderAccepted{order_image()}), ElementsAre(broker_session, trader_session));
    EXPECT_THAT(of(OrderReplaced{.order = order_image(), .orig_cl_ord_id = {}}),
                ElementsAre(broker_session, trader_session));
    EXPECT_THAT(of(OrderCanceled{.order = order_image(), .request = {}}),
                ElementsAre(broker_session, trader_session));
    EXPECT_THAT(of(OrderRejected{.order = order_image()}), ElementsAre(broker_session, nobody));
    EXPECT_THAT(of(OrderStatusReport{order_image()}), ElementsAre(broker_session, nobody));
    EXPECT_THAT(of(CancelRejected{}), ElementsAre(broker_session, nobody));
    EXPECT_THAT(of(MessageWasRefused{}), ElementsAre(broker_session, nobody));
    EXPECT_THAT(of(DayEnded{}), ElementsAre(nobody, nobody));
}

TEST(Recipients, AMakersFillIsNotTheTakersBusiness) {
    auto traded = fill();
    EXPECT_THAT(recipients(event_of(traded, origin_of(broker_session))),
                ElementsAre(broker_session, trader_session));
    traded.maker = 1;
    EXPECT_THAT(recipients(event_of(traded, origin_of(broker_session))), ElementsAre(trader_session, nobody));
}

TEST(Recipients, WhatTheVenueDidByItselfGoesToTheOwner) {
    for (const auto why : {Unsolicited::disconnect, Unsolicited::operator_, Unsolicited::session_revoked})
        EXPECT_THAT(recipients(event_of(OrderCanceled{.order = order_image(), .request = {}, .why = why},
                                        origin_of(broker_session))),
                    ElementsAre(trader_session, nobody));
}

TEST(Recipients, NoSessionStandsTwiceAndOtherChannelsAreNoSession) {
    EXPECT_THAT(recipients(event_of(OrderAccepted{order_image()})), ElementsAre(trader_session, nobody));
    auto control = origin_of(broker_session);
    control.channel = Channel::control;
    EXPECT_THAT(recipients(event_of(OrderCanceled{.order = order_image(), .request = {}}, control)),
                ElementsAre(trader_session, nobody));
    auto ownerless = order_image();
    ownerless.session = {};
    EXPECT_THAT(recipients(event_of(OrderAccepted{ownerless}, control)), ElementsAre(nobody, nobody));
}

TEST(StatusAnswer, OfAKnownOrder) {
    RequestEcho echo;
    echo.request_id = FixedText<39>::cut("S-1");
    const Answer answer{.asker = origin_of(trader_session),
                        .after = {},
                        .what =
                            OrderAnswer{.asked = {}, .reason = RejectReason::none, .order = order_image()}};
    EXPECT_EQ(
        stock_text(reports(answer, world(), echo).at(0)),
        "35=8|1=ALICE|6=0|11=A-1|14=0.000|17=H1-2-7|37=42|38=1.500|39=0|40=2|44=100.25|54=1|55=BTC-USD|59=0|"
        "150=I|151=1.500|790=S-1");
}

TEST(StatusAnswer, OfAnUnknownOrder) {
    RequestEcho echo;
    echo.cl_ord_id = ClOrdID::cut("A-9");
    echo.symbol = Symbol::cut("AAPL");
    echo.side = Side::sell;
    const Answer answer{.asker = origin_of(trader_session),
                        .after = {},
                        .what = OrderAnswer{.asked = {}, .reason = RejectReason::unknown_order, .order = {}}};
    EXPECT_EQ(stock_text(reports(answer, world(), echo).at(0)),
              "35=8|6=0|11=A-9|14=0|17=H1-2-7|37=NONE|39=8|54=2|55=AAPL|"
              "58=UNKNOWN_ORDER: no order of this account has that OrderID or OrigClOrdID|150=I|151=0");
}

TEST(OtherAnswers, MakeNoMessage) {
    const Answer answer{.asker = origin_of(trader_session), .after = {}, .what = BalancesAnswer{}};
    EXPECT_TRUE(reports(answer, world(), {}).empty());
}

} // namespace
} // namespace tradehive::acceptor
