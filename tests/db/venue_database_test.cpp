#include "db/venue_database.hpp"

#include "db/projection.hpp"
#include "event_story.hpp"
#include "scratch_database.hpp"

#include <gtest/gtest.h>

namespace tradehive::db {
namespace {

TEST(VenueDatabase, BelongsToTheFirstVenueThatOpensIt) {
    const ScratchDatabase database;
    Connection connection(database.options());
    open_for("aaaa", connection);
    open_for("aaaa", connection);
    open_for("", connection); // not looked at
    try {
        open_for("bbbb", connection);
        FAIL() << "another venue's database was opened";
    } catch (const OtherVenue& error) {
        EXPECT_NE(
            std::string(error.what()).find("the database of venue aaaa, the journal is that of venue bbbb"),
            std::string::npos)
            << error.what();
    }
    EXPECT_EQ(text_of(connection, "SELECT venue_id FROM venue"), "aaaa");
}

TEST(VenueDatabase, AheadOfTheEventLogIsRefused) {
    const ScratchDatabase database;
    Connection connection(database.options());
    open_for("aaaa", connection);
    refuse_if_ahead(connection, EventNumber{1});
    Story story;
    story.add_world();
    ASSERT_TRUE(Projection(connection).project(EventNumber{1}, story.events()));
    refuse_if_ahead(connection, story.end());
    EXPECT_THROW(refuse_if_ahead(connection, EventNumber{story.end().value() - 1}), DatabaseAhead);
}

} // namespace
} // namespace tradehive::db
