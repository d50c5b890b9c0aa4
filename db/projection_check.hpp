// Does the database say what the events say? Row by row and column by column, to the unit.
//
// The database is read at one moment (one transaction). Events are handed over from the venue's first one on,
// as the journal makes them; what comes after the database's position is lag and no difference. An order's
// row is compared when it has ended; of each order some 40 bytes stay in memory, of open ones the row.
#pragma once

#include "db/database.hpp"
#include "domain/event.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tradehive::db {

class ProjectionCheck {
public:
    struct Options {
        // Rows that retention.hpp may have dropped may be missing; zero: none may.
        std::chrono::seconds kept{};
        std::size_t most{100}; // differences that are told one by one
        // The events begin after this command, with a snapshot of the venue: what came before is not
        // compared.
        Sequence after{};
    };
    struct Report {
        std::uint64_t orders{}; // compared
        std::uint64_t trades{};
        std::uint64_t others{};
        std::uint64_t dropped{};              // missing, and old enough for it
        std::uint64_t different{};            // how many differences there are
        std::vector<std::string> differences; // the first of them, a sentence each
    };

    // The schema is up to date. Throws DatabaseError, as do all of these.
    ProjectionCheck(Connection& connection, const Options& options);
    ProjectionCheck(const ProjectionCheck&) = delete;
    ProjectionCheck& operator=(const ProjectionCheck&) = delete;
    ~ProjectionCheck();

    // Events before this one are compared.
    [[nodiscard]] EventNumber position() const noexcept;

    // The next ones, in order.
    void add(std::span<const Event> events);

    // Everything before position() has been added.
    [[nodiscard]] Report finish();

private:
    class Comparer;
    Connection& connection_;
    std::unique_ptr<Comparer> comparer_;
};

} // namespace tradehive::db
