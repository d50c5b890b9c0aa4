#include "tests/translation/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Kind = ReferenceRequest::Kind;
using Securities = ReferenceRequest::Securities;

constexpr std::uint32_t new_year = 20'454; // 2026-01-01

ReferenceRequest taken(const std::string& message, FixSessionId session = trader_session) {
    EXPECT_NO_THROW(dictionary().validate(parsed(message))) << message;
    return std::get<ReferenceRequest>(translated(message, session));
}

TEST(ReferenceRequest, KeepsWhatIsAsked) {
    const auto list = taken("35=x|320=R|559=4|263=1", prices_session);
    EXPECT_EQ(list.kind, Kind::security_list);
    EXPECT_EQ(list.request_id.view(), "R");
    EXPECT_EQ(list.type, SubscriptionRequest::subscribe);
    EXPECT_EQ(list.securities, Securities::all);
    const auto one = taken("35=x|320=R|559=0|55=AAPL");
    EXPECT_EQ(one.type, SubscriptionRequest::snapshot);
    EXPECT_EQ(one.securities, Securities::one);
    EXPECT_EQ(one.instrument, aapl);
    EXPECT_EQ(taken("35=x|320=R|559=0").securities, Securities::unsupported);
    EXPECT_EQ(taken("35=x|320=R|559=1|55=AAPL").securities, Securities::unsupported);
    const auto status = taken("35=e|324=S|55=DOGE|263=0");
    EXPECT_EQ(status.kind, Kind::security_status);
    EXPECT_EQ(status.request_id.view(), "S");
    EXPECT_EQ(status.instrument, InstrumentId{});
    const auto session = taken("35=g|335=T|336=20260101|263=2");
    EXPECT_EQ(session.kind, Kind::trading_session);
    EXPECT_EQ(session.trading_session.view(), "20260101");
    EXPECT_EQ(session.type, SubscriptionRequest::unsubscribe);
}

TEST(ReferenceRequest, IsNotTakenOnADropCopySession) {
    EXPECT_THAT(refusal_of("35=x|320=R|559=4", copy_session), HasSubstr("|380=3"));
    EXPECT_THAT(refusal_of("35=e|324=" + std::string(40, 'x') + "|55=AAPL|263=0"),
                HasSubstr("|371=324|372=e|373=5"));
}

TEST(SecurityList, SaysLotLeastQuantityAndCurrency) {
    const auto request = taken("35=x|320=R|559=4|263=0");
    EXPECT_EQ(stock_text(security_list_page(request, world().instruments, world(),
                                            {.message = 1, .of_all = 2, .last = true})),
              "35=y|146=2|55=BTC-USD|15=USD|561=0.001|562=0.001|55=AAPL|15=USD|561=1|562=1|"
              "320=R|322=2-7-1|393=2|560=0|893=Y");
    EXPECT_EQ(stock_text(security_list_refused(request, RejectReason::unknown_instrument)),
              "35=y|320=R|322=2-7-1|560=2");
    EXPECT_EQ(stock_text(security_list_refused(request, RejectReason::duplicate_request)),
              "35=y|320=R|322=2-7-1|560=1");
}

TEST(SecurityList, EachPageSaysWhetherItIsTheLast) {
    const auto request = taken("35=x|320=R|559=4");
    const auto page = security_list_page(request, {world().instruments.data(), 1}, world(),
                                         {.message = 5, .of_all = 250, .last = false});
    EXPECT_THAT(stock_text(page),
                AllOf(StartsWith("35=y|146=1|"), EndsWith("|322=2-7-5|393=250|560=0|893=N")));
}

TEST(ReferenceRequest, OverItsRateIsABusinessReject) {
    const auto command = refuse(taken("35=g|335=T|263=0"), RejectReason::throttled);
    const auto event = event_of(MessageWasRefused{command.as<MessageRefused>()}, command.header.origin);
    EXPECT_EQ(stock_text(*report(event, world(), trader_session, false)),
              "35=j|45=7|58=THROTTLE: the session sends faster than it may; slow down and send again|372=g|"
              "379=T|380=0");
}

TEST(News, TellsOfAHaltAndOfItsEnd) {
    Instrument instrument = *world().instrument(aapl);
    instrument.state = InstrumentState::halted;
    EXPECT_EQ(stock_text(instrument_news(instrument, noon)),
              "35=B|33=1|58=AAPL is halted: cancels are taken, orders and replaces are not|"
              "42=20260101-12:00:00.123|61=1|146=1|55=AAPL|148=HALT: AAPL");
    instrument.state = InstrumentState::open;
    const auto open = stock_text(instrument_news(instrument, noon));
    EXPECT_THAT(open, HasSubstr("|148=RESUME: AAPL"));
    EXPECT_THAT(open, HasSubstr("|61=0|"));
}

TEST(SecurityStatus, SaysWhetherTheInstrumentTrades) {
    const auto request = taken("35=e|324=S|55=AAPL|263=1");
    EXPECT_EQ(stock_text(security_status(request, InstrumentState::open, noon, false)),
              "35=f|55=AAPL|60=20260101-12:00:00.123|324=S|325=N|326=17");
    const auto halted = stock_text(security_status(request, InstrumentState::halted, noon, true));
    EXPECT_THAT(halted, HasSubstr("|325=Y|326=2"));
    EXPECT_THAT(halted, HasSubstr("|58=HALTED: "));
    EXPECT_EQ(stock_text(security_status_refused(request, RejectReason::unknown_request)),
              "35=f|55=AAPL|58=UNKNOWN_REQUEST: the id names no subscription that is alive|324=S|326=20");
}

TEST(TradingSessionStatus, IsTheDayOfTrading) {
    const auto request = taken("35=g|335=T|263=1");
    EXPECT_EQ(stock_text(trading_session_status(request, new_year, true)),
              "35=h|325=Y|335=T|336=20260101|340=2|341=20260101-00:00:00.000");
    EXPECT_TRUE(is_trading_session("20260101", new_year));
    EXPECT_FALSE(is_trading_session("20260102", new_year));
    EXPECT_EQ(stock_text(trading_session_refused(request, new_year, RejectReason::unknown_trading_session)),
              "35=h|58=TRADING_SESSION: TradingSessionID(336) must be absent or the UTC date of the day|"
              "335=T|336=20260101|340=6|567=1");
    EXPECT_THAT(stock_text(trading_session_refused(request, new_year, RejectReason::duplicate_request)),
                HasSubstr("|567=99"));
}

} // namespace
} // namespace tradehive::acceptor
