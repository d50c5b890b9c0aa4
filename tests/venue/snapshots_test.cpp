// Snapshots and a start from them: a venue that goes on from a snapshot is the one that never stopped,
// whatever was lost or damaged in between; or it is refused by name.
#include "venue/snapshots.hpp"

#include "journal/event_segment.hpp"
#include "journal/local_journal.hpp"
#include "tests/journal/commands.hpp"
#include "tests/journal/faulty_files.hpp"
#include "tests/venue/market_fixture.hpp"
#include "venue/venue_loop.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace tradehive::venue::tests {
namespace {

namespace fs = std::filesystem;
using journal::LocalJournal;
using ::testing::HasSubstr;

// A market whose commands are in a journal of many small segments and whose events are in an EventLog.
class SnapshotsTest : public testing::Test {
protected:
    // More orders, some of them traded; then the venue ends as a kill would end it.
    void trade(int orders) {
        const auto sent = market.journal.size();
        for (int i = 0; i < orders; ++i) {
            const auto name = "o" + std::to_string(++names_);
            const auto price = 95 + names_ * 7 % 11;
            market.time = Timestamp{market.time.value() + 1'000'000};
            if (names_ % 2 == 0)
                market.enter(Market::alpha, names_ % 3 == 0 ? Market::a1 : Market::a2, Side::buy,
                             1 + names_ % 3, price, name);
            else
                market.enter(Market::beta, Market::b1, Side::sell, 1 + names_ % 2, price, name);
        }
        if (started_) return store(sent);
        started_ = true;
        store(0);
    }
    void store(std::size_t from) {
        const auto events = open_events();
        Venue venue{Capacity{64}};
        const auto journal = open(*events, venue);
        std::vector<Event> made;
        for (std::size_t i = from; i < market.journal.size(); ++i) {
            journal->append(market.journal[i]);
            journal->sync();
            made.clear();
            venue.apply(market.journal[i], made);
            if (!made.empty()) events->publish(made);
        }
        ASSERT_EQ(venue.state_hash(), market.venue.state_hash());
    }

    [[nodiscard]] std::unique_ptr<journal::EventLog> open_events() const {
        return journal::EventLog::open(
            {.directory = events_, .events_in_memory = 1'024, .segment_bytes = 16'384});
    }
    [[nodiscard]] std::unique_ptr<LocalJournal> open(journal::EventLog& events, Venue& venue) {
        LocalJournal::Options options;
        options.directory = work_.journal;
        options.segment_bytes = journal::least_segment_bytes;
        options.rules_version = rules_version;
        start_ = load_newest(work_.snapshots, venue, events.end());
        options.snapshot = start_.from;
        options.highest_known_elsewhere =
            std::max(events.highest_sequence(), newest_snapshot(work_.snapshots));
        auto journal = LocalJournal::open(options);
        recovered_ = recover(*journal, venue, events);
        return journal;
    }
    // Restarts and compares with the market that never stopped. What went wrong, else nothing.
    std::string restart() {
        try {
            const auto events = open_events();
            Venue venue{Capacity{64}};
            (void)open(*events, venue);
            EXPECT_EQ(venue.state_hash(), market.venue.state_hash());
            EXPECT_EQ(venue.violation(), "");
            expect_all_events(*events);
        } catch (const journal::JournalError& error) {
            return error.what();
        }
        return {};
    }
    void expect_all_events(const journal::EventLog& events) const {
        ASSERT_EQ(events.end().value(), market.events.size() + 1);
        std::vector<Event> read(64);
        for (auto at = events.begin(); at < events.end();) {
            const auto count = events.read(at, read);
            for (std::size_t i = 0; i < count; ++i)
                ASSERT_TRUE(journal::testing::same(read[i], market.events[at.value() - 1 + i]))
                    << at.value() + i;
            at = EventNumber{at.value() + count};
        }
    }
    Sequence snapshot() {
        const auto made = make_snapshot(work_);
        EXPECT_TRUE(made.has_value());
        return made ? made->name.sequence : Sequence{};
    }
    void drop() {
        const auto events = open_events();
        Venue venue{Capacity{64}};
        const auto journal = open(*events, venue);
        journal->drop_through(journal::list_snapshots(work_.snapshots).front().sequence);
    }
    void damage(const fs::path& file, std::uint64_t at) const {
        std::fstream bytes{file, std::ios::binary | std::ios::in | std::ios::out};
        bytes.seekg(static_cast<std::streamoff>(at));
        const auto was = bytes.get();
        bytes.seekp(static_cast<std::streamoff>(at));
        bytes.put(static_cast<char>(was ^ 0x40));
    }
    [[nodiscard]] fs::path newest() const { return journal::list_snapshots(work_.snapshots).back().path; }

