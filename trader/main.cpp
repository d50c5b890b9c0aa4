// tradehive-trader: a FIX client for trying, testing and showing a venue.
#include "trader/commands.hpp"

#include <iostream>
#include <stdexcept>
#include <string_view>

#include <boost/program_options/errors.hpp>

namespace {

constexpr std::string_view usage = "usage: tradehive-trader COMMAND …\n"
                                   "  console       type orders, see reports\n"
                                   "  book SYMBOL   a live ladder of an instrument\n"
                                   "  tail [FILE]   show FIX messages with names, of a file or live\n"
                                   "  record FILE   keep a session's messages\n"
                                   "  play FILE     send what was recorded, as new orders\n"
                                   "  load          orders at a rate, and how long answers take\n"
                                   "  replay FILE   send a LOBSTER message file and compare the books\n"
                                   "  market        makers and takers that keep a demo market alive\n"
                                   "COMMAND --help shows its options.\n";

int run(const std::vector<std::string>& words) {
    using namespace tradehive::trader;
    if (words.empty()) {
        std::cerr << usage;
        return exit_usage;
    }
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    if (words.front() == "console") return run_console(rest);
    if (words.front() == "book") return run_book(rest);
    if (words.front() == "tail") return run_tail(rest);
    if (words.front() == "record") return run_record(rest);
    if (words.front() == "play") return run_play(rest);
    if (words.front() == "load") return run_load(rest);
    if (words.front() == "replay") return run_replay(rest);
    if (words.front() == "market") return run_market(rest);
    const bool asked = words.front() == "--help" || words.front() == "help";
    (asked ? std::cout : std::cerr) << usage;
    return asked ? exit_ok : exit_usage;
}

int say(const std::exception& error, int status) {
    std::cerr << "tradehive-trader: " << error.what() << '\n';
    return status;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const boost::program_options::error& error) {
        return say(error, tradehive::trader::exit_usage);
    } catch (const std::invalid_argument& error) { // a value of an option
        return say(error, tradehive::trader::exit_usage);
    } catch (const std::exception& error) {
        return say(error, tradehive::trader::exit_failed);
    }
}
