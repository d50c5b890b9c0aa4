// What can be asked over the control socket: one table, by which the server checks requests, the command line
// reads its arguments and both explain themselves.
//
// On the wire a request is one JSON object in one line: {"request": "account create", "firm": "ACME", …},
// each field a text (a flag: true). Amounts, prices, quantities and rates are decimals as text. The answer is
// one line too: {"ok": true, "result": {…}}, lists as "rows" in it, or {"ok": false, "word": …, "text": …}.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace tradehive::control {

// A longer line is answered with TOO_LONG and ends the connection.
inline constexpr std::size_t greatest_line = std::size_t{16} * 1024;

struct Field {
    enum class Shape : char { positional, option, flag, from_input };

    std::string_view name;
    std::string_view meaning; // what stands for the value in help: CODE, AMOUNT…
    std::string_view help;
    Shape shape{Shape::option};
    bool required{};
};

struct RequestShape {
    std::string_view name; // "account create"
    std::string_view summary;
    std::vector<Field> fields;
    std::vector<std::string_view> columns; // of "rows" in the result, in the order of the table
};

// In the order of the help.
[[nodiscard]] std::span<const RequestShape> requests();

// nullptr when there is none.
[[nodiscard]] const RequestShape* find_request(std::string_view name);

} // namespace tradehive::control
