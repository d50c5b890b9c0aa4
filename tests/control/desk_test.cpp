#include "tests/control/fake_venue.hpp"

#include "control/requests.hpp"
#include "credentials/secret.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::control {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;
namespace json = boost::json;

struct DeskTest : ::testing::Test {
    FakeVenue venue;
    Caller caller{venue, venue, 10s};
    FakeCredentials credentials;
    FakeSessions sessions;
    const credentials::Keys keys = credentials::Keys::from_text("1 " + std::string(64, '7'), "test");
    Desk desk{{caller, venue, venue, credentials, keys, sessions},
              {{"projector"}, [] { return json::object{{"state", "up"}}; }, {1, 8, 1}}};

    DeskTest() { venue.answers_to(caller); }

    json::object ask(const char* text) { return desk.serve(json::parse(text).as_object()); }
    json::object done(const char* text) {
        auto answer = ask(text);
        EXPECT_TRUE(answer.at("ok").as_bool()) << json::serialize(answer);
        return answer.contains("result") ? answer.at("result").as_object() : json::object{};
    }
    std::string refused(const char* text) {
        const auto answer = ask(text);
        EXPECT_FALSE(answer.at("ok").as_bool()) << json::serialize(answer);
        return answer.contains("word") ? std::string{answer.at("word").as_string()} : std::string{};
    }
    template <class Body>
    Body last() {
        return venue.commands().back().as<Body>();
    }
};

TEST_F(DeskTest, EveryRequestOfTheTableIsServed) {
    for (const auto& shape : requests()) {
        json::object request{{"request", shape.name}};
        for (const auto& field : shape.fields)
            if (field.required) request[field.name] = "?";
        const auto answer = desk.serve(request);
        if (!answer.at("ok").as_bool()) {
            EXPECT_NE(answer.at("word").as_string(), "UNKNOWN_REQUEST") << shape.name;
        }
    }
}

TEST_F(DeskTest, RefusesWhatTheTableDoesNotKnow) {
    EXPECT_EQ(refused(R"({})"), "BAD_REQUEST");
    EXPECT_EQ(refused(R"({"request": 7})"), "BAD_REQUEST");
    EXPECT_EQ(refused(R"({"request": "firm destroy"})"), "UNKNOWN_REQUEST");
    EXPECT_EQ(refused(R"({"request": "firm create", "firm": "A", "colour": "red"})"), "UNKNOWN_FIELD");
    EXPECT_EQ(refused(R"({"request": "firm create", "firm": 5})"), "BAD_FIELD");
    EXPECT_EQ(refused(R"({"request": "firm create"})"), "MISSING_FIELD");
    EXPECT_EQ(refused(R"({"request": "firm create", "firm": "ABCDEFGHIJKLMNOPQ"})"), "TOO_LONG");
    EXPECT_TRUE(venue.commands().empty());
}

