// tradehive-trader record FILE, tradehive-trader play FILE
#include "trader/client_options.hpp"
#include "trader/command_line.hpp"
#include "trader/commands.hpp"
#include "trader/conversation.hpp"
#include "trader/fix_client.hpp"
#include "trader/play_plan.hpp"
#include "trader/signals.hpp"

#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>

#include <boost/program_options.hpp>

namespace tradehive::trader {
namespace {

namespace options = boost::program_options;
using Clock = std::chrono::steady_clock;

struct PlayCommand {
    std::string file;
    std::string session;
    PlaySpeed speed;
    PlaySettings settings;
    std::chrono::seconds patience{};
    bool compare{};
    ClientOptions client;
};

// The conversation as it happens, for two threads.
class LiveConversation {
public:
    void take(const RecordedMessage& message) {
        {
            const std::scoped_lock lock(mutex_);
            conversation_.take(message);
        }
        changed_.notify_all();
    }

    [[nodiscard]] Conversation now() const {
        const std::scoped_lock lock(mutex_);
        return conversation_;
    }

    // False when nothing more has come for so long.
    bool wait_for(const std::function<bool(const Conversation&)>& enough, std::chrono::seconds patience) {
        std::unique_lock lock(mutex_);
        while (!enough(conversation_)) {
            const auto before = conversation_.answers();
            if (!changed_.wait_for(lock, patience, [&] { return conversation_.answers() != before; }))
                return false;
        }
        return true;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Conversation conversation_;
};

// As 52: YYYYMMDD-HH:MM:SS.sss
std::string fix_time_now() {
    auto text = recorded_time(microseconds_now());
    text.resize(text.size() - 3);
    std::erase(text, '-');
    text[text.find('T')] = '-';
    return text;
}

bool as_many_answers(const Conversation& played, const Conversation& recorded) {
    if (played.requests().size() < recorded.requests().size()) return false;
    for (std::size_t at = 0; at < recorded.requests().size(); ++at)
        if (played.requests()[at].answers.size() < recorded.requests()[at].answers.size()) return false;
    return true;
}

void send_all(const PlayCommand& command, const PlayPlan& plan, const Conversation& recorded,
              LiveConversation& live, FixClient& client) {
    // At full speed: the venue's queue is bounded too. Some were never answered, in the recording either.
    const auto most_unanswered = 200 + recorded.unanswered();
    const auto began = Clock::now();
    for (const auto& planned : plan.messages) {
        const auto due = began + command.speed.stretched(planned.offset);
        while (!asked_to_end() && Clock::now() < due)
            sleep_until_signal(due);
        live.wait_for([&](const Conversation& now) { return now.unanswered() < most_unanswered; },
                      command.patience);
        if (asked_to_end()) return;
        auto message = planned.message;
        if (message.has(60)) message.set(60, fix_time_now());
        client.send(message);
    }
}

int play(const PlayCommand& command) {
    const auto recorded_lines = read_recording(command.file, command.session);
    const auto plan = plan_play(recorded_lines, command.settings);
    if (plan.messages.empty())
        throw std::runtime_error(command.file + ": holds no application message that a client sent");
    Conversation recorded;
    for (const auto& line : recorded_lines)
        recorded.take(line);

    SilentListener silent;
    LiveConversation live;
    FixClient client(command.client, silent, [&](const RecordedMessage& message) { live.take(message); });
    if (!log_on(client)) return exit_refused;
    send_all(command, plan, recorded, live, client);
    live.wait_for([&](const Conversation& now) { return asked_to_end() || as_many_answers(now, recorded); },
                  command.patience);
    client.stop();

    const auto played = live.now();
    std::cout << "sent " << played.requests().size() << " messages, got " << played.answers()
              << " answers to " << played.requests().size() - played.unanswered() << " of them\n";
    if (plan.repeats > 0) std::cout << plan.repeats << " repeats (43=Y) of the recording were left out\n";
    if (plan.unknown_orders > 0)
        std::cout << plan.unknown_orders << " messages name orders from before the recording\n";
    if (!command.compare) return exit_ok;
    const auto different = differences(recorded.requests(), played.requests());
    for (const auto& sentence : different)
        std::cout << sentence << '\n';
    std::cout << "answers: " << recorded.requests().size() << " requests recorded, " << different.size()
              << " answered otherwise\n";
    return different.empty() ? exit_ok : exit_failed;
}

// What one session said and heard, out of the venue's log.
int extract(const std::string& log, const std::string& session, const std::string& file) {
    const auto messages = read_recording(newest_log(log).string(), session);
    if (messages.empty()) throw std::runtime_error(log + ": holds no message of session " + session);
    RecordingFile recording(file);
    for (const auto& message : messages)
        recording.add(message);
    std::cout << messages.size() << " messages of " << session << '\n';
    return exit_ok;
}

} // namespace

int run_record(const std::vector<std::string>& words) {
    options::options_description texts("Record");
    texts.add_options()                                                      //
        ("file", options::value<std::string>(), "the recording; a new file") //
        ("log", options::value<std::string>(),
         "take the messages from this FIX log of the venue, or the newest of this folder, instead") //
        ("session", options::value<std::string>(), "with --log: the client's CompID");
    const auto given = read_command_line(words, texts,
                                         "record FILE: the console, with every message kept in FILE; or one "
                                         "session out of the venue's log",
                                         "file");
    if (!given) return exit_ok;
    const auto& values = *given;
    const auto file = text_of(values, "file");
    if (file.empty()) throw options::error("name the recording: record FILE");
    const auto log = text_of(values, "log");
    const auto session = text_of(values, "session");
    if (log.empty() != session.empty()) throw options::error("--log and --session go together");
    if (!log.empty()) return extract(log, session, file);
    auto client = client_options(values);
    client.record = file;
    return run_console(std::move(client));
}

int run_play(const std::vector<std::string>& words) {
    options::options_description texts("Play");
    texts.add_options()                                                                              //
        ("file", options::value<std::string>(), "a recording")                                       //
        ("session", options::value<std::string>(), "the client's CompID, when the file has several") //
        ("speed", options::value<std::string>()->default_value("1"),
         "0.5: half as fast; 10: ten times; max")                                                       //
        ("compare", options::bool_switch(), "say which requests were answered otherwise than recorded") //
        ("patience", options::value<int>()->default_value(5), "seconds without an answer before it ends");
    const auto given = read_command_line(
        words, texts, "play FILE: sends what a client sent, with fresh ClOrdIDs and times", "file");
    if (!given) return exit_ok;
    const auto& values = *given;
    PlayCommand command;
    command.file = text_of(values, "file");
    if (command.file.empty()) throw options::error("name the recording: play FILE");
    command.session = text_of(values, "session");
    command.speed = PlaySpeed::parse(values["speed"].as<std::string>());
    command.compare = values["compare"].as<bool>();
    command.patience = seconds_of(values, "patience", 1);
    command.client = client_options(values);
    be_the_demo_trader(command.client);
    command.settings = {.prefix = "p" + std::to_string(microseconds_now() / 1000) + "-",
                        .account = command.client.account};
    watch_signals();
    return play(command);
}

} // namespace tradehive::trader
