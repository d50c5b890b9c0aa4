#include "tests/translation/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

using testing::HasSubstr;
using Kind = UserRequest::Kind;

UserRequest taken(const std::string& message, FixSessionId session = trader_session) {
    EXPECT_NO_THROW(dictionary().validate(parsed(message))) << message;
    return std::get<UserRequest>(translated(message, session));
}

std::string answered(RejectReason reason, std::uint8_t late = 1) {
    AnswerUser answer;
    answer.request_id = FixedText<39>::cut("U-1");
    answer.username = FixedText<71>::cut("alice");
    answer.reason = reason;
    answer.late = late;
    Event event{};
    event.header = {};
    event.header.origin = origin_of(trader_session);
    set_body(event, UserAnswered{answer});
    EXPECT_FALSE(report(event, world(), prices_session, false));
    const auto message = report(event, world(), trader_session, false);
    return message ? stock_text(*message) : std::string{};
}

TEST(UserRequest, KeepsWhatIsAsked) {
    const auto change = taken("35=BE|923=U-1|924=3|553=alice|554=old:123456|925=new|20101=654321");
    EXPECT_EQ(change.kind, Kind::change_password);
    EXPECT_EQ(change.request_id.view(), "U-1");
    EXPECT_EQ(change.username, "alice");
    EXPECT_EQ(change.password, "old:123456");
    EXPECT_EQ(change.new_password, "new");
    EXPECT_EQ(change.code, "654321");
    EXPECT_EQ(change.origin, origin_of(trader_session));
    const auto status = taken("35=BE|923=U-1|924=4|553=alice|554=old");
    EXPECT_EQ(status.kind, Kind::status);
    EXPECT_EQ(status.password, ""); // not needed, so not kept
    EXPECT_EQ(taken("35=BE|923=U-1|924=1|553=alice|554=x").kind, Kind::unsupported);
    EXPECT_EQ(taken("35=BE|923=U-1|924=2|553=alice").kind, Kind::unsupported);
}

TEST(UserRequest, IsTakenOnEachKindOfSession) {
    for (const auto session : {trader_session, prices_session, copy_session})
        EXPECT_EQ(taken("35=BE|923=U-1|924=4|553=alice", session).origin.session, session);
}

TEST(UserRequest, SaysWhichFieldIsMissing) {
    EXPECT_THAT(refusal_of("35=BE|923=U-1|924=3|553=alice|925=new"), HasSubstr("|371=554|372=BE|373=1"));
    EXPECT_THAT(refusal_of("35=BE|923=U-1|924=3|553=alice|554=old"), HasSubstr("|371=925|372=BE|373=1"));
    EXPECT_THAT(refusal_of("35=BE|924=4|553=alice|923=" + std::string(40, 'x')),
                HasSubstr("|371=923|372=BE|373=5"));
}

TEST(UserResponse, SaysWhatBecameOfIt) {
    EXPECT_EQ(answered(RejectReason::none),
              "35=BF|553=alice|923=U-1|926=5|927=PASSWORD_CHANGED: from now on only the new one counts");
    EXPECT_THAT(answered(RejectReason::password_incorrect), HasSubstr("|926=4|927=PASSWORD_INCORRECT: "));
    EXPECT_THAT(answered(RejectReason::not_own_username, 0), HasSubstr("|926=3|927=USERNAME: "));
    EXPECT_THAT(answered(RejectReason::weak_password), HasSubstr("|926=6|927=WEAK_PASSWORD: "));
    EXPECT_THAT(answered(RejectReason::busy, 0), HasSubstr("|926=6|927=BUSY: "));
}

TEST(UserResponse, TellsTheTerms) {
    ReferenceData data;
    AccountView plain;
    plain.account = AccountId{1};
    plain.code = Code::cut("A-1");
    AccountView bounded = plain;
    bounded.account = AccountId{2};
    bounded.code = Code::cut("A-2");
    bounded.most_open_orders = 200;
    bounded.most_order_qty = Quantity{5000};
    bounded.most_notional = Amount{7'000'000};
    bounded.frozen = true;
    data.accounts = {plain, bounded};
    FixSessionView session;
    session.kind = SessionKind::market_data;
    session.resend_max_age = 10;
    session.killed = true;
    session.accounts = {AccountId{1}, AccountId{2}};
    const SessionTerms agreed{.cancel_on_disconnect = CancelOnDisconnect::account,
                              .message_bytes = 8192,
                              .questions = {50, 512},
                              .orders = {60, 70},
                              .cancels = {80, 90},
                              .subscriptions = 256};
    EXPECT_EQ(
        stock_text(user_status(RequestID::cut("U-1"), "alice", session, data, agreed)),
        "35=BF|553=alice|923=U-1|926=1|927=KIND=market-data; CANCEL_ON_DISCONNECT=account; "
        "RESEND_MAX_AGE=10; MESSAGE_BYTES=8192; REQUESTS_PER_SECOND=50; REQUESTS_AT_ONCE=512; "
        "ORDERS_PER_SECOND=60; ORDERS_AT_ONCE=70; "
        "CANCELS_PER_SECOND=80; CANCELS_AT_ONCE=90; "
        "SUBSCRIPTIONS=256; KILLED=Y; ACCOUNTS=2; "
        "ACCOUNT=A-1; OPEN_ORDERS=none; ORDER_QTY_LOTS=none; NOTIONAL_MINOR_UNITS=none; FROZEN=N; KILLED=N; "
        "ACCOUNT=A-2; OPEN_ORDERS=200; ORDER_QTY_LOTS=5000; NOTIONAL_MINOR_UNITS=7000000; FROZEN=Y; "
        "KILLED=N");
    session.accounts.assign(100, AccountId{1}); // no more than fit into a message
    const auto many =
        text(write(user_status(RequestID::cut("U-1"), "alice", session, data, agreed), FixVersion::fix44));
    EXPECT_THAT(many, HasSubstr("; ACCOUNTS=100; "));
    std::size_t told = 0;
    for (auto at = many.find("ACCOUNT="); at != std::string::npos; at = many.find("ACCOUNT=", at + 1))
        ++told;
    EXPECT_EQ(told, 64U);
}

} // namespace
} // namespace tradehive::acceptor
