// Events made into rows: one batch of events, one transaction. Inside db only; see projector.hpp.
//
// The position (the number of the next event) is written first, in the same transaction: it takes the lock
// that keeps a second projector out, and makes a batch that comes twice change nothing the second time.
#pragma once

#include "db/partitions.hpp"
#include "domain/event.hpp"

#include <memory>
#include <span>

namespace tradehive::db {

class Steps;

class Projection {
public:
    // The schema is up to date. partition_ids: for how many ids a new partition of a big table is made.
    // Throws DatabaseError.
    explicit Projection(Connection& connection, long long partition_ids = 1'000'000);
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
    struct Writers;

    std::unique_ptr<Steps> steps_;
    std::unique_ptr<Writers> writers_;
    std::unique_ptr<Partitions> orders_parts_;
    std::unique_ptr<Partitions> trades_parts_;
    Connection& connection_;
};

} // namespace tradehive::db
