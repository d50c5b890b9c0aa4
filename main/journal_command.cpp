#include "main/journal_command.hpp"

#include "journal/journal_tools.hpp"
#include "main/command_line.hpp"
#include "venue/snapshots.hpp"

#include <fmt/ostream.h>

#include <filesystem>
#include <ostream>

namespace tradehive::main {

namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

constexpr auto usage =
    "usage: tradehive journal dump DIR [--from N] [--to N] [--events] [--json]\n"
    "       tradehive journal check DIR\n"
    "\n"
    "dump prints each command, one a line; with --events each event instead. check proves "
    "that the journal is\n"
    "whole: chain, checksums, no sequence missing; then replays it, from the oldest snapshot "
    "where its beginning\n"
    "is gone, and holds the invariants and each snapshot against the replay. Both only read "
    "and may run beside\n"
    "a venue. DIR is a venue's data_dir or the folder of the journal itself.\n"
    "Exit code: 0 whole, 1 damaged, 2 not understood.\n";

fs::path folder_in(const fs::path& directory, const char* name) {
    const auto inside = directory / name;
    const auto folder = fs::is_directory(inside) ? inside : directory;
    if (!fs::is_directory(folder)) throw journal::JournalError{directory.string() + " is not a folder"};
    return folder;
}

template <class Place>
Place place(const po::variables_map& values, const char* name, Place otherwise) {
    return values.contains(name) ? Place{values[name].as<std::uint64_t>()} : otherwise;
}

int dump(const po::variables_map& values, const fs::path& directory, std::ostream& out) {
    const bool json = values["json"].as<bool>();
    if (values["events"].as<bool>()) {
        journal::EventDumpOptions options;
        options.json = json;
        options.from = place(values, "from", options.from);
        options.to = place(values, "to", options.to);
        journal::dump_events(folder_in(directory, "events"), out, options);
        return 0;
    }
    journal::DumpOptions options;
    options.json = json;
    options.from = place(values, "from", options.from);
    options.to = place(values, "to", options.to);
    journal::dump(folder_in(directory, "journal"), out, options);
    return 0;
}

int check(const fs::path& directory, std::ostream& out, std::ostream& err) {
    const auto snapshots = directory / "snapshots";
    const auto names = journal::list_snapshots(snapshots);
    const auto report =
        journal::check(folder_in(directory, "journal"), names.empty() ? Sequence{} : names.front().sequence);
    for (const auto& damage : report.damages)
        fmt::print(err, "damage: {}\n", damage);
    for (const auto& note : report.notes)
        fmt::print(out, "note: {}\n", note);
    fmt::print(out, "{}: {} commands, {} to {}, in {} segments, rules version {}\n",
               report.whole() ? "whole" : "DAMAGED", report.commands, report.first.value(),
               report.last.value(), report.segments, report.rules_version);
    if (!report.whole()) return 1;
    const auto replay = venue::rehearse(folder_in(directory, "journal"), snapshots);
    for (const auto& fault : replay.faults)
        fmt::print(err, "fault: {}\n", fault);
    fmt::print(
        out, "replayed: {} commands from {}, {} snapshots on the way, state hash {:016x}, invariants {}\n",
        replay.commands,
        replay.from == Sequence{} ? "the first" : fmt::format("the snapshot of {} on", replay.from.value()),
        replay.snapshots, replay.state_hash, replay.faults.empty() ? "all hold" : "BROKEN");
    return replay.faults.empty() ? 0 : 1;
}

} // namespace

int journal_command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
    po::options_description options;
    options.add_options()("json", po::bool_switch())("events", po::bool_switch())(
        "from", po::value<std::uint64_t>())("to", po::value<std::uint64_t>());
    const CommandForm form{.name = "journal", .usage = usage, .what = {"dump", "check"}, .directory = true};
    return run_command(form, arguments, options, out, err, [&](const po::variables_map& values) {
        const fs::path directory{values["directory"].as<std::string>()};
        return values["what"].as<std::string>() == "dump" ? dump(values, directory, out)
                                                          : check(directory, out, err);
    });
}

} // namespace tradehive::main
