#include "tests/trader/model_venue.hpp"
#include "trader/replay.hpp"
#include "trader/replay_report.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::trader {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

FlowRow row(const char* seconds, FlowType type, std::int64_t order, std::int64_t lots, std::int64_t ticks,
            Side side) {
    return {.seconds = seconds, .type = type, .order = order, .lots = lots, .ticks = ticks, .side = side};
}

// A market of one buyer's and one seller's level before the open, and what a test adds to it.
class ReplayTest : public testing::Test {
protected:
    ReplayTest() { settings_.prefix = "T"; }

    void given(std::vector<FlowRow> rows) { rows_ = std::move(rows); }

    // The book after each row, as "bid lots @ ticks, offer lots @ ticks" pairs.
    void file_says(std::vector<BookRow> books) {
        deep_.assign(books.begin(), books.end());
        tops_ = std::move(books);
    }

    ReplayFigures replay() {
        Replay replay(settings_, {.flow = group_executions(rows_), .tops = tops_, .deep = deep_});
        venue_.listener(replay);
        replay.run(venue_, {});
        orders_ = replay.orders();
        return replay.figures();
    }

    ReplaySettings settings_;
    ModelVenue venue_{Steps{}};
    std::vector<FlowRow> rows_;
    std::vector<BookRow> tops_;
    std::vector<BookRow> deep_;
    std::vector<SentOrder> orders_;
};

TEST_F(ReplayTest, each_row_becomes_its_message_and_the_books_are_equal) {
    given({
        row("1.0", FlowType::enter, 11, 30, 99, Side::buy),
        row("1.1", FlowType::reduce, 11, 10, 99, Side::buy),
        row("1.2", FlowType::execute, 11, 5, 99, Side::buy),
        row("1.3", FlowType::cancel, 11, 15, 99, Side::buy),
        row("1.4", FlowType::execute_hidden, 0, 0, 0, Side::buy),
    });
    const std::vector<Level> offers{{101, 40}};
    file_says({{{{99, 30}, {98, 50}}, offers},
               {{{99, 20}, {98, 50}}, offers},
               {{{99, 15}, {98, 50}}, offers},
               {{{98, 50}}, offers},
               {{{98, 50}}, offers}});
    const auto figures = replay();
    EXPECT_EQ(figures.book.equal, 5U);
    EXPECT_EQ(figures.book.deep_equal, 5U);
    EXPECT_EQ(figures.groups, 1U);
    EXPECT_EQ(figures.groups_same_orders, 1U);
    EXPECT_EQ(figures.cancels, 1U);
    EXPECT_EQ(figures.leaves_different, 0U);
    EXPECT_THAT(figures.faults, IsEmpty());
    EXPECT_THAT(unmet(figures, ReplayBounds{}), IsEmpty());
}

TEST_F(ReplayTest, a_book_that_differs_is_counted_and_its_row_named) {
    given(
        {row("1", FlowType::enter, 11, 30, 99, Side::buy), row("2", FlowType::enter, 12, 30, 99, Side::buy)});
    file_says({{{{99, 30}, {98, 50}}, {{101, 40}}}, {{{99, 61}, {98, 50}}, {{101, 40}}}});
    const auto figures = replay();
    EXPECT_EQ(figures.book.equal, 1U);
    EXPECT_EQ(figures.book.first_different_row, 2U);
    EXPECT_EQ(figures.book.deep_equal, 1U);
    EXPECT_THAT(unmet(figures, ReplayBounds{}), testing::Contains(HasSubstr("first row")));
}

TEST_F(ReplayTest, executions_of_one_moment_are_one_aggressor_at_the_worst_price) {
    given({
        row("1", FlowType::enter, 11, 30, 102, Side::sell),
        row("2", FlowType::execute, 0, 40, 101, Side::sell), // of the level before the open
        row("2", FlowType::execute_hidden, 0, 0, 0, Side::buy),
        row("2", FlowType::execute, 11, 10, 102, Side::sell),
    });
    const BookRow before{{{98, 50}}, {{101, 40}, {102, 30}}};
    const BookRow after{{{98, 50}}, {{102, 20}}};
    file_says({before, before, before, after});
    const auto figures = replay();
    EXPECT_EQ(figures.groups, 1U);
    EXPECT_EQ(figures.groups_same_orders, 1U);
    EXPECT_EQ(figures.observable, 2U);
    EXPECT_EQ(figures.book.equal, 2U);
    const auto& aggressor = orders_.back();
    EXPECT_EQ(aggressor.entry.account, "TAKE");
    EXPECT_EQ(aggressor.entry.order_qty, "50");
    EXPECT_EQ(aggressor.entry.price, "1.02");
    EXPECT_EQ(aggressor.entry.time_in_force, TimeInForce::immediate_or_cancel);
}

