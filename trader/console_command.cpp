#include "trader/console_command.hpp"

#include "domain/decimal.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <vector>

namespace tradehive::trader {
namespace {

using Words = std::vector<std::string>;
using Parsed = std::expected<ConsoleLine, std::string>;

constexpr std::string_view enter_form =
    "buy|sell QTY SYMBOL @ PRICE [day|gtc|ioc|fok], or market for @ PRICE";
constexpr std::string_view replace_form = "replace ID QTY @ PRICE";

// Split at blanks; '@' is a word of its own, also when it is written together with the price.
Words words_of(std::string_view line) {
    Words words(1);
    for (const char character : line) {
        const bool blank = std::isspace(static_cast<unsigned char>(character)) != 0;
        if (!blank && character != '@') {
            words.back() += character;
            continue;
        }
        if (!words.back().empty()) words.emplace_back();
        if (character == '@') {
            words.back() = "@";
            words.emplace_back();
        }
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char character) {
        return static_cast<char>(std::tolower(character));
    });
    return text;
}

std::unexpected<std::string> say(std::string_view text) {
    return std::unexpected(std::string(text));
}

std::unexpected<std::string> say_form(std::string_view form) {
    return say("the form is: " + std::string(form));
}

std::optional<std::string> not_a_number(std::string_view what, const std::string& text) {
    const auto value = parse_decimal(text);
    if (value && value->mantissa > 0) return std::nullopt;
    return std::string(what) + " must be a decimal above zero, but is '" + text + "'";
}

std::optional<TimeInForce> time_in_force_of(const std::string& word) {
    const auto name = lower(word);
    if (name == "day") return TimeInForce::day;
    if (name == "gtc") return TimeInForce::good_till_cancel;
    if (name == "ioc") return TimeInForce::immediate_or_cancel;
    if (name == "fok") return TimeInForce::fill_or_kill;
    return std::nullopt;
}

// A leading '#' is how the console prints its own numbers.
std::string id_of(const std::string& word) {
    return word.starts_with('#') ? word.substr(1) : word;
}

Parsed parse_enter(const Words& words, Side side) {
    if (words.size() < 4) return say_form(enter_form);
    EnterLine line{.side = side,
                   .ord_type = OrdType::limit,
                   .time_in_force = TimeInForce::day,
                   .order_qty = words[1],
                   .symbol = words[2],
                   .price = {}};
    if (auto wrong = not_a_number("the quantity", line.order_qty)) return std::unexpected(*wrong);
    std::size_t next = 4;
    if (words[3] == "@") {
        if (words.size() < 5) return say_form(enter_form);
        line.price = words[4];
        if (auto wrong = not_a_number("the price", line.price)) return std::unexpected(*wrong);
        next = 5;
    } else if (lower(words[3]) == "market") {
        line.ord_type = OrdType::market;
        line.time_in_force = TimeInForce::immediate_or_cancel;
    } else {
        return say_form(enter_form);
    }
    if (words.size() > next) {
        const auto time_in_force = time_in_force_of(words[next]);
        if (!time_in_force || words.size() > next + 1) return say_form(enter_form);
        line.time_in_force = *time_in_force;
    }
    return line;
}

Parsed parse_replace(const Words& words) {
    if (words.size() != 5 || words[3] != "@") return say_form(replace_form);
    if (auto wrong = not_a_number("the quantity", words[2])) return std::unexpected(*wrong);
    if (auto wrong = not_a_number("the price", words[4])) return std::unexpected(*wrong);
    return ReplaceLine{.id = id_of(words[1]), .order_qty = words[2], .price = words[4]};
}

Parsed parse_book(const Words& words) {
    constexpr int usual_depth = 10;
    if (words.size() < 2 || words.size() > 3) return say_form("book SYMBOL [0|1|5|10|20|50]");
    int depth = usual_depth;
    if (words.size() == 3) {
        const auto& text = words[2];
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), depth);
        if (error != std::errc{} || end != text.data() + text.size() || depth < 0)
            return say_form("book SYMBOL [0|1|5|10|20|50]");
    }
    return BookLine{.symbol = words[1], .depth = depth};
}

} // namespace

std::expected<ConsoleLine, std::string> parse_console_line(std::string_view line) {
    const auto words = words_of(line);
    if (words.empty() || words.front().starts_with("//")) return EmptyLine{};
    const auto verb = lower(words.front());
    if (verb == "buy") return parse_enter(words, Side::buy);
    if (verb == "sell") return parse_enter(words, Side::sell);
    if (verb == "replace") return parse_replace(words);
    if (verb == "book") return parse_book(words);
    if (verb == "cancel" || verb == "status") {
        if (words.size() != 2) return say_form(verb + " ID");
        if (verb == "cancel") return CancelLine{.id = id_of(words[1])};
        return StatusLine{.id = id_of(words[1])};
    }
    if (words.size() > 1) return say("'" + words.front() + "' is not a command; type help");
    if (verb == "orders") return OrdersLine{};
    if (verb == "help" || verb == "?") return HelpLine{};
    if (verb == "quit" || verb == "exit") return QuitLine{};
    return say("'" + words.front() + "' is not a command; type help");
}

std::string_view console_help() {
    return "  buy|sell QTY SYMBOL @ PRICE [day|gtc|ioc|fok]   limit order (day)\n"
           "  buy|sell QTY SYMBOL market [ioc|fok]            market order (ioc)\n"
           "  cancel ID      replace ID QTY @ PRICE      status ID\n"
           "  book SYMBOL [DEPTH]      orders      help      quit\n"
           "ID is the number after #, or a ClOrdID.\n";
}

} // namespace tradehive::trader
