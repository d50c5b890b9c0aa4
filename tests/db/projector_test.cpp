#include "db/projector.hpp"

#include "db/migrations.hpp"
#include "event_story.hpp"
#include "scratch_database.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tradehive::db {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 60s;

// What the projector said, and waiting for it.
class Alarms {
public:
    [[nodiscard]] Projector::OnAlarm listener() {
        return [this](Alarm alarm, std::string_view text) {
            const std::scoped_lock lock(mutex_);
            heard_.push_back(alarm);
            text_ = text;
            changed_.notify_all();
        };
    }
    [[nodiscard]] bool wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, [&] { return heard_.size() >= count; });
    }
    [[nodiscard]] bool wait_until_back() {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience,
                                 [&] { return !heard_.empty() && heard_.back() == Alarm::database_back; });
    }
    [[nodiscard]] std::vector<Alarm> heard() const {
        const std::scoped_lock lock(mutex_);
        return heard_;
    }
    [[nodiscard]] std::string text() const {
        const std::scoped_lock lock(mutex_);
        return text_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Alarm> heard_;
    std::string text_;
};

class ProjectorTest : public testing::Test {
protected:
    ProjectorTest() { story.add_world(); }

    [[nodiscard]] Projector::Options options() const {
        Projector::Options options;
        options.database = database.options();
        options.batch = 7;
        options.linger = 0ms;
        options.first_pause = 1ms;
        options.longest_pause = 20ms;
        return options;
    }

    void project_all() {
        Projector projector(options(), log, alarms.listener());
        ASSERT_TRUE(projector.wait_for(log.end(), patience));
    }

    ScratchDatabase database;
    Story story;
    MemoryLog log;
    Alarms alarms;
};

TEST_F(ProjectorTest, RowsSayWhatTheEventsSaid) {
    story.add_trade(0);
    log.publish(story.events());
    project_all();

    Connection connection(database.options());
    EXPECT_EQ(
        text_of(connection, "SELECT symbol || ' ' || tick || ' ' || lot || ' ' || state FROM instruments"),
        "BTC/USD 0.01 0.0001 open");
    EXPECT_EQ(text_of(connection, "SELECT code FROM accounts WHERE account_id = 3"), "BUYER");
    EXPECT_EQ(number_of(connection, "SELECT most_order_qty_lots FROM accounts WHERE account_id = 3"),
              9'000'000'000'000'000'000);
    EXPECT_EQ(text_of(connection, "SELECT kind || ' ' || cancel_on_disconnect FROM fix_sessions"),
              "order_entry session");
    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM fix_session_accounts"), 2);

    EXPECT_EQ(text_of(connection,
                      "SELECT side || ' ' || ord_status || ' ' || price || ' ' || order_qty || ' ' || "
                      "leaves_qty || ' ' || cum_qty || ' ' || avg_px FROM orders WHERE order_id = 2"),
              "buy partially_filled 42000.50 1.5000 0.5000 1.0000 42000.50");
    EXPECT_EQ(text_of(connection, "SELECT ord_status || ' ' || entered_at FROM orders WHERE order_id = 1"),
              "canceled 2023-11-14T22:13:32.000000012Z");
    EXPECT_EQ(text_of(connection, "SELECT changed_at FROM orders WHERE order_id = 1"),
              "2023-11-14T22:13:42.000000022Z");

    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM trades"), 2);
    EXPECT_EQ(text_of(connection,
                      "SELECT exec_id || ' ' || last_px || ' ' || last_qty || ' ' || notional_text || ' ' || "
                      "fee_text FROM trades WHERE maker = 1"),
              "1016-0 42000.50 1.0000 42000.50 -1.00");
    EXPECT_EQ(text_of(connection,
                      "SELECT total_text || ' ' || held_text || ' ' || available_text FROM balances "
                      "WHERE account_id = 3 AND asset_id = 2"),
              "957936.49 21094.75 936841.74");
    EXPECT_EQ(number_of(connection, "SELECT next_event FROM projection"),
              static_cast<long long>(log.end().value()));
    EXPECT_EQ(log.position("projector"), log.end());
    EXPECT_TRUE(alarms.heard().empty());
}