TEST_F(ReplayTest, where_the_fills_name_other_orders_the_books_are_made_equal_again) {
    given({
        row("1", FlowType::enter, 11, 30, 99, Side::buy),
        row("2", FlowType::enter, 12, 30, 99, Side::buy),
        row("3", FlowType::execute, 12, 30, 99, Side::buy), // though 11 is older
        row("4", FlowType::cancel, 11, 30, 99, Side::buy),
    });
    const std::vector<Level> offers{{101, 40}};
    file_says({{{{99, 30}, {98, 50}}, offers},
               {{{99, 60}, {98, 50}}, offers},
               {{{99, 30}, {98, 50}}, offers},
               {{{98, 50}}, offers}});
    const auto figures = replay();
    EXPECT_THAT(figures.corrections, ElementsAre(3U));
    EXPECT_EQ(figures.groups_right, 1U);
    EXPECT_EQ(figures.groups_same_orders, 0U);
    EXPECT_EQ(figures.book.equal, 4U);
    EXPECT_EQ(figures.leaves_different, 0U);
    EXPECT_EQ(venue_.open_lots(Side::buy), 50);
}

TEST_F(ReplayTest, a_part_filled_by_the_wrong_order_is_entered_again_behind) {
    given({
        row("1", FlowType::enter, 11, 30, 99, Side::buy),
        row("2", FlowType::enter, 12, 30, 99, Side::buy),
        row("3", FlowType::execute, 12, 10, 99, Side::buy),
        row("4", FlowType::cancel, 12, 20, 99, Side::buy),
        row("5", FlowType::cancel, 11, 30, 99, Side::buy),
    });
    const std::vector<Level> offers{{101, 40}};
    file_says({{{{99, 30}, {98, 50}}, offers},
               {{{99, 60}, {98, 50}}, offers},
               {{{99, 50}, {98, 50}}, offers},
               {{{99, 30}, {98, 50}}, offers},
               {{{98, 50}}, offers}});
    const auto figures = replay();
    EXPECT_THAT(figures.corrections, ElementsAre(3U));
    EXPECT_EQ(figures.book.equal, 5U);
    EXPECT_EQ(figures.leaves_different, 0U);
}

TEST_F(ReplayTest, a_venue_that_breaks_priority_is_found_out) {
    venue_.pass_over("Ta1");
    given({
        row("1", FlowType::enter, 11, 30, 99, Side::buy),
        row("2", FlowType::enter, 12, 30, 99, Side::buy),
        row("3", FlowType::execute, 11, 30, 99, Side::buy),
    });
    const std::vector<Level> offers{{101, 40}};
    file_says(
        {{{{99, 30}, {98, 50}}, offers}, {{{99, 60}, {98, 50}}, offers}, {{{99, 30}, {98, 50}}, offers}});
    const auto figures = replay();
    EXPECT_THAT(figures.corrections, ElementsAre(3U));
    EXPECT_EQ(figures.groups_same_orders, 0U);
}

TEST_F(ReplayTest, an_unknown_cancel_takes_from_what_rested_before_the_open_or_is_skipped) {
    given({
        row("1", FlowType::enter, 11, 30, 99, Side::buy),
        row("2", FlowType::cancel, 77, 20, 98, Side::buy),
        row("3", FlowType::cancel, 78, 30, 98, Side::buy),
        row("4", FlowType::cancel, 79, 10, 97, Side::buy),
    });
    const std::vector<Level> offers{{101, 40}};
    file_says({{{{99, 30}, {98, 50}}, offers},
               {{{99, 30}, {98, 30}}, offers},
               {{{99, 30}}, offers},
               {{{99, 30}}, offers}});
    const auto figures = replay();
    EXPECT_EQ(figures.book.deep_equal, 4U);
    EXPECT_EQ(figures.skipped, 1U);
}

TEST_F(ReplayTest, a_cancel_that_finds_another_quantity_is_counted) {
    given({row("1", FlowType::enter, 11, 30, 99, Side::buy),
           row("2", FlowType::cancel, 11, 29, 99, Side::buy)});
    file_says({{{{99, 30}, {98, 50}}, {{101, 40}}}, {{{98, 50}}, {{101, 40}}}});
    const auto figures = replay();
    EXPECT_EQ(figures.leaves_different, 1U);
    EXPECT_THAT(figures.faults, ElementsAre(HasSubstr("Tc2")));
}

TEST_F(ReplayTest, an_order_that_fills_on_entry_is_counted) {
    given({row("1", FlowType::enter, 11, 30, 99, Side::buy),
           row("2", FlowType::enter, 12, 10, 98, Side::sell)});
    file_says({{{{99, 30}, {98, 50}}, {{101, 40}}}, {{{99, 20}, {98, 50}}, {{101, 40}}}});
    EXPECT_EQ(replay().filled_on_entry, 2U); // both sides of the one trade
}

