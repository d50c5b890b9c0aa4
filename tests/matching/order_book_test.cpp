// The rules of the book, each said once, of the real book and of the naive one.
#include "matching/order_book.hpp"
#include "tests/matching/naive_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace tradehive::matching {

void PrintTo(const Fill& fill, std::ostream* out) {
    *out << fill.maker.value() << ": " << fill.quantity.value() << " @ " << fill.price.value() << ", left "
         << fill.maker_shown.value();
}
void PrintTo(const Entered& entered, std::ostream* out) {
    *out << "ended " << static_cast<int>(entered.ended) << ", left " << entered.left.value();
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint32_t alice = 1;
constexpr std::uint32_t bob = 2;
constexpr std::uint32_t carol = 3;

Fill fill(std::uint64_t maker, std::int64_t quantity, std::int64_t price, std::int64_t maker_left) {
    return {OrderId{maker}, Price{price}, Quantity{quantity}, Quantity{maker_left}};
}
Entered ended(Ended how, std::int64_t left) {
    return {how, Quantity{left}};
}
Level level(std::int64_t price, std::int64_t quantity, std::uint32_t orders) {
    return {Price{price}, Quantity{quantity}, orders};
}

// Orders are numbered 1, 2, 3… as they enter.
template <class Book>
class OrderBookTest : public testing::Test {
protected:
    enum class Kind { limit, immediate, fill_or_kill };

    Entered enter(Kind kind, std::uint32_t owner, Side side, std::int64_t quantity, std::int64_t price) {
        fills.clear();
        return book.enter({.order = OrderId{++entered},
                           .owner = owner,
                           .side = side,
                           .limit = Price{price},
                           .quantity = Quantity{quantity},
                           .rests = kind == Kind::limit,
                           .at_least = kind == Kind::fill_or_kill ? Quantity{quantity} : Quantity{}},
                          [this](const Fill& happened) { fills.push_back(happened); });
    }
    Entered immediate(std::uint32_t owner, Side side, std::int64_t quantity, std::int64_t price) {
        return enter(Kind::immediate, owner, side, quantity, price);
    }
    Entered fill_or_kill(std::uint32_t owner, Side side, std::int64_t quantity, std::int64_t price) {
        return enter(Kind::fill_or_kill, owner, side, quantity, price);
    }
    Entered buy(std::uint32_t owner, std::int64_t quantity, std::int64_t price) {
        return enter(Kind::limit, owner, Side::buy, quantity, price);
    }
    Entered sell(std::uint32_t owner, std::int64_t quantity, std::int64_t price) {
        return enter(Kind::limit, owner, Side::sell, quantity, price);
    }

    std::vector<Level> levels(Side side, std::size_t depth = 0) const {
        std::vector<Level> result{level(-1, -1, 1)}; // what is in it before does not matter
        book.levels(side, depth, result);
        return result;
    }
    std::vector<std::uint64_t> orders(Side side) const {
        std::vector<std::uint64_t> result;
        book.orders(side, [&](const Resting& resting) { result.push_back(resting.order.value()); });
        return result;
    }

    Book book;
    std::vector<Fill> fills;
    std::uint64_t entered = 0;
};

using Books = testing::Types<OrderBook, NaiveBook>;
class BookName {
public:
    template <class Book>
    static std::string GetName(int /*number*/) {
        return std::is_same_v<Book, OrderBook> ? "real" : "naive";
    }
};
TYPED_TEST_SUITE(OrderBookTest, Books, BookName);

TYPED_TEST(OrderBookTest, IsEmptyAtFirst) {
    EXPECT_EQ(this->book.size(), 0U);
    EXPECT_EQ(this->book.best(Side::buy), std::nullopt);
    EXPECT_EQ(this->book.best(Side::sell), std::nullopt);
    EXPECT_THAT(this->levels(Side::buy), IsEmpty());
    EXPECT_EQ(this->book.find(OrderId{1}), std::nullopt);
    EXPECT_FALSE(this->book.cancel(OrderId{1}));
    EXPECT_FALSE(this->book.reduce(OrderId{1}, Quantity{1}));
}

TYPED_TEST(OrderBookTest, RestsWhatNobodyTradesWith) {
    EXPECT_EQ(this->buy(alice, 5, 100), ended(Ended::rested, 5));
    EXPECT_EQ(this->sell(bob, 7, 101), ended(Ended::rested, 7));
    EXPECT_THAT(this->fills, IsEmpty());
    EXPECT_EQ(this->book.size(), 2U);
    EXPECT_EQ(this->book.best(Side::buy), Price{100});
    EXPECT_EQ(this->book.best(Side::sell), Price{101});
    EXPECT_EQ(this->book.find(OrderId{2}),
              (Resting{OrderId{2}, bob, Side::sell, Price{101}, Quantity{7}, Quantity{7}}));
}

TYPED_TEST(OrderBookTest, TradesAtTheRestingPriceBestFirst) {
    this->sell(alice, 5, 102);
    this->sell(alice, 5, 100);
    this->sell(alice, 5, 101);
    EXPECT_EQ(this->buy(bob, 12, 105), ended(Ended::filled, 0));
    EXPECT_THAT(this->fills, ElementsAre(fill(2, 5, 100, 0), fill(3, 5, 101, 0), fill(1, 2, 102, 3)));
    EXPECT_THAT(this->levels(Side::sell), ElementsAre(level(102, 3, 1)));
}

TYPED_TEST(OrderBookTest, SellsToTheHighestBuyFirst) {
    this->buy(alice, 5, 98);
    this->buy(alice, 5, 100);
    this->buy(alice, 5, 99);
    EXPECT_EQ(this->sell(bob, 12, 99), ended(Ended::rested, 2));
    EXPECT_THAT(this->fills, ElementsAre(fill(2, 5, 100, 0), fill(3, 5, 99, 0)));
    EXPECT_EQ(this->book.best(Side::buy), Price{98});
    EXPECT_EQ(this->book.best(Side::sell), Price{99});
}

TYPED_TEST(OrderBookTest, TradesInTimeOrderWithinAPrice) {
    this->sell(alice, 5, 100);
    this->sell(carol, 5, 100);
    this->sell(alice, 5, 100);
    EXPECT_THAT(this->orders(Side::sell), ElementsAre(1, 2, 3));
    EXPECT_EQ(this->buy(bob, 7, 100), ended(Ended::filled, 0));
    EXPECT_THAT(this->fills, ElementsAre(fill(1, 5, 100, 0), fill(2, 2, 100, 3)));
    EXPECT_THAT(this->orders(Side::sell), ElementsAre(2, 3));
}

TYPED_TEST(OrderBookTest, RestsWhatIsLeftOfAnOrderThatTraded) {
    this->sell(alice, 5, 100);
    EXPECT_EQ(this->buy(bob, 8, 100), ended(Ended::rested, 3));
    EXPECT_THAT(this->levels(Side::sell), IsEmpty());
    EXPECT_THAT(this->levels(Side::buy), ElementsAre(level(100, 3, 1)));
}

TYPED_TEST(OrderBookTest, DoesNotTradeBeyondTheLimit) {
    this->sell(alice, 5, 101);
    EXPECT_EQ(this->buy(bob, 5, 100), ended(Ended::rested, 5));
    EXPECT_THAT(this->fills, IsEmpty());
}

TYPED_TEST(OrderBookTest, LeavesOverWhatDoesNotRest) {
    this->sell(alice, 5, 100);
    EXPECT_EQ(this->immediate(bob, Side::buy, 8, 100), ended(Ended::left_over, 3));
    EXPECT_THAT(this->fills, ElementsAre(fill(1, 5, 100, 0)));
    EXPECT_EQ(this->book.size(), 0U);
    EXPECT_EQ(this->immediate(bob, Side::sell, 8, 100), ended(Ended::left_over, 8));
}

TYPED_TEST(OrderBookTest, StopsAtAnOwnOrderAndDoesNotRest) {
    this->sell(alice, 5, 100);
    this->sell(bob, 5, 100);
    this->sell(alice, 5, 100);
    EXPECT_EQ(this->buy(bob, 12, 100), ended(Ended::self_match, 7));
    EXPECT_THAT(this->fills, ElementsAre(fill(1, 5, 100, 0)));
    EXPECT_THAT(this->levels(Side::sell), ElementsAre(level(100, 10, 2)));
    EXPECT_THAT(this->levels(Side::buy), IsEmpty());
}

TYPED_TEST(OrderBookTest, DoesNotCareForAnOwnOrderThatItNeverReaches) {
    this->sell(alice, 5, 100);
    this->sell(bob, 5, 100);
    this->sell(bob, 5, 101);
    EXPECT_EQ(this->buy(bob, 5, 101), ended(Ended::filled, 0));
    EXPECT_EQ(this->buy(bob, 5, 99), ended(Ended::rested, 5));
}

TYPED_TEST(OrderBookTest, StopsAtOnceWhenTheFirstOrderIsItsOwn) {
    this->buy(alice, 5, 100);
    EXPECT_EQ(this->sell(alice, 5, 100), ended(Ended::self_match, 5));
    EXPECT_EQ(this->immediate(alice, Side::sell, 5, 100), ended(Ended::self_match, 5));
    EXPECT_THAT(this->fills, IsEmpty());
    EXPECT_EQ(this->book.size(), 1U);
}

TYPED_TEST(OrderBookTest, FillsOrKills) {
    this->sell(alice, 5, 100);
    this->sell(carol, 5, 101);
    EXPECT_EQ(this->fill_or_kill(bob, Side::buy, 11, 101), ended(Ended::not_fillable, 11));
    EXPECT_EQ(this->fill_or_kill(bob, Side::buy, 6, 100), ended(Ended::not_fillable, 6));
    EXPECT_THAT(this->fills, IsEmpty());
    EXPECT_THAT(this->levels(Side::sell), ElementsAre(level(100, 5, 1), level(101, 5, 1)));
    EXPECT_EQ(this->fill_or_kill(bob, Side::buy, 10, 101), ended(Ended::filled, 0));
    EXPECT_THAT(this->fills, ElementsAre(fill(1, 5, 100, 0), fill(2, 5, 101, 0)));
}

TYPED_TEST(OrderBookTest, FillOrKillCountsOnlyWhatComesBeforeTheFirstOwnOrder) {
    this->sell(alice, 5, 100);
    this->sell(bob, 5, 100);
    this->sell(alice, 5, 100);
    EXPECT_EQ(this->fill_or_kill(bob, Side::buy, 6, 100), ended(Ended::not_fillable, 6));
    EXPECT_THAT(this->fills, IsEmpty());
    EXPECT_EQ(this->fill_or_kill(bob, Side::buy, 5, 100), ended(Ended::filled, 0));
}

TYPED_TEST(OrderBookTest, AllOrNoneThatMayRestIsNotInTheBookWhenItDoesNotTrade) {
    this->sell(alice, 5, 100);
    const auto result = this->book.enter({.order = OrderId{9},
                                          .owner = bob,
                                          .side = Side::buy,
                                          .limit = Price{100},
                                          .quantity = Quantity{6},
                                          .rests = true,
                                          .at_least = Quantity{6}},
                                         [](const Fill&) { FAIL(); });
    EXPECT_EQ(result, ended(Ended::not_fillable, 6));
    EXPECT_THAT(this->levels(Side::buy), IsEmpty());
}

TYPED_TEST(OrderBookTest, CancelTakesTheOrderOutAndKeepsTheOthersInOrder) {
    for (int i = 0; i < 5; ++i)
        this->buy(alice, 10, 100);
    EXPECT_TRUE(this->book.cancel(OrderId{3}));
    EXPECT_FALSE(this->book.cancel(OrderId{3}));
    EXPECT_EQ(this->book.find(OrderId{3}), std::nullopt);
    EXPECT_THAT(this->orders(Side::buy), ElementsAre(1, 2, 4, 5));
    EXPECT_TRUE(this->book.cancel(OrderId{1}));
    EXPECT_TRUE(this->book.cancel(OrderId{5}));
    EXPECT_THAT(this->orders(Side::buy), ElementsAre(2, 4));
    EXPECT_THAT(this->levels(Side::buy), ElementsAre(level(100, 20, 2)));
}

TYPED_TEST(OrderBookTest, ALevelEndsWithItsLastOrder) {
    this->buy(alice, 10, 100);
    this->buy(alice, 10, 99);
    this->buy(alice, 10, 101);
    EXPECT_TRUE(this->book.cancel(OrderId{3}));
    EXPECT_EQ(this->book.best(Side::buy), Price{100});
    EXPECT_TRUE(this->book.cancel(OrderId{2}));
    EXPECT_THAT(this->levels(Side::buy), ElementsAre(level(100, 10, 1)));
}

TYPED_TEST(OrderBookTest, ReduceKeepsThePlace) {
    this->sell(alice, 10, 100);
    this->sell(carol, 10, 100);
    EXPECT_TRUE(this->book.reduce(OrderId{1}, Quantity{4}));
    EXPECT_THAT(this->levels(Side::sell), ElementsAre(level(100, 14, 2)));
    this->buy(bob, 6, 100);
    EXPECT_THAT(this->fills, ElementsAre(fill(1, 4, 100, 0), fill(2, 2, 100, 8)));
}

TYPED_TEST(OrderBookTest, ACancelledIdMayEnterAgainAndHasANewPlace) {
    this->buy(alice, 10, 100);
    this->buy(carol, 10, 100);
    this->book.cancel(OrderId{1});
    this->entered = 0;
    EXPECT_EQ(this->buy(alice, 12, 100), ended(Ended::rested, 12));
    EXPECT_THAT(this->orders(Side::buy), ElementsAre(2, 1));
}

TYPED_TEST(OrderBookTest, LevelsAreBestFirstToTheDepthAskedFor) {
    this->buy(alice, 1, 99);
    this->buy(alice, 2, 100);
    this->buy(alice, 4, 99);
    this->buy(alice, 8, 98);
    this->sell(alice, 16, 102);
    this->sell(alice, 32, 101);
    EXPECT_THAT(this->levels(Side::buy), ElementsAre(level(100, 2, 1), level(99, 5, 2), level(98, 8, 1)));
    EXPECT_THAT(this->levels(Side::buy, 2), ElementsAre(level(100, 2, 1), level(99, 5, 2)));
    EXPECT_THAT(this->levels(Side::sell, 9), ElementsAre(level(101, 32, 1), level(102, 16, 1)));
}

TYPED_TEST(OrderBookTest, APriceMayBeAnything) {
    constexpr auto most = INT64_MAX;
    constexpr auto least = INT64_MIN;
    this->buy(alice, 1, least);
    this->buy(alice, 1, -1);
    this->sell(alice, 1, most);
    this->sell(alice, 1, 0);
    EXPECT_THAT(this->levels(Side::buy), ElementsAre(level(-1, 1, 1), level(least, 1, 1)));
    EXPECT_THAT(this->levels(Side::sell), ElementsAre(level(0, 1, 1), level(most, 1, 1)));
    EXPECT_EQ(this->immediate(bob, Side::buy, 3, most), ended(Ended::left_over, 1));
    EXPECT_EQ(this->immediate(bob, Side::sell, 3, least), ended(Ended::left_over, 1));
    EXPECT_EQ(this->book.size(), 0U);
}

TYPED_TEST(OrderBookTest, ALevelHoldsQuantitiesUpToTheWholeRange) {
    this->sell(alice, INT64_MAX - 1, 100);
    this->sell(carol, 1, 100);
    EXPECT_THAT(this->levels(Side::sell), ElementsAre(level(100, INT64_MAX, 2)));
    EXPECT_EQ(this->fill_or_kill(bob, Side::buy, INT64_MAX, 100), ended(Ended::filled, 0));
}

TYPED_TEST(OrderBookTest, TheBookShowsAFillWhenItIsTold) {
    this->sell(alice, 5, 100);
    this->sell(alice, 5, 101);
    std::vector<std::optional<Price>> best_seen;
    this->book.enter({.order = OrderId{9},
                      .owner = bob,
                      .side = Side::buy,
                      .limit = Price{101},
                      .quantity = Quantity{7},
                      .rests = false},
                     [&](const Fill& happened) {
                         best_seen.push_back(this->book.best(Side::sell));
                         const auto maker = this->book.find(happened.maker);
                         EXPECT_EQ(maker ? maker->shown : Quantity{0}, happened.maker_shown);
                     });
    EXPECT_THAT(best_seen, ElementsAre(Price{101}, Price{101}));
}

} // namespace
} // namespace tradehive::matching
