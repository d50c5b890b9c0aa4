#include "main/upgrade_command.hpp"

#include "journal/event_segment.hpp"
#include "main/command_line.hpp"
#include "main/recovered_venue.hpp"

#include <fmt/ostream.h>

#include <sys/stat.h>

#include <ostream>

namespace tradehive::main {

namespace {

constexpr auto usage =
    "usage: tradehive upgrade prepare [--config FILE] [--set KEY=VALUE]…\n"
    "       tradehive upgrade take-over [--config FILE] [--set KEY=VALUE]…\n"
    "\n"
    "When a new program refuses a journal because it was written under other rules: stop the venue, let the "
    "old\n"
    "program prepare and the new one take over, and start the venue again. Both may be done twice.\n"
    "Exit code: 0 done, 1 refused, 2 not understood.\n";

void prepare(const Configuration& configuration, std::ostream& out) {
    RecoveredVenue all{configuration};
    const auto last = all.venue.last_sequence();
    const auto hash = all.venue.state_hash();
    if (last == Sequence{}) throw journal::JournalError{"the journal is empty: there is nothing to prepare"};
    // The new program cannot make again what the event log loses of this.
    journal::sync_event_segments(configuration.event_directory(), all.venue.next_event());
    all.journal->seal();
    all.venue =
        venue::Venue{venue::Capacity{16}}; // the snapshot is made by another one; memory for one is enough
    const auto made =
        venue::make_snapshot({.journal = configuration.journal_directory(),
                              .snapshots = configuration.snapshot_directory(),
                              .events = configuration.event_directory(),
                              .keep = configuration.snapshots.keep,
                              .note = [&](std::string_view what) { fmt::print(out, "note: {}\n", what); }});
    if (made && (made->name.sequence != last || made->state_hash != hash))
        throw journal::JournalError{
            "replaying the journal twice gave two states; the program, the disk or the "
            "memory of this machine is failing"};
    fmt::print(out,
               "ready: snapshot of command {}, rules version {}, state hash {:016x}. The new program may "
               "take over.\n",
               last.value(), venue::rules_version, hash);
}

void take_over(const Configuration& configuration, std::ostream& out) {
    const RecoveredVenue all{configuration, true};
    fmt::print(out, "taken over: rules version {} from command {} on, state hash {:016x}\n",
               venue::rules_version, all.journal->last().value() + 1, all.venue.state_hash());
}

} // namespace

int upgrade_command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
    const CommandForm form{.name = "upgrade", .usage = usage, .what = {"prepare", "take-over"}};
    return run_command(form, arguments, configuration_options(), out, err,
                       [&](const boost::program_options::variables_map& values) {
                           const auto configuration = configuration_of(values);
                           ::umask(S_IRWXG | S_IRWXO);
                           if (values["what"].as<std::string>() == "prepare")
                               prepare(configuration, out);
                           else
                               take_over(configuration, out);
                           return 0;
                       });
}

} // namespace tradehive::main
