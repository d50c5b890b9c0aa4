// tradehive-trader replay FILE
#include "trader/client_options.hpp"
#include "trader/command_line.hpp"
#include "trader/commands.hpp"
#include "trader/fix_client.hpp"
#include "trader/replay.hpp"
#include "trader/replay_report.hpp"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <optional>

#include <boost/program_options.hpp>
#include <unistd.h>

namespace tradehive::trader {
namespace {

namespace options = boost::program_options;

struct ReplayCommand {
    std::string file;
    std::string best_file;
    std::string depth_file;
    std::string report;
    std::string journal;
    bool expect{};
    ReplaySettings settings;
    ClientOptions client;
    std::optional<ClientOptions> books; // the session whose book is compared
};

Decimal step_of(const options::variables_map& values, const char* name) {
    return parse_decimal(positive_decimal(values, name)).value();
}

// LOBSTER names a pair of files …_message_N.csv and …_orderbook_N.csv; a book may also come as its best level
// (…_orderbook_L1) and its first rows (…_orderbook_N_first…).
std::string beside(const std::string& message_file, const std::string& ending) {
    const std::filesystem::path path(message_file);
    const auto name = path.filename().string();
    const auto at = name.find("_message_");
    if (at == std::string::npos) return {};
    auto stem = name.substr(0, at) + "_orderbook_";
    if (ending.empty()) {
        const auto number_at = at + std::string_view("_message_").size();
        stem += name.substr(number_at, name.find('.') - number_at);
    } else {
        stem += ending;
    }
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    std::string found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto candidate = entry.path().filename().string();
        if (candidate.starts_with(stem) && candidate.find(".csv") != std::string::npos &&
            (found.empty() || candidate < std::filesystem::path(found).filename().string()))
            found = entry.path().string();
    }
    return found;
}

options::options_description replay_texts() {
    const ReplaySettings defaults;
    options::options_description texts("Replay");
    const auto text = [] { return options::value<std::string>(); };
    texts.add_options()                                                                                     //
        ("file", text(), "LOBSTER message file, .csv or .csv.xz")                                           //
        ("best-file", text(), "orderbook file with the best level after each message")                      //
        ("depth-file", text(), "orderbook file with many levels; its first row seeds the book")             //
        ("symbol", text()->default_value(defaults.symbol), "Symbol(55)")                                    //
        ("tick", text()->default_value("0.01"), "the instrument's tick")                                    //
        ("lot", text()->default_value("1"), "the instrument's lot")                                         //
        ("pre-account", text()->default_value(defaults.pre_account), "account of what rested before row 1") //
        ("rest-account", text()->default_value(defaults.rest_account), "account of the resting orders")     //
        ("take-account", text()->default_value(defaults.take_account), "account of the aggressors")         //
        ("prefix", text()->default_value(defaults.prefix),
         "beginning of each ClOrdID; a second run on one venue needs another") //
        ("window", options::value<std::size_t>()->default_value(defaults.window),
         "most unanswered requests") //
        ("levels", options::value<std::size_t>()->default_value(defaults.levels),
         "levels compared in deep rows")                                                          //
        ("stop-after-rows", options::value<std::size_t>()->default_value(0), "0: the whole file") //
        ("orders-per-second", options::value<std::uint64_t>()->default_value(0), "0: no pacing")  //
        ("patience", options::value<int>()->default_value(120),
         "seconds without any answer before it gives up")            //
        ("report", text(), "write the figures as JSON to this file") //
        ("journal", text(), "write each order's fate to this file")  //
        ("books-sender", text(),
         "SenderCompID of a market data session: what is compared is then the book that it keeps from W and "
         "X")                                           //
        ("books-password-file", text(), "its password") //
        ("expect", options::bool_switch(), "succeed only if the figures of the AAPL sample are reached");
    return texts;
}

ReplayCommand parse(const options::variables_map& values) {
    ReplayCommand command;
    command.client = client_options(values);
    if (values.count("file") == 0) throw options::error("name the message file: replay FILE");
    const auto text = [&](const char* name) { return text_of(values, name); };
    command.file = text("file");
    command.best_file = text("best-file");
    command.depth_file = text("depth-file");
    if (command.best_file.empty()) command.best_file = beside(command.file, "L1");
    if (command.depth_file.empty()) command.depth_file = beside(command.file, "");
    if (command.best_file.empty()) command.best_file = command.depth_file;
    if (command.depth_file.empty())
        throw std::runtime_error("the orderbook file was not found beside " + command.file +
                                 "; name it with --depth-file");
    command.report = text("report");
    command.journal = text("journal");
    if (values.count("books-sender") != 0) {
        auto& books = command.books.emplace(command.client);
        books.sender = books.username = text("books-sender");
        if (values.count("books-password-file") == 0)
            throw options::error("--books-sender needs --books-password-file");
        books.password = secret_of_file(text("books-password-file"));
        books.totp_secret.clear();
        books.store.clear();
        books.record.clear();
    }
    command.expect = values["expect"].as<bool>();
    auto& settings = command.settings;
    settings.symbol = text("symbol");
    settings.pre_account = text("pre-account");
    settings.rest_account = text("rest-account");
    settings.take_account = text("take-account");
    settings.prefix = text("prefix");
    settings.steps = {.tick = step_of(values, "tick"), .lot = step_of(values, "lot")};
    settings.window = std::max<std::size_t>(values["window"].as<std::size_t>(), 1);
    settings.levels = values["levels"].as<std::size_t>();
    settings.stop_after_rows = values["stop-after-rows"].as<std::size_t>();
    settings.commands_per_second = values["orders-per-second"].as<std::uint64_t>();
    settings.patience = seconds_of(values, "patience", 1);
    return command;
}

// A line now and then: rewritten in place on a terminal, one below the other in a file.
class ProgressLine {
public:
    explicit ProgressLine(std::size_t rows)
        : rows_(rows) {}

