#include "acceptor/market_data/publisher.hpp"
#include "tests/market_data/book_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace tradehive::market_data {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr InstrumentId coin{1};

Instrument instrument() {
    Instrument made;
    made.instrument = coin;
    made.symbol = Symbol::cut("COIN");
    made.tick = {1, 0};
    made.lot = {1, 0};
    return made;
}

class Reader final : public Subscriber {
public:
    explicit Reader(bool by_order)
        : book{by_order} {}
    [[nodiscard]] Room room() const noexcept override { return has; }
    void take(SubscriptionId, std::shared_ptr<const Body> body) override {
        taken.push_back(body);
        book.take(*body);
    }
    [[nodiscard]] std::string types() const {
        std::string all;
        for (const auto& body : taken)
            all += body->msg_type;
        return all;
    }

    Room has{Room::plenty};
    std::vector<std::shared_ptr<const Body>> taken;
    BookClient book;
};

class PublisherTest : public testing::Test {
protected:
    static ViewTerms by_price(std::uint32_t depth = 0) {
        ViewTerms terms{.window = {.depth = depth, .by_order = false},
                        .edition = {.incremental = true, .types = {}}};
        terms.edition.types.add(EntryType::bid);
        terms.edition.types.add(EntryType::offer);
        return terms;
    }
    std::shared_ptr<Reader> subscribe(std::uint64_t id, const ViewTerms& terms, EventNumber from = {}) {
        auto reader = std::make_shared<Reader>(terms.window.by_order);
        publisher.subscribe(SubscriptionId{id}, instrument(), terms, reader, from);
        return reader;
    }
    void begin(std::vector<RestingOrder> bids = {}) {
        BookAnswer answer;
        answer.instrument = coin;
        answer.bid_orders = std::move(bids);
        EXPECT_TRUE(publisher.begin(answer, EventNumber{number + 1}));
    }
    template <EventBody Body>
    Event event(const Body& body) {
        Event made{};
        made.header.number = EventNumber{++number};
        set_body(made, body);
        return made;
    }
    void accept(std::uint64_t order, std::int64_t price, std::int64_t quantity, InstrumentId where = coin) {
        OrderAccepted accepted{};
        accepted.order.order = OrderId{order};
        accepted.order.instrument = where;
        accepted.order.side = Side::buy;
        accepted.order.ord_type = OrdType::limit;
        accepted.order.price = Price{price};
        accepted.order.leaves_qty = accepted.order.shown_qty = Quantity{quantity};
        const Event made = event(accepted);
        publisher.take({&made, 1});
    }
    void publish_after(std::chrono::milliseconds wait) {
        now += wait;
        publisher.publish(now);
    }

    Publisher publisher{10ms, 1000};
    Publisher::Time now{};
    std::uint64_t number{};
};

TEST_F(PublisherTest, ASecondAnswerLeavesALiveBookAlone) {
    const auto reader = subscribe(1, by_price());
    begin({{OrderId{1}, Price{100}, Quantity{3}}});
    publisher.publish(now);
    accept(2, 99, 5); // told with the next publish, from the image that has it as touched
    BookAnswer late;
    late.instrument = coin;
    late.bid_orders = {{OrderId{1}, Price{100}, Quantity{3}}, {OrderId{2}, Price{99}, Quantity{5}}};
    EXPECT_FALSE(publisher.begin(late, EventNumber{number + 1}));
    publish_after(10ms);
    EXPECT_EQ(reader->types(), "WX");
}

TEST_F(PublisherTest, AsksForABookOnceAndBeginsWithIt) {
    const auto reader = subscribe(1, by_price());
    const auto other = subscribe(2, by_price(5));
    EXPECT_THAT(publisher.take_wanted(), ElementsAre(coin));
    EXPECT_THAT(publisher.take_wanted(), IsEmpty());
    EXPECT_FALSE(publisher.follows());
    publisher.publish(now);
    EXPECT_THAT(reader->taken, IsEmpty());
    begin({{OrderId{1}, Price{100}, Quantity{3}}, {OrderId{2}, Price{100}, Quantity{4}}});
    EXPECT_TRUE(publisher.follows());
    EXPECT_EQ(publisher.due(), now);
    publisher.publish(now);
    EXPECT_EQ(reader->types(), "W");
    EXPECT_THAT(reader->book.bids(), ElementsAre("100 7 2"));
    EXPECT_EQ(other->types(), "W");
    EXPECT_FALSE(publisher.due());
}