TEST_F(DeskTest, DepositCountsExactMinorUnits) {
    done(R"({"request": "deposit", "account": "ACME-1", "asset": "USD", "amount": "1000.50", "key": "k1"})");
    const auto body = last<Deposit>();
    EXPECT_EQ(body.amount.value(), 100'050);
    EXPECT_EQ(body.account, AccountId{2});
    EXPECT_EQ(body.asset, AssetId{1});
    EXPECT_EQ(body.key.view(), "k1");
    EXPECT_EQ(venue.commands().back().header.origin.channel, Channel::control);
    EXPECT_EQ(refused(R"({"request": "deposit", "account": "ACME-1", "asset": "USD", "amount": "0.001"})"),
              "BAD_NUMBER");
    EXPECT_EQ(refused(R"({"request": "deposit", "account": "NOBODY", "asset": "USD", "amount": "1"})"),
              "UNKNOWN_ACCOUNT");
    EXPECT_EQ(refused(R"({"request": "deposit", "account": "ACME-1", "asset": "EUR", "amount": "1"})"),
              "UNKNOWN_ASSET");
}

TEST_F(DeskTest, ARefusalOfTheVenueComesWithItsWordAndBound) {
    venue.refuse_with(RejectReason::insufficient_funds, 12'345);
    const auto answer =
        ask(R"({"request": "withdraw", "account": "ACME-1", "asset": "USD", "amount": "1000"})");
    EXPECT_EQ(answer.at("word").as_string(), "FUNDS");
    EXPECT_THAT(std::string{answer.at("text").as_string()}, HasSubstr("123.45"));
}

TEST_F(DeskTest, AnInstrumentIsMadeOfDecimals) {
    done(
        R"({"request": "instrument create", "symbol": "BTC-USD2", "base": "BTC", "quote": "USD", "tick": "0.50",
             "lot": "0.001", "least-quantity": "0.01", "most-quantity": "10", "least-notional": "5.00",
             "protection": "0.1"})");
    const auto body = last<CreateInstrument>();
    EXPECT_EQ(body.tick_mantissa, 5);
    EXPECT_EQ(body.tick_scale, 1);
    EXPECT_EQ(body.lot_mantissa, 1);
    EXPECT_EQ(body.lot_scale, 3);
    EXPECT_EQ(body.least_quantity.value(), 10);
    EXPECT_EQ(body.most_quantity.value(), 10'000);
    EXPECT_EQ(body.least_notional.value(), 500);
    EXPECT_EQ(body.market_protection, 100'000);
    EXPECT_EQ(refused(R"({"request": "instrument create", "symbol": "X", "base": "BTC", "quote": "USD",
                          "tick": "0", "lot": "1"})"),
              "BAD_STEP");
}

TEST_F(DeskTest, FeesAreDecimalsOfTheNotional) {
    done(R"({"request": "account create", "account": "A", "firm": "ACME", "maker-fee": "-0.0001",
             "taker-fee": "0.002"})");
    const auto body = last<CreateAccount>();
    EXPECT_EQ(body.maker_fee.value(), -100);
    EXPECT_EQ(body.taker_fee.value(), 2000);
    EXPECT_EQ(refused(R"({"request": "account create", "account": "A", "firm": "ACME", "maker-fee": "1.5"})"),
              "BAD_FEE");
}

TEST_F(DeskTest, OrdersAndBalancesAreShownAsDecimals) {
    OrderImage order;
    order.order = OrderId{77};
    order.account = AccountId{2};
    order.instrument = InstrumentId{1};
    order.side = Side::buy;
    order.ord_type = OrdType::limit;
    order.time_in_force = TimeInForce::good_till_cancel;
    order.price = Price{2'000'050};
    order.order_qty = Quantity{12'000};
    order.leaves_qty = Quantity{10'000};
    order.cum_qty = Quantity{2'000};
    order.cum_tick_lots = 2'000'050LL * 2'000;
    order.cl_ord_id = ClOrdID::cut("a-1");
    venue.answer_questions_with(OpenOrdersAnswer{{order}});
    const auto result = done(R"({"request": "orders", "account": "ACME-1"})");
    const auto& row = result.at("rows").as_array().at(0).as_object();
    EXPECT_EQ(row.at("price").as_string(), "20000.50");
    EXPECT_EQ(row.at("quantity").as_string(), "1.2000");
    EXPECT_EQ(row.at("leaves").as_string(), "1.0000");
    EXPECT_EQ(row.at("average").as_string(), "20000.50");
    EXPECT_EQ(row.at("symbol").as_string(), "BTC-USD");
    EXPECT_EQ(std::get<AskOpenOrders>(venue.questions().back().what).account, AccountId{2});

    venue.answer_questions_with(BalancesAnswer{{{AccountId{2}, AssetId{2}, Amount{150'000'000}, Amount{1}}}});
    const auto balances = done(R"({"request": "balances"})");
    EXPECT_EQ(json::serialize(balances),
              R"({"rows":[{"account":"ACME-1","asset":"BTC","total":"1.50000000","held":"0.00000001",)"
              R"("available":"1.49999999"}]})");
}

// --- FIX sessions
// -------------------------------------------------------------------------------------------

constexpr auto create = R"({"request": "fix-session create", "comp-id": "ALPHA", "firm": "ACME",
                            "accounts": "ACME-1"})";

TEST_F(DeskTest, AFixSessionGetsAGeneratedSecretAndTotpOnce) {
    venue.make(5);
    const auto result = done(create);
    EXPECT_EQ(result.at("secret").as_string().size(), 32);
    EXPECT_THAT(std::string{result.at("otpauth_uri").as_string()}, HasSubstr("otpauth://totp/"));
    ASSERT_EQ(venue.commands().size(), 2);
    EXPECT_EQ(venue.commands()[0].as<CreateFixSession>().comp_id.view(), "ALPHA");
    EXPECT_EQ(venue.commands()[1].as<EntitleSession>().session, FixSessionId{5});
    EXPECT_EQ(venue.commands()[1].as<EntitleSession>().account, AccountId{2});
    const auto& stored = credentials.by_username.at("ALPHA");
    EXPECT_EQ(stored.session, FixSessionId{5});
    EXPECT_EQ(credentials::check_keyed(keys, stored.verifier, std::string{result.at("secret").as_string()}),
              credentials::SecretCheck::match);

    venue.know_session(FixSessionId{5}, "ALPHA");
    EXPECT_EQ(refused(create), "ALREADY_EXISTS");
}

TEST_F(DeskTest, CreatingAgainFinishesWhatACrashCutOff) {
    venue.make(5);
    credentials.fails = true;
    EXPECT_EQ(refused(create), "FAILED");
    credentials.fails = false;
    venue.know_session(FixSessionId{5}, "ALPHA");
    venue.make(5, true);
    const auto result = done(create);
    EXPECT_TRUE(result.at("repeated").as_bool());
    EXPECT_EQ(credentials.by_username.at("ALPHA").session, FixSessionId{5});
    // Both times under the same key: the venue makes it once.
    EXPECT_EQ(venue.commands()[0].as<CreateFixSession>().key, venue.commands()[2].as<CreateFixSession>().key);
}

TEST_F(DeskTest, AChosenPasswordIsHashedAndNotShown) {
    venue.make(5);
    const auto result = done(R"({"request": "fix-session create", "comp-id": "ALPHA", "firm": "ACME",
                                 "password": "correct horse battery", "totp": "none", "username": "alpha"})");
    EXPECT_FALSE(result.contains("secret"));
    EXPECT_EQ(json::serialize(result).find("horse"), std::string::npos);
    const auto& stored = credentials.by_username.at("alpha");
    EXPECT_EQ(stored.scheme, PasswordScheme::argon2id);
    EXPECT_EQ(stored.totp_rule, TotpRule::none);
    EXPECT_EQ(credentials::check_password(stored.verifier, "correct horse battery"),
              credentials::SecretCheck::match);
}

TEST_F(DeskTest, AUsernameBelongsToOneSession) {
    venue.make(5);
    done(create);
    venue.know_session(FixSessionId{5}, "ALPHA");
    EXPECT_EQ(refused(R"({"request": "fix-session create", "comp-id": "BETA", "firm": "ACME",
                          "username": "ALPHA"})"),
              "USERNAME_TAKEN");
    EXPECT_EQ(refused(R"({"request": "fix-session create", "comp-id": "GAMMA", "firm": "ACME",
                          "totp": "sometimes"})"),
              "BAD_FIELD");
    EXPECT_EQ(refused(R"({"request": "fix-session create", "comp-id": "GAMMA", "firm": "ACME",
                          "accounts": "FEES"})"),
              "UNKNOWN_ACCOUNT");
}

