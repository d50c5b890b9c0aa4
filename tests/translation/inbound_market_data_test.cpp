#include "tests/translation/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

using market_data::EntryType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using Type = SubscriptionRequest;

std::string request(std::string_view subscription, std::string_view depth, std::string_view types,
                    std::string_view symbols, std::string_view more = "") {
    return "35=V|262=M-1|263=" + std::string{subscription} + "|264=" + std::string{depth} +
           std::string{more} + "|267=" + std::string{types} + "|146=" + std::string{symbols};
}

MarketDataRequest taken(const std::string& message, FixSessionId session = trader_session) {
    EXPECT_NO_THROW(dictionary().validate(parsed(message))) << message;
    const auto result = translated(message, session);
    EXPECT_TRUE(std::holds_alternative<MarketDataRequest>(result)) << message;
    return std::get<MarketDataRequest>(result);
}

TEST(MarketDataRequest, KeepsItsTerms) {
    for (const auto session : {trader_session, prices_session}) {
        const auto asked = taken(request("1", "10", "2|269=0|269=1", "1|55=AAPL", "|265=1|266=Y"), session);
        EXPECT_EQ(asked.origin, origin_of(session));
        EXPECT_EQ(asked.request_id.view(), "M-1");
        EXPECT_EQ(asked.type, Type::subscribe);
        EXPECT_THAT(asked.instruments, ElementsAre(aapl));
        EXPECT_EQ(asked.terms.window.depth, 10U);
        EXPECT_TRUE(asked.terms.edition.incremental);
        EXPECT_FALSE(asked.terms.window.by_order);
        EXPECT_TRUE(asked.terms.edition.types.has(Side::buy));
        EXPECT_TRUE(asked.terms.edition.types.has(Side::sell));
        EXPECT_FALSE(asked.terms.edition.types.has(EntryType::trade));
    }
}

TEST(MarketDataRequest, WholeAgainByOrderAndEveryType) {
    const auto asked = taken(
        request("1", "0", "8|269=0|269=1|269=2|269=4|269=5|269=7|269=8|269=B", "1|55=AAPL", "|265=0|266=N"));
    EXPECT_FALSE(asked.terms.edition.incremental);
    EXPECT_TRUE(asked.terms.window.by_order);
    for (const auto type : market_data::entry_types)
        EXPECT_TRUE(asked.terms.edition.types.has(type)) << static_cast<char>(type);
}

TEST(MarketDataRequest, ASnapshotNeedsNoUpdateType) {
    const auto asked = taken(request("0", "50", "1|269=1", "1|55=AAPL"));
    EXPECT_EQ(asked.type, Type::snapshot);
    EXPECT_EQ(asked.terms.window.depth, 50U);
    EXPECT_FALSE(asked.terms.edition.types.has(Side::buy));
}

TEST(MarketDataRequest, NamesEachInstrumentOnce) {
    const auto asked = taken(request("0", "1", "1|269=0", "3|55=AAPL|55=BTC-USD|55=AAPL"));
    EXPECT_THAT(asked.instruments, ElementsAre(aapl, btc_usd));
}

TEST(MarketDataRequest, ToEndASubscriptionOnlyTheIdCounts) {
    const auto asked = taken(request("2", "3", "1|269=6", "1|55=DOGE", "|266=N"));
    EXPECT_EQ(asked.type, Type::unsubscribe);
    EXPECT_EQ(asked.request_id.view(), "M-1");
    EXPECT_THAT(asked.instruments, IsEmpty());
}

TEST(MarketDataRequest, EachRefusalHasItsCode) {
    const auto refusal = [](std::string_view text) { return "35=Y|58=" + std::string{text}; };
    EXPECT_EQ(refusal_of(request("3", "0", "1|269=0", "1|55=AAPL")),
              "35=Y|58=SUBSCRIPTION: SubscriptionRequestType(263) must be 0 (snapshot), 1 (subscribe) or 2 "
              "(end)|262=M-1|281=4");
    EXPECT_THAT(refusal_of(request("0", "3", "1|269=0", "1|55=AAPL")), StartsWith(refusal("DEPTH: ")));
    EXPECT_THAT(refusal_of(request("0", "3", "1|269=0", "1|55=AAPL")), HasSubstr("|281=5"));
    EXPECT_THAT(refusal_of(request("1", "0", "1|269=0", "1|55=AAPL")), StartsWith(refusal("UPDATE_TYPE: ")));
    EXPECT_THAT(refusal_of(request("1", "0", "1|269=0", "1|55=AAPL", "|265=2")), HasSubstr("|281=6"));
    EXPECT_THAT(refusal_of(request("0", "0", "1|269=0", "1|55=AAPL", "|266=X")),
                StartsWith(refusal("BOOK: ")));
    EXPECT_THAT(refusal_of(request("0", "0", "1|269=0", "1|55=AAPL", "|266=X")), HasSubstr("|281=7"));
    EXPECT_THAT(refusal_of(request("0", "0", "2|269=0|269=6", "1|55=AAPL")),
                StartsWith(refusal("ENTRY_TYPE: ")));
    EXPECT_THAT(refusal_of(request("0", "0", "1|269=6", "1|55=AAPL")), HasSubstr("|281=8"));
    EXPECT_THAT(refusal_of(request("0", "0", "1|269=0", "2|55=AAPL|55=DOGE")),
                StartsWith(refusal("UNKNOWN_SYMBOL: ")));
    EXPECT_THAT(refusal_of(request("0", "0", "1|269=0", "1|55=DOGE")), HasSubstr("|281=0"));
}

TEST(MarketDataRequest, IsRefusedBySessionsThatKnowItsIdOrAreFull) {
    const auto refused = [](RejectReason why) {
        const auto asked = taken(request("1", "0", "1|269=0", "1|55=AAPL", "|265=1"));
        const auto command = refuse(asked, why);
        const auto event = event_of(MessageWasRefused{command.as<MessageRefused>()}, command.header.origin);
        return stock_text(*report(event, world(), trader_session, false));
    };
    EXPECT_EQ(refused(RejectReason::duplicate_request),
              "35=Y|58=DUPLICATE_REQUEST: the id names a request that is alive; give each its own|"
              "262=M-1|281=1");
    EXPECT_THAT(refused(RejectReason::busy), HasSubstr("|281=2"));
    EXPECT_THAT(refused(RejectReason::too_many_subscriptions), HasSubstr("|281=2"));
    EXPECT_EQ(refused(RejectReason::unknown_request),
              "35=Y|58=UNKNOWN_REQUEST: the id names no subscription that is alive|262=M-1");
    EXPECT_EQ(
        stock_text(market_data_reject_message(MDReqID::cut("M-2"), RejectReason::book_too_large)),
        "35=Y|58=TOO_LARGE: the book does not fit into one message; ask for fewer levels|262=M-2|281=2");
}

TEST(MarketDataRequest, NamesAtLeastOneInstrument) {
    for (const std::string_view subscription : {"0", "1"})
        EXPECT_FALSE(std::holds_alternative<MarketDataRequest>(
            translated(request(subscription, "0", "1|269=0", "0", "|265=0"), trader_session)));
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
