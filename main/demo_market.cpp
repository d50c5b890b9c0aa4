#include "main/demo_market.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <stdexcept>
#include <string>

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
    for (const auto& [asset, scale] : {std::pair{"USD", "6"}, std::pair{"BTC", "8"}, std::pair{"ETH", "8"}})
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
          Listed{"ETH-BTC", "ETH", "BTC", "0.00001", "0.001"}})
        done(desk, {{"request", "instrument create"},
                    {"symbol", listed.symbol},
                    {"base", listed.base},
                    {"quote", listed.quote},
                    {"tick", listed.tick},
                    {"lot", listed.lot},
                    {"key", fmt::format("demo:instrument:{}", listed.symbol)}});
}

void make_member(control::Desk& desk, const char* name, const char* password) {
    done(desk, {{"request", "account create"},
                {"account", name},
                {"firm", "DEMO"},
                {"maker-fee", "0.0002"},
                {"taker-fee", "0.0005"},
                {"key", fmt::format("demo:account:{}", name)}});
    for (const auto& [asset, amount] :
         {std::pair{"USD", "100000000.00"}, std::pair{"BTC", "1000"}, std::pair{"ETH", "10000"}})
        done(desk, {{"request", "deposit"},
                    {"account", name},
                    {"asset", asset},
                    {"amount", amount},
                    {"key", fmt::format("demo:deposit:{}:{}", name, asset)}});
    // Its orders outlive the connection, and an hour's resend is taken: a demo is stopped and started at
    // will.
    done(desk, {{"request", "fix-session create"},
                {"comp-id", name},
                {"firm", "DEMO"},
                {"accounts", name},
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
          std::pair{"MAKER2", "demo-maker2-password"}, std::pair{"TAKER", "demo-taker-password"}})
        make_member(desk, name, password);
}

} // namespace tradehive::main