    void operator()(std::size_t done, std::size_t corrections) {
        const auto now = std::chrono::steady_clock::now();
        if (done != rows_ &&
            now - shown_ < (terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(5)))
            return;
        shown_ = now;
        const auto seconds = std::chrono::duration<double>(now - started_).count();
        std::cerr << (terminal_ ? "\r" : "") << "row " << done << " of " << rows_ << ", "
                  << static_cast<std::int64_t>(seconds > 0 ? static_cast<double>(done) / seconds : 0)
                  << " rows a second, corrections " << corrections
                  << (terminal_ && done != rows_ ? "   " : "\n") << std::flush;
    }

private:
    std::size_t rows_;
    bool terminal_ = ::isatty(STDERR_FILENO) == 1;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point shown_ = started_;
};

ReplayInput read_input(const ReplayCommand& command) {
    constexpr std::size_t all_levels = 1000;
    const auto& steps = command.settings.steps;
    ReplayInput input;
    input.flow = group_executions(read_messages(command.file, steps));
    if (input.flow.rows.empty()) throw std::runtime_error(command.file + ": holds no message");
    input.tops = read_book_rows(command.best_file, steps, 1, input.flow.rows.size());
    if (input.tops.size() != input.flow.rows.size())
        throw std::runtime_error(command.best_file + ": has " + std::to_string(input.tops.size()) +
                                 " rows, but there are " + std::to_string(input.flow.rows.size()) +
                                 " messages");
    constexpr std::size_t most_deep_rows = 1000; // a snapshot of 50 levels each: enough, and quick
    input.deep = read_book_rows(command.depth_file, steps, all_levels,
                                std::min(input.flow.rows.size(), most_deep_rows));
    if (input.deep.empty()) throw std::runtime_error(command.depth_file + ": holds no row");
    return input;
}

int replay(const ReplayCommand& command) {
    auto input = read_input(command);
    const auto rows = command.settings.stop_after_rows == 0
                          ? input.flow.rows.size()
                          : std::min(input.flow.rows.size(), command.settings.stop_after_rows);
    constexpr int depth = 50;
    constexpr auto books_patience = std::chrono::seconds(10);
    SubscribedBook books(command.settings.symbol, depth, books_patience);
    std::optional<FixClient> books_client;
    if (command.books) {
        books_client.emplace(*command.books, books);
        if (!log_on(*books_client)) return exit_refused;
        books.begin(*books_client);
    }
    Replay replay(command.settings, std::move(input));
    FixClient client(command.client, replay);
    client.start();
    constexpr auto logon_patience = std::chrono::seconds(30);
    if (const auto logon = client.wait_for_logon(logon_patience); !logon.logged_on) {
        std::cerr << "not logged on: " << logon.text << '\n';
        return exit_refused;
    }
    std::string stopped;
    try {
        ProgressLine progress(rows);
        replay.run(client, progress, command.books ? &books : nullptr);
    } catch (const ReplayStopped& why) {
        stopped = why.what();
        std::cerr << "\nstopped: " << stopped << '\n';
    }
    const auto figures = replay.figures();
    client.stop();
    if (command.books) std::cout << "messages X taken: " << books.changes() << '\n';
    const auto failures = unmet(figures, ReplayBounds{});
    print_figures(std::cout, figures);
    write_file(command.report, [&](std::ostream& out) { out << to_json(figures, failures, stopped); });
    write_file(command.journal, [&](std::ostream& out) { print_fates(out, replay.orders()); });
    if (command.expect)
        for (const auto& sentence : failures)
            std::cout << "not as expected: " << sentence << '\n';
    return stopped.empty() && (!command.expect || failures.empty()) ? exit_ok : exit_failed;
}

} // namespace

int run_replay(const std::vector<std::string>& words) {
    const auto values = read_command_line(
        words, replay_texts(), "replay FILE: sends a LOBSTER message file and compares the books", "file");
    return values ? replay(parse(*values)) : exit_ok;
}

} // namespace tradehive::trader
