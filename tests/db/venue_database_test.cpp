#include "db/venue_database.hpp"

#include "db/migrations.hpp"
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

// What a program that only reads is told.
std::string told(const ScratchDatabase& database) {
    auto options = database.options();
    options.read_only = true;
    try {
        Connection connection(options);
        open_to_read("aaaa", connection);
        return "nothing";
    } catch (const DatabaseError& error) {
        return error.what();
    }
}

TEST(VenueDatabase, ReadingSaysWhatIsWrongAndChangesNothing) {
    const ScratchDatabase database;
    if (!on_postgresql()) {
        EXPECT_NE(told(database).find("there is no file"), std::string::npos) << told(database);
        EXPECT_FALSE(std::filesystem::exists(database.path()));
    }
    Connection connection(database.options());
    EXPECT_NE(told(database).find("has no schema"), std::string::npos) << told(database);
    EXPECT_FALSE(connection.has_table("schema_migrations"));

    const auto older = migrations().first(migrations().size() - 1);
    migrate(connection, older);
    EXPECT_NE(told(database).find("older than this program: it lacks migration '" +
                                  std::string(migrations().back().name)),
              std::string::npos)
        << told(database);
    require_schema(connection, older);

    migrate(connection);
    EXPECT_NE(told(database).find("belongs to no venue yet"), std::string::npos) << told(database);
    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM venue"), 0);

    open_for("aaaa", connection);
    EXPECT_EQ(told(database), "nothing");
    connection.sql() << "UPDATE venue SET venue_id = 'bbbb'";
    EXPECT_NE(told(database).find("the database of venue bbbb"), std::string::npos) << told(database);

    connection.sql() << "INSERT INTO schema_migrations (number, name) VALUES (999, '999_future')";
    EXPECT_NE(told(database).find("newer than this program"), std::string::npos) << told(database);
}

TEST(VenueDatabase, ReadingCannotChangeAnything) {
    const ScratchDatabase database;
    Connection connection(database.options());
    open_for("aaaa", connection);
    auto options = database.options();
    options.read_only = true;
    Connection reading(options);
    open_to_read("aaaa", reading);
    EXPECT_THROW(reading.ask([&] { reading.sql() << "DELETE FROM venue"; }), DatabaseError);
    EXPECT_THROW(open_for("aaaa", reading), DatabaseError);
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

TEST(VenueDatabase, ThatIsNewNeedsTheFirstEvent) {
    const ScratchDatabase database;
    Connection connection(database.options());
    open_for("aaaa", connection);
    refuse_if_new_and_behind(connection, EventNumber{1});
    EXPECT_THROW(refuse_if_new_and_behind(connection, EventNumber{2}), EventsGone);
    Story story;
    story.add_world();
    ASSERT_TRUE(Projection(connection).project(EventNumber{1}, story.events()));
    refuse_if_new_and_behind(connection, EventNumber{story.end().value() + 1});
}

} // namespace
} // namespace tradehive::db