TEST_F(ProjectorTest, MarketOrdersAndOrdersForNothingHaveNoDecimals) {
    auto market = story_order(50, Side::buy, buyer);
    market.ord_type = OrdType::market;
    market.price = Price{};
    story.add(OrderAccepted{market});
    OrderRejected rejected;
    rejected.order = story_order(51, Side::buy, buyer);
    rejected.order.instrument = InstrumentId{};
    rejected.order.ord_status = OrdStatus::rejected;
    rejected.order.cl_ord_id = ClOrdID::cut("odd\xFF");
    rejected.reason = RejectReason::unknown_instrument;
    story.add(rejected);
    log.publish(story.events());
    project_all();

    Connection connection(database.options());
    EXPECT_EQ(text_of(connection, "SELECT price FROM orders WHERE order_id = 50"), "NULL");
    EXPECT_EQ(text_of(connection, "SELECT order_qty FROM orders WHERE order_id = 50"), "1.5000");
    EXPECT_EQ(text_of(connection, "SELECT order_qty FROM orders WHERE order_id = 51"), "NULL");
    EXPECT_EQ(text_of(connection, "SELECT reject_word FROM orders WHERE order_id = 51"),
              describe(RejectReason::unknown_instrument).word);
    EXPECT_EQ(text_of(connection, "SELECT cl_ord_id FROM orders WHERE order_id = 51"), "odd?");
}

TEST_F(ProjectorTest, FollowsWhatIsPublishedLater) {
    Projector projector(options(), log, alarms.listener());
    log.publish(story.events());
    ASSERT_TRUE(projector.wait_for(story.end(), patience));
    for (std::uint64_t i = 0; i < 20; ++i) {
        const auto before = story.events().size();
        story.add_trade(i);
        log.publish(story.part(before, story.events().size()));
    }
    ASSERT_TRUE(projector.wait_for(story.end(), patience));
    EXPECT_EQ(projector.lag(), 0U);
    EXPECT_EQ(projector.position(), story.end());
    Connection connection(database.options());
    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM trades"), 40);
}

TEST_F(ProjectorTest, RestartsGoOnAndGiveTheSameRowsAsOneRun) {
    for (std::uint64_t i = 0; i < 20; ++i) {
        const auto before = i == 0 ? 0 : story.events().size();
        story.add_trade(i);
        log.publish(story.part(before, story.events().size()));
        project_all();
    }
    Connection in_pieces(database.options());

    const ScratchDatabase other;
    auto at_once = options();
    at_once.database = other.options();
    at_once.batch = 1000;
    {
        Projector projector(at_once, log, alarms.listener());
        ASSERT_TRUE(projector.wait_for(log.end(), patience));
    }
    Connection whole(other.options());
    EXPECT_EQ(dump(in_pieces), dump(whole));
    EXPECT_NE(dump(whole).find("order-40"), std::string::npos);
}

TEST_F(ProjectorTest, TwoAtOnceProjectEachEventOnce) {
    for (std::uint64_t i = 0; i < 50; ++i)
        story.add_trade(i);
    log.publish(story.events());
    {
        Projector one(options(), log, alarms.listener());
        Projector two(options(), log, alarms.listener());
        ASSERT_TRUE(one.wait_for(log.end(), patience));
        ASSERT_TRUE(two.wait_for(log.end(), patience));
    }
    Connection connection(database.options());
    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM trades"), 100);
    EXPECT_EQ(number_of(connection, "SELECT next_event FROM projection"),
              static_cast<long long>(log.end().value()));
}

TEST_F(ProjectorTest, AbsentDatabaseIsToldOnceAndCaughtUpWith) {
    log.publish(story.events());
    database.take_away();
    Projector projector(options(), log, alarms.listener());
    ASSERT_TRUE(alarms.wait_for(1));
    EXPECT_EQ(projector.lag(), story.events().size());
    EXPECT_FALSE(projector.stopped());
    database.bring_back();
    ASSERT_TRUE(projector.wait_for(log.end(), patience));
    ASSERT_TRUE(alarms.wait_for(2));
    EXPECT_EQ(alarms.heard(), (std::vector{Alarm::database_away, Alarm::database_back}));
}

