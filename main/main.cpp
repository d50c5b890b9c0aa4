// tradehive: the venue, its operator's command line and the journal's tools.
#include "control/admin.hpp"
#include "main/command_line.hpp"
#include "main/db_command.hpp"
#include "main/journal_command.hpp"
#include "main/log.hpp"
#include "main/snapshot_command.hpp"
#include "main/upgrade_command.hpp"
#include "main/venue_process.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

namespace {

namespace po = boost::program_options;

constexpr auto usage =
    "usage: tradehive run [--config FILE] [--set KEY=VALUE]… [--check-config]\n"
    "       tradehive admin REQUEST …\n"
    "       tradehive journal dump|check DIR\n"
    "       tradehive snapshot make|list|check DIR\n"
    "       tradehive upgrade prepare|take-over [--config FILE] [--set KEY=VALUE]…\n"
    "       tradehive db check [--config FILE] [--set KEY=VALUE]…\n"
    "       tradehive --version\n"
    "\n"
    "run starts a venue; without --config it is the demo of config/demo.yaml. SIGINT and SIGTERM\n"
    "stop it cleanly. --set takes another value for a key of the configuration, --check-config\n"
    "checks the configuration and ends. admin asks a running venue; journal and snapshot\n"
    "work on its files; db compares its database with them; upgrade goes from one program to the\n"
    "next. Each explains itself with --help.\n"
    "Exit code of run: 0 stopped, 1 cannot start, 2 not understood or a configuration that is not\n"
    "good, 70 the journal failed.\n";

// A core file would hold passwords.
void keep_memory_private() {
    constexpr rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ // whose leak check traces its own process
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

int run(const std::vector<std::string>& arguments) {
    auto options = tradehive::main::configuration_options();
    options.add_options()("check-config", po::bool_switch());
    const auto work = [](const po::variables_map& values) {
        const auto configuration = tradehive::main::configuration_of(values);
        if (values["check-config"].as<bool>()) {
            std::cout << values["config"].as<std::string>() << ": good\n";
            return 0;
        }
        keep_memory_private();
        ::umask(S_IRWXG | S_IRWXO);
        std::signal(SIGPIPE, SIG_IGN); // a peer that is gone is an error of its socket,
        std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow one of its write
        try {
            tradehive::main::start_log(configuration.log);
            tradehive::main::VenueProcess venue{configuration};
            venue.run();
            return 0;
        } catch (const std::exception& failure) {
            spdlog::critical("the venue cannot start: {}", failure.what());
            return 1;
        }
    };
    return tradehive::main::run_command({.name = "run", .usage = usage}, arguments, options, std::cout,
                                        std::cerr, work);
}

int admin(const std::vector<std::string>& arguments) {
    const tradehive::control::AdminSetting setting{
        tradehive::main::default_config,
        [](const auto& config) { return tradehive::main::read_configuration(config).control_socket(); }};
    return static_cast<int>(tradehive::control::admin(arguments, setting, std::cin, std::cout, std::cerr));
}

} // namespace

int main(int argument_count, char** argument_texts) {
    try {
        std::vector<std::string> arguments(argument_texts + 1, argument_texts + argument_count);
        const auto what = arguments.empty() ? std::string{} : arguments.front();
        if (!arguments.empty()) arguments.erase(arguments.begin());
        if (what == "run") return run(arguments);
        if (what == "admin") return admin(arguments);
        if (what == "journal") return tradehive::main::journal_command(arguments, std::cout, std::cerr);
        if (what == "snapshot") return tradehive::main::snapshot_command(arguments, std::cout, std::cerr);
        if (what == "upgrade") return tradehive::main::upgrade_command(arguments, std::cout, std::cerr);
        if (what == "db") return tradehive::main::db_command(arguments, std::cout, std::cerr);
        if (what == "--version") {
            fmt::print("tradehive {}\n", TRADEHIVE_VERSION);
            return 0;
        }
        const bool asked = what == "--help" || what == "-h";
        fmt::print(asked ? stdout : stderr, "{}", usage);
        return asked ? 0 : 2;
    } catch (const std::exception& failure) {
        fmt::print(stderr, "tradehive: {}\n", failure.what());
        return 1;
    }
}
