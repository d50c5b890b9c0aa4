#include "tests/translation/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view good_order =
    "35=D|11=A-1|55=BTC-USD|54=1|60=20260101-12:00:00.000|40=2|38=1.5|44=100.25|59=1";
constexpr std::string_view good_cancel = "35=F|41=A-1|11=A-2|55=BTC-USD|54=1|60=20260101-12:00:00.000";
constexpr std::string_view good_replace =
    "35=G|41=A-1|11=A-2|55=BTC-USD|54=1|60=20260101-12:00:00.000|40=2|38=1|44=100";

// The message with one field set to another value, or added.
std::string with(std::string_view message, int tag, std::string_view value) {
    std::string result{message};
    const std::string name = "|" + std::to_string(tag) + "=";
    if (const auto at = result.find(name); at != std::string::npos)
        result.erase(at, result.find('|', at + 1) - at);
    return result + name + std::string{value};
}

std::string without(std::string_view message, int tag) {
    auto result = with(message, tag, "");
    result.erase(result.rfind('|'));
    return result;
}

template <CommandBody Body>
Body taken(std::string_view message, FixSessionId session = trader_session) {
    const auto result = translated(message, session);
    const auto& command = std::get<Command>(result);
    if (command.header.kind != Body::kind) throw std::runtime_error{refusal_of(message, session)};
    EXPECT_EQ(command.header.origin, origin_of(session));
    return command.as<Body>();
}

TEST(NewOrderSingle, BecomesEnterOrderInTicksAndLots) {
    const auto order = taken<EnterOrder>(good_order);
    EXPECT_EQ(order.account, alice);
    EXPECT_EQ(order.instrument, btc_usd);
    EXPECT_EQ(order.price, Price{10025});
    EXPECT_EQ(order.order_qty, Quantity{1500});
    EXPECT_EQ(order.cl_ord_id.view(), "A-1");
    EXPECT_EQ(order.side, Side::buy);
    EXPECT_EQ(order.ord_type, OrdType::limit);
    EXPECT_EQ(order.time_in_force, TimeInForce::good_till_cancel);
    EXPECT_EQ(order.poss_resend, 0);
}

TEST(NewOrderSingle, TimeInForceIsDayWhenAbsent) {
    EXPECT_EQ(taken<EnterOrder>(without(good_order, 59)).time_in_force, TimeInForce::day);
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 59, "0")).time_in_force, TimeInForce::day);
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 59, "3")).time_in_force, TimeInForce::immediate_or_cancel);
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 59, "4")).time_in_force, TimeInForce::fill_or_kill);
}

TEST(NewOrderSingle, MarketOrderNeedsNoPrice) {
    const auto order = taken<EnterOrder>(without(with(good_order, 40, "1"), 44));
    EXPECT_EQ(order.ord_type, OrdType::market);
    EXPECT_EQ(order.price, Price{});
}

TEST(NewOrderSingle, SellIsSell) {
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 54, "2")).side, Side::sell);
}

TEST(NewOrderSingle, HarmlessFieldsAreIgnored) {
    const auto message =
        std::string{good_order} + "|21=1|15=USD|58=hello|63=0|100=X|207=X|453=1|448=ME|447=D|452=3";
    EXPECT_NO_THROW(dictionary().validate(parsed(message)));
    const auto order = taken<EnterOrder>(message);
    EXPECT_EQ(order.order_qty, Quantity{1500});
}

TEST(NewOrderSingle, PossResendIsMarked) {
    EXPECT_EQ(taken<EnterOrder>("35=D|97=Y" + std::string{good_order.substr(4)}).poss_resend, 1);
}

TEST(NewOrderSingle, AccountIsTakenFromTheFieldOrTheOnlyEntitlement) {
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 1, "BOB"), broker_session).account, bob);
    EXPECT_EQ(refusal_of(good_order, broker_session),
              "35=8|6=0|11=A-1|14=0|17=77-3|37=77|39=8|40=2|54=1|55=BTC-USD|"
              "58=ACCOUNT_NEEDED: Account(1) is needed unless the session acts for exactly one account|"
              "60=20260101-12:00:00.123|103=15|150=8|151=0");
}