TEST_F(DeskTest, RevokingRemovesTheCredentialAndLeavesTheLogoutToTheEvent) {
    venue.make(5);
    done(create);
    venue.know_session(FixSessionId{5}, "ALPHA");
    done(R"({"request": "fix-session revoke", "comp-id": "ALPHA"})");
    EXPECT_EQ(last<RevokeSession>().session, FixSessionId{5});
    EXPECT_TRUE(credentials.by_username.empty());
    EXPECT_TRUE(sessions.disconnected.empty());
}

TEST_F(DeskTest, SessionsAreListedDisconnectedAndRenumbered) {
    venue.know_session(FixSessionId{1}, "ALPHA");
    EXPECT_EQ(refused(R"({"request": "session disconnect", "comp-id": "ALPHA"})"), "NOT_LOGGED_ON");
    auto& status = sessions.live.emplace_back();
    status.session = FixSessionId{1};
    status.connected = true;
    status.address = "127.0.0.1:5";
    status.since = Timestamp{1'000'000'000'000'000'000};
    status.next_in = MsgSeqNum{7};
    status.next_out = MsgSeqNum{9};
    const auto result = done(R"({"request": "session list"})");
    const auto& row = result.at("rows").as_array().at(0).as_object();
    EXPECT_EQ(row.at("comp_id").as_string(), "ALPHA");
    EXPECT_EQ(row.at("since").as_string(), "2001-09-09T01:46:40Z");
    done(R"({"request": "session disconnect", "comp-id": "ALPHA", "text": "BYE: see you"})");
    EXPECT_EQ(sessions.disconnected.back().second, "BYE: see you");
    done(R"({"request": "session set-next", "comp-id": "ALPHA", "in": "50", "out": "70"})");
    EXPECT_EQ(last<SetNextNumbers>().next_in.value(), 50);
    EXPECT_EQ(last<SetNextNumbers>().next_out.value(), 70);
    EXPECT_EQ(refused(R"({"request": "session set-next", "comp-id": "ALPHA", "in": "0", "out": "70"})"),
              "BAD_NUMBER");
    done(R"({"request": "session reset", "comp-id": "ALPHA"})");
    EXPECT_EQ(last<SetNextNumbers>().next_out.value(), 1);
}

