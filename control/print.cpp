// Answers for people.
#include "control/admin.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <ostream>

namespace tradehive::control {

namespace json = boost::json;

namespace {

std::string shown(const json::value& value) {
    if (value.is_string()) return std::string{value.get_string()};
    if (value.is_bool()) return value.get_bool() ? "yes" : "no";
    if (value.is_array()) {
        std::string list;
        for (const auto& entry : value.get_array())
            list += (list.empty() ? "" : ",") + shown(entry);
        return list;
    }
    return value.is_null() ? std::string{} : json::serialize(value);
}

bool is_number(std::string_view text) {
    return text.empty() || text.find_first_not_of("-.0123456789") == std::string_view::npos;
}

void print_table(const json::array& rows, const std::vector<std::string_view>& columns, std::ostream& out) {
    if (rows.empty()) {
        out << "none\n";
        return;
    }
    std::vector<std::vector<std::string>> cells(rows.size());
    std::vector<std::size_t> widths;
    widths.reserve(columns.size());
    std::vector<bool> numbers(columns.size(), true);
    for (const auto column : columns)
        widths.push_back(column.size());
    for (std::size_t row = 0; row < rows.size(); ++row)
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto* value = rows[row].as_object().if_contains(columns[i]);
            auto& cell = cells[row].emplace_back(value == nullptr ? std::string{} : shown(*value));
            widths[i] = std::max(widths[i], cell.size());
            numbers[i] = numbers[i] && is_number(cell);
        }
    const auto line = [&](const auto& row) {
        std::string text;
        for (std::size_t i = 0; i < columns.size(); ++i)
            text += numbers[i] ? fmt::format("{:>{}}  ", row[i], widths[i])
                               : fmt::format("{:<{}}  ", row[i], widths[i]);
        text.erase(text.find_last_not_of(' ') + 1);
        out << text << '\n';
    };
    line(columns);
    for (const auto& row : cells)
        line(row);
}

void print_fields(const json::object& fields, const std::string& prefix, std::size_t width,
                  std::ostream& out) {
    for (const auto& [name, value] : fields) {
        if (value.is_object())
            print_fields(value.get_object(), prefix + std::string{name} + '.', width, out);
        else
            fmt::print(out, "{:<{}}  {}\n", prefix + std::string{name}, width, shown(value));
    }
}

} // namespace

void print(const json::object& result, const std::vector<std::string_view>& columns, std::ostream& out) {
    if (const auto* rows = result.if_contains("rows")) {
        print_table(rows->as_array(), columns, out);
        return;
    }
    constexpr std::size_t width = 18;
    print_fields(result, {}, width, out);
}

} // namespace tradehive::control