TEST_F(PublisherTest, AQuietBookIsPublishedAtOnceABusyOneOnceAnInterval) {
    const auto reader = subscribe(1, by_price());
    begin();
    publisher.publish(now);
    publish_after(10ms);
    accept(1, 100, 5);
    publisher.publish(now);
    EXPECT_EQ(reader->types(), "WX");
    accept(2, 100, 5);
    accept(3, 101, 5);
    publish_after(4ms);
    EXPECT_EQ(reader->types(), "WX");
    EXPECT_EQ(publisher.due(), now + 6ms);
    publish_after(6ms);
    EXPECT_EQ(reader->types(), "WXX");
    EXPECT_THAT(reader->book.bids(), ElementsAre("101 5 1", "100 10 2"));
}

TEST_F(PublisherTest, ManyReadersMakeItGoSlowerToABound) {
    std::uint64_t subscribed = 0;
    const auto pause_with = [&](std::uint64_t readers) {
        for (; subscribed < readers; ++subscribed)
            subscribe(subscribed + 1, by_price());
        accept(number + 1, 100, 1);
        now += 1s;
        publisher.publish(now);
        accept(number + 1, 100, 1);
        return *publisher.due() - now;
    };
    subscribe(++subscribed, by_price());
    begin();
    EXPECT_EQ(pause_with(1), 10ms);
    EXPECT_EQ(pause_with(100), 10ms);
    EXPECT_EQ(pause_with(200), 20ms);
    EXPECT_EQ(pause_with(1500), 100ms);
}

TEST_F(PublisherTest, ThoseWhoSeeTheSameShareTheBytes) {
    const auto one = subscribe(1, by_price());
    const auto two = subscribe(2, by_price());
    begin();
    publisher.publish(now);
    accept(1, 100, 5);
    publish_after(10ms);
    ASSERT_THAT(one->taken, SizeIs(2));
    EXPECT_EQ(one->taken[0], two->taken[0]);
    EXPECT_EQ(one->taken[1], two->taken[1]);
}

TEST_F(PublisherTest, WhatIsNotSeenIsNotTold) {
    const auto reader = subscribe(1, by_price(1));
    begin({{OrderId{1}, Price{100}, Quantity{3}}});
    publisher.publish(now);
    accept(2, 99, 5);
    accept(3, 100, 5, InstrumentId{2});
    publish_after(10ms);
    EXPECT_EQ(reader->types(), "W");
}

TEST_F(PublisherTest, WhatComesBackToWhatItWasIsNotTold) {
    const auto reader = subscribe(1, by_price());
    begin();
    publisher.publish(now);
    accept(1, 100, 5);
    OrderCanceled canceled{};
    canceled.order.order = OrderId{1};
    canceled.order.instrument = coin;
    const Event made = event(canceled);
    publisher.take({&made, 1});
    publish_after(10ms);
    EXPECT_EQ(reader->types(), "W");
}

TEST_F(PublisherTest, WithoutRoomNoChangesAndWithPlentyTheBookAnew) {
    const auto slow = subscribe(1, by_price());
    const auto fast = subscribe(2, by_price());
    begin();
    publisher.publish(now);
    slow->has = Subscriber::Room::none;
    accept(1, 100, 5);
    publish_after(10ms);
    EXPECT_EQ(slow->types(), "W");
    EXPECT_EQ(fast->types(), "WX");
    slow->has = Subscriber::Room::some; // not enough to begin again
    accept(2, 101, 5);
    publish_after(10ms);
    EXPECT_EQ(slow->types(), "W");
    EXPECT_TRUE(publisher.due()) << "it must be looked at again, even if nothing happens";
    slow->has = Subscriber::Room::plenty;
    publish_after(10ms);
    EXPECT_EQ(slow->types(), "WW");
    EXPECT_EQ(fast->types(), "WXX");
    EXPECT_EQ(slow->book.bids(), fast->book.bids());
    slow->has = Subscriber::Room::some; // enough to go on
    accept(3, 102, 5);
    publish_after(10ms);
    EXPECT_EQ(slow->types(), "WWX");
    EXPECT_EQ(slow->book.bids(), fast->book.bids());
}

