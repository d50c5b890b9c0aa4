// The projector killed by SIGKILL at many moments of its work.
#include "db/projector.hpp"

#include "event_story.hpp"
#include "scratch_database.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace tradehive::db {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t trades = 400;

Projector::Options options_for(const DatabaseOptions& database) {
    Projector::Options options;
    options.database = database;
    options.batch = 23;
    options.linger = 0ms;
    return options;
}

// A child process that projects; killed once the database has passed the position.
void project_until_killed_at(const ScratchDatabase& database, MemoryLog& log, EventNumber position) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        Projector projector(options_for(database.options()), log,
                            [](Alarm, std::string_view) { ::_exit(1); });
        const char there = projector.wait_for(position, 60s) ? 'y' : 'n';
        if (::write(pipe[1], &there, 1) != 1) ::_exit(1);
        for (;;)
            ::pause(); // the projector's thread works on until the kill
    }
    ::close(pipe[1]);
    char there{};
    EXPECT_EQ(::read(pipe[0], &there, 1), 1);
    EXPECT_EQ(there, 'y');
    ::close(pipe[0]);
    ::kill(child, SIGKILL);
    int status{};
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
}

// Rows are exactly those of the events before the position: nothing more, nothing less.
void expect_no_part_of_a_batch(Connection& connection, const std::vector<Event>& events) {
    const auto next = static_cast<std::uint64_t>(number_of(connection, "SELECT next_event FROM projection"));
    std::uint64_t sides = 0;
    std::uint64_t last_trade = 0;
    for (std::uint64_t number = 1; number < next; ++number)
        if (events[number - 1].header.kind == EventKind::order_traded) {
            ++sides;
            last_trade = number;
        }
    EXPECT_EQ(static_cast<std::uint64_t>(number_of(connection, "SELECT COUNT(*) FROM trades")), sides);
    EXPECT_EQ(static_cast<std::uint64_t>(number_of(connection, "SELECT COALESCE(MAX(event), 0) FROM trades")),
              last_trade);
    EXPECT_EQ(number_of(connection,
                        "SELECT COUNT(*) FROM balances WHERE changed_by_event >= " + std::to_string(next)),
              0);
}

TEST(ProjectorCrash, KilledAtAnyMomentItLeavesWholeBatchesAndGoesOn) {
    Story story;
    story.add_world();
    for (std::uint64_t i = 0; i < trades; ++i)
        story.add_trade(i);
    MemoryLog log;
    log.publish(story.events());

    const ScratchDatabase database;
    for (std::uint64_t kill = 1; kill <= 15; ++kill) {
        project_until_killed_at(database, log, EventNumber{kill * story.events().size() / 16});
        Connection connection(database.options());
        expect_no_part_of_a_batch(connection, story.events());
    }
    const ScratchDatabase undisturbed;
    for (const auto& each : {database.options(), undisturbed.options()}) {
        Projector projector(options_for(each), log,
                            [](Alarm, std::string_view text) { ADD_FAILURE() << text; });
        ASSERT_TRUE(projector.wait_for(log.end(), 60s));
    }
    Connection killed(database.options());
    Connection whole(undisturbed.options());
    EXPECT_EQ(dump(killed), dump(whole));
    EXPECT_EQ(number_of(killed, "SELECT COUNT(*) FROM trades"), static_cast<long long>(2 * trades));
}

} // namespace
} // namespace tradehive::db
