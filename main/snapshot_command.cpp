#include "main/snapshot_command.hpp"

#include "journal/describe.hpp"
#include "main/command_line.hpp"
#include "venue/snapshots.hpp"

#include <fmt/ostream.h>

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <ostream>

namespace tradehive::main {

namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

constexpr auto usage =
    "usage: tradehive snapshot make DIR [--keep N]\n"
    "       tradehive snapshot list DIR\n"
    "       tradehive snapshot check DIR\n"
    "\n"
    "make replays the journal's sealed segments after the newest good snapshot into a venue of its own, and\n"
    "writes and proves a new one; a running venue goes on undisturbed, and makes them by itself as its\n"
    "configuration says. N good ones are kept, 2 unless given. list tells what there is. check loads each "
    "one\n"
    "and proves it. DIR is a venue's data_dir.\n"
    "Exit code: 0 done or nothing to do, 1 failed or damaged, 2 not understood.\n";

struct Folders {
    fs::path journal;
    fs::path snapshots;
    fs::path events;
};

Folders folders_in(const fs::path& data) {
    const Folders folders{data / "journal", data / "snapshots", data / "events"};
    if (!fs::is_directory(folders.journal))
        throw journal::JournalError{data.string() + " is not a venue's data_dir: it has no journal"};
    return folders;
}

// Nothing that this does may be felt by the venue, and it is the first to go when memory is short.
void go_to_background_of(pid_t venue) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != venue) throw journal::JournalError{"the venue that asked for a snapshot has ended"};
    constexpr int lowest = 19;
    ::setpriority(PRIO_PROCESS, 0, lowest);
    const sched_param none{};
    ::sched_setscheduler(0, SCHED_IDLE, &none);
    constexpr int of_process = 1;
    constexpr int idle_class = 3 << 13;
    ::syscall(SYS_ioprio_set, of_process, 0, idle_class);
    std::ofstream{"/proc/self/oom_score_adj"} << 1000;
}

int make(const Folders& folders, std::size_t keep, std::ostream& out) {
    const auto began = std::chrono::steady_clock::now();
    const auto made =
        venue::make_snapshot({.journal = folders.journal,
                              .snapshots = folders.snapshots,
                              .events = folders.events,
                              .keep = keep,
                              .note = [&](std::string_view what) { fmt::print(out, "note: {}\n", what); }});
    if (!made) {
        out << "no segment was sealed since the newest snapshot\n";
        return 0;
    }
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    fmt::print(out,
               "snapshot of command {}: {} commands replayed, {} bytes, state hash {:016x}, {:.3f} s, {} MiB "
               "of memory\n",
               made->name.sequence.value(), made->commands, made->bytes, made->state_hash, took.count(),
               used.ru_maxrss / 1024);
    return 0;
}

int list(const Folders& folders, std::ostream& out) {
    for (const auto& name : journal::list_snapshots(folders.snapshots)) {
        try {
            const auto header = journal::SnapshotReader{name}.header();
            fmt::print(out, "{} {} next event {}, rules version {}, {} bytes\n", header.sequence.value(),
                       journal::to_text(header.time), header.next_event.value(), header.rules,
                       fs::file_size(name.path));
        } catch (const journal::JournalError& damage) {
            fmt::print(out, "{} DAMAGED {}\n", name.sequence.value(), damage.what());
        }
    }
    return 0;
}

int check(const Folders& folders, std::ostream& out, std::ostream& err) {
    bool whole = true;
    for (const auto& name : journal::list_snapshots(folders.snapshots)) {
        try {
            venue::Venue loaded;
            venue::load_snapshot(name, loaded);
            fmt::print(out, "{} good, state hash {:016x}\n", name.sequence.value(), loaded.state_hash());
        } catch (const journal::JournalError& damage) {
            whole = false;
            fmt::print(err, "damage: {}\n", damage.what());
        }
    }
    return whole ? 0 : 1;
}

int run(const po::variables_map& values, std::ostream& out, std::ostream& err) {
    const auto keep = values["keep"].as<std::size_t>();
    if (keep < 2 || keep > 100) throw po::error{"--keep is 2 to 100"};
    const auto folders = folders_in(values["directory"].as<std::string>());
    const auto what = values["what"].as<std::string>();
    if (what == "list") return list(folders, out);
    if (what == "check") return check(folders, out, err);
    ::umask(S_IRWXG | S_IRWXO);
    if (values.contains("in-background-of")) go_to_background_of(values["in-background-of"].as<pid_t>());
    return make(folders, keep, out);
}

} // namespace

int snapshot_command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
    po::options_description options;
    options.add_options()("keep", po::value<std::size_t>()->default_value(2))("in-background-of",
                                                                              po::value<pid_t>());
    const CommandForm form{
        .name = "snapshot", .usage = usage, .what = {"make", "list", "check"}, .directory = true};
    return run_command(form, arguments, options, out, err,
                       [&](const po::variables_map& values) { return run(values, out, err); });
}

} // namespace tradehive::main
