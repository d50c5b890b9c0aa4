// A database belongs to one venue, and never knows more than the venue's journal does.
#pragma once

#include "db/database.hpp"
#include "domain/ids.hpp"

#include <string>
#include <string_view>

namespace tradehive::db {

// The database of another venue: nothing was changed.
class OtherVenue : public DatabaseError {
public:
    using DatabaseError::DatabaseError;
};

// It has projected events that the EventLog does not have: the journal has lost commands, most likely because
// it was restored from an older copy.
class DatabaseAhead : public DatabaseError {
public:
    using DatabaseError::DatabaseError;
};

// It needs events that the EventLog no longer keeps.
class EventsGone : public DatabaseError {
public:
    using DatabaseError::DatabaseError;
};

// Brings the schema up to date; then an unused database becomes this venue's for good. An empty venue is not
// looked at. Throws SchemaRefused, OtherVenue or DatabaseError.
void open_for(std::string_view venue, Connection& connection);

// Changes nothing, and refuses also a database that belongs to no venue yet. Throws SchemaRefused, OtherVenue
// or DatabaseError.
void open_to_read(std::string_view venue, Connection& connection);

// The next event that the database needs.
[[nodiscard]] EventNumber position(Connection& connection);

// Throws DatabaseAhead when the projection stands beyond the EventLog's end.
void refuse_if_ahead(Connection& connection, EventNumber end);

// Throws EventsGone when nothing has been projected yet and the EventLog no longer begins with the first
// event. One that has fallen behind is let pass: its credentials are good, and the projector has an alarm.
void refuse_if_new_and_behind(Connection& connection, EventNumber begin);

// What they say; shared with the projector, which looks again after each outage.
[[nodiscard]] std::string ahead_text(EventNumber position, EventNumber end);
[[nodiscard]] std::string gone_text(EventNumber position, EventNumber begin);

} // namespace tradehive::db
