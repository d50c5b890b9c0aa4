// tradehive-trader console
#include "trader/client_options.hpp"
#include "trader/command_line.hpp"
#include "trader/commands.hpp"
#include "trader/console.hpp"
#include "trader/console_completion.hpp"
#include "trader/fix_client.hpp"
#include "trader/market_prices.hpp"
#include "trader/open_orders_file.hpp"
#include "trader/state_folder.hpp"
#include "trader/terminal.hpp"

#include <chrono>
#include <iostream>
#include <memory>

#include <boost/program_options.hpp>
#include <unistd.h>

namespace tradehive::trader {
namespace {

namespace options = boost::program_options;

constexpr auto answer_patience = std::chrono::seconds(10);

// Different in each run, so that ClOrdIDs are not used twice.
std::string run_prefix() {
    const auto now = std::chrono::system_clock::now().time_since_epoch() / std::chrono::milliseconds(1);
    return "c" + std::to_string(now) + "-";
}

// A script: each line waits for its first answer. False when one did not come.
bool read_script(Console& console, FixClient& client) {
    std::string line;
    bool all_answered = true;
    bool goes_on = true;
    while (goes_on && std::getline(std::cin, line)) {
        goes_on = console.take_line(line, client);
        if (console.wait_for_answers(answer_patience)) continue;
        std::cerr << "no answer to: " << line << '\n';
        all_answered = false;
    }
    return all_answered;
}

// Only what is a command, so that a password which was typed in the wrong place is not kept.
bool may_be_remembered(const std::string& line, const ClientOptions& client) {
    const auto parsed = parse_console_line(line);
    const auto holds = [&](const std::string& secret) {
        return !secret.empty() && line.find(secret) != std::string::npos;
    };
    return parsed && !std::holds_alternative<EmptyLine>(*parsed) && !holds(client.password) &&
           !holds(client.totp_secret);
}

int converse(const ClientOptions& client_settings, bool demo) {
    const bool terminal = ::isatty(STDIN_FILENO) == 1;
    const auto screen = terminal ? std::make_unique<Terminal>() : nullptr;
    Console console(run_prefix(), client_settings.account, [&](const std::string& line) {
        if (screen)
            screen->print(line);
        else
            std::cout << (line + '\n') << std::flush;
    });
    FixClient client(client_settings, console);
    if (!log_on(client)) return exit_refused;
    if (demo)
        for (const auto& symbol : demo_symbols())
            console.know_symbol(symbol);
    const OpenOrdersFile file(open_orders_path(client_settings.store, client_settings.sender));
    console.recall(file.read(), client);
    bool all_answered = console.wait_for_answers(answer_patience);
    if (screen)
        screen->read_lines(
            client_settings.sender + "> ",
            state_path(client_settings.store, "history-" + client_settings.sender),
            {.take = [&](const std::string& line) { return console.take_line(line, client); },
             .keep = [&](const std::string& line) { return may_be_remembered(line, client_settings); },
             .complete =
                 [&](const std::string& before, const std::string& word) {
                     return complete_console_word(before, word, console.vocabulary());
                 }});
    else
        all_answered = read_script(console, client) && all_answered;
    client.stop();
    file.write(console.open_orders());
    return all_answered ? exit_ok : exit_failed;
}

} // namespace

int run_console(const std::vector<std::string>& words) {
    auto help = console_help();
    help.remove_suffix(1); // the end of its last line
    const auto values = read_command_line(words, options::options_description("Console"),
                                          "console: type orders, see reports\n\n" + std::string(help));
    return values ? run_console(client_options(*values)) : exit_ok;
}

int run_console(ClientOptions client) {
    const bool demo = client.sender.empty();
    be_the_demo_trader(client);
    if (client.account.empty()) client.account = client.sender;
    return converse(client, demo);
}

} // namespace tradehive::trader
