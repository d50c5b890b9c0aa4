#include "db/venue_database.hpp"

#include "db/migrations.hpp"

#include <soci/soci.h>

#include <string>

namespace tradehive::db {

namespace {

void refuse_other(const std::string& owner, std::string_view own) {
    if (owner == own) return;
    throw OtherVenue(
        "this is the database of venue " + owner + ", the journal is that of venue " + std::string(own) +
        " (the file `venue` beside it): give this venue a database of its own, or put the journal "
        "back that belongs to this database");
}

} // namespace

void open_for(std::string_view venue, Connection& connection) {
    migrate(connection);
    if (venue.empty()) return;
    const std::string own(venue);
    std::string owner;
    connection.ask([&] {
        auto& sql = connection.sql();
        // Two venues at once: the database decides which one was first.
        sql << "INSERT INTO venue (only_row, venue_id) VALUES (1, :venue) ON CONFLICT (only_row) DO NOTHING",
            soci::use(own, "venue");
        sql << "SELECT venue_id FROM venue", soci::into(owner);
    });
    refuse_other(owner, own);
}

void open_to_read(std::string_view venue, Connection& connection) {
    require_schema(connection);
    std::string owner;
    connection.ask([&] { connection.sql() << "SELECT venue_id FROM venue", soci::into(owner); });
    if (owner.empty()) throw OtherVenue("the database belongs to no venue yet: none has started on it");
    refuse_other(owner, venue);
}

EventNumber position(Connection& connection) {
    long long next = 1;
    connection.ask(
        [&] { connection.sql() << "SELECT COALESCE(MAX(next_event), 1) FROM projection", soci::into(next); });
    return EventNumber{static_cast<std::uint64_t>(next)};
}

void refuse_if_ahead(Connection& connection, EventNumber end) {
    if (const auto next = position(connection); next > end) throw DatabaseAhead(ahead_text(next, end));
}

void refuse_if_new_and_behind(Connection& connection, EventNumber begin) {
    const auto next = position(connection);
    if (next == EventNumber{1} && next < begin) throw EventsGone(gone_text(next, begin));
}

std::string gone_text(EventNumber position, EventNumber begin) {
    return "the database needs event " + std::to_string(position.value()) + ", the EventLog begins with " +
           std::to_string(begin.value()) +
           ". Where the journal is whole, or is so again with its archive: stop the venue, move the folder "
           "events out "
           "of its data_dir and start it, and all events are made again. Otherwise restore a newer backup of "
           "the "
           "database";
}

std::string ahead_text(EventNumber position, EventNumber end) {
    return "database ahead: it has all events before " + std::to_string(position.value()) +
           ", the EventLog ends before " + std::to_string(end.value()) +
           "; the journal has lost commands: put back the newest copy of it";
}

} // namespace tradehive::db
