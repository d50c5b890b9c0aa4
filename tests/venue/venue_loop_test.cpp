#include "tests/venue/in_memory.hpp"
#include "tests/venue/market_fixture.hpp"
#include "venue/venue_loop.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace tradehive::venue::tests {
namespace {

class Answers final : public AnswerSink {
public:
    std::vector<std::shared_ptr<const Answer>> taken;
    void take(std::shared_ptr<const Answer> answer) noexcept override { taken.push_back(std::move(answer)); }
};

Origin control_origin() {
    Origin origin;
    origin.channel = Channel::control;
    return origin;
}

Command create_firm(std::string_view code) {
    return make_command(control_origin(), CreateFirm{.key = {}, .code = Code::cut(code)});
}

class VenueLoopTest : public testing::Test {
protected:
    VenueLoopTest() { loop.answers_of(Channel::control, answers); }

    CommandQueue queue{{.ordinary = 16, .reserved = 16, .batch = 8}};
    MemoryJournal journal;
    Venue venue{Capacity{16}};
    MemoryEventLog log;
    PublishedReferenceData reference_data;
    ManualClock clock;
    std::vector<std::string> alarms;
    std::vector<std::string> fatals;
    Answers answers;
    VenueLoop loop{{.queue = queue,
                    .journal = journal,
                    .venue = venue,
                    .events = log,
                    .reference_data = reference_data,
                    .clock = clock,
                    .alarm = [this](std::string_view what) { alarms.emplace_back(what); },
                    .fatal = [this](std::string_view what) { fatals.emplace_back(what); },
                    .keep_events = std::chrono::hours{24}}};
};

TEST_F(VenueLoopTest, PublishesNothingThatIsNotOnDiskAndSyncsOnceABatch) {
    int syncs = 0;
    journal.on_sync = [&] { ++syncs; };
    log.before_publish = [&] { EXPECT_EQ(journal.durable, journal.commands.size()); };
    for (const auto* code : {"A", "B", "C"})
        ASSERT_EQ(queue.submit(create_firm(code)), Submitted::taken);
    EXPECT_TRUE(loop.turn());
    EXPECT_EQ(syncs, 1);
    EXPECT_EQ(journal.durable, 3U);
    EXPECT_EQ(log.events.size(), 6U);
    for (std::size_t i = 0; i < journal.commands.size(); ++i)
        EXPECT_EQ(journal.commands[i].header.sequence.value(), i + 1);
}

TEST_F(VenueLoopTest, AnswersAQuestionAtItsPlace) {
    Question question;
    question.origin.channel = Channel::control;
    question.what = AskVenue{};
    ASSERT_EQ(queue.submit(create_firm("A")), Submitted::taken);
    ASSERT_EQ(queue.ask(question), Submitted::taken);
    ASSERT_EQ(queue.submit(create_firm("B")), Submitted::taken);
    ASSERT_EQ(queue.ask(question), Submitted::taken);
    log.before_publish = [&] { EXPECT_TRUE(answers.taken.empty()); };
    EXPECT_TRUE(loop.turn());
    ASSERT_EQ(answers.taken.size(), 2U);
    EXPECT_EQ(std::get<VenueAnswer>(answers.taken[0]->what).sequence, Sequence{1});
    EXPECT_EQ(answers.taken[0]->after, EventNumber{3});
    EXPECT_EQ(std::get<VenueAnswer>(answers.taken[1]->what).sequence, Sequence{2});
    EXPECT_EQ(answers.taken[1]->after, log.end());
}

TEST_F(VenueLoopTest, NamesAreKnownBeforeTheEventsThatTellOfThem) {
    log.before_publish = [&] { EXPECT_NE(reference_data.current()->firm("GAMMA"), nullptr); };
    ASSERT_EQ(queue.submit(create_firm("GAMMA")), Submitted::taken);
    EXPECT_TRUE(loop.turn());
    const auto held = reference_data.current();
    log.before_publish = [] {};
    ASSERT_EQ(queue.submit(create_firm("DELTA")), Submitted::taken);
    EXPECT_TRUE(loop.turn());
    EXPECT_EQ(held->firm("DELTA"), nullptr);
    EXPECT_NE(reference_data.current()->firm("DELTA"), nullptr);
}

TEST_F(VenueLoopTest, NamesAreKnownBeforeItRuns) {
    EXPECT_NE(reference_data.current()->firm("VENUE"), nullptr);
    EXPECT_NE(reference_data.current()->account("FEES"), nullptr);
}

TEST_F(VenueLoopTest, OldEventsAreDroppedAfterTheEndOfADay) {
    ASSERT_EQ(queue.submit(create_firm("A")), Submitted::taken);
    EXPECT_TRUE(loop.turn());
    EXPECT_TRUE(log.drops.empty());
    ASSERT_EQ(queue.submit(make_command({}, EndDay{.day = 19'999})), Submitted::taken);
    log.before_publish = [&] { EXPECT_TRUE(log.drops.empty()); };
    EXPECT_TRUE(loop.turn());
    ASSERT_EQ(log.drops.size(), 1U);
    EXPECT_EQ(log.drops.front().first, std::chrono::hours{24});
    EXPECT_EQ(log.drops.front().second, clock.now());
    log.before_publish = [] {};
    ASSERT_EQ(queue.submit(create_firm("B")), Submitted::taken);
    EXPECT_TRUE(loop.turn());
    EXPECT_EQ(log.drops.size(), 1U);
}

TEST_F(VenueLoopTest, AFailedSyncIsTheEnd) {
    journal.on_sync = [] { throw journal::JournalError{"the disk is gone"}; };
    ASSERT_EQ(queue.submit(create_firm("A")), Submitted::taken);
    EXPECT_EQ(loop.run(), VenueLoop::Ended::failed);
    EXPECT_EQ(fatals, std::vector<std::string>{"the disk is gone"});
    EXPECT_EQ(venue.last_sequence(), Sequence{0});
    EXPECT_TRUE(log.events.empty());
    EXPECT_EQ(queue.submit(create_firm("B")), Submitted::stopping);
}

TEST_F(VenueLoopTest, AFailedAppendIsTheEndToo) {
    journal.on_append = [] { throw journal::JournalError{"no room"}; };
    ASSERT_EQ(queue.submit(create_firm("A")), Submitted::taken);
    EXPECT_EQ(loop.run(), VenueLoop::Ended::failed);
    EXPECT_EQ(fatals, std::vector<std::string>{"no room"});
    EXPECT_EQ(venue.last_sequence(), Sequence{0});
}

TEST_F(VenueLoopTest, NothingIsAnsweredWhenPublishingFails) {
    Question question;
    question.origin.channel = Channel::control;
    question.what = AskVenue{};
    log.before_publish = [] { throw journal::JournalError{"the EventLog is gone"}; };
    ASSERT_EQ(queue.submit(create_firm("A")), Submitted::taken);
    ASSERT_EQ(queue.ask(question), Submitted::taken);
    EXPECT_EQ(loop.run(), VenueLoop::Ended::failed);
    EXPECT_TRUE(answers.taken.empty());
}

TEST_F(VenueLoopTest, TimeNeverGoesBackAndAJumpIsReported) {
    ASSERT_EQ(queue.submit(create_firm("A")), Submitted::taken);
    loop.turn();
    // An idle hour is no jump.
    clock.wall += std::chrono::hours{1};
    clock.since_start += std::chrono::hours{1};
    ASSERT_EQ(queue.submit(create_firm("B")), Submitted::taken);
    loop.turn();
    EXPECT_TRUE(alarms.empty());
    clock.wall -= std::chrono::seconds{10};
    ASSERT_EQ(queue.submit(create_firm("C")), Submitted::taken);
    loop.turn();
    EXPECT_EQ(alarms.size(), 1U);
    EXPECT_EQ(journal.commands[2].header.time, journal.commands[1].header.time);
    clock.wall += std::chrono::seconds{20};
    ASSERT_EQ(queue.submit(create_firm("D")), Submitted::taken);
    loop.turn();
    EXPECT_EQ(alarms.size(), 2U);
    EXPECT_EQ(journal.commands[3].header.time.value() - journal.commands[2].header.time.value(),
              std::chrono::nanoseconds{std::chrono::seconds{10}}.count());
}

TEST_F(VenueLoopTest, FinishesWhatWasTakenBeforeTheQueueWasClosed) {
    for (const auto* code : {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J"})
        ASSERT_EQ(queue.submit(create_firm(code)), Submitted::taken);
    queue.close();
    EXPECT_EQ(loop.run(), VenueLoop::Ended::closed);
    EXPECT_EQ(venue.last_sequence(), Sequence{10});
    EXPECT_TRUE(fatals.empty());
}

TEST_F(VenueLoopTest, ThreadsManySendersOneOrder) {
    std::jthread venue_thread{[&] { EXPECT_EQ(loop.run(), VenueLoop::Ended::closed); }};
    {
        std::vector<std::jthread> senders;
        for (int sender = 0; sender < 3; ++sender)
            senders.emplace_back([this, sender] {
                for (int i = 0; i < 200; ++i) {
                    const auto code = "F" + std::to_string(sender) + "-" + std::to_string(i);
                    while (queue.submit(create_firm(code)) != Submitted::taken)
                        std::this_thread::yield();
                    (void)reference_data.current();
                }
            });
    }
    queue.close();
    venue_thread.join();
    EXPECT_EQ(venue.last_sequence(), Sequence{600});
    EXPECT_EQ(reference_data.current()->firms.size(), 601U);
}

// --- recovery --------------------------------------------------------------------------------------------

class RecoveryTest : public testing::Test {
protected:
    RecoveryTest() {
        Market market;
        market.enter(Market::alpha, Market::a1, Side::buy, 10, 100, "a");
        market.enter(Market::beta, Market::b1, Side::sell, 4, 90, "s");
        market.fix(Market::alpha, Market::cancel("a", "x"));
        hash = market.venue.state_hash();
        events = market.events;
        for (const Command& command : market.journal)
            journal.append(command);
        journal.sync();
    }

    MemoryJournal journal;
    MemoryEventLog log;
    std::vector<Event> events;
    std::uint64_t hash{};
};

TEST_F(RecoveryTest, ReplayMakesTheSameStateAndTheSameBytesOfEvents) {
    Venue again;
    const auto recovered = recover(journal, again, log);
    EXPECT_EQ(recovered.commands, journal.commands.size());
    EXPECT_EQ(recovered.last, journal.last());
    EXPECT_EQ(again.state_hash(), hash);
    EXPECT_EQ(again.violation(), "");
    ASSERT_EQ(log.events.size(), events.size());
    for (std::size_t i = 0; i < events.size(); ++i)
        EXPECT_TRUE(same_bytes(log.events[i], events[i])) << i;
    EXPECT_EQ(log.restored, events.size());
}

TEST_F(RecoveryTest, GoesOnFromAPrefix) {
    Venue again;
    std::vector<Event> some;
    for (std::size_t i = 0; i < 5; ++i)
        again.apply(journal.commands[i], some);
    EXPECT_EQ(recover(journal, again, log).commands, journal.commands.size() - 5);
    EXPECT_EQ(again.state_hash(), hash);
}

TEST_F(RecoveryTest, RefusesAJournalThatLostWhatTheEventLogKnows) {
    Venue again;
    log.known = Sequence{journal.last().value() + 1};
    EXPECT_THROW(recover(journal, again, log), journal::JournalError);
}

} // namespace
} // namespace tradehive::venue::tests
