#include "journal/event_log.hpp"

#include "journal/event_memory.hpp"
#include "journal/event_segment.hpp"
#include "journal/journal.hpp"
#include "tests/journal/commands.hpp"
#include "tests/journal/faulty_files.hpp"

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>
#include <sys/resource.h>
#include <thread>

namespace tradehive::journal {
namespace {

using testing::event;
using ::testing::HasSubstr;
using testing::TemporaryDirectory;

class EventLogTest : public ::testing::Test {
protected:
    [[nodiscard]] EventLog::Options options() const {
        return {
            .directory = directory_.path() / "events", .events_in_memory = 1024, .segment_bytes = 16 << 10};
    }

    [[nodiscard]] static std::vector<Event> events(std::uint64_t from, std::uint64_t to) {
        std::vector<Event> result;
        for (auto number = from; number < to; ++number)
            result.push_back(event(number));
        return result;
    }

    static void publish(EventLog& log, std::uint64_t to, std::uint64_t batch = 7) {
        while (log.end().value() < to)
            log.publish(events(log.end().value(), std::min(to, log.end().value() + batch)));
    }

    static void expect_exactly(const EventLog& log, std::uint64_t from, std::uint64_t to,
                               std::size_t at_once = 100) {
        EXPECT_EQ(log.end(), EventNumber{to});
        std::vector<Event> read(at_once);
        while (from < to) {
            const auto count = log.read(EventNumber{from}, read);
            ASSERT_GT(count, 0U) << "at " << from;
            for (std::size_t i = 0; i < count; ++i)
                ASSERT_TRUE(testing::same(read[i], event(from + i))) << "event " << from + i;
            from += count;
        }
        EXPECT_EQ(log.read(EventNumber{to}, read), 0U);
    }

    static void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
        std::ofstream file{path, std::ios::binary | std::ios::trunc};
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }

    // As recovery does: everything that replay made, from the first event on.
    static void restore_from_the_beginning(EventLog& log, std::uint64_t to) {
        for (std::uint64_t from = 1; from < to; from += 9)
            log.restore(events(from, std::min(to, from + 9)));
        expect_exactly(log, log.begin().value(), to);
    }