// Whether a stranger's account exists is the venue's secret: the venue refuses EVE with the same words.
TEST(NewOrderSingle, UnknownAccountIsRefusedAfterEverythingElse) {
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 1, "EVE")).account, AccountId{4});
    EXPECT_THAT(
        refusal_of(with(good_order, 1, "NOBODY")),
        HasSubstr("58=UNKNOWN_ACCOUNT: Account(1) must name an account that this session may act for|"));
    EXPECT_THAT(refusal_of(with(good_order, 1, "NOBODY")), HasSubstr("|103=15|"));
    EXPECT_THAT(refusal_of(with(with(good_order, 1, "NOBODY"), 44, "100.001")), HasSubstr("BAD_PRICE"));
}

struct Number {
    std::string_view text;
    std::int64_t units; // of 0.01
};

TEST(NewOrderSingle, DecimalsAreReadExactly) {
    for (const auto& [number, ticks] :
         {Number{"1.", 100}, Number{".5", 50}, Number{"0001.10", 110},
          Number{"99999999999999.99", 9'999'999'999'999'999},
          Number{"1000000000000000", 100'000'000'000'000'000}, Number{"0.10000000000000000000000", 10},
          Number{"-1", -100}, Number{"0", 0}})
        EXPECT_EQ(taken<EnterOrder>(with(good_order, 44, number)).price, Price{ticks}) << number;
}

TEST(NewOrderSingle, WhatIsNoDecimalIsAReject) {
    for (const auto* const number :
         {"1e15", "1E2", "+1", "1,5", "1.2.3", "--1", ".", "-", "0x10", "NaN", "inf", "1 "}) {
        EXPECT_THAT(refusal_of(with(good_order, 44, number)), StartsWith("35=3|45=7|58=BAD_FIELD: "))
            << number;
        EXPECT_THAT(refusal_of(with(good_order, 44, number)), HasSubstr("|371=44|372=D|373=6")) << number;
        EXPECT_THAT(refusal_of(with(good_order, 38, number)), HasSubstr("|371=38|372=D|373=6")) << number;
    }
}

TEST(NewOrderSingle, OffTickAndOffLotAreNeverRounded) {
    EXPECT_EQ(refusal_of(with(good_order, 44, "100.255")),
              "35=8|6=0|11=A-1|14=0|17=77-3|37=77|39=8|40=2|54=1|55=BTC-USD|"
              "58=BAD_PRICE: Price(44) must be a whole multiple of the tick 0.01|"
              "60=20260101-12:00:00.123|103=99|150=8|151=0");
    EXPECT_THAT(refusal_of(with(good_order, 38, "0.0005")),
                HasSubstr("58=BAD_QTY: OrderQty(38) must be a whole multiple of the lot 0.001|"));
    EXPECT_THAT(refusal_of(with(good_order, 38, "0.0005")), HasSubstr("|103=13|"));
    EXPECT_THAT(refusal_of(with(with(good_order, 55, "AAPL"), 38, "1.5")), HasSubstr("of the lot 1|"));
}

TEST(NewOrderSingle, NumbersBeyondTheRangeAreRefusedByTheirOwnRule) {
    EXPECT_THAT(refusal_of(with(good_order, 38, "99999999999999999999")),
                HasSubstr("58=BAD_QTY: the number has"));
    EXPECT_THAT(refusal_of(with(good_order, 44, "9223372036854775807")),
                HasSubstr("58=BAD_PRICE: the number has"));
    EXPECT_THAT(refusal_of(with(good_order, 44, "0.0000000000000000001")),
                HasSubstr("58=BAD_PRICE: the number has"));
}

TEST(NewOrderSingle, ClOrdIDIs1To36OfItsCharacters) {
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 11, "aZ09._-")).cl_ord_id.view(), "aZ09._-");
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 11, std::string(36, 'x'))).cl_ord_id.view().size(), 36U);
    for (const auto& id :
         {std::string(37, 'x'), std::string{"A 1"}, std::string{"A/1"}, std::string{"\xc3\xa4"}})
        EXPECT_EQ(
            refusal_of(with(good_order, 11, id)),
            "35=3|45=7|58=BAD_FIELD: ClOrdID(11) must be 1 to 36 of A-Z a-z 0-9 . _ -|371=11|372=D|373=5")
            << id;
}

struct Unsupported {
    int tag;
    std::string_view value;
    std::string_view text;
    std::string_view code;
};

