// What a session of FIX 5.0 SP2 gets, and says, otherwise than one of FIX 4.4.
#include "tests/translation/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

using testing::HasSubstr;
using testing::Not;

OutboundFields made_of(std::string_view msg_type,
                       std::initializer_list<std::pair<int, std::string_view>> of) {
    OutboundFields message{.msg_type = std::string{msg_type}, .poss_resend = false, .fields = {}};
    for (const auto& [tag, text] : of)
        message.add(tag, text);
    return message;
}

OutboundFields report_with(std::initializer_list<std::pair<int, std::string_view>> more) {
    auto message =
        made_of("8", {{37, "1"}, {17, "1-0"}, {39, "0"}, {54, "1"}, {55, "AAPL"}, {151, "0"}, {14, "0"}});
    message.add(6, "0");
    for (const auto& [tag, text] : more)
        message.add(tag, text);
    return message;
}

TEST(Versions, EachGetsItsOwnTags) {
    const auto fill = report_with({{150, "F"}, {111, "5"}, {527, "9"}, {880, "9"}, {851, "1"}, {1057, "N"}});
    EXPECT_EQ(stock_text(fill), "35=8|6=0|14=0|17=1-0|37=1|39=0|54=1|55=AAPL|111=5|150=F|151=0|527=9|851=1");
    EXPECT_EQ(text_in_fix50sp2(fill),
              "35=8|6=0|14=0|17=1-0|37=1|39=0|54=1|55=AAPL|150=F|151=0|527=9|851=1|880=9|1057=N|1138=5");
}

TEST(Versions, EachGetsItsOwnValues) {
    const auto triggered = report_with({{150, "L"}, {378, "99"}, {58, "TRIGGERED: so"}});
    EXPECT_THAT(stock_text(triggered), HasSubstr("|150=D|151=0|378=99"));
    EXPECT_THAT(text_in_fix50sp2(triggered), HasSubstr("|150=L"));
    EXPECT_THAT(text_in_fix50sp2(triggered), Not(HasSubstr("|378=")));
    for (const auto* const reason : {"16", "18"}) {
        const auto refused = report_with({{150, "8"}, {103, reason}});
        EXPECT_THAT(stock_text(refused), HasSubstr("|103=99|"));
        EXPECT_THAT(text_in_fix50sp2(refused), HasSubstr("|103=" + std::string{reason} + "|"));
    }
    const auto day =
        made_of("h", {{335, "q"}, {336, "20260101"}, {340, "2"}, {341, "20260101-00:00:00.000"}});
    EXPECT_THAT(stock_text(day), HasSubstr("|336=20260101|"));
    EXPECT_THAT(text_in_fix50sp2(day), HasSubstr("|336=1|"));
}

TEST(Versions, AGroupHasTheOrderOfItsVersion) {
    auto list = made_of("y", {{320, "q"}, {322, "1"}, {560, "0"}, {146, "2"}});
    for (const auto* const symbol : {"AAPL", "BTC-USD"})
        for (const auto& [tag, text] : {std::pair{55, symbol}, std::pair{15, "USD"}, std::pair{561, "1"},
                                        std::pair{562, "2"}, std::pair{969, "0.01"}, std::pair{1140, "9"}})
            list.add(tag, text);
    EXPECT_THAT(stock_text(list),
                HasSubstr("|146=2|55=AAPL|15=USD|561=1|562=2|55=BTC-USD|15=USD|561=1|562=2"));
    EXPECT_THAT(text_in_fix50sp2(list),
                HasSubstr("|146=2|55=AAPL|969=0.01|562=2|1140=9|561=1|15=USD|55=BTC-USD|"));
}

} // namespace
} // namespace tradehive::acceptor
