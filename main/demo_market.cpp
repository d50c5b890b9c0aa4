#include "main/demo_market.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tradehive::main {

namespace json = boost::json;

namespace {

void done(control::Desk& desk, const json::object& request) {
    const auto answer = desk.serve(request);
    if (answer.at("ok").as_bool() || answer.at("word").as_string() == "ALREADY_EXISTS") return;
    throw std::runtime_error{fmt::format(
        "the demo market cannot be made: {}: {}: {}", std::string_view{request.at("request").as_string()},
        std::string_view{answer.at("word").as_string()}, std::string_view{answer.at("text").as_string()})};
}

// A tick times a lot is a whole number of the quote asset's minor units, so USD has six decimals here.
void make_instruments(control::Desk& desk) {
    for (const auto& [asset, scale] : {std::pair{"USD", "6"}, std::pair{"EUR", "6"}, std::pair{"BTC", "8"},
                                       std::pair{"ETH", "8"}, std::pair{"SOL", "8"}, std::pair{"XRP", "6"}})
        done(desk, {{"request", "asset create"},
                    {"asset", asset},
                    {"scale", scale},
                    {"key", fmt::format("demo:asset:{}", asset)}});
    struct Listed {
        const char* symbol;
        const char* base;
        const char* quote;
        const char* tick;
        const char* lot;
    };
    for (const auto& listed :
         {Listed{"BTC-USD", "BTC", "USD", "0.01", "0.0001"}, Listed{"ETH-USD", "ETH", "USD", "0.01", "0.001"},
          Listed{"ETH-BTC", "ETH", "BTC", "0.00001", "0.001"},
          Listed{"SOL-USD", "SOL", "USD", "0.01", "0.01"}, Listed{"XRP-USD", "XRP", "USD", "0.0001", "1"},
          Listed{"EUR-USD", "EUR", "USD", "0.00001", "1"}})
        done(desk, {{"request", "instrument create"},
                    {"symbol", listed.symbol},
                    {"base", listed.base},
                    {"quote", listed.quote},
                    {"tick", listed.tick},
                    {"lot", listed.lot},
                    {"key", fmt::format("demo:instrument:{}", listed.symbol)}});
}

void make_account(control::Desk& desk, const char* name) {
    done(desk, {{"request", "account create"},
                {"account", name},
                {"firm", "DEMO"},
                {"maker-fee", "0.0002"},
                {"taker-fee", "0.0005"},
                {"key", fmt::format("demo:account:{}", name)}});
    for (const auto& [asset, amount] :
         {std::pair{"USD", "100000000.00"}, std::pair{"EUR", "100000000.00"}, std::pair{"BTC", "1000"},
          std::pair{"ETH", "10000"}, std::pair{"SOL", "100000"}, std::pair{"XRP", "100000000"}})
        done(desk, {{"request", "deposit"},
                    {"account", name},
                    {"asset", asset},
                    {"amount", amount},
                    {"key", fmt::format("demo:deposit:{}:{}", name, asset)}});
}

// Its orders outlive the connection, and an hour's resend is taken: a demo is stopped and started at will.
void make_session(control::Desk& desk, std::string_view comp_id, const char* kind, const char* account,
                  const char* password) {
    done(desk, {{"request", "fix-session create"},
                {"comp-id", comp_id},
                {"kind", kind},
                {"firm", "DEMO"},
                {"accounts", account},
                {"password", password},
                {"totp", "none"},
                {"cancel-on-disconnect", "none"},
                {"resend-max-age", "3600"}});
}

} // namespace

void make_demo_market(control::Desk& desk) {
    done(desk, {{"request", "firm create"}, {"firm", "DEMO"}, {"key", "demo:firm"}});
    make_instruments(desk);
    for (const auto& [name, password] :
         {std::pair{"TRADER", "demo-trader-password"}, std::pair{"MAKER1", "demo-maker1-password"},
          std::pair{"MAKER2", "demo-maker2-password"}, std::pair{"TAKER", "demo-taker-password"}}) {
        make_account(desk, name);
        make_session(desk, name, "order-entry", name, password);
    }
    make_session(desk, "VIEWER", "market-data", "TRADER", "demo-viewer-password");
    constexpr int load_sessions = 4;
    make_account(desk, "LOAD");
    for (int number = 1; number <= load_sessions; ++number)
        make_session(desk, fmt::format("LOAD{}", number), "order-entry", "LOAD", "demo-load-password");
}

} // namespace tradehive::main