TEST(NewOrderSingle, EachRefusalHasItsReasonAndWord) {
    for (const auto& [tag, value, word, code] :
         {Unsupported{55, "DOGE-USD", "UNKNOWN_SYMBOL: ", "1"}, Unsupported{54, "5", "SIDE: ", "11"},
          Unsupported{40, "5", "ORD_TYPE: ", "11"}, Unsupported{40, "P", "ORD_TYPE: ", "11"},
          Unsupported{59, "7", "TIME_IN_FORCE: ", "11"}, Unsupported{59, "2", "TIME_IN_FORCE: ", "11"},
          Unsupported{18, "G", "UNSUPPORTED_FIELD: ExecInst(18)", "11"},
          Unsupported{168, "20260102-00:00:00", "UNSUPPORTED_FIELD: tag 168 ", "11"},
          Unsupported{99, "1.001", "STOP_PX: StopPx(99) must be a whole multiple of the tick", "99"},
          Unsupported{110, "0.0005", "MIN_QTY: MinQty(110) must be a whole multiple of the lot", "11"},
          Unsupported{111, "0.0005", "MAX_FLOOR: MaxFloor(111) must be", "11"},
          Unsupported{111, "0", "MAX_FLOOR: ", "11"},
          Unsupported{152, "0.00000000001", "QTY_OR_CASH: CashOrderQty(152) must be", "13"},
          Unsupported{20122, "9", "SELF_MATCH_RULE: ", "11"},
          Unsupported{423, "1", "UNSUPPORTED_FIELD: PriceType(423)", "11"},
          Unsupported{854, "1", "UNSUPPORTED_FIELD: QtyType(854)", "11"}}) {
        const auto refusal = refusal_of(with(good_order, tag, value));
        EXPECT_THAT(refusal, StartsWith("35=8|")) << tag;
        EXPECT_THAT(refusal, HasSubstr("|58=" + std::string{word})) << tag;
        EXPECT_THAT(refusal, HasSubstr("|103=" + std::string{code} + "|150=8|151=0")) << tag;
    }
    EXPECT_THAT(refusal_of(without(good_order, 38)), HasSubstr("58=BAD_QTY: OrderQty(38) is required|"));
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 423, "2")).price, Price{10025});
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 854, "0")).price, Price{10025});
}

TEST(NewOrderSingle, ASymbolTooLongToBeOursIsNotEchoed) {
    EXPECT_THAT(refusal_of(with(good_order, 55, std::string(300, 'X'))),
                HasSubstr("|55=[N/A]|58=UNKNOWN_SYMBOL"));
}

TEST(NewOrderSingle, MissingFieldsAreRejectedEvenWithoutADictionary) {
    for (const int tag : {11, 40, 54, 55})
        EXPECT_THAT(refusal_of(without(good_order, tag)),
                    HasSubstr("|371=" + std::to_string(tag) + "|372=D|373=1"));
}

std::string resent(std::string_view message, std::string_view orig_sending_time) {
    return std::string{message.substr(0, 4)} + "|43=Y|122=" + std::string{orig_sending_time} +
           std::string{message.substr(4)};
}

TEST(Resend, ALateOrderOrReplaceIsStaleAndACancelIsNot) {
    EXPECT_THAT(refusal_of(resent(good_order, "20260101-11:59:50.000")), HasSubstr("|58=STALE: "));
    EXPECT_THAT(refusal_of(resent(good_order, "20260101-11:59:50.000")), HasSubstr("|103=8|"));
    EXPECT_THAT(refusal_of(resent(good_replace, "20260101-11:59:50")), HasSubstr("|102=99|434=2"));
    EXPECT_EQ(taken<EnterOrder>(resent(good_order, "20260101-11:59:50.124")).price, Price{10025});
    EXPECT_EQ(taken<CancelOrder>(resent(good_cancel, "20250101-00:00:00")).cl_ord_id.view(), "A-2");
    // What says no time can be of any age.
    EXPECT_THAT(refusal_of(resent(good_order, "yesterday")), HasSubstr("STALE"));
    EXPECT_THAT(refusal_of("35=D|43=Y" + std::string{good_order.substr(4)}), HasSubstr("STALE"));
}

TEST(OrderCancelRequest, BecomesCancelOrder) {
    const auto cancel = taken<CancelOrder>(with(with(good_cancel, 37, "42"), 1, "BOB"), broker_session);
    EXPECT_EQ(cancel.order, OrderId{42});
    EXPECT_EQ(cancel.orig_cl_ord_id.view(), "A-1");
    EXPECT_EQ(cancel.cl_ord_id.view(), "A-2");
    EXPECT_EQ(cancel.account, bob);
    EXPECT_EQ(cancel.instrument, btc_usd);
    EXPECT_EQ(cancel.side, Side::buy);
}

