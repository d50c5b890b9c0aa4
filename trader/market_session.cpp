// tradehive-trader market
#include "trader/client_options.hpp"
#include "trader/command_line.hpp"
#include "trader/commands.hpp"
#include "trader/fix_client.hpp"
#include "trader/market.hpp"
#include "trader/signals.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>

#include <boost/program_options.hpp>

namespace tradehive::trader {
namespace {

namespace options = boost::program_options;

using Role = MarketSession::Role;

struct Member {
    ClientOptions client;
    Role role{};
};

// The demo venue's own (config/demo.yaml): everybody may know them.
constexpr const char* demo_sessions[] = {"sender=MAKER1,role=maker,password=demo-maker1-password",
                                         "sender=MAKER2,role=maker,password=demo-maker2-password",
                                         "sender=TAKER,role=taker,password=demo-taker-password"};

// sender=…,role=maker|taker and what differs from the common options.
Member parse_member(const std::string& text, const ClientOptions& common) {
    Member member{.client = common, .role = Role::maker};
    member.client.username.clear();
    for (std::string_view rest = text; !rest.empty();) {
        const auto end = rest.find(',');
        const auto part = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        const auto equals = part.find('=');
        const auto name = part.substr(0, equals);
        const auto value =
            equals == std::string_view::npos ? std::string{} : std::string(part.substr(equals + 1));
        if (name == "sender") {
            member.client.sender = value;
        } else if (name == "username") {
            member.client.username = value;
        } else if (name == "account") {
            member.client.account = value;
        } else if (name == "password") {
            member.client.password = value;
        } else if (name == "password-file") {
            member.client.password = secret_of_file(value);
        } else if (name == "totp-secret-file") {
            member.client.totp_secret = secret_of_file(value);
        } else if (name == "role" && (value == "maker" || value == "taker")) {
            member.role = value == "maker" ? Role::maker : Role::taker;
        } else {
            throw options::error("--session " + text + ": '" + std::string(part) +
                                 "' is not one of sender=, role=maker|taker, account=, username=, password=, "
                                 "password-file=, totp-secret-file=");
        }
    }
    if (member.client.sender.empty()) throw options::error("--session " + text + ": sender= is missing");
    if (member.client.username.empty()) member.client.username = member.client.sender;
    if (member.client.account.empty()) member.client.account = member.client.sender;
    if (!member.client.record.empty()) member.client.record += "." + member.client.sender;
    if (!member.client.store.empty()) member.client.store += "/" + member.client.sender;
    return member;
}

options::options_description market_texts() {
    options::options_description texts("Market");
    using Many = std::vector<std::string>;
    texts.add_options() //
        ("session", options::value<Many>()->composing(),
         "a member, once for each: sender=MAKER1,role=maker,password-file=…,account=… (the demo venue's "
         "three)") //
        ("symbol", options::value<Many>()->composing(),
         "SYMBOL:PRICE:TICK:LOT[:QTY], once for each (the demo venue's)") //
        ("levels", options::value<std::int64_t>()->default_value(5),
         "orders of a maker on a side, 1 to 20") //
        ("rate", options::value<int>()->default_value(50),
         "most requests a second of all members, 1 to 1000")                                    //
        ("seed", options::value<std::uint64_t>()->default_value(1), "of the random numbers")    //
        ("seconds", options::value<int>()->default_value(0), "end after so long; 0: at Ctrl-C") //
        ("quiet", options::bool_switch(), "only say when something is wrong");
    return texts;
}

struct MarketCommand {
    MarketPlan plan;
    std::vector<Member> members;
    int rate{};
    std::chrono::seconds lasts{};
    bool quiet{};
};

MarketCommand parse(const options::variables_map& values) {
    using Many = std::vector<std::string>;
    MarketCommand command;
    if (values.count("symbol") == 0)
        command.plan.symbols = demo_instruments();
    else
        for (const auto& symbol : values["symbol"].as<Many>())
            command.plan.symbols.push_back(MarketSymbol::parse(symbol));
    command.plan.levels = values["levels"].as<std::int64_t>();
    command.plan.seed = values["seed"].as<std::uint64_t>();
    command.rate = values["rate"].as<int>();
    command.lasts = seconds_of(values, "seconds", 0);
    command.quiet = values["quiet"].as<bool>();
    if (command.plan.levels < 1 || command.plan.levels > 20) throw options::error("--levels must be 1 to 20");
    if (command.rate < 1 || command.rate > 1000) throw options::error("--rate must be 1 to 1000");
    const auto common = client_options(values);
    if (values.count("session") == 0 && !common.sender.empty()) {
        auto member = Member{.client = common, .role = Role::maker};
        if (member.client.account.empty()) member.client.account = common.sender;
        command.members.push_back(member);
        return command;
    }
    for (const auto& session : values.count("session") != 0
                                   ? values["session"].as<Many>()
                                   : Many(std::begin(demo_sessions), std::end(demo_sessions)))
        command.members.push_back(parse_member(session, common));
    return command;
}

// One member at work: its session first, so that it outlives the connection that calls it.
struct Seat {
    std::unique_ptr<MarketSession> session;
    std::unique_ptr<FixClient> client;
};

std::vector<Seat> take_seats(const MarketCommand& command, MarketPrices& prices) {
    const auto started = std::chrono::system_clock::now().time_since_epoch() / std::chrono::milliseconds(1);
    std::vector<Seat> seats;
    for (const auto& member : command.members) {
        Seat seat;
        seat.session = std::make_unique<MarketSession>(
            command.plan, prices, member.role, "m" + std::to_string(started) + "-", member.client.account);
        seat.client = std::make_unique<FixClient>(member.client, *seat.session);
        seat.client->start();
        seats.push_back(std::move(seat));
    }
    return seats;
}

void say_state(const MarketCommand& command, const std::vector<Seat>& seats) {
    for (std::size_t number = 0; number < seats.size(); ++number) {
        const auto figures = seats[number].session->figures();
        std::cerr << command.members[number].client.sender << ": entered " << figures.entered << ", replaced "
                  << figures.replaced << ", fills " << figures.trades << ", resting "
                  << seats[number].session->resting() << ", refused " << figures.refused
                  << (figures.last_refusal.empty() ? "" : " (" + figures.last_refusal + ")") << '\n';
    }
}

// A taker when the market is lively enough, else a maker; who there is when there is no such one.
Seat& choose(std::vector<Seat>& seats, const MarketPrices& prices, SeededNumbers& numbers) {
    const auto role = numbers.between(1, 1'000) <= prices.taker_share() ? Role::taker : Role::maker;
    const auto first = numbers.between(0, static_cast<std::int64_t>(seats.size()) - 1);
    for (std::size_t turn = 0; turn < seats.size(); ++turn) {
        auto& seat = seats[(static_cast<std::size_t>(first) + turn) % seats.size()];
        if (seat.session->role() == role) return seat;
    }
    return seats[static_cast<std::size_t>(first)];
}

void trade(const MarketCommand& command, MarketPrices& prices, std::vector<Seat>& seats) {
    SeededNumbers numbers(command.plan.seed);
    const auto started = std::chrono::steady_clock::now();
    const auto between = std::chrono::nanoseconds(std::chrono::seconds(1)) / command.rate;
    auto next = started;
    auto next_state = started + std::chrono::seconds(10);
    while (!asked_to_end()) {
        const auto now = std::chrono::steady_clock::now();
        if (command.lasts.count() > 0 && now - started >= command.lasts) break;
        for (std::size_t symbol = 0; symbol < command.plan.symbols.size(); ++symbol)
            prices.step(symbol, numbers);
        auto& seat = choose(seats, prices, numbers);
        seat.session->act(numbers, *seat.client);
        if (!command.quiet && now >= next_state) {
            say_state(command, seats);
            next_state += std::chrono::seconds(10);
        }
        next = std::max(next + between, now - std::chrono::seconds(1)); // after a pause no burst to catch up
        sleep_until_signal(next);
    }
}

int keep_market(const MarketCommand& command) {
    MarketPrices prices(command.plan);
    auto seats = take_seats(command, prices);
    constexpr auto logon_patience = std::chrono::seconds(60);
    int result = exit_ok;
    for (std::size_t number = 0; number < seats.size() && !asked_to_end(); ++number) {
        const auto logon = seats[number].client->wait_for_logon(logon_patience);
        if (logon.logged_on) continue;
        std::cerr << command.members[number].client.sender << " is not logged on: " << logon.text << '\n';
        if (logon.refused) result = exit_refused;
    }
    if (result == exit_ok) trade(command, prices, seats);
    constexpr auto end_patience = std::chrono::seconds(10);
    for (auto& seat : seats)
        seat.session->cancel_all(*seat.client, end_patience);
    if (!command.quiet) say_state(command, seats);
    for (auto& seat : seats)
        seat.client->stop();
    return result;
}

} // namespace

int run_market(const std::vector<std::string>& words) {
    const auto values = read_command_line(words, market_texts(),
                                          "market: makers and takers around a random walk, until Ctrl-C");
    if (!values) return exit_ok;
    const auto command = parse(*values);
    watch_signals();
    return keep_market(command);
}

} // namespace tradehive::trader