TEST_F(ReplayTest, reports_that_come_twice_change_nothing) {
    venue_.say_everything_twice(true);
    given({
        row("1", FlowType::enter, 11, 30, 99, Side::buy),
        row("2", FlowType::execute, 11, 10, 99, Side::buy),
        row("3", FlowType::cancel, 11, 20, 99, Side::buy),
    });
    const std::vector<Level> offers{{101, 40}};
    file_says({{{{99, 30}, {98, 50}}, offers}, {{{99, 20}, {98, 50}}, offers}, {{{98, 50}}, offers}});
    const auto figures = replay();
    EXPECT_EQ(figures.book.equal, 3U);
    EXPECT_EQ(figures.leaves_different, 0U);
    EXPECT_GT(figures.repeats, 5U);
    EXPECT_EQ(figures.exec_conflicts, 0U);
    EXPECT_THAT(figures.faults, IsEmpty());
}

TEST_F(ReplayTest, a_lost_answer_is_judged_by_the_next_only_if_no_command_lies_between) {
    venue_.lose_answers(2);
    given({
        row("1", FlowType::enter, 11, 30, 99, Side::buy), // lost, a command follows
        row("2", FlowType::enter, 12, 30, 99, Side::buy), // lost, none follows
        row("3", FlowType::execute_hidden, 0, 0, 0, Side::buy),
    });
    const std::vector<Level> offers{{101, 40}};
    file_says(
        {{{{99, 30}, {98, 50}}, offers}, {{{99, 60}, {98, 50}}, offers}, {{{99, 60}, {98, 50}}, offers}});
    const auto figures = replay();
    EXPECT_EQ(figures.book.lost, 1U);
    EXPECT_EQ(figures.book.equal, 2U);
}

TEST_F(ReplayTest, a_refused_order_stops_the_replay_with_the_venues_words) {
    given({row("1", FlowType::enter, 11, 30, 99, Side::buy)});
    file_says({{{{99, 30}, {98, 50}}, {{101, 40}}}});
    static_cast<void>(replay());
    Replay again(settings_, {.flow = group_executions(rows_), .tops = tops_, .deep = deep_});
    venue_.listener(again);
    try {
        again.run(venue_, {});
        FAIL() << "the same ClOrdIDs were taken twice";
    } catch (const ReplayStopped& stopped) {
        EXPECT_THAT(stopped.what(), HasSubstr("DUPLICATE"));
    }
}

TEST_F(ReplayTest, a_silent_venue_is_given_up) {
    settings_.patience = std::chrono::seconds(0);
    SilentVenue silence;
    Replay replay(settings_, {.flow = group_executions({row("1", FlowType::enter, 11, 30, 99, Side::buy)}),
                              .tops = {},
                              .deep = {}});
    EXPECT_THROW(replay.run(silence, {}), ReplayStopped);
}

TEST_F(ReplayTest, it_stops_after_as_many_rows_as_asked) {
    settings_.stop_after_rows = 1;
    given(
        {row("1", FlowType::enter, 11, 30, 99, Side::buy), row("2", FlowType::enter, 12, 30, 99, Side::buy)});
    file_says({{{{99, 30}, {98, 50}}, {{101, 40}}}, {{{99, 60}, {98, 50}}, {{101, 40}}}});
    EXPECT_EQ(replay().rows, 1U);
    EXPECT_EQ(venue_.open_lots(Side::buy), 80);
}

TEST_F(ReplayTest, the_fate_of_each_order_is_told) {
    given({row("1", FlowType::enter, 11, 30, 99, Side::buy),
           row("2", FlowType::execute, 11, 10, 99, Side::buy)});
    file_says({{{{99, 30}, {98, 50}}, {{101, 40}}}, {{{99, 20}, {98, 50}}, {{101, 40}}}});
    static_cast<void>(replay());
    std::ostringstream fates;
    print_fates(fates, orders_);
    EXPECT_EQ(fates.str(), "Tpb98 new cum=0 leaves=50\n"
                           "Tps101 new cum=0 leaves=40\n"
                           "Ta1 partially-filled cum=10 leaves=20\n"
                           "Tt2 filled cum=10 leaves=0\n");
}

// The model on a thread of its own, as a connection is.
class ModelOnThread final : public VenueGate {
public:
    explicit ModelOnThread(ModelVenue& venue)
        : venue_(venue) {}