TEST(OrderCancelRequest, EitherIdWillDo) {
    const auto by_order_id = taken<CancelOrder>(with(without(good_cancel, 41), 37, "42"));
    EXPECT_EQ(by_order_id.order, OrderId{42});
    EXPECT_TRUE(by_order_id.orig_cl_ord_id.empty());
    EXPECT_EQ(by_order_id.account, AccountId{});
    EXPECT_EQ(taken<CancelOrder>(good_cancel).order, OrderId{});
    EXPECT_EQ(refusal_of(without(good_cancel, 41)),
              "35=3|45=7|58=BAD_FIELD: OrigClOrdID(41) or OrderID(37) is required|371=41|372=F|373=1");
}

TEST(OrderCancelRequest, WhatNamesNothingOfOursIsAnUnknownOrder) {
    const std::string unknown = "35=9|11=A-2|37=NONE|39=8|41=A-1|"
                                "58=UNKNOWN_ORDER: no order of this account has that OrderID or OrigClOrdID|"
                                "60=20260101-12:00:00.123|102=1|434=1";
    for (const auto* const id : {"NONE", "0", "-1", "99999999999999999999", "4x"})
        EXPECT_EQ(refusal_of(with(good_cancel, 37, id)), unknown) << id;
    EXPECT_THAT(refusal_of(with(good_cancel, 1, "NOBODY")), HasSubstr("|102=1|434=1"));
}

TEST(OrderCancelRequest, OtherRefusals) {
    EXPECT_THAT(refusal_of(with(good_cancel, 55, "DOGE")), HasSubstr("58=UNKNOWN_SYMBOL: "));
    EXPECT_THAT(refusal_of(with(good_cancel, 55, "DOGE")), StartsWith("35=9|11=A-2|37=NONE|39=8|41=A-1|"));
    EXPECT_THAT(refusal_of(with(good_cancel, 54, "8")), HasSubstr("58=SIDE: "));
    EXPECT_THAT(refusal_of(with(good_cancel, 41, "A*1")), HasSubstr("|371=41|372=F|373=5"));
    EXPECT_THAT(refusal_of(with(good_cancel, 11, "A*1")), HasSubstr("|371=11|372=F|373=5"));
}

TEST(OrderCancelReplaceRequest, BecomesReplaceOrder) {
    const auto replace = taken<ReplaceOrder>(with(with(good_replace, 59, "1"), 37, "9"));
    EXPECT_EQ(replace.order, OrderId{9});
    EXPECT_EQ(replace.orig_cl_ord_id.view(), "A-1");
    EXPECT_EQ(replace.cl_ord_id.view(), "A-2");
    EXPECT_EQ(replace.account, AccountId{});
    EXPECT_EQ(replace.instrument, btc_usd);
    EXPECT_EQ(replace.price, Price{10000});
    EXPECT_EQ(replace.order_qty, Quantity{1000});
    EXPECT_EQ(replace.side, Side::buy);
    EXPECT_EQ(replace.ord_type, OrdType::limit);
    EXPECT_EQ(replace.time_in_force, TimeInForce::good_till_cancel);
    EXPECT_EQ(taken<ReplaceOrder>(good_replace).time_in_force, TimeInForce{});
}

TEST(NewOrderSingle, CarriesWhatItsTypeNeeds) {
    const auto message = with(with(good_order, 99, "100.5"), 111, "0.5");
    const auto stop = taken<EnterOrder>(with(with(message, 18, "6 K"), 40, "4"));
    EXPECT_EQ(stop.ord_type, OrdType::stop_limit);
    EXPECT_EQ(stop.stop_px, Price{10050});
    EXPECT_EQ(stop.display_qty, Quantity{500});
    EXPECT_EQ(stop.exec_inst, ExecInst::post_only | ExecInst::cancel_on_halt);
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 210, "0.5")).display_qty, Quantity{500});
    EXPECT_EQ(taken<EnterOrder>(with(good_order, 110, "0.5")).min_qty, Quantity{500});
    const auto cash = taken<EnterOrder>(with(without(good_order, 38), 152, "12.5"));
    EXPECT_EQ(cash.order_qty, Quantity{0});
    EXPECT_GT(cash.cash_order_qty, Amount{0});
    EXPECT_EQ(taken<EnterOrder>(good_order).self_match_given, 0);
    const auto both = taken<EnterOrder>(with(good_order, 20122, "2"));
    EXPECT_EQ(both.self_match_given, 1);
    EXPECT_EQ(both.self_match, SelfMatch::cancel_both);
}

