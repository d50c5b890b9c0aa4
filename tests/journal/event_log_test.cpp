#include "journal/event_log.hpp"

#include "journal/event_segment.hpp"
#include "journal/journal.hpp"
#include "tests/journal/commands.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
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

    TemporaryDirectory directory_;
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

} // namespace
} // namespace tradehive::journal