    journal::testing::TemporaryDirectory directory_{journal::testing::TemporaryDirectory::On::memory};
    const fs::path events_{directory_.path() / "events"};
    SnapshotWork work_{.journal = directory_.path() / "journal",
                       .snapshots = directory_.path() / "snapshots",
                       .events = events_,
                       .keep = 2,
                       .note = [](std::string_view) {}};
    Market market;
    Start start_;
    Recovered recovered_;

private:
    bool started_{};
    std::int64_t names_{};
};

TEST_F(SnapshotsTest, ARestartReplaysOnlyWhatComesAfter) {
    trade(200);
    const auto at = snapshot();
    EXPECT_GT(at.value(), 150U);
    trade(40);
    EXPECT_EQ(restart(), "");
    EXPECT_EQ(start_.from.sequence, at);
    EXPECT_EQ(recovered_.commands, market.journal.size() - at.value());
}

TEST_F(SnapshotsTest, WithoutANewSealedSegmentThereIsNothingToDo) {
    trade(100);
    snapshot();
    EXPECT_FALSE(make_snapshot(work_).has_value());
}

TEST_F(SnapshotsTest, ADamagedOneIsPassedOverForTheOneBeforeAndThenForTheWholeJournal) {
    trade(100);
    const auto first = snapshot();
    trade(100);
    snapshot();
    damage(newest(), 5'000);
    EXPECT_EQ(restart(), "");
    EXPECT_EQ(start_.from.sequence, first);
    ASSERT_EQ(start_.passed_over.size(), 1U);
    EXPECT_THAT(start_.passed_over.front(), HasSubstr("cannot be used"));
    fs::resize_file(journal::list_snapshots(work_.snapshots).front().path, 6'000);
    EXPECT_EQ(restart(), "");
    EXPECT_EQ(start_.from.sequence, Sequence{});
    EXPECT_EQ(recovered_.commands, market.journal.size());
}

TEST_F(SnapshotsTest, ADamagedOneDoesNotCountAsKept) {
    trade(100);
    const auto first = snapshot();
    trade(100);
    snapshot();
    damage(newest(), 5'000);
    trade(100);
    const auto third = snapshot();
    const auto names = journal::list_snapshots(work_.snapshots);
    ASSERT_EQ(names.size(), 2U);
    EXPECT_EQ(names.front().sequence, first);
    EXPECT_EQ(names.back().sequence, third);
    EXPECT_EQ(restart(), "");
}

TEST_F(SnapshotsTest, OverAndOverWithOldSegmentsDroppedItIsStillTheSame) {
    for (int round = 0; round < 6; ++round) {
        trade(90);
        snapshot();
        if (round > 0) drop();
        EXPECT_EQ(restart(), "") << round;
        EXPECT_EQ(restart(), "") << round;
    }
    const auto segments = journal::list_segments(work_.journal);
    const auto snapshots = journal::list_snapshots(work_.snapshots);
    ASSERT_EQ(snapshots.size(), 2U);
    EXPECT_EQ(segments.front().first.value(), snapshots.front().sequence.value() + 1)
        << "what the older snapshot needs is there, and nothing else";
    damage(newest(), 4'000);
    EXPECT_EQ(restart(), "");
    EXPECT_EQ(start_.from.sequence, snapshots.front().sequence);
    damage(newest(), 4'000); // whole again
    damage(snapshots.front().path, 4'000);
    EXPECT_EQ(restart(), "");
    damage(newest(), 4'000);
    EXPECT_THAT(restart(), HasSubstr("segments before it are missing"));
}

TEST_F(SnapshotsTest, TheArchiveHasWhatWasTakenAway) {
    trade(90);
    snapshot();
    trade(90);
    const auto oldest = journal::list_snapshots(work_.snapshots).front().sequence;
    const auto archive = directory_.path() / "archive";
    const auto before = journal::list_segments(work_.journal);
    {
        const auto events = open_events();
        Venue venue{Capacity{64}};
        const auto moved = open(*events, venue)->drop_through(oldest, archive);
        EXPECT_EQ(journal::list_segments(archive).size(), moved);
        EXPECT_GT(moved, 0U);
    }
    EXPECT_EQ(journal::list_segments(archive).size() + journal::list_segments(work_.journal).size(),
              before.size());
    EXPECT_EQ(restart(), "");
    // Put back, the whole journal can be replayed again.
    for (const auto& segment : journal::list_segments(archive))
        fs::rename(segment.path, work_.journal / segment.path.filename());
    fs::remove_all(work_.snapshots);
    EXPECT_EQ(restart(), "");
    EXPECT_EQ(recovered_.commands, market.journal.size());
}

// The EventLog is written without sync: after a power loss it may end before the newest snapshot does.
TEST_F(SnapshotsTest, AnEventLogThatEndsBeforeTheNewestIsMadeAgainFromAnOlderOne) {
    trade(90);
    const auto first = snapshot();
    const auto known = market.events.size();
    trade(90);
    snapshot();
    auto files = journal::list_event_segments(events_);
    while (files.back().first.value() > known + 20) {
        fs::remove(files.back().path);
        files.pop_back();
    }
    EXPECT_EQ(restart(), "");
    EXPECT_EQ(start_.from.sequence, first);
    ASSERT_EQ(start_.passed_over.size(), 1U);
    EXPECT_THAT(start_.passed_over.front(), HasSubstr("event log ends before"));
}

TEST_F(SnapshotsTest, AnEventLogThatIsLostIsMadeAgainFromTheWholeJournalOrRefused) {
    trade(90);
    snapshot();
    trade(90);
    snapshot();
    fs::remove_all(events_);
    EXPECT_EQ(restart(), "");
    EXPECT_EQ(start_.from.sequence, Sequence{});
    drop();
    fs::remove_all(events_);
    EXPECT_THAT(restart(), HasSubstr("segments before it are missing"));
}

TEST_F(SnapshotsTest, AJournalThatEndsBeforeItsSnapshotIsRefused) {
    trade(90);
    snapshot();
    while (journal::list_segments(work_.journal).back().first > Sequence{60})
        fs::remove(journal::list_segments(work_.journal).back().path);
    fs::remove_all(events_);
    EXPECT_THAT(restart(), HasSubstr("know sequence"));
}

TEST_F(SnapshotsTest, ASnapshotOfAnotherJournalIsRefused) {
    trade(90);
    const auto name = make_snapshot(work_)->name;
    const auto other = directory_.path() / "other";
    fs::create_directories(other);
    fs::rename(name.path, other / "mine");
    // The same commands at another time: the same numbers, other bytes.
    const auto again = directory_.path() / "again";
    {
        LocalJournal::Options options;
        options.directory = again;
        options.segment_bytes = journal::least_segment_bytes;
        options.rules_version = rules_version;
        const auto journal = LocalJournal::open(options);
        for (Command command : market.journal) {
            command.header.time = Timestamp{command.header.time.value() + 1};
            journal->append(command);
            journal->sync();
        }
    }
    fs::rename(other / "mine", name.path);
    fs::remove_all(work_.journal);
    fs::rename(again, work_.journal);
    EXPECT_THAT(restart(), HasSubstr("not the one that it was sealed with"));
}

TEST_F(SnapshotsTest, NothingOlderGoesAfterASyncOfTheEventLogHasFailed) {
    trade(100);
    snapshot();
    trade(100);
    snapshot();
    trade(100);
    const auto before = journal::list_snapshots(work_.snapshots);
    journal::testing::Faulty faulty{journal::testing::Faulty::How::fail, 1};
    EXPECT_THROW(journal::sync_event_segments(events_, EventNumber{10}, faulty), journal::JournalError);
    EXPECT_THROW((void)make_snapshot(work_), journal::JournalError);
    ASSERT_EQ(journal::list_snapshots(work_.snapshots).size(), before.size());
    EXPECT_EQ(journal::list_snapshots(work_.snapshots).front().path, before.front().path);
    EXPECT_EQ(restart(), "");
    snapshot();
    EXPECT_EQ(restart(), "");
}

TEST_F(SnapshotsTest, MakingOneStopsAtDamageAndLeavesWhatWasThere) {
    trade(90);
    const auto first = snapshot();
    trade(90);
    const auto segments = journal::list_segments(work_.journal);
    ASSERT_GT(segments[segments.size() - 2].first, first);
    damage(segments[segments.size() - 2].path, 300);
    EXPECT_THROW((void)make_snapshot(work_), journal::JournalError);
    const auto names = journal::list_snapshots(work_.snapshots);
    ASSERT_EQ(names.size(), 1U);
    EXPECT_EQ(names.front().sequence, first);
}

TEST_F(SnapshotsTest, ARehearsalHoldsEachSnapshotAgainstTheReplay) {
    trade(90);
    const auto first = make_snapshot(work_)->name;
    trade(90);
    const auto second = make_snapshot(work_)->name;
    trade(20);
    auto rehearsal = rehearse(work_.journal, work_.snapshots);
    EXPECT_EQ(rehearsal.faults, std::vector<std::string>{});
    EXPECT_EQ(rehearsal.snapshots, 2U);
    EXPECT_EQ(rehearsal.commands, market.journal.size());
    EXPECT_EQ(rehearsal.state_hash, market.venue.state_hash());

    drop();
    rehearsal = rehearse(work_.journal, work_.snapshots);
    EXPECT_EQ(rehearsal.faults, std::vector<std::string>{});
    EXPECT_EQ(rehearsal.from, first.sequence);
    EXPECT_EQ(rehearsal.snapshots, 1U);
    EXPECT_EQ(rehearsal.state_hash, market.venue.state_hash());

    damage(second.path, 4'000);
    EXPECT_THAT(rehearse(work_.journal, work_.snapshots).faults,
                testing::ElementsAre(HasSubstr("cannot be used")));

    // A file that is whole, but tells of another state than the one that was there.
    damage(second.path, 4'000);
    journal::SnapshotWriter writer{work_.snapshots, journal::SnapshotReader{second}.header()};
    market.venue.save(writer);
    (void)writer.finish();
    writer.give_name();
    EXPECT_THAT(rehearse(work_.journal, work_.snapshots).faults,
                testing::ElementsAre(HasSubstr("another state")));
    EXPECT_EQ(restart(), "");
    EXPECT_EQ(start_.from.sequence, first.sequence) << "nor is it started from";
}

} // namespace
} // namespace tradehive::venue::tests