TEST(NewOrderSingle, ItsTimeEndsAtAMomentOrWithADay) {
    const auto dated = with(good_order, 59, "6");
    const auto at = taken<EnterOrder>(with(dated, 126, "20260102-00:00:00"));
    const auto with_day = taken<EnterOrder>(with(dated, 432, "20260101"));
    EXPECT_EQ(at.time_in_force, TimeInForce::good_till_date);
    EXPECT_EQ(at.expire_time, with_day.expire_time);
    EXPECT_GT(at.expire_time, Timestamp{0});
    EXPECT_THAT(refusal_of(with(with(dated, 126, "20260102-00:00:00"), 432, "20260101")),
                HasSubstr("58=EXPIRE_TIME: "));
    EXPECT_THAT(refusal_of(with(dated, 126, "tomorrow")), HasSubstr("|371=126|372=D|373=6"));
    EXPECT_THAT(refusal_of(with(dated, 432, "20261301")), HasSubstr("|371=432|372=D|373=6"));
}

TEST(OrderMassCancelRequest, IsTakenByTypeAndRefusedByR) {
    const std::string all = "35=q|11=A|530=7|60=20260101-12:00:00";
    EXPECT_EQ(taken<MassCancel>(all).instrument, InstrumentId{});
    const auto of_symbol = with(all, 530, "1");
    EXPECT_EQ(taken<MassCancel>(with(of_symbol, 55, "BTC-USD")).instrument, btc_usd);
    EXPECT_THAT(refusal_of(with(all, 530, "3")), HasSubstr("|530=3|531=0|532=0"));
    EXPECT_THAT(refusal_of(with(all, 54, "1")), HasSubstr("58=MASS_CANCEL_TYPE"));
    EXPECT_THAT(refusal_of(with(of_symbol, 55, "NOPE")), HasSubstr("|531=0|532=1"));
    EXPECT_THAT(refusal_of(of_symbol), HasSubstr("|371=55|372=q|373=1"));
}

TEST(OrderMassStatusRequest, BecomesAQuestionAboutOpenOrders) {
    const auto ask = [](std::string_view message) {
        const auto result = translated(message);
        return std::get<AskOpenOrders>(std::get<Asked>(result).question.what);
    };
    EXPECT_EQ(ask("35=AF|584=S|585=7").instrument, InstrumentId{});
    EXPECT_EQ(ask("35=AF|584=S|585=1|55=BTC-USD").instrument, btc_usd);
    EXPECT_EQ(ask("35=AF|584=S|585=7|1=ALICE").account, alice);
    EXPECT_EQ(ask("35=AF|584=S|585=7|1=NOBODY").account, AccountId{UINT32_MAX});
    EXPECT_THAT(refusal_of("35=AF|584=S|585=3"), HasSubstr("58=MASS_STATUS_TYPE"));
    EXPECT_THAT(refusal_of("35=AF|584=S|585=3"), HasSubstr("|911=0|912=Y"));
}

TEST(OrderCancelReplaceRequest, EachRefusalIsACancelReject) {
    for (const auto& [tag, value, word, code] :
         {Unsupported{55, "DOGE-USD", "UNKNOWN_SYMBOL: ", "99"}, Unsupported{54, "5", "SIDE: ", "99"},
          Unsupported{40, "5", "ORD_TYPE: ", "99"}, Unsupported{59, "7", "TIME_IN_FORCE: ", "99"},
          Unsupported{38, "0.0001", "BAD_QTY: ", "99"}, Unsupported{44, "1.001", "BAD_PRICE: ", "99"},
          Unsupported{168, "20260102-00:00:00", "UNSUPPORTED_FIELD: tag 168", "99"},
          Unsupported{110, "1", "UNSUPPORTED_FIELD: MinQty(110) ", "99"},
          Unsupported{152, "1", "UNSUPPORTED_FIELD: CashOrderQty(152) ", "99"},
          Unsupported{20122, "1", "UNSUPPORTED_FIELD: 20122 ", "99"},
          Unsupported{1, "NOBODY", "UNKNOWN_ORDER: ", "1"}}) {
        const auto refusal = refusal_of(with(good_replace, tag, value));
        EXPECT_THAT(refusal, StartsWith("35=9|")) << tag;
        EXPECT_THAT(refusal, HasSubstr("|58=" + std::string{word})) << tag;
        EXPECT_THAT(refusal, HasSubstr("|102=" + std::string{code} + "|434=2")) << tag;
    }
    EXPECT_THAT(refusal_of(without(good_replace, 38)), HasSubstr("BAD_QTY"));
}

