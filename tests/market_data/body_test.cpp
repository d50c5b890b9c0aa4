// The bytes of W and X are messages of the stock FIX 4.4 dictionary.
#include "acceptor/market_data/view.hpp"
#include "acceptor/market_data_session.hpp"
#include "tests/translation/world.hpp"

#include <gtest/gtest.h>

namespace tradehive::acceptor {
namespace {

using market_data::BodyWriter;
using market_data::EntryType;
using market_data::UpdateAction;

const Instrument& coin() {
    return *world().instrument(btc_usd);
}

std::string sent(const market_data::Body& body) {
    const auto message = market_data_message(
        body, MDReqID::cut("M-1"),
        {.version = FixVersion::fix44, .sender = "TRADEHIVE", .target = "PRICES", .number = 41, .now = noon});
    EXPECT_TRUE(message.starts_with("8=FIX.4.4\x01"));
    return stock_wire_text(message);
}

market_data::EntryTypes all_types() {
    market_data::EntryTypes types;
    for (const auto type : market_data::entry_types)
        types.add(type);
    return types;
}

// W of the whole book that the answer tells.
std::string snapshot(const BookAnswer& answer, bool by_order, market_data::EntryTypes types) {
    const market_data::BookImage image{answer, EventNumber{1}};
    market_data::View view{{.depth = 0, .by_order = by_order}};
    view.renew(image);
    return sent(view.snapshot(types, coin(), 1 << 20));
}

BookAnswer book() {
    BookAnswer answer;
    answer.instrument = btc_usd;
    answer.bid_orders = {{OrderId{1}, Price{10000}, Quantity{1}},
                         {OrderId{2}, Price{9999}, Quantity{1000}},
                         {OrderId{3}, Price{9999}, Quantity{1000}},
                         {OrderId{4}, Price{9999}, Quantity{500}}};
    answer.offer_orders = {{OrderId{5}, Price{10001}, Quantity{3}}, {OrderId{6}, Price{10001}, Quantity{4}}};
    return answer;
}

constexpr std::string_view head = "|34=41|49=TRADEHIVE|52=20260101-12:00:00.123|56=PRICES|262=M-1|";

TEST(SnapshotBody, ByPriceBestFirst) {
    market_data::EntryTypes types;
    types.add(EntryType::bid);
    types.add(EntryType::offer);
    EXPECT_EQ(snapshot(book(), false, types),
              "35=W" + std::string{head} +
                  "55=BTC-USD|268=3|269=0|270=100.00|271=0.001|346=1|290=1|"
                  "269=0|270=99.99|271=2.500|346=3|290=2|269=1|270=100.01|271=0.007|346=2|290=1");
    types = {};
    types.add(EntryType::offer);
    EXPECT_EQ(snapshot(book(), false, types),
              "35=W" + std::string{head} + "55=BTC-USD|268=1|269=1|270=100.01|271=0.007|346=2|290=1");
}

TEST(SnapshotBody, OfAnEmptyBook) {
    BookAnswer empty;
    empty.instrument = btc_usd;
    market_data::EntryTypes types;
    types.add(EntryType::bid);
    EXPECT_EQ(snapshot(empty, false, types), "35=W" + std::string{head} + "55=BTC-USD|268=0");
}

TEST(SnapshotBody, ByOrderWithEverything) {
    BookAnswer answer;
    answer.instrument = btc_usd;
    answer.bid_orders = {{OrderId{7}, Price{10000}, Quantity{1}}, {OrderId{9}, Price{10000}, Quantity{2}}};
    answer.trades.trade(Price{10005}, Quantity{4}, noon);
    answer.trades.end_day();
    answer.trades.trade(Price{10002}, Quantity{3}, noon);
    EXPECT_EQ(
        snapshot(answer, true, all_types()),
        "35=W" + std::string{head} +
            "55=BTC-USD|268=8|269=0|270=100.00|271=0.001|37=7|290=1|269=0|270=100.00|271=0.002|37=9|290=2|"
            "269=2|270=100.02|271=0.003|272=20260101|273=12:00:00.123|"
            "269=4|270=100.02|269=5|270=100.05|269=7|270=100.02|269=8|270=100.02|269=B|271=0.003");
}

TEST(ChangeBody, HoldsEachKindOfEntry) {
    BodyWriter writer{'X', coin()};
    const market_data::Place bid{-10000, 0};
    const market_data::Place order{10001, 12};
    writer.trade({TradeId{88}, Price{10002}, Quantity{3}, noon});
    writer.change(UpdateAction::delete_, Side::buy, bid, {Quantity{5}, 2, {}}, false);
    writer.change(UpdateAction::change, Side::buy, bid, {Quantity{5}, 2, {}}, false);
    writer.change(UpdateAction::new_, Side::sell, order, {Quantity{6}, 0, OrderId{4711}}, true);
    writer.change(UpdateAction::new_, EntryType::high_price, 10002);
    writer.change(UpdateAction::delete_, EntryType::low_price, 0);
    writer.change(UpdateAction::change, EntryType::volume, 12);
    EXPECT_EQ(sent(writer.finish()),
              "35=X" + std::string{head} +
                  "268=7|279=0|269=2|278=88|55=BTC-USD|270=100.02|271=0.003|272=20260101|273=12:00:00.123|"
                  "279=2|269=0|278=B100.00|55=BTC-USD|270=100.00|"
                  "279=1|269=0|278=B100.00|55=BTC-USD|270=100.00|271=0.005|346=2|"
                  "279=0|269=1|278=4711|55=BTC-USD|270=100.01|271=0.006|"
                  "279=0|269=7|278=HIGH|55=BTC-USD|270=100.02|279=2|269=8|278=LOW|55=BTC-USD|"
                  "279=1|269=B|278=VOLUME|55=BTC-USD|271=0.012");
}

} // namespace
} // namespace tradehive::acceptor
