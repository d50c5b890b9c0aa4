#include "tests/trader/model_venue.hpp"
#include "trader/market.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::trader {
namespace {

using testing::HasSubstr;

TEST(MarketSymbolTest, is_read_into_ticks_and_lots) {
    const auto symbol = MarketSymbol::parse("BTC-USD:50000:0.01:0.0001:0.05");
    EXPECT_EQ(symbol.symbol, "BTC-USD");
    EXPECT_EQ(symbol.start_ticks, 5'000'000);
    EXPECT_EQ(symbol.usual_lots, 500);
    EXPECT_EQ(MarketSymbol::parse("X:1:0.01:1").usual_lots, 100);
}

TEST(MarketSymbolTest, what_is_wrong_is_said_with_the_form) {
    for (const auto* text : {"", "BTC-USD", "BTC-USD:50000:0.01", "X:1:0:1", "X:1.001:0.01:1", "X:a:0.01:1",
                             "X:1:0.01:1:0.5", "X:1:0.01:1:1:1"}) {
        try {
            static_cast<void>(MarketSymbol::parse(text));
            ADD_FAILURE() << text << " was taken";
        } catch (const std::invalid_argument& error) {
            EXPECT_THAT(error.what(), HasSubstr("SYMBOL:PRICE:TICK:LOT[:QTY]"));
        }
    }
}

TEST(PriceWalkTest, stays_near_its_start_and_quotes_around_its_middle) {
    PriceWalk walk(MarketSymbol::parse("X:1000:0.01:1:10"));
    SeededNumbers numbers(7);
    std::int64_t lowest = walk.middle();
    std::int64_t highest = walk.middle();
    std::int64_t narrowest = walk.half_spread();
    std::int64_t widest = walk.half_spread();
    for (int step = 0; step < 100'000; ++step) {
        walk.step(numbers);
        lowest = std::min(lowest, walk.middle());
        highest = std::max(highest, walk.middle());
        narrowest = std::min(narrowest, walk.half_spread());
        widest = std::max(widest, walk.half_spread());
        ASSERT_LT(walk.quote(Side::buy, 0), walk.middle());
        ASSERT_GT(walk.quote(Side::sell, 0), walk.middle());
        ASSERT_LT(walk.quote(Side::buy, 1), walk.quote(Side::buy, 0));
        ASSERT_LT(walk.quote(Side::sell, 0, 1'000), walk.quote(Side::sell, 0))
            << "who holds too much sells cheaper";
        const auto lots = walk.lots(numbers);
        ASSERT_GE(lots, 1);
        ASSERT_LE(lots, 60);
    }
    EXPECT_GT(lowest, 80'000);
    EXPECT_LT(highest, 120'000);
    EXPECT_GT(highest - lowest, 1'000);
    EXPECT_GE(widest, 3 * narrowest);
}

TEST(PriceWalkTest, trades_and_news_heat_it_and_time_cools_it) {
    PriceWalk walk(MarketSymbol::parse("X:1000:0.01:1:10"));
    SeededNumbers numbers(7);
    const auto cold = walk.half_spread();
    for (int trade = 0; trade < 100; ++trade)
        walk.traded(walk.middle());
    EXPECT_EQ(walk.heat(), PriceWalk::most_heat);
    EXPECT_GE(walk.half_spread(), 4 * cold);
    bool cooled = false;
    int hot_again = 0;
    for (int step = 0; step < 20'000; ++step) {
        const auto before = walk.heat();
        walk.step(numbers);
        if (walk.heat() > before) ++hot_again;
        if (step < 250 && walk.heat() < 50) cooled = true;
    }
    EXPECT_TRUE(cooled);
    EXPECT_GT(hot_again, 10);
}

TEST(SeededNumbersTest, the_same_seed_gives_the_same_numbers) {
    SeededNumbers one(3);
    SeededNumbers same(3);
    SeededNumbers other(4);
    int different = 0;
    for (int count = 0; count < 100; ++count) {
        const auto number = one.between(-5, 1'000'000);
        EXPECT_EQ(number, same.between(-5, 1'000'000));
        EXPECT_GE(number, -5);
        EXPECT_LE(number, 1'000'000);
        different += number != other.between(-5, 1'000'000) ? 1 : 0;
    }
    EXPECT_GT(different, 90);
}

// Sends what each member is told to the listener of that member: the model venue knows one listener only, so
// reports go by account.
class ByAccount final : public VenueListener {
public:
    void add(const std::string& account, VenueListener& listener) { members_[account] = &listener; }
    void on_report(const Report& report) override { members_.at(report.account)->on_report(report); }
    void on_cancel_refused(const CancelRefusal& refusal) override {
        for (const auto& [account, member] : members_)
            member->on_cancel_refused(refusal);
    }
    void on_book(const BookSnapshot&) override {}
    void on_message_refused(const MessageRefusal&) override {}
    void on_logged_on() override {}
    void on_logged_out(std::string_view) override {}

private:
    std::map<std::string, VenueListener*> members_;
};

class MarketTest : public testing::Test {
protected:
    MarketTest() {
        venue_.listener(members_);
        members_.add("MAKER", maker_);
        members_.add("TAKER", taker_);
        maker_.on_logged_on();
        taker_.on_logged_on();
    }

    void trade(int steps) {
        for (int step = 0; step < steps; ++step) {
            prices_.step(0, numbers_);
            maker_.act(numbers_, venue_);
            if (step % 5 == 0) taker_.act(numbers_, venue_);
        }
    }

    MarketPlan plan_{.symbols = {MarketSymbol::parse("X:100:0.01:1:10")}};
    MarketPrices prices_{plan_};
    ModelVenue venue_{Steps{}};
    ByAccount members_;
    MarketSession maker_{plan_, prices_, MarketSession::Role::maker, "m-", "MAKER"};
    MarketSession taker_{plan_, prices_, MarketSession::Role::taker, "t-", "TAKER"};
    SeededNumbers numbers_{1};
};

TEST_F(MarketTest, a_maker_keeps_one_order_in_each_slot_and_takers_trade_with_it) {
    trade(3'000);
    EXPECT_LE(maker_.resting(), 10U);
    EXPECT_GE(maker_.resting(), 5U);
    EXPECT_GT(maker_.figures().trades, 50U);
    EXPECT_GT(maker_.figures().replaced, 500U);
    EXPECT_GT(taker_.figures().trades, 50U);
    EXPECT_GE(maker_.figures().trades, taker_.figures().trades); // the model lets a maker meet itself
    EXPECT_GT(venue_.open_lots(Side::buy), 0);
}

TEST_F(MarketTest, takers_come_in_clusters) {
    constexpr int minutes = 400;
    std::vector<std::int64_t> trades;
    auto before = taker_.figures().trades;
    for (int minute = 0; minute < minutes; ++minute) {
        for (int step = 0; step < 100; ++step) {
            prices_.step(0, numbers_);
            if (numbers_.between(1, 1'000) <= prices_.taker_share())
                taker_.act(numbers_, venue_);
            else
                maker_.act(numbers_, venue_);
        }
        trades.push_back(static_cast<std::int64_t>(taker_.figures().trades - before));
        before = taker_.figures().trades;
    }
    const auto sum = std::accumulate(trades.begin(), trades.end(), std::int64_t{0});
    std::int64_t squares = 0;
    for (const auto count : trades)
        squares += count * count;
    // Of arrivals that know nothing of each other the variance is the mean.
    EXPECT_GT(sum, minutes);
    EXPECT_GT(squares * minutes - sum * sum, 2 * sum * minutes);
}

TEST_F(MarketTest, over_a_long_time_nobody_holds_more_than_may_be) {
    std::int64_t most = 0;
    for (int part = 0; part < 300; ++part) {
        trade(1'000);
        most = std::max({most, std::abs(maker_.held(0)), std::abs(taker_.held(0))});
    }
    EXPECT_GT(taker_.figures().trades, 10'000U);
    EXPECT_GT(most, 10);
    // One order that was under way when the bound was reached may still be filled; the largest is six usual
    // ones.
    EXPECT_LE(most, (MarketSession::most_held + 12) * 10);
}

TEST_F(MarketTest, a_refusal_for_want_of_funds_turns_it_round) {
    Report refused;
    trade(100);
    struct Poor final : SilentVenue {
        OrderEntry last;
        void enter(const OrderEntry& order) override { last = order; }
    } poor;
    for (int turn = 0; turn < 20; ++turn) {
        taker_.act(numbers_, poor);
        ASSERT_FALSE(poor.last.cl_ord_id.empty());
        refused = {};
        refused.cl_ord_id = poor.last.cl_ord_id;
        refused.symbol = poor.last.symbol;
        refused.account = "TAKER";
        refused.side = static_cast<char>(poor.last.side);
        refused.exec_type = refused.ord_status = '8';
        refused.text = "FUNDS: the order needs more than the account has available";
        const auto side = poor.last.side;
        taker_.on_report(refused);
        poor.last = {};
        taker_.act(numbers_, poor);
        EXPECT_EQ(poor.last.side, opposite(side));
        refused.cl_ord_id = poor.last.cl_ord_id;
        refused.text = "HALTED: not now";
        taker_.on_report(refused);
        poor.last = {};
    }
}

TEST_F(MarketTest, at_the_end_nothing_is_left_in_the_book) {
    trade(500);
    maker_.cancel_all(venue_, std::chrono::seconds(1));
    EXPECT_EQ(maker_.resting(), 0U);
    EXPECT_EQ(venue_.open_lots(Side::buy), 0);
    EXPECT_EQ(venue_.open_lots(Side::sell), 0);
}

TEST_F(MarketTest, a_lost_connection_only_pauses_it) {
    trade(200);
    const auto before = maker_.figures().entered + maker_.figures().replaced;
    maker_.on_logged_out("");
    trade(200);
    EXPECT_EQ(maker_.figures().entered + maker_.figures().replaced, before);
    maker_.on_logged_on();
    trade(200);
    EXPECT_GT(maker_.figures().entered + maker_.figures().replaced, before);
}

TEST_F(MarketTest, repeated_reports_do_not_bring_back_what_has_ended) {
    venue_.say_everything_twice(true);
    trade(1'000);
    maker_.cancel_all(venue_, std::chrono::seconds(1));
    EXPECT_EQ(maker_.resting(), 0U);
    EXPECT_EQ(venue_.open_lots(Side::buy), 0);
}

} // namespace
} // namespace tradehive::trader
