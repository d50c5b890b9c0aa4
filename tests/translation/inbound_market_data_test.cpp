#include "tests/translation/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string request(std::string_view subscription, std::string_view depth, std::string_view types,
                    std::string_view symbols, std::string_view more = "") {
    return "35=V|262=M-1|263=" + std::string{subscription} + "|264=" + std::string{depth} +
           std::string{more} + "|267=" + std::string{types} + "|146=" + std::string{symbols};
}

TEST(MarketDataRequest, BecomesAQuestionForTheBook) {
    const auto message = request("0", "10", "2|269=0|269=1", "1|55=AAPL", "|265=0|266=Y");
    EXPECT_NO_THROW(dictionary().validate(parsed(message)));
    for (const auto session : {trader_session, prices_session}) {
        const auto result = translated(message, session);
        const auto& asked = std::get<Asked>(result);
        EXPECT_EQ(asked.question.origin, origin_of(session));
        const auto& ask = std::get<AskBook>(asked.question.what);
        EXPECT_EQ(ask.instrument, aapl);
        EXPECT_EQ(ask.depth, 10U);
        EXPECT_EQ(asked.echo.request_id.view(), "M-1");
        EXPECT_TRUE(asked.echo.bids);
        EXPECT_TRUE(asked.echo.offers);
    }
}

TEST(MarketDataRequest, OneSideOnly) {
    const auto result = translated(request("0", "0", "1|269=1", "1|55=AAPL"));
    const auto& asked = std::get<Asked>(result);
    EXPECT_FALSE(asked.echo.bids);
    EXPECT_TRUE(asked.echo.offers);
    EXPECT_EQ(std::get<AskBook>(asked.question.what).depth, 0U);
}

TEST(MarketDataRequest, EachRefusalHasItsCode) {
    const auto refusal = [](std::string_view text) { return "35=Y|58=" + std::string{text}; };
    EXPECT_EQ(refusal_of(request("1", "0", "1|269=0", "1|55=AAPL", "|265=1")),
              "35=Y|58=SUBSCRIPTION: SubscriptionRequestType(263) must be 0 (snapshot)|262=M-1|281=4");
    EXPECT_THAT(refusal_of(request("0", "3", "1|269=0", "1|55=AAPL")), StartsWith(refusal("DEPTH: ")));
    EXPECT_THAT(refusal_of(request("0", "3", "1|269=0", "1|55=AAPL")), HasSubstr("|281=5"));
    EXPECT_THAT(refusal_of(request("0", "0", "1|269=2", "1|55=AAPL")), HasSubstr("|281=8"));
    EXPECT_THAT(refusal_of(request("0", "0", "1|269=0", "1|55=AAPL", "|266=N")), HasSubstr("|281=7"));
    EXPECT_THAT(refusal_of(request("0", "0", "1|269=0", "1|55=DOGE")),
                StartsWith(refusal("UNKNOWN_SYMBOL: ")));
    EXPECT_THAT(refusal_of(request("0", "0", "1|269=0", "1|55=DOGE")), HasSubstr("|281=0"));
    EXPECT_EQ(refusal_of(request("0", "0", "1|269=0", "2|55=AAPL|55=BTC-USD")),
              "35=Y|58=ONE_SYMBOL: a request names one Symbol(55); send one request for each|262=M-1");
}

TEST(MarketDataRequest, MDReqIDMustFitAndBeThere) {
    auto message = request("0", "0", "1|269=0", "1|55=AAPL");
    message.replace(message.find("M-1"), 3, std::string(40, 'x'));
    EXPECT_THAT(refusal_of(message), HasSubstr("|371=262|372=V|373=5"));
    EXPECT_THAT(refusal_of("35=V|263=0|264=0|267=1|269=0|146=1|55=AAPL"), HasSubstr("|371=262|372=V|373=1"));
}

TEST(MarketDataRequest, IsNotTakenOnADropCopySession) {
    EXPECT_THAT(refusal_of(request("0", "0", "1|269=0", "1|55=AAPL"), copy_session), HasSubstr("|380=3"));
}

} // namespace
} // namespace tradehive::acceptor
