#include "journal/fields.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace tradehive::journal {

namespace {

bool is_zero(const boost::json::value& value) {
    return value.is_uint64() ? value.get_uint64() == 0 : value.get_int64() == 0;
}

} // namespace

std::string text_of(RejectReason reason) {
    if (reason == RejectReason::none) return "";
    if (static_cast<std::uint8_t>(reason) >= reject_reason_count)
        return fmt::format("{}", static_cast<int>(reason));
    return std::string{describe(reason).word};
}

void Fields::add(std::string_view name, std::string_view value) {
    std::string ascii{value};
    std::ranges::replace_if(ascii, [](char letter) { return static_cast<unsigned char>(letter) > 126; }, '?');
    object_[name] = ascii;
}

std::string Fields::text() const {
    std::string result;
    for (const auto& [name, value] : object_) {
        const auto shown = value.is_string() ? std::string_view{value.get_string()} : std::string_view{};
        if (value.is_string() ? shown.empty() : is_zero(value)) continue;
        result += ' ';
        result += std::string_view{name};
        result += '=';
        // Words stand bare; what could be taken for two fields, or holds anything odd, is quoted as in JSON.
        const bool bare = shown.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                                  "0123456789._:-/+") == std::string_view::npos;
        result += value.is_string() && bare ? std::string{shown} : boost::json::serialize(value);
    }
    return result;
}

std::string Fields::json() const {
    return boost::json::serialize(object_);
}

void add_hexadecimal(std::span<const std::byte> bytes, Fields& fields) {
    std::string text;
    for (const auto byte : bytes)
        text += fmt::format("{:02x}", static_cast<unsigned>(byte));
    fields.add("bytes", text);
}

} // namespace tradehive::journal