// --- the venue
// ------------------------------------------------------------------------------------------------

TEST_F(DeskTest, EndDayTakesADate) {
    const auto result = done(R"({"request": "end-day", "day": "1970-01-03"})");
    EXPECT_EQ(last<EndDay>().day, 2);
    EXPECT_EQ(result.at("day").as_string(), "1970-01-03");
    for (const auto* day : {"1970-13-01", "1970-1-3", "today", "9999-01-01", "1969-12-31", "1970-02-30"})
        EXPECT_EQ(desk.serve({{"request", "end-day"}, {"day", day}}).at("word").as_string(), "BAD_DAY")
            << day;
}

TEST_F(DeskTest, CheckTellsTheViolation) {
    venue.answer_questions_with(VenueAnswer{Sequence{3}, 0xab, 0, 0, {}});
    EXPECT_EQ(done(R"({"request": "check"})").at("state_hash").as_string(), "00000000000000ab");
    EXPECT_TRUE(std::get<AskVenue>(venue.questions().back().what).check_invariants);
    venue.answer_questions_with(VenueAnswer{Sequence{3}, 0xab, 0, 0, "book crossed"});
    EXPECT_EQ(refused(R"({"request": "check"})"), "VIOLATED");
    const auto status = done(R"({"request": "status"})");
    EXPECT_TRUE(status.at("events_behind").as_object().contains("projector"));
    EXPECT_EQ(status.at("database").at("state").as_string(), "up");
}

TEST_F(DeskTest, AVenueThatStopsIsSaid) {
    venue.submit_with(Submitted::stopping);
    EXPECT_EQ(refused(R"({"request": "status"})"), "STOPPING");
}

} // namespace
} // namespace tradehive::control