    void enter(const OrderEntry& order) override {
        hand_over([this, order] { venue_.enter(order); });
    }
    void cancel(const OrderCancel& cancel) override {
        hand_over([this, cancel] { venue_.cancel(cancel); });
    }
    void replace(const OrderReplace& replace) override {
        hand_over([this, replace] { venue_.replace(replace); });
    }
    void ask(const StatusQuestion& question) override {
        hand_over([this, question] { venue_.ask(question); });
    }
    void ask(const BookQuestion& question) override {
        hand_over([this, question] { venue_.ask(question); });
    }

private:
    void hand_over(std::function<void()> call) {
        {
            const std::scoped_lock lock(mutex_);
            calls_.push_back(std::move(call));
            most_waiting_ = std::max(most_waiting_, calls_.size());
        }
        changed_.notify_one();
    }
    void work(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (changed_.wait(lock, stop, [this] { return !calls_.empty(); })) {
            const auto call = std::move(calls_.front());
            calls_.pop_front();
            lock.unlock();
            call();
            lock.lock();
        }
    }

    ModelVenue& venue_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<std::function<void()>> calls_;
    std::size_t most_waiting_{};
    std::jthread worker_{[this](const std::stop_token& stop) { work(stop); }};

public:
    std::size_t most_waiting() {
        const std::scoped_lock lock(mutex_);
        return most_waiting_;
    }
};

TEST_F(ReplayTest, pipelined_over_a_thread_it_finds_the_same_and_keeps_to_its_window) {
    settings_.window = 8;
    std::vector<BookRow> books;
    const std::vector<Level> offers{{101, 40}};
    std::int64_t resting = 0;
    for (int number = 0; number < 300; ++number) {
        const auto seconds = std::to_string(number);
        const bool enters = number % 3 != 2;
        rows_.push_back(enters ? row(seconds.c_str(), FlowType::enter, number, 10, 99, Side::buy)
                        : number % 2 == 0
                            ? row(seconds.c_str(), FlowType::cancel, number - 1, 10, 99, Side::buy)
                            : row(seconds.c_str(), FlowType::execute, number - 1, 10, 99, Side::buy));
        resting += enters ? 10 : -10;
        books.push_back({{{99, resting}, {98, 50}}, offers});
    }
    file_says(books);
    Replay replay(settings_, {.flow = group_executions(rows_), .tops = tops_, .deep = deep_});
    venue_.listener(replay);
    ModelOnThread gate(venue_);
    replay.run(gate, {});
    const auto figures = replay.figures();
    EXPECT_EQ(figures.book.equal, 300U);
    EXPECT_EQ(figures.groups_right, 50U);
    EXPECT_EQ(figures.corrections.size(), 50U); // the file executes the younger order each time
    EXPECT_EQ(figures.leaves_different, 0U);
    EXPECT_LE(gate.most_waiting(), 9U);
}

// The whole hour against the model: what a correct venue reaches, so that the bounds are known to be
// reachable.
TEST(WholeFile, a_correct_venue_meets_every_bound) {
    const char* folder = std::getenv("TRADEHIVE_ORDER_FLOW"); // NOLINT(concurrency-mt-unsafe)
    const char* ci = std::getenv("CI");                       // NOLINT(concurrency-mt-unsafe)
    const bool here = folder != nullptr && std::filesystem::is_directory(folder);
    ASSERT_TRUE(here || ci == nullptr || std::string(ci) != "true") << "TRADEHIVE_ORDER_FLOW names no folder";
    if (!here)
        GTEST_SKIP() << "TRADEHIVE_ORDER_FLOW names no folder; LOBSTER's free samples (AAPL, 2012-06-21, 50 "
                        "levels) are at https://lobsterdata.com/info/DataSamples.php";
    const auto file = [&](const char* name) { return std::string(folder) + "/AAPL_2012-06-21_" + name; };
    ReplaySettings settings;
    settings.prefix = "W";
    ReplayInput input;
    input.flow = group_executions(read_messages(file("message_50.csv.xz"), settings.steps));
    input.tops = read_book_rows(file("orderbook_L1.csv.xz"), settings.steps, 1, input.flow.rows.size());
    input.deep = read_book_rows(file("orderbook_50_first672.csv.xz"), settings.steps, 50, 672);
    ModelVenue venue(settings.steps);
    Replay replay(settings, std::move(input));
    venue.listener(replay);
    replay.run(venue, {});
    const auto figures = replay.figures();
    EXPECT_THAT(unmet(figures, ReplayBounds{}), IsEmpty());
    EXPECT_EQ(figures.observable, 91'176U);
    EXPECT_EQ(figures.book.equal, 91'086U);
    EXPECT_EQ(figures.book.first_different_row, 54'607U);
    EXPECT_EQ(figures.book.deep_equal, 637U);
    EXPECT_EQ(figures.groups_right, 3'290U);
    EXPECT_EQ(figures.skipped, 45U);
}

} // namespace
} // namespace tradehive::trader