TEST(OrderStatusRequest, BecomesAQuestion) {
    const auto result = translated("35=H|37=5|11=A-1|790=S-1|1=ALICE|55=BTC-USD|54=2");
    const auto& asked = std::get<Asked>(result);
    EXPECT_EQ(asked.question.origin, origin_of(trader_session));
    const auto& ask = std::get<AskOrder>(asked.question.what);
    EXPECT_EQ(ask.order, OrderId{5});
    EXPECT_EQ(ask.cl_ord_id.view(), "A-1");
    EXPECT_EQ(ask.account, alice);
    EXPECT_EQ(asked.echo.request_id.view(), "S-1");
    EXPECT_EQ(asked.echo.cl_ord_id.view(), "A-1");
    EXPECT_EQ(asked.echo.symbol.view(), "BTC-USD");
    EXPECT_EQ(asked.echo.side, Side::sell);
}

TEST(OrderStatusRequest, AsksForWhatNeverExistsWhenTheIdIsNotOurs) {
    const auto result = translated("35=H|37=NONE|1=NOBODY|55=BTC-USD|54=2");
    const auto& ask = std::get<AskOrder>(std::get<Asked>(result).question.what);
    EXPECT_EQ(ask.order, OrderId{UINT64_MAX});
    EXPECT_EQ(ask.account, AccountId{UINT32_MAX});
}

TEST(OrderStatusRequest, Refusals) {
    EXPECT_THAT(refusal_of("35=H|55=BTC-USD|54=2"), HasSubstr("|371=11|372=H|373=1"));
    EXPECT_THAT(refusal_of("35=H|11=A*|55=BTC-USD|54=2"), HasSubstr("|371=11|372=H|373=5"));
    EXPECT_THAT(refusal_of("35=H|11=A|55=BTC-USD|54=2|790=" + std::string(40, 'x')),
                HasSubstr("|371=790|372=H|373=5"));
}

TEST(Channel, OrdersOnOtherSessionsAreNotAuthorized) {
    const std::string refusal = "|58=NOT_ORDER_ENTRY: orders are taken on order-entry sessions only|";
    for (const auto session : {copy_session, prices_session})
        for (const auto message : {good_order, good_cancel, good_replace}) {
            EXPECT_THAT(refusal_of(message, session), StartsWith("35=j|45=7" + refusal));
            EXPECT_THAT(refusal_of(message, session), testing::EndsWith("|380=6"));
        }
}

TEST(Channel, StockTypesThatAreNotTakenAreABusinessReject) {
    for (const auto* const type : {"6", "E", "AD", "BB", "R", "s", "AB", "AE", "BH"}) {
        auto message = parsed("35=" + std::string{type} + "|11=A|58=words|453=2|448=X|448=Y");
        EXPECT_THROW(dictionary().validate(message), FIX::TagNotDefinedForMessage) << type;
        strip_untaken(message);
        EXPECT_NO_THROW(dictionary().validate(message)) << type;
        EXPECT_EQ(refusal_of("35=" + std::string{type} + "|58=x"),
                  "35=j|45=7|58=UNSUPPORTED_MESSAGE: this MsgType(35) is not taken on this session|372=" +
                      std::string{type} + "|380=3");
    }
}

TEST(Channel, RequestsThatTheDictionaryListsAreCheckedFirstAndThenRefusedAlike) {
    for (const auto* const message : {"35=r|37=1|530=7|531=7", "35=BF|923=1|553=alice|926=5"}) {
        auto stripped = parsed(message);
        strip_untaken(stripped);
        EXPECT_EQ(stripped.toString(), parsed(message).toString());
        EXPECT_NO_THROW(dictionary().validate(stripped)) << message;
        EXPECT_THAT(refusal_of(message), HasSubstr("|380=3")) << message;
    }
}

TEST(Channel, TakenAndSessionMessagesKeepTheirBody) {
    for (const auto message : {good_order, good_cancel, good_replace, std::string_view{"35=5|58=bye"}}) {
        auto stripped = parsed(message);
        strip_untaken(stripped);
        EXPECT_EQ(stripped.toString(), parsed(message).toString());
    }
}

TEST(Channel, AnUnknownTypeIsForTheSessionToReject) {
    auto message = parsed("35=ZZ|58=x");
    strip_untaken(message);
    EXPECT_THROW(dictionary().validate(message), FIX::InvalidMessageType);
}

} // namespace
} // namespace tradehive::acceptor
