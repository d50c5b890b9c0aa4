#include "trader/fix_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace tradehive::trader {
namespace {

constexpr std::array secret_tags{96, 553, 554, 925, 20101};
constexpr std::string_view hidden = "***";
constexpr int raw_data_length = 95;

bool is_control(char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
}

std::optional<int> tag_of(std::string_view part) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    const auto digits = part.substr(0, equals);
    int tag{};
    const auto [stopped, error] = std::from_chars(digits.begin(), digits.end(), tag);
    if (error != std::errc{} || stopped != digits.end() || tag <= 0) return std::nullopt;
    return tag;
}

// Where the field that begins at `at` ends. RawData(96) may hold the delimiter: its length stands before it.
std::size_t end_of_field(std::string_view text, std::size_t at, char delimiter, const FixText& before) {
    auto end = std::min(text.find(delimiter, at), text.size());
    if (before.empty() || before.fields.back().tag != raw_data_length || tag_of(text.substr(at)) != 96)
        return end;
    const auto& length = before.fields.back().value;
    std::size_t bytes{};
    if (std::from_chars(length.data(), length.data() + length.size(), bytes).ec != std::errc{}) return end;
    const auto begin = text.find('=', at) + 1;
    return bytes <= text.size() - begin ? std::max(end, begin + bytes) : text.size();
}

std::string escaped(std::string_view value) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char byte : value) {
        if (byte == '\\') {
            text += "\\\\";
        } else if (byte == '|' || is_control(byte)) {
            const auto number = static_cast<unsigned char>(byte);
            text += "\\x";
            text += digits[number >> 4U];
            text += digits[number & 15U];
        } else {
            text += byte;
        }
    }
    return text;
}

std::string unescaped(std::string_view text) {
    std::string value;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto rest = text.substr(at);
        unsigned number{};
        if (rest.starts_with("\\\\")) {
            value += '\\';
            at += 1;
        } else if (rest.size() >= 4 && rest.starts_with("\\x") &&
                   std::from_chars(rest.data() + 2, rest.data() + 4, number, 16).ptr == rest.data() + 4) {
            value += static_cast<char>(number);
            at += 3;
        } else {
            value += text[at];
        }
    }
    return value;
}

} // namespace

bool is_secret(int tag) {
    return std::ranges::find(secret_tags, tag) != secret_tags.end();
}

bool is_session_message(std::string_view msg_type) {
    return msg_type.size() == 1 &&
           std::string_view("012345A").find(msg_type.front()) != std::string_view::npos;
}

std::string printable(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, is_control, '?');
    return line;
}

FixText FixText::parse(std::string_view text, char delimiter) {
    FixText message;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = end_of_field(text, at, delimiter, message);
        const auto part = text.substr(at, end - at);
        at = end + 1;
        if (const auto tag = tag_of(part))
            message.fields.push_back({.tag = *tag, .value = std::string(part.substr(part.find('=') + 1))});
        else if (!message.fields.empty() && !part.empty())
            (message.fields.back().value += delimiter) += part;
    }
    for (auto& field : message.fields)
        if (is_secret(field.tag)) field.value = hidden;
    return message;
}

std::string_view FixText::operator[](int tag) const {
    const auto found = std::ranges::find(fields, tag, &FixField::tag);
    return found == fields.end() ? std::string_view{} : std::string_view(found->value);
}

bool FixText::has(int tag) const {
    return std::ranges::find(fields, tag, &FixField::tag) != fields.end();
}

void FixText::set(int tag, std::string value) {
    const auto found = std::ranges::find(fields, tag, &FixField::tag);
    if (found == fields.end())
        fields.push_back({.tag = tag, .value = std::move(value)});
    else
        found->value = std::move(value);
}

void FixText::remove(int tag) {
    std::erase_if(fields, [tag](const FixField& field) { return field.tag == tag; });
}

std::string FixText::line() const {
    std::string text;
    for (const auto& field : fields)
        text += std::to_string(field.tag) + '=' + escaped(field.value) + '|';
    return text;
}

FixText FixText::parse_line(std::string_view line) {
    auto message = parse(line, '|');
    for (auto& field : message.fields)
        field.value = unescaped(field.value);
    return message;
}

std::string FixText::wire() const {
    std::string text;
    for (const auto& field : fields)
        text += std::to_string(field.tag) + '=' + field.value + '\x01';
    return text;
}

} // namespace tradehive::trader
