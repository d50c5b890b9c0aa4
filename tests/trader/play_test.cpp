#include "trader/conversation.hpp"
#include "trader/play_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::trader {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RecordedMessage line(std::int64_t milliseconds, Direction direction, const std::string& fields) {
    return {.microseconds = milliseconds * 1000,
            .session = "ME",
            .direction = direction,
            .message = FixText::parse("8=FIX.4.4|49=ME|56=THEM|52=x|" + fields + "10=000|", '|')};
}
RecordedMessage out(std::int64_t milliseconds, const std::string& fields) {
    return line(milliseconds, Direction::to_venue, fields);
}
RecordedMessage in(std::int64_t milliseconds, const std::string& fields) {
    return line(milliseconds, Direction::from_venue, fields);
}

const std::vector<RecordedMessage> recording{
    out(0, "35=A|34=1|554=x|"),
    in(1, "35=A|34=1|"),
    out(1000, "35=D|34=2|11=a|1=ME|60=old|"),
    in(1001, "35=8|34=2|11=a|37=77|150=0|39=0|"),
    out(1500, "35=G|34=3|11=b|41=a|38=5|"),
    in(1501, "35=8|34=3|11=b|41=a|37=77|150=5|39=0|"),
    out(1600, "35=H|34=4|37=77|"),
    out(2000, "35=F|34=5|11=c|37=77|"),
    out(2000, "35=D|34=2|11=a|1=ME|43=Y|122=x|"),
    in(2001, "35=8|34=4|11=c|41=b|37=77|150=4|39=4|"),
    out(3000, "35=F|34=6|11=d|41=before|"),
    in(3001, "35=9|34=5|11=d|41=before|58=UNKNOWN_ORDER: no|"),
    out(3500, "35=D|34=7|11=bad id|"),
    in(3501, "35=3|34=6|45=7|373=5|"),
};

TEST(PlayPlanTest, ids_are_fresh_and_chains_hold_together) {
    const auto plan = plan_play(recording, {.prefix = "p-", .account = {}});
    ASSERT_EQ(plan.messages.size(), 6U);
    const auto& messages = plan.messages;
    EXPECT_EQ(messages[0].message.line(), "35=D|11=p-1|1=ME|60=old|");
    EXPECT_EQ(messages[1].message.line(), "35=G|11=p-2|41=p-1|38=5|");
    EXPECT_EQ(messages[2].message.line(), "35=H|11=p-2|")
        << "the OrderID of the recording names the newest ClOrdID";
    EXPECT_EQ(messages[3].message.line(), "35=F|11=p-3|41=p-2|");
    EXPECT_EQ(messages[4].message.line(), "35=F|11=p-4|41=before|") << "an order from before the recording";
    EXPECT_EQ(messages[5].message.line(), "35=D|11=bad id|") << "wrong on purpose";
    EXPECT_EQ(plan.repeats, 1U);
    EXPECT_EQ(plan.unknown_orders, 1U);
    EXPECT_EQ(messages[0].offset.count(), 0);
    EXPECT_EQ(messages[3].offset.count(), 1'000'000);
}

TEST(PlayPlanTest, another_account_and_no_secret) {
    const auto plan = plan_play({out(0, "35=D|11=a|1=ME|"), out(1, "35=BE|923=u|924=3|553=ME|554=x|925=y|")},
                                {.prefix = "p-", .account = "YOU"});
    EXPECT_EQ(plan.messages[0].message[1], "YOU");
    EXPECT_EQ(plan.messages[1].message.line(), "35=BE|923=u|924=3|");
}

TEST(PlayPlanTest, one_session_at_a_time) {
    auto other = out(0, "35=D|11=a|");
    other.session = "YOU";
    try {
        static_cast<void>(plan_play({out(0, "35=D|11=a|"), other}, {}));
        ADD_FAILURE() << "two sessions were taken";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("ME, YOU"));
    }
}

TEST(PlaySpeedTest, stretches_and_shrinks_exactly) {
    using std::chrono::microseconds;
    EXPECT_EQ(PlaySpeed::parse("1").stretched(microseconds(7)).count(), 7);
    EXPECT_EQ(PlaySpeed::parse("10").stretched(microseconds(70)).count(), 7);
    EXPECT_EQ(PlaySpeed::parse("0.5").stretched(microseconds(7)).count(), 14);
    EXPECT_EQ(PlaySpeed::parse("0.5").stretched(microseconds(86'400'000'000)).count(), 172'800'000'000);
    EXPECT_EQ(PlaySpeed::parse("max").stretched(microseconds(86'400'000'000)).count(), 0);
    for (const auto* wrong : {"", "0", "-1", "fast", "1e3", "0.0000001"})
        EXPECT_THROW(static_cast<void>(PlaySpeed::parse(wrong)), std::invalid_argument) << wrong;
}

Conversation conversation_of(const std::vector<RecordedMessage>& lines) {
    Conversation conversation;
    for (const auto& message : lines)
        conversation.take(message);
    return conversation;
}

TEST(ConversationTest, each_answer_belongs_to_its_request) {
    const auto conversation = conversation_of(recording);
    const auto& requests = conversation.requests();
    ASSERT_EQ(requests.size(), 6U);
    EXPECT_THAT(requests[0].answers, ElementsAre("new"));
    EXPECT_THAT(requests[1].answers, ElementsAre("replaced"));
    EXPECT_THAT(requests[2].answers, IsEmpty());
    EXPECT_THAT(requests[3].answers, ElementsAre("canceled"));
    EXPECT_THAT(requests[4].answers, ElementsAre("cancel-reject UNKNOWN_ORDER"));
    EXPECT_THAT(requests[5].answers, ElementsAre("reject 373=5"));
    EXPECT_EQ(conversation.answers(), 5U);
    EXPECT_EQ(conversation.unanswered(), 1U);
}

TEST(ConversationTest, a_question_about_an_order_is_not_the_order) {
    const auto conversation =
        conversation_of({out(0, "35=D|34=1|11=a|"), out(1, "35=H|34=2|11=a|"), in(2, "35=8|11=a|150=0|"),
                         in(3, "35=8|11=a|150=I|"), in(3, "35=8|11=a|150=I|43=Y|")});
    EXPECT_THAT(conversation.requests()[0].answers, ElementsAre("new"));
    EXPECT_THAT(conversation.requests()[1].answers, ElementsAre("status"));
}

TEST(ConversationTest, differences_are_named) {
    const auto recorded = conversation_of({out(0, "35=D|34=1|11=a|"), in(2, "35=8|11=a|150=0|")});
    const auto same = conversation_of({out(0, "35=D|34=9|11=z|"), in(2, "35=8|11=z|150=0|")});
    const auto other = conversation_of({out(0, "35=D|34=9|11=z|"), in(2, "35=8|11=z|150=8|58=FUNDS: no|")});
    EXPECT_THAT(differences(recorded.requests(), same.requests()), IsEmpty());
    EXPECT_THAT(differences(recorded.requests(), other.requests()),
                ElementsAre("request 1 (35=D, a): recorded new; now rejected FUNDS"));
    EXPECT_THAT(differences(recorded.requests(), {}), ElementsAre(HasSubstr("was not sent")));
}

} // namespace
} // namespace tradehive::trader
