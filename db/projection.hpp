// Events made into rows: one batch of events, one transaction. Inside db only; see projector.hpp.
//
// The position (the number of the next event) is written first, in the same transaction: it takes the lock
// that keeps a second projector out, and makes a batch that comes twice change nothing the second time.
#pragma once

#include "db/database.hpp"
#include "domain/event.hpp"
#include "domain/instrument.hpp"

#include <memory>
#include <span>

namespace tradehive::db {

// An event that this program does not know: going on would leave a hole in the rows.
class UnknownEvent : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Projection {
public:
    // The schema is up to date. Throws DatabaseError.
    explicit Projection(Connection& connection);
    Projection(const Projection&) = delete;
    Projection& operator=(const Projection&) = delete;
    ~Projection();

    // The next event that the database needs.
    [[nodiscard]] EventNumber position();

    // Projects events from, from + 1, … all or none. False, and nothing changed, when the database's position
    // is not `from`. Throws DatabaseError or UnknownEvent; after that make a new Projection over a new
    // Connection.
    [[nodiscard]] bool project(EventNumber from, std::span<const Event> events);

private:
    class Batch;
    struct Steps;
    struct Writers;

    std::unique_ptr<Steps> steps_;
    std::unique_ptr<Writers> writers_;
    Connection& connection_;
};

} // namespace tradehive::db
