#include "main/db_command.hpp"

#include "db/comparison.hpp"
#include "db/migrations.hpp"
#include "db/projection_check.hpp"
#include "db/venue_database.hpp"
#include "journal/sealed_segments.hpp"
#include "journal/venue_id.hpp"
#include "main/command_line.hpp"
#include "main/database_options.hpp"
#include "venue/snapshots.hpp"
#include "venue/venue.hpp"

#include <fmt/ostream.h>

#include <ostream>
#include <variant>

namespace tradehive::main {

namespace po = boost::program_options;

namespace {

constexpr auto usage =
    "usage: tradehive db check [--config FILE] [--set KEY=VALUE]…\n"
    "\n"
    "check replays the journal and compares what it makes with the database, row by row and to the unit: "
    "orders,\n"
    "trades, balances and names. It only reads, and may run beside a venue: what the database has not got "
    "yet is\n"
    "lag and no difference.\n"
    "Exit code: 0 equal, 1 different or damaged, 2 not understood, 3 the database does not answer.\n";

// From where the whole journal can be replayed by this program: its first command, or the newest good
// snapshot that the database has come by.
journal::SegmentEnd load_start(const Configuration& configuration, venue::Venue& venue,
                               EventNumber position) {
    const auto segments = journal::list_segments(configuration.journal_directory());
    if (segments.empty() || (segments.front().first == Sequence{1} &&
                             journal::read_segment_header(segments.front()).rules == venue::rules_version))
        return {};
    return venue::load_newest(configuration.snapshot_directory(), venue, position).from;
}

// Applies commands until the venue has made every event before `position`; hands over the events. Takes no
// lock, so that a venue may run.
void replay(const std::filesystem::path& directory, const journal::SegmentEnd& from, venue::Venue& venue,
            EventNumber position, const std::function<void(std::span<const Event>)>& take) {
    constexpr std::size_t events_at_once = 4096;
    std::vector<Event> made;
    journal::replay_all(directory, from, venue::rules_version, [&](const Command& command) {
        if (venue.next_event() >= position) return;
        venue.apply(command, made);
        if (made.size() < events_at_once) return;
        take(made);
        made.clear();
    });
    take(made);
}

// A second opinion: what the venue itself answers about balances and open orders.
std::vector<std::string> ask_venue(const venue::Venue& venue, db::Connection& connection) {
    const auto balances = venue.answer({.origin = {}, .what = AskBalances{}});
    const auto orders = venue.answer({.origin = {}, .what = AskOpenOrders{}});
    return db::compare(connection, std::get<BalancesAnswer>(balances.what),
                       std::get<OpenOrdersAnswer>(orders.what));
}

int check(const Configuration& configuration, std::ostream& out, std::ostream& err) {
    auto options = database_options(configuration.database);
    options.statement_timeout = std::chrono::hours{24}; // one transaction over all
    options.read_only = true;
    db::Connection connection(options);
    try {
        db::open_to_read(journal::read_venue_id(configuration.journal_directory()), connection);
    } catch (const db::SchemaRefused& refused) {
        fmt::print(err, "tradehive db: {}\n", refused.what());
        return 1;
    }
    venue::Venue venue;
    const auto start = load_start(configuration, venue, db::position(connection));
    const auto projection_began = start.sequence;
    db::ProjectionCheck projection(connection,
                                   {.kept = configuration.database.kept, .after = projection_began});
    replay(configuration.journal_directory(), start, venue, projection.position(),
           [&](std::span<const Event> events) { projection.add(events); });
    if (venue.next_event() < projection.position())
        throw db::DatabaseAhead(db::ahead_text(projection.position(), venue.next_event()));

    auto report = projection.finish();
    // When the position lies within a command's events, the venue is already behind them.
    if (venue.next_event() == projection.position())
        for (auto& difference : ask_venue(venue, connection)) {
            ++report.different;
            report.differences.push_back(std::move(difference));
        }
    for (const auto& difference : report.differences)
        fmt::print(err, "different: {}\n", difference);
    if (report.different > report.differences.size())
        fmt::print(err, "and {} more\n", report.different - report.differences.size());
    fmt::print(out, "{}: {} orders, {} sides of trades, {} balances and names, after event {}",
               report.different == 0 ? "equal" : "DIFFERENT", report.orders, report.trades, report.others,
               projection.position().value() - 1);
    if (projection_began > Sequence{})
        fmt::print(
            out,
            "; of what came after command {}, where the journal begins, and of all balances and open orders",
            projection_began.value());
    if (report.dropped > 0) fmt::print(out, "; {} were dropped for their age", report.dropped);
    fmt::print(out, "\n");
    return report.different == 0 ? 0 : 1;
}

} // namespace

int db_command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
    return run_command({.name = "db", .usage = usage, .what = {"check"}}, arguments, configuration_options(),
                       out, err, [&](const po::variables_map& values) {
                           try {
                               return check(configuration_of(values), out, err);
                           } catch (const db::OtherVenue&) {
                               throw;
                           } catch (const db::DatabaseAhead&) {
                               throw;
                           } catch (const db::DatabaseError& wrong) {
                               fmt::print(err, "tradehive db: {}\n", wrong.what());
                               return 3;
                           }
                       });
}

} // namespace tradehive::main