TEST_F(PublisherTest, RefreshBringsTheBookToThatSubscriptionOnly) {
    const auto one = subscribe(1, by_price());
    const auto two = subscribe(2, by_price());
    begin();
    publisher.publish(now);
    publisher.refresh(SubscriptionId{1});
    publish_after(10ms);
    EXPECT_EQ(one->types(), "WW");
    EXPECT_EQ(two->types(), "W");
}

TEST_F(PublisherTest, AnEndedSubscriptionHearsNothing) {
    const auto one = subscribe(1, by_price());
    const auto two = subscribe(2, by_price(5));
    begin();
    publisher.publish(now);
    publisher.unsubscribe(SubscriptionId{1});
    accept(1, 100, 5);
    publish_after(10ms);
    EXPECT_EQ(one->types(), "W");
    EXPECT_EQ(two->types(), "WX");
    publisher.unsubscribe(SubscriptionId{2});
    publisher.unsubscribe(SubscriptionId{2});
    accept(2, 101, 5);
    publish_after(10ms);
    EXPECT_EQ(two->types(), "WX");
}

TEST_F(PublisherTest, WhoComesAndGoesMakesNobodyAskForTheBookAgain) {
    for (std::uint64_t id = 1; id <= 100; ++id) {
        const auto reader = subscribe(id, by_price());
        EXPECT_THAT(publisher.take_wanted(), SizeIs(id == 1 ? 1 : 0));
        if (id == 1) begin({{OrderId{1000}, Price{100}, Quantity{1}}});
        accept(id, 101, 1);
        publish_after(100ms);
        EXPECT_EQ(reader->types(), "W");
        EXPECT_EQ(reader->book.bids().front(), "101 " + std::to_string(id) + " " + std::to_string(id));
        publisher.unsubscribe(SubscriptionId{id});
    }
    publish_after(1ms);
    publish_after(Publisher::linger - 1ms);
    EXPECT_TRUE(publisher.follows());
    publish_after(1ms);
    EXPECT_FALSE(publisher.follows()) << "nobody has come for long";
    EXPECT_FALSE(publisher.begin(BookAnswer{.instrument = coin, .bids = {}, .offers = {}}, EventNumber{1}));
}

TEST_F(PublisherTest, EachSeesTheEntryTypesThatItAskedForOfOneView) {
    auto bids = by_price();
    bids.edition.types = {};
    bids.edition.types.add(EntryType::bid);
    auto offers = by_price();
    offers.edition.types = {};
    offers.edition.types.add(EntryType::offer);
    auto trades = by_price();
    trades.edition.types = {};
    trades.edition.types.add(EntryType::trade);
    auto whole = by_price();
    whole.edition.incremental = false;
    const auto both = subscribe(1, by_price());
    const auto of_bids = subscribe(2, bids);
    const auto of_offers = subscribe(3, offers);
    const auto of_trades = subscribe(4, trades);
    const auto again = subscribe(5, whole);
    begin({{OrderId{1}, Price{100}, Quantity{3}}});
    publisher.publish(now);
    accept(2, 99, 5);
    publish_after(10ms);
    EXPECT_EQ(both->types(), "WX");
    EXPECT_EQ(of_bids->types(), "WX");
    EXPECT_EQ(of_offers->types(), "W");
    EXPECT_EQ(of_trades->types(), "W");
    EXPECT_EQ(again->types(), "WW");
    for (const auto& reader : {both, of_bids, again})
        EXPECT_THAT(reader->book.bids(), ElementsAre("100 3 1", "99 5 1"));
    EXPECT_THAT(of_offers->book.bids(), IsEmpty());
}

