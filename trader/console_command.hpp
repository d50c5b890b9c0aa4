// The lines that the console understands.
//
//   buy|sell QTY SYMBOL @ PRICE [day|gtc|ioc|fok]     a limit order; day unless said
//   buy|sell QTY SYMBOL market [ioc|fok|day|gtc]      a market order; ioc unless said
//   cancel ID          replace ID QTY @ PRICE         status ID
//   book SYMBOL [DEPTH]                               orders        help        quit
//
// ID is the number that the console gave (#3 or 3), or a whole ClOrdID. Quantities and prices are checked to
// be decimals above zero; what a venue takes is the venue's to say.
#pragma once

#include "domain/terms.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <variant>

namespace tradehive::trader {

struct EnterLine {
    Side side{};
    OrdType ord_type{};
    TimeInForce time_in_force{};
    std::string order_qty;
    std::string symbol;
    std::string price; // empty: market
};
struct CancelLine {
    std::string id;
};
struct ReplaceLine {
    std::string id;
    std::string order_qty;
    std::string price;
};
struct StatusLine {
    std::string id;
};
struct BookLine {
    std::string symbol;
    int depth{};
};
struct OrdersLine {};
struct HelpLine {};
struct QuitLine {};
struct EmptyLine {};

using ConsoleLine = std::variant<EmptyLine, EnterLine, CancelLine, ReplaceLine, StatusLine, BookLine,
                                 OrdersLine, HelpLine, QuitLine>;

// The error says what would be right.
[[nodiscard]] std::expected<ConsoleLine, std::string> parse_console_line(std::string_view line);

[[nodiscard]] std::string_view console_help();

} // namespace tradehive::trader