    TemporaryDirectory directory_{TemporaryDirectory::On::memory};
};

TEST_F(EventLogTest, anew_is_empty) {
    const auto log = EventLog::open(options());
    EXPECT_EQ(log->begin(), EventNumber{1});
    EXPECT_EQ(log->highest_sequence(), Sequence{0});
    expect_exactly(*log, 1, 1);
}

TEST_F(EventLogTest, gives_back_what_was_published_to_readers_near_and_far) {
    const auto log = EventLog::open(options());
    publish(*log, 10'000);
    EXPECT_GT(list_event_segments(options().directory).size(), 10U);
    for (const std::size_t at_once : {1U, 3U, 64U, 5'000U})
        expect_exactly(*log, 1, 10'000, at_once);
    for (std::uint64_t from = 1; from < 10'000; from += 137)
        expect_exactly(*log, from, 10'000, 999);
    EXPECT_EQ(log->highest_sequence(), Sequence{5'000});
}

TEST_F(EventLogTest, goes_on_after_three_openings) {
    for (std::uint64_t opening = 0; opening < 3; ++opening) {
        const auto log = EventLog::open(options());
        expect_exactly(*log, 1, opening * 3'000 + 1);
        publish(*log, opening * 3'000 + 3'001);
    }
    expect_exactly(*EventLog::open(options()), 1, 9'001);
}

// --- after a crash ---------------------------------------------------------------------------------------

TEST_F(EventLogTest, cut_at_every_byte_of_its_end_is_made_again) {
    publish(*EventLog::open(options()), 40);
    const auto name = list_event_segments(options().directory).back();
    const auto whole = read_whole(name.path);
    for (std::uint64_t cut = 0; cut <= whole.size(); cut += cut < 600 ? 1 : 7) {
        write_file(name.path, std::span{whole}.first(cut));
        const auto log = EventLog::open(options());
        const auto end = log->end().value();
        ASSERT_LE(end, 40U);
        expect_exactly(*log, 1, end);
        ASSERT_EQ(log->highest_sequence().value(), end / 2) << "cut at " << cut;
        restore_from_the_beginning(*log, 40);
        ASSERT_TRUE(read_whole(name.path) == whole) << "cut at " << cut;
    }
}

TEST_F(EventLogTest, a_damaged_record_and_what_follows_is_made_again) {
    publish(*EventLog::open(options()), 500);
    const auto names = list_event_segments(options().directory);
    ASSERT_GE(names.size(), 5U);
    for (const auto& name : names) {
        const auto whole = read_whole(name.path);
        for (std::uint64_t at = 3; at < whole.size(); at += 1999) {
            auto bytes = whole;
            bytes[at] ^= std::byte{4};
            write_file(name.path, bytes);
            const auto log = EventLog::open(options());
            ASSERT_LT(log->end(), EventNumber{500});
            ASSERT_GE(log->end(), name.first);
            expect_exactly(*log, 1, log->end().value());
            // the last event alone may have been the damaged one
            ASSERT_GE(log->highest_sequence(), Sequence{249}) << "what is behind the damage counts";
            ASSERT_TRUE(read_whole(name.path) == bytes) << "opening must not destroy what it tells";
            restore_from_the_beginning(*log, 500);
            ASSERT_TRUE(read_whole(name.path) == whole);
        }
    }
    expect_exactly(*EventLog::open(options()), 1, 500);
}

TEST_F(EventLogTest, a_missing_file_is_made_again) {
    publish(*EventLog::open(options()), 500);
    const auto names = list_event_segments(options().directory);
    std::filesystem::remove(names[2].path);
    const auto log = EventLog::open(options());
    EXPECT_EQ(log->end(), names[2].first);
    EXPECT_EQ(log->highest_sequence(), Sequence{250});
    restore_from_the_beginning(*log, 500);
}

TEST_F(EventLogTest, all_of_it_is_made_again) {
    publish(*EventLog::open(options()), 500);
    std::filesystem::remove_all(options().directory);
    const auto log = EventLog::open(options());
    EXPECT_EQ(log->highest_sequence(), Sequence{0});
    restore_from_the_beginning(*log, 500);
}

TEST_F(EventLogTest, refuses_what_replay_made_otherwise) {
    publish(*EventLog::open(options()), 500);
    const auto log = EventLog::open(options());
    auto other = events(1, 500);
    other[450].header.time = Timestamp{1};
    try {
        log->restore(other);
        FAIL() << "taken";
    } catch (const JournalError& error) {
        EXPECT_THAT(error.what(), HasSubstr("holds event 451"));
    }
}

TEST_F(EventLogTest, refuses_a_gap_before_what_replay_made) {
    publish(*EventLog::open(options()), 50);
    EXPECT_THROW(EventLog::open(options())->restore(events(51, 60)), JournalError);
    EXPECT_THROW(EventLog::open(options())->publish(events(52, 60)), std::logic_error);
}

TEST_F(EventLogTest, refuses_a_second_venue) {
    const auto log = EventLog::open(options());
    EXPECT_THROW(static_cast<void>(EventLog::open(options())), JournalError);
}

TEST_F(EventLogTest, takes_nothing_after_a_write_that_failed) {
    const auto log = EventLog::open(options());
    publish(*log, 10);
    ::rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    auto tight = before;
    tight.rlim_cur = 4096;
    auto* const old_handler = std::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    EXPECT_THROW(publish(*log, 100), JournalError);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, old_handler);
    const auto end = log->end().value();
    EXPECT_THROW(log->publish(events(end, end + 1)), JournalError);
    expect_exactly(*log, 1, end);
}

// --- a sync that fails -----------------------------------------------------------------------------------

TEST_F(EventLogTest, a_failed_sync_is_never_believed_again) {
    publish(*EventLog::open(options()), 1'000);
    const auto folder = options().directory;
    const auto names = list_event_segments(folder);
    ASSERT_GT(names.size(), 4U);
    for (std::uint64_t step = 1;; ++step) {
        testing::Faulty faulty{testing::Faulty::How::fail, step};
        if (step == names.size() + 2) { // each file, and the directory
            sync_event_segments(folder, EventNumber{1'000}, faulty);
            break;
        }
        EXPECT_THROW(sync_event_segments(folder, EventNumber{1'000}, faulty), JournalError);
        try {
            sync_event_segments(folder, EventNumber{1'000});
            ADD_FAILURE() << "step " << step << ": it was believed";
        } catch (const JournalError& error) {
            EXPECT_THAT(error.what(), HasSubstr("a sync of the event log has failed"));
        }
        EXPECT_THROW(refuse_unsynced_events(folder), JournalError);

        // What cannot be mended stays in doubt.
        testing::Faulty again{testing::Faulty::How::fail, 2};
        EXPECT_THROW(mend_unsynced_events(folder, again), JournalError);
        EXPECT_THROW(refuse_unsynced_events(folder), JournalError);

        // The next start writes the files in doubt to new ones, and no others.
        const auto first_in_doubt = step > names.size() ? 0 : step - 1;
        for (std::size_t i = 0; i < names.size(); ++i)
            std::filesystem::create_hard_link(names[i].path, folder / std::to_string(i));
        expect_exactly(*EventLog::open(options()), 1, 1'000);
        for (std::size_t i = 0; i < names.size(); ++i) {
            EXPECT_EQ(std::filesystem::equivalent(names[i].path, folder / std::to_string(i)),
                      i < first_in_doubt)
                << "step " << step << ", file " << i;
            std::filesystem::remove(folder / std::to_string(i));
        }
        sync_event_segments(folder, EventNumber{1'000});
    }
}

// --- followers -------------------------------------------------------------------------------------------

TEST_F(EventLogTest, remembers_positions) {
    {
        const auto log = EventLog::open(options());
        publish(*log, 100);
        EXPECT_EQ(log->position("projector"), EventNumber{1});
        for (std::uint64_t position = 2; position <= 77; ++position)
            log->set_position("projector", EventNumber{position});
        log->set_position("drop-copy:1", EventNumber{5});
        EXPECT_EQ(log->position("projector"), EventNumber{77});
        EXPECT_THROW(log->set_position("two words", EventNumber{1}), std::invalid_argument);
        EXPECT_THROW(log->set_position("", EventNumber{1}), std::invalid_argument);
    }
    EXPECT_EQ(EventLog::open(options())->position("projector"), EventNumber{77});
    const auto file = options().directory / "positions";
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 2);
    EXPECT_EQ(EventLog::open(options())->position("projector"), EventNumber{1})
        << "half a file counts as none";
}

TEST_F(EventLogTest, drops_what_all_have_passed_and_is_old) {
    const auto log = EventLog::open(options());
    publish(*log, 1'000);
    const auto names = list_event_segments(options().directory);
    const Timestamp now{event(1'000).header.time.value() + 3'600'000'000'000};
    const std::chrono::seconds hour{3600};

    log->drop_passed(std::chrono::seconds{0}, now);
    EXPECT_EQ(log->begin(), EventNumber{1}) << "nobody has said how far it is";
    log->set_position("fast", EventNumber{1'000});
    log->set_position("slow", names[3].first);
    log->drop_passed(hour * 2, now);
    EXPECT_EQ(log->begin(), EventNumber{1}) << "not old enough";
    log->drop_passed(hour / 2, now);
    EXPECT_EQ(log->begin(), names[3].first);
    EXPECT_FALSE(std::filesystem::exists(names[2].path));
    std::vector<Event> one(1);
    EXPECT_THROW(static_cast<void>(log->read(EventNumber{names[3].first.value() - 1}, one)),
                 std::out_of_range);
    expect_exactly(*log, names[3].first.value(), 1'000);

    log->set_position("slow", EventNumber{1'000});
    log->drop_passed(hour / 2, now);
    EXPECT_EQ(log->begin(), names.back().first) << "the last segment stays";
    publish(*log, 1'100);
    restore_from_the_beginning(*log, 1'100);
}

TEST_F(EventLogTest, waits_for_a_follower_that_stands_still_for_so_long_and_no_longer) {
    const std::chrono::seconds day{24 * 3600};
    auto waiting = options();
    waiting.most_wait = 30 * day;
    std::vector<EventSegmentName> names;
    {
        const auto log = EventLog::open(waiting);
        publish(*log, 1'000);
        names = list_event_segments(options().directory);
        log->set_position("still", names[2].first);
        log->set_position("moving", names[4].first);
    }
    // It came there now, and that is remembered; to say it again is not to move.
    const auto log = EventLog::open(waiting);
    log->set_position("still", names[2].first);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto in = [&](std::chrono::seconds time) {
        return Timestamp{std::chrono::nanoseconds{now + time}.count()};
    };
    log->drop_passed(day, in(29 * day));
    EXPECT_EQ(log->begin(), names[2].first);
    log->drop_passed(day, in(31 * day));
    EXPECT_EQ(log->begin(), names.back().first) << "nobody has moved";
}

TEST_F(EventLogTest, waits_for_the_followers_that_move) {
    const std::chrono::seconds day{24 * 3600};
    auto waiting = options();
    waiting.most_wait = 30 * day;
    const auto month_ago = std::chrono::system_clock::now() - 31 * day;
    const auto since = std::chrono::floor<std::chrono::seconds>(month_ago).time_since_epoch().count();
    publish(*EventLog::open(waiting), 1'000);
    const auto names = list_event_segments(options().directory);
    std::ofstream{options().directory / "positions"} << "tradehive positions 2\nmoving 1 " << since
                                                     << "\nstill 1 " << since << "\nend\n";
    const auto log = EventLog::open(waiting);
    log->set_position("moving", names[4].first);
    const auto now = std::chrono::nanoseconds{std::chrono::system_clock::now().time_since_epoch()};
    log->drop_passed(day, Timestamp{now.count()});
    EXPECT_EQ(log->begin(), names[4].first);
}

TEST_F(EventLogTest, opens_after_dropping) {
    EventNumber begin;
    {
        const auto log = EventLog::open(options());
        publish(*log, 1'000);
        log->set_position("one", EventNumber{700});
        log->drop_passed(std::chrono::seconds{0}, event(2'000).header.time);
        begin = log->begin();
        EXPECT_GT(begin, EventNumber{600});
    }
    const auto log = EventLog::open(options());
    EXPECT_EQ(log->begin(), begin);
    EXPECT_EQ(log->position("new one"), begin);
    expect_exactly(*log, begin.value(), 1'000);
    restore_from_the_beginning(*log, 1'000);
}

TEST_F(EventLogTest, wakes_until_the_handle_goes) {
    const auto log = EventLog::open(options());
    int woken = 0;
    auto handle = log->on_publish([&] { ++woken; });
    publish(*log, 3, 1);
    EXPECT_EQ(woken, 2);
    handle.reset();
    publish(*log, 5, 1);
    EXPECT_EQ(woken, 2);
    handle = log->on_publish([] {}); // outlives the log
}

TEST_F(EventLogTest, what_is_published_together_is_seen_together) {
    constexpr std::uint64_t batch = 2048; // several chunks of memory
    const auto together = events(0, batch);
    EventMemory memory{EventNumber{0}, 4096};
    std::atomic<bool> over{false};
    std::thread reader{[&] {
        while (!over) {
            const auto seen = memory.end().value();
            if (seen % batch == 0) continue;
            ADD_FAILURE() << "event " << seen << " stands in the middle";
            return;
        }
    }};
    for (int i = 0; i < 200; ++i)
        memory.add(together);
    over = true;
    reader.join();
}

TEST_F(EventLogTest, many_read_while_one_publishes) {
    constexpr std::uint64_t end = 20'000;
    auto small = options();
    small.events_in_memory = 600; // so that readers fall behind memory
    const auto log = EventLog::open(small);
    std::vector<std::thread> readers;
    for (std::size_t reader = 0; reader < 4; ++reader)
        readers.emplace_back([&log, reader] {
            std::mutex mutex;
            std::condition_variable published;
            const auto handle = log->on_publish([&] {
                const std::scoped_lock lock{mutex};
                published.notify_one();
            });
            std::vector<Event> read(1 + reader * 40);
            for (std::uint64_t next = 1; next < end;) {
                const auto count = log->read(EventNumber{next}, read);
                for (std::size_t i = 0; i < count; ++i)
                    if (!testing::same(read[i], event(next + i))) ADD_FAILURE() << "event " << next + i;
                next += count;
                if (count != 0) continue;
                std::unique_lock lock{mutex};
                published.wait(lock, [&] { return log->end().value() > next || next == end; });
            }
        });
    publish(*log, end, 11);
    for (auto& reader : readers)
        reader.join();
    expect_exactly(*log, 1, end);
}

} // namespace
} // namespace tradehive::journal
