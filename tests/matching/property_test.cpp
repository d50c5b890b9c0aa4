// The real book does what the naive book does, event for event, whatever is asked of it.
#include "matching/order_book.hpp"
#include "tests/matching/naive_book.hpp"
#include "tests/matching/seeds.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace tradehive::matching {
namespace {

// What a seed decides before the first operation: what kind of market it is.
struct Market {
    std::int64_t prices; // orders are within this many ticks
    std::uint32_t owners;
    std::int64_t most_quantity;
    std::size_t crowd;     // cancels prevail when more orders than this rest
    std::uint64_t passive; // percent of orders that keep to their side's half of the prices
    std::uint64_t sweeps;  // one order of so many may trade at any price
    std::uint64_t id_step; // between ids
};

template <class T>
T pick(std::mt19937_64& random, std::initializer_list<T> choices) {
    return choices.begin()[random() % choices.size()];
}

Market market_of(std::mt19937_64& random) {
    return {.prices = pick<std::int64_t>(random, {1, 3, 20, 300, 1LL << 50}),
            .owners = pick(random, {2U, 3U, 8U, 100U}),
            .most_quantity = pick<std::int64_t>(random, {1, 5, 100, 1LL << 40}),
            .crowd = pick<std::size_t>(random, {3, 30, 150}),
            .passive = pick<std::uint64_t>(random, {0, 60, 95}),
            .sweeps = pick<std::uint64_t>(random, {5, 50}),
            .id_step = pick<std::uint64_t>(random, {1, 2, 1ULL << 32U, 0x5851f42d4c957f2dULL})};
}

class BothBooks {
public:
    explicit BothBooks(std::uint64_t seed)
        : random_{seed}
        , market_{market_of(random_)} {}

    void step() {
        const std::uint64_t kind = below(100);
        const bool crowded = naive_.size() > market_.crowd;
        if (kind < 10)
            reduce();
        else if (kind < (crowded ? 60U : 20U))
            cancel();
        else if (kind < (crowded ? 65U : 25U))
            replace();
        else
            enter(next_order());
        compare_tops();
        if (below(10) == 0) compare_orders();
    }

private:
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    std::int64_t up_to(std::int64_t bound) {
        return 1 + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(bound)));
    }
    OrderId next_order() { return OrderId{++entered_ * market_.id_step}; }

    // Often one that rests; sometimes one that is gone or never was.
    OrderId some_order() {
        if (entered_ == 0 || below(10) == 0) return OrderId{(entered_ + 1) * market_.id_step};
        const std::uint64_t recent = std::min<std::uint64_t>(entered_, 3 * market_.crowd);
        return OrderId{(entered_ - below(recent)) * market_.id_step};
    }

    void enter(OrderId order) {
        const Side side = below(2) == 0 ? Side::buy : Side::sell;
        std::int64_t price = up_to(market_.prices);
        const std::int64_t from_middle = 1 + price / 2;
        if (below(100) < market_.passive)
            price =
                side == Side::buy ? market_.prices / 2 + 1 - from_middle : market_.prices / 2 + from_middle;
        if (below(market_.sweeps) == 0) price = side == Side::buy ? 2 * market_.prices : -market_.prices;
        Incoming incoming{.order = order,
                          .owner = static_cast<std::uint32_t>(below(market_.owners)),
                          .side = side,
                          .limit = Price{price},
                          .quantity = Quantity{up_to(market_.most_quantity) * (below(20) == 0 ? 20 : 1)},
                          .rests = below(5) != 0};
        incoming.self_match = static_cast<SelfMatch>(below(4));
        if (below(8) == 0) incoming.at_least = Quantity{up_to(incoming.quantity.value())};
        if (below(10) == 0) incoming.at_least = incoming.quantity;
        if (below(3) == 0) incoming.display = Quantity{up_to(incoming.quantity.value())};
        std::vector<Fill> fills;
        std::vector<Fill> naive_fills;
        std::vector<OwnOrder> own;
        std::vector<OwnOrder> naive_own;
        const Entered entered = book_.enter(
            incoming, [&](const Fill& fill) { fills.push_back(fill); },
            [&](const OwnOrder& met) { own.push_back(met); });
        const Entered naive = naive_.enter(
            incoming, [&](const Fill& fill) { naive_fills.push_back(fill); },
            [&](const OwnOrder& met) { naive_own.push_back(met); });
        ASSERT_EQ(entered, naive);
        ASSERT_EQ(fills, naive_fills);
        ASSERT_EQ(own, naive_own);
    }

    void cancel() {
        const OrderId order = some_order();
        ASSERT_EQ(book_.cancel(order), naive_.cancel(order));
    }

    // As the venue replaces an order that loses its place: the same id again.
    void replace() {
        const OrderId order = some_order();
        const bool was_there = naive_.cancel(order);
        ASSERT_EQ(book_.cancel(order), was_there);
        if (was_there) enter(order);
    }

    void reduce() {
        const OrderId order = some_order();
        const auto resting = naive_.find(order);
        ASSERT_EQ(book_.find(order), resting);
        if (!resting)
            ASSERT_FALSE(book_.reduce(order, Quantity{1}));
        else if (resting->left > Quantity{1}) {
            const Quantity left{up_to(resting->left.value() - 1)};
            const Quantity display{below(3) == 0 ? up_to(left.value()) : 0};
            ASSERT_TRUE(naive_.reduce(order, left, display));
            ASSERT_TRUE(book_.reduce(order, left, display));
        }
    }

    void compare_tops() const {
        ASSERT_EQ(book_.size(), naive_.size());
        const auto buy = book_.best(Side::buy);
        const auto sell = book_.best(Side::sell);
        ASSERT_EQ(buy, naive_.best(Side::buy));
        ASSERT_EQ(sell, naive_.best(Side::sell));
        ASSERT_TRUE(!buy || !sell || *buy < *sell) << "crossed";
    }

    // Takes most of the time, so not after each operation; what differs stays or shows in fills.
    void compare_orders() const {
        for (const Side side : {Side::buy, Side::sell}) {
            ASSERT_EQ(levels(book_, side), levels(naive_, side));
            ASSERT_EQ(orders(book_, side), orders(naive_, side));
        }
    }

    template <class Book>
    static std::vector<Level> levels(const Book& book, Side side) {
        std::vector<Level> result;
        book.levels(side, 0, result);
        return result;
    }
    template <class Book>
    static std::vector<Resting> orders(const Book& book, Side side) {
        std::vector<Resting> result;
        book.orders(side, [&](const Resting& resting) { result.push_back(resting); });
        return result;
    }

    std::mt19937_64 random_;
    Market market_;
    std::uint64_t entered_ = 0;
    OrderBook book_;
    NaiveBook naive_;
};

TEST(OrderBookProperty, DoesWhatTheNaiveBookDoes) {
    const Seeds seeds = Seeds::by_default(200, 1'000);
    for (std::uint64_t seed = seeds.first; seed < seeds.first + seeds.count; ++seed) {
        BothBooks books{seed};
        for (std::uint64_t operation = 0; operation < seeds.length; ++operation) {
            books.step();
            if (HasFatalFailure()) FAIL() << "at operation " << operation << "; " << seeds.repeat(seed);
        }
    }
}

} // namespace
} // namespace tradehive::matching
