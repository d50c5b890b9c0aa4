// tradehive-trader load
#include "trader/client_options.hpp"
#include "trader/command_line.hpp"
#include "trader/commands.hpp"
#include "trader/load.hpp"
#include "trader/load_report.hpp"
#include "trader/recording.hpp"
#include "trader/screen.hpp"
#include "trader/signals.hpp"

#include <algorithm>
#include <iostream>

#include <boost/program_options.hpp>

namespace tradehive::trader {
namespace {

namespace options = boost::program_options;

struct LoadCommand {
    LoadPlan plan;
    LoadOrder order;
    ClientOptions client;
    std::vector<std::string> senders;
    std::string svg;
    std::string csv;
};

// Of the demo venue (main/demo_market.cpp).
std::vector<std::string> demo_senders() {
    constexpr int count = 4;
    std::vector<std::string> senders;
    for (int number = 1; number <= count; ++number)
        senders.push_back("LOAD" + std::to_string(number));
    return senders;
}

options::options_description load_texts() {
    const LoadOrder order;
    options::options_description texts("Load");
    const auto text = [] { return options::value<std::string>(); };
    texts.add_options()                                                                                   //
        ("sessions", options::value<std::size_t>()->default_value(1), "how many of the senders, 1 to 64") //
        ("rate", options::value<std::uint64_t>()->default_value(0),
         "orders a second of all sessions together") //
        ("window", options::value<std::size_t>()->default_value(64),
         "without --rate: unanswered orders of each session")                                  //
        ("seconds", options::value<std::uint64_t>(), "how long (5, unless --orders is given)") //
        ("orders", options::value<std::uint64_t>()->default_value(0),
         "at most so many orders; 0: no bound")                         //
        ("symbol", text()->default_value(order.symbol), "Symbol(55)")   //
        ("side", text()->default_value("buy"), "buy or sell")           //
        ("qty", text()->default_value(order.order_qty), "OrderQty(38)") //
        ("price", text()->default_value(order.price), "Price(44)")      //
        ("time-in-force", text()->default_value("ioc"),
         "ioc, fok: nothing is left; gtc, day: what does not trade rests") //
        ("svg", text(), "draw the histogram into this file")               //
        ("csv", text(), "write the histogram's buckets into this file");
    return texts;
}

char choice(const options::variables_map& values, const char* name,
            std::initializer_list<std::pair<std::string_view, char>> known) {
    const auto text = values[name].as<std::string>();
    std::string list;
    for (const auto& [word, character] : known) {
        if (word == text) return character;
        list += (list.empty() ? "" : ", ") + std::string(word);
    }
    throw options::error(std::string("--") + name + " must be one of " + list + ", but is '" + text + "'");
}

LoadCommand parse(const options::variables_map& values) {
    constexpr std::size_t most_sessions = 64;
    constexpr std::uint64_t most_rate = 10'000'000;
    constexpr std::size_t most_window = 100'000;
    constexpr std::uint64_t most_seconds = 86'400;
    LoadCommand command;
    command.client = client_options(values);
    command.senders = words_of_list(command.client.sender);
    if (command.senders.empty()) {
        command.senders = demo_senders();
        be_the_demo_session(command.client, "LOAD", "demo-load-password");
        if (command.client.account.empty()) command.client.account = "LOAD";
    }
    const auto sessions = values["sessions"].as<std::size_t>();
    if (sessions < 1 || sessions > most_sessions) throw options::error("--sessions must be 1 to 64");
    if (sessions > command.senders.size())
        throw options::error("--sessions " + std::to_string(sessions) +
                             " needs as many senders, as in --sender A,B");
    command.senders.resize(sessions);
    command.plan.orders_per_second = values["rate"].as<std::uint64_t>();
    command.plan.window = values["window"].as<std::size_t>();
    command.plan.orders = values["orders"].as<std::uint64_t>();
    const auto usual_seconds = command.plan.orders > 0 ? std::uint64_t{0} : std::uint64_t{5};
    const auto seconds = values.count("seconds") != 0 ? values["seconds"].as<std::uint64_t>() : usual_seconds;
    if (command.plan.orders_per_second > most_rate) throw options::error("--rate must be at most 10000000");
    if (command.plan.window < 1 || command.plan.window > most_window)
        throw options::error("--window must be 1 to 100000");
    if (seconds > most_seconds) throw options::error("--seconds must be at most 86400");
    if (seconds == 0 && command.plan.orders == 0)
        throw options::error("--seconds or --orders must be above zero");
    command.plan.lasts = std::chrono::seconds(seconds);
    command.order = {.symbol = values["symbol"].as<std::string>(),
                     .side = choice(values, "side", {{"buy", '1'}, {"sell", '2'}}),
                     .time_in_force = choice(values, "time-in-force",
                                             {{"ioc", '3'}, {"gtc", '1'}, {"day", '0'}, {"fok", '4'}}),
                     .order_qty = positive_decimal(values, "qty"),
                     .price = positive_decimal(values, "price")};
    command.svg = text_of(values, "svg");
    command.csv = text_of(values, "csv");
    return command;
}

int load(const LoadCommand& command) {
    const auto run = "l" + std::to_string(microseconds_now() / 1000) + "-";
    const bool own_username = command.client.username != command.client.sender;
    std::vector<std::unique_ptr<LoadSession>> sessions;
    for (std::size_t place = 0; place < command.senders.size(); ++place) {
        auto client = command.client;
        client.sender = command.senders[place];
        if (!own_username) client.username = client.sender;
        try {
            sessions.push_back(
                std::make_unique<LoadSession>(client, command.order, run + std::to_string(place) + "-"));
        } catch (const std::runtime_error& refusal) {
            std::cerr << "not logged on: " << refusal.what() << '\n';
            return exit_refused;
        }
    }
    const auto result = run_load(command.plan, sessions);
    print_load(std::cout, command.plan, result, colours_wanted());
    write_file(command.svg, [&](std::ostream& out) { write_load_svg(out, command.plan, result); });
    write_file(command.csv, [&](std::ostream& out) { write_load_csv(out, result); });
    if (!result.broken.empty()) return exit_failed;
    for (const auto& session : sessions)
        session->log_out();
    return result.counts.accepted > 0 && result.counts.refused == 0 && result.unanswered == 0 ? exit_ok
                                                                                              : exit_failed;
}

} // namespace

int run_load(const std::vector<std::string>& words) {
    const auto values = read_command_line(
        words, load_texts(),
        "load: orders at a rate or by a window, and how long their answers took.\n"
        "--sender may name several, A,B,C, with one password and one account; --store and --record are not "
        "used.");
    if (!values) return exit_ok;
    const auto command = parse(*values);
    watch_signals();
    return load(command);
}

} // namespace tradehive::trader