TEST_F(PublisherTest, AFirstBookWaitsForTheEventsThatItMustShow) {
    const auto first = subscribe(1, by_price());
    begin();
    publisher.publish(now);
    const auto later = subscribe(2, by_price(), EventNumber{number + 2}); // event number + 1 must be in it
    publish_after(10ms);
    EXPECT_EQ(later->types(), "");
    EXPECT_TRUE(publisher.due());
    accept(1, 100, 5);
    publish_after(10ms);
    EXPECT_EQ(later->types(), "W");
    EXPECT_THAT(later->book.bids(), ElementsAre("100 5 1"));
}

TEST_F(PublisherTest, ABookThatIsTooLongIsBrokenOff) {
    const auto reader = subscribe(1, by_price());
    std::vector<RestingOrder> many;
    for (std::int64_t price = 1000; price > 0; --price)
        many.push_back({OrderId{static_cast<std::uint64_t>(price)}, Price{price}, Quantity{1}});
    begin(std::move(many));
    publisher.publish(now);
    ASSERT_THAT(reader->taken, SizeIs(1));
    EXPECT_GT(reader->taken[0]->bytes.size(), 1000U) << "so that whoever sends it knows";
    EXPECT_LT(reader->taken[0]->bytes.size(), 1200U);
}

TEST_F(PublisherTest, AfterEventsWereMissedEveryBookIsAskedForAgain) {
    const auto reader = subscribe(1, by_price());
    static_cast<void>(publisher.take_wanted());
    begin({{OrderId{1}, Price{100}, Quantity{3}}});
    publisher.publish(now);
    publisher.begin_again();
    EXPECT_THAT(publisher.take_wanted(), ElementsAre(coin));
    begin({{OrderId{2}, Price{99}, Quantity{3}}});
    publish_after(10ms);
    EXPECT_EQ(reader->types(), "WW");
    EXPECT_THAT(reader->book.bids(), ElementsAre("99 3 1"));
}

TEST_F(PublisherTest, EventsThatTheAnswerHoldsAlreadyAreNotTakenTwice) {
    const auto reader = subscribe(1, by_price());
    BookAnswer answer;
    answer.instrument = coin;
    answer.bid_orders = {{OrderId{1}, Price{100}, Quantity{3}}};
    number = 10;
    publisher.begin(answer, EventNumber{12});
    accept(1, 100, 3); // event 11: in the answer
    accept(2, 100, 4); // event 12
    publisher.publish(now);
    EXPECT_THAT(reader->book.bids(), ElementsAre("100 7 2"));
}

TEST_F(PublisherTest, TradesAreToldEachAndStatisticsWithThem) {
    ViewTerms terms = by_price();
    for (const auto type : entry_types)
        terms.edition.types.add(type);
    const auto reader = subscribe(1, terms);
    begin();
    publisher.publish(now);
    for (std::uint64_t trade = 1; trade <= 3; ++trade) {
        OrderTraded traded{};
        traded.order.order = OrderId{99}; // not in the book
        traded.order.instrument = coin;
        traded.trade = TradeId{trade};
        traded.last_px = Price{100 + static_cast<std::int64_t>(trade)};
        traded.last_qty = Quantity{2};
        const Event taker = event(traded);
        traded.maker = 1;
        const Event maker = event(traded);
        publisher.take({&taker, 1});
        publisher.take({&maker, 1});
    }
    publish_after(10ms);
    EXPECT_EQ(reader->types(), "WX");
    EXPECT_THAT(reader->book.trades(), ElementsAre("1", "2", "3"));
    EXPECT_EQ(reader->book.statistics(),
              (std::map<std::string, std::string>{{"4", "101"}, {"7", "103"}, {"8", "101"}, {"B", "6"}}));
    const Event ended = event(DayEnded{.day = 1});
    publisher.take({&ended, 1});
    publish_after(10ms);
    EXPECT_EQ(reader->book.statistics(), (std::map<std::string, std::string>{{"5", "103"}, {"B", "0"}}));
}

} // namespace
} // namespace tradehive::market_data
