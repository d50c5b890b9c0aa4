#include "acceptor/translation/refusal.hpp"
#include "tests/translation/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

using testing::HasSubstr;

std::string answered(const Command& command) {
    EXPECT_EQ(command.header.kind, CommandKind::message_refused);
    EXPECT_EQ(command.header.origin, origin_of(trader_session));
    const auto event = event_of(MessageWasRefused{command.as<MessageRefused>()}, command.header.origin);
    const auto message = report(event, world(), trader_session, false);
    return message ? stock_text(*message) : "nothing";
}

std::string refused(std::string_view message, RejectReason why) {
    const auto result = translated(message);
    if (const auto* const command = std::get_if<Command>(&result))
        return answered(refuse(*command, why, world()));
    if (const auto* const request = std::get_if<MarketDataRequest>(&result))
        return answered(refuse(*request, why));
    return answered(refuse(std::get<Asked>(result), why, world()));
}

std::string busy(std::string_view message) {
    return refused(message, RejectReason::busy);
}

TEST(Busy, AnOrderIsRefusedByAnExecutionReport) {
    EXPECT_EQ(
        busy("35=D|11=A-1|55=BTC-USD|54=2|60=20260101-12:00:00|40=2|38=1|44=1"),
        "35=8|1=ALICE|6=0|11=A-1|14=0|17=77-3|37=77|39=8|40=2|54=2|55=BTC-USD|"
        "58=BUSY: the venue's queue is full; send again later|60=20260101-12:00:00.123|103=99|150=8|151=0");
}

TEST(Busy, CancelAndReplaceAreRefusedByACancelReject) {
    EXPECT_EQ(busy("35=F|11=A-2|41=A-1|37=42|55=BTC-USD|54=2|60=20260101-12:00:00"),
              "35=9|11=A-2|37=42|39=8|41=A-1|58=BUSY: the venue's queue is full; send again later|"
              "60=20260101-12:00:00.123|102=99|434=1");
    EXPECT_THAT(busy("35=G|11=A-2|41=A-1|55=BTC-USD|54=2|60=20260101-12:00:00|40=2|38=1|44=1"),
                HasSubstr("|102=99|434=2"));
}

TEST(Busy, QuestionsHaveTheirOwnReject) {
    EXPECT_EQ(busy("35=V|262=M-1|263=0|264=0|267=1|269=0|146=1|55=AAPL"),
              "35=Y|58=BUSY: the venue's queue is full; send again later|262=M-1|281=2");
    EXPECT_EQ(busy("35=H|11=A-1|55=AAPL|54=1"),
              "35=j|45=7|58=BUSY: the venue's queue is full; send again later|372=H|379=A-1|380=0");
}

TEST(Busy, ARefusalStaysWhatItWas) {
    EXPECT_THAT(busy("35=D|11=A-1|55=DOGE|54=2|60=20260101-12:00:00|40=2|38=1|44=1"),
                HasSubstr("UNKNOWN_SYMBOL"));
}

TEST(Throttled, EachMessageHasItsOwnChannel) {
    const auto throttled = [](std::string_view message) { return refused(message, RejectReason::throttled); };
    constexpr auto text = "58=THROTTLE: the session sends faster than it may; slow down and send again|";
    const auto order = throttled("35=D|11=A-1|55=BTC-USD|54=2|60=20260101-12:00:00|40=2|38=1|44=1");
    EXPECT_THAT(order, HasSubstr(text));
    EXPECT_THAT(order, HasSubstr("|103=99|150=8|"));
    EXPECT_THAT(throttled("35=G|11=A-2|41=A-1|55=BTC-USD|54=2|60=20260101-12:00:00|40=2|38=1|44=1"),
                HasSubstr("|102=99|434=2"));
    EXPECT_THAT(throttled("35=q|11=A-3|530=7|60=20260101-12:00:00"), HasSubstr("|530=7|531=0"));
    EXPECT_EQ(throttled("35=AF|584=S-1|585=7"), "35=j|45=7|" + std::string{text} + "372=AF|379=S-1|380=0");
}

TEST(BySession, TheNumberIsJournaledAndNothingMoreIsSent) {
    const auto command = refused_by_session(origin_of(trader_session), "D");
    EXPECT_EQ(answered(command), "nothing");
    const auto event = event_of(MessageWasRefused{command.as<MessageRefused>()});
    EXPECT_EQ(recipients(event).front(), FixSessionId{});
}

TEST(RejectText, FitsItsFieldAndIsPlainASCII) {
    OrderImage order;
    order.instrument = btc_usd;
    order.side = Side::buy;
    for (std::uint8_t i = 0; i < reject_reason_count; ++i) {
        const auto reason = static_cast<RejectReason>(i);
        const auto text = refusal_text(reason);
        EXPECT_LE(text.size(), Reason::capacity) << text;
        for (const char c : refusal_text(reason, INT64_MAX, order, world()))
            EXPECT_TRUE(c >= ' ' && c <= '~') << text;
    }
}

} // namespace
} // namespace tradehive::acceptor