TEST_F(ProjectorTest, OutageInTheMiddleLosesAndDoublesNothing) {
    log.publish(story.events());
    auto impatient = options();
    impatient.database.busy_timeout = 1ms;
    Projector projector(impatient, log, alarms.listener());
    ASSERT_TRUE(projector.wait_for(log.end(), patience));
    const auto before = story.events().size();
    for (std::uint64_t i = 0; i < 10; ++i)
        story.add_trade(i);
    {
        Connection blocker(database.options());
        soci::transaction transaction(blocker.sql());
        blocker.sql() << "UPDATE projection SET follower = follower";
        log.publish(story.part(before, story.events().size()));
        ASSERT_TRUE(alarms.wait_for(1));
        EXPECT_EQ(projector.lag(), story.events().size() - before);
    }
    ASSERT_TRUE(projector.wait_for(log.end(), patience));
    ASSERT_TRUE(alarms.wait_until_back());
    // Away is told again when its cause changes; back once, at the end.
    EXPECT_EQ(std::ranges::count(alarms.heard(), Alarm::database_back), 1);
    EXPECT_EQ(alarms.heard().front(), Alarm::database_away);
    EXPECT_EQ(alarms.heard().back(), Alarm::database_back);
    Connection connection(database.options());
    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM trades"), 20);
}

TEST_F(ProjectorTest, DatabaseAheadOfTheEventLogStopsIt) {
    story.add_trade(0);
    log.publish(story.events());
    project_all();
    MemoryLog shorter;
    shorter.publish(story.part(0, story.events().size() - 1));
    const Projector projector(options(), shorter, alarms.listener());
    ASSERT_TRUE(alarms.wait_for(1));
    EXPECT_EQ(alarms.heard(), std::vector{Alarm::database_ahead});
    EXPECT_TRUE(projector.stopped());
    EXPECT_NE(alarms.text().find("database ahead: it has all events before 25, the EventLog ends before 24"),
              std::string::npos)
        << alarms.text();
}

TEST_F(ProjectorTest, EventsThatAreNoLongerKeptStopIt) {
    log.publish(story.events());
    log.drop_before(EventNumber{3});
    const Projector projector(options(), log, alarms.listener());
    ASSERT_TRUE(alarms.wait_for(1));
    EXPECT_EQ(alarms.heard(), std::vector{Alarm::events_gone});
    EXPECT_TRUE(projector.stopped());
    EXPECT_NE(alarms.text().find("needs event 1, the EventLog begins with 3"), std::string::npos)
        << alarms.text();
}

TEST_F(ProjectorTest, NewerSchemaStopsIt) {
    {
        Connection connection(database.options());
        migrate(connection);
        connection.sql() << "INSERT INTO schema_migrations (number, name) VALUES (999, '999_future')";
    }
    Projector projector(options(), log, alarms.listener());
    ASSERT_TRUE(alarms.wait_for(1));
    EXPECT_EQ(alarms.heard(), std::vector{Alarm::schema_refused});
    EXPECT_FALSE(projector.wait_for(EventNumber{1}, patience)); // at once: it has stopped
}

TEST_F(ProjectorTest, EventOfAnUnknownKindStopsItBeforeItsBatch) {
    story.add_trade(0);
    auto events = story.events();
    events[20].header.version = 9;
    log.publish(events);
    const Projector projector(options(), log, alarms.listener());
    ASSERT_TRUE(alarms.wait_for(1));
    EXPECT_EQ(alarms.heard(), std::vector{Alarm::unknown_event});
    EXPECT_EQ(projector.position(), EventNumber{15}); // two batches of seven; the third holds event 21
    EXPECT_NE(alarms.text().find("event 21"), std::string::npos);
}

TEST_F(ProjectorTest, EndsAtOnceWhileItWaitsForAnAbsentDatabase) {
    auto slow = options();
    slow.database.file = "/nowhere/test.db";
    slow.database.server.name = "nowhere";
    slow.first_pause = slow.longest_pause = 1h;
    auto projector = std::make_unique<Projector>(slow, log, alarms.listener());
    ASSERT_TRUE(alarms.wait_for(1));
    projector.reset(); // a test that hangs here has failed
    EXPECT_EQ(alarms.heard(), std::vector{Alarm::database_away});
}

} // namespace
} // namespace tradehive::db
