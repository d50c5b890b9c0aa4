// tradehive-trader tail [FILE]
#include "trader/client_options.hpp"
#include "trader/command_line.hpp"
#include "trader/commands.hpp"
#include "trader/fix_client.hpp"
#include "trader/message_view.hpp"
#include "trader/screen.hpp"
#include "trader/signals.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <set>

#include <boost/program_options.hpp>

namespace tradehive::trader {
namespace {

namespace options = boost::program_options;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct TailCommand {
    std::string file; // empty: live
    std::string session;
    std::set<std::string> types; // empty: all
    bool follow{};
    bool field_lines{};
    std::chrono::seconds lasts{};
    ClientOptions client;
};

class Shown {
public:
    Shown(const TailCommand& command, const FixNames& names)
        : command_(command)
        , view_(names, {.colours = colours_wanted(), .field_lines = command.field_lines}) {}

    void take(const RecordedMessage& recorded) {
        if (!command_.session.empty() && recorded.session != command_.session) return;
        if (!command_.types.empty() && !command_.types.contains(std::string(recorded.message.msg_type())))
            return;
        std::cout << view_.show(recorded) << '\n';
    }

private:
    const TailCommand& command_;
    MessageView view_;
};

// What has been appended since the last time, in whole lines.
class GrowingFile {
public:
    explicit GrowingFile(fs::path path)
        : path_(std::move(path))
        , file_(path_) {
        if (!file_) throw std::runtime_error(path_.string() + ": cannot be read");
    }

    [[nodiscard]] const fs::path& path() const { return path_; }

    bool next_line(std::string& line) {
        for (std::string part; std::getline(file_, part);) {
            held_ += part;
            if (file_.eof()) break; // the rest of this line is still to come
            line.swap(held_);
            held_.clear();
            return true;
        }
        file_.clear();
        return false;
    }

    [[nodiscard]] const std::string& unfinished() const { return held_; }

private:
    fs::path path_;
    std::ifstream file_;
    std::string held_;
};

int tail_file(const TailCommand& command, const FixNames& names) {
    Shown shown(command, names);
    GrowingFile file(newest_log(command.file));
    std::size_t number = 0;
    std::size_t passed_over = 0;
    const auto take = [&](const std::string& line) {
        ++number;
        try {
            if (const auto recorded = parse_recorded_line(line)) shown.take(*recorded);
        } catch (const std::runtime_error& error) {
            // A log may hold what is no message; a file of which nothing is understood is another one.
            if (passed_over++ == 0)
                std::cerr << file.path().string() << ':' << number << ": " << error.what() << '\n';
        }
    };
    std::string line;
    const auto until = Clock::now() + command.lasts;
    while (!asked_to_end()) {
        const auto newest = newest_log(command.file); // looked for first: what it succeeds is complete then
        while (!asked_to_end() && file.next_line(line))
            take(line);
        std::cout.flush();
        if (!command.follow || (command.lasts.count() > 0 && Clock::now() >= until)) break;
        if (newest != file.path()) file = GrowingFile(newest);
        sleep_until_signal(Clock::now() + std::chrono::milliseconds(100));
    }
    if (!command.follow && !file.unfinished().empty()) take(file.unfinished());
    if (passed_over > 1) std::cerr << passed_over << " lines are no messages and were passed over\n";
    return passed_over > 0 && passed_over == number ? exit_failed : exit_ok;
}

int tail_session(const TailCommand& command, const FixNames& names) {
    Shown shown(command, names);
    SilentListener silent;
    std::mutex mutex; // the view is the tap's, and sends and receives come from two threads
    FixClient client(command.client, silent, [&](const RecordedMessage& recorded) {
        const std::scoped_lock lock(mutex);
        shown.take(recorded);
        std::cout.flush();
    });
    if (!log_on(client)) return exit_refused;
    const auto until = command.lasts.count() > 0 ? Clock::now() + command.lasts : Clock::time_point::max();
    while (!asked_to_end() && Clock::now() < until)
        sleep_until_signal(std::min(until, Clock::now() + std::chrono::seconds(60)));
    client.stop();
    return exit_ok;
}

} // namespace

int run_tail(const std::vector<std::string>& words) {
    options::options_description texts("Tail");
    texts.add_options() //
        ("file", options::value<std::string>(),
         "a recording, the venue's FIX log, or the folder of its logs")                    //
        ("follow,f", options::bool_switch(), "go on with what is appended, until Ctrl-C")  //
        ("session", options::value<std::string>(), "of a file: only this client's CompID") //
        ("types", options::value<std::string>(), "only these MsgTypes, as in D,F,8")       //
        ("long", options::bool_switch(), "each field on a line of its own")                //
        ("seconds", options::value<int>()->default_value(0), "end after so long; 0: at Ctrl-C");
    const auto given = read_command_line(words, texts,
                                         "tail [FILE]: shows FIX messages with names; without a file it logs "
                                         "on and shows its own session's",
                                         "file");
    if (!given) return exit_ok;
    const auto& values = *given;
    TailCommand command;
    command.file = text_of(values, "file");
    command.session = text_of(values, "session");
    for (const auto& type : words_of_list(text_of(values, "types")))
        command.types.insert(type);
    command.follow = values["follow"].as<bool>();
    command.field_lines = values["long"].as<bool>();
    command.lasts = seconds_of(values, "seconds", 0);
    command.client = client_options(values);
    watch_signals();
    const FixNames names(find_dictionary(command.client.dictionary));
    if (!command.file.empty()) return tail_file(command, names);
    be_the_demo_trader(command.client);
    return tail_session(command, names);
}

} // namespace tradehive::trader
