#include "acceptor/framing.hpp"

#include <algorithm>
#include <charconv>

namespace tradehive::acceptor {
namespace {

constexpr char soh = '\x01';
constexpr std::string_view start = "8=FIX";
constexpr std::size_t most_begin_string = 16;
constexpr std::size_t trailer_bytes = 7; // "10=nnn|"

// Whether bytes could still become "8=FIX…": they agree as far as both go.
bool may_begin(std::string_view bytes) noexcept {
    const auto common = std::min(bytes.size(), start.size());
    return bytes.substr(0, common) == start.substr(0, common);
}

} // namespace

void Framing::append(std::string_view bytes) {
    // Keeps the buffer from creeping: what has been handed out goes before new bytes come.
    buffer_.erase(0, begin_);
    begin_ = 0;
    buffer_.append(bytes);
}

Framing::Frame Framing::garbled(std::string_view wrong) noexcept {
    // Go on at the next possible beginning, which may be cut off at the end of what is here.
    const std::string_view rest = std::string_view{buffer_}.substr(begin_);
    std::size_t skip = 1;
    while (skip < rest.size() && !may_begin(rest.substr(skip))) {
        const auto next_eight = rest.find('8', skip + 1);
        skip = next_eight == std::string_view::npos ? rest.size() : next_eight;
    }
    begin_ += std::min(skip, rest.size());
    return {.outcome = Outcome::garbled, .bytes = {}, .wrong = wrong};
}

Framing::Frame Framing::next() {
    const std::string_view rest = std::string_view{buffer_}.substr(begin_);
    if (rest.empty()) return {};
    if (!may_begin(rest)) return garbled("does not begin with BeginString(8)");

    const auto behind_begin_string = rest.substr(0, most_).find(soh);
    if (std::min(behind_begin_string, rest.size()) > most_begin_string)
        return garbled("BeginString(8) has no end");
    if (behind_begin_string == std::string_view::npos) return {};
    const auto at_length = behind_begin_string + 1;
    const std::string_view length_field = rest.substr(at_length, 16);
    if (length_field.substr(0, 2) !=
        std::string_view{"9="}.substr(0, std::min<std::size_t>(2, length_field.size())))
        return garbled("BodyLength(9) is not the second field");
    const auto length_end = length_field.find(soh);
    if (length_end == std::string_view::npos)
        return length_field.size() == 16 ? garbled("BodyLength(9) has no end") : Frame{};

    std::size_t body_length{};
    const char* const first_digit = length_field.data() + 2;
    const char* const past_digits = length_field.data() + length_end;
    const auto [parsed_to, error] = std::from_chars(first_digit, past_digits, body_length);
    if (error != std::errc{} || parsed_to != past_digits) return garbled("BodyLength(9) is not a number");
    const auto at_body = at_length + length_end + 1;
    if (body_length > most_ || at_body + body_length + trailer_bytes > most_)
        return {
            .outcome = Outcome::too_long, .bytes = {}, .wrong = "the message is longer than the venue takes"};

    const std::string_view type_field = rest.substr(at_body, 3);
    if (type_field != std::string_view{"35="}.substr(0, type_field.size()) || body_length < 5)
        return garbled("MsgType(35) is not the third field");
    const auto total = at_body + body_length + trailer_bytes;
    if (rest.size() < total) return {};

    const std::string_view trailer = rest.substr(at_body + body_length, trailer_bytes);
    if (rest[at_body + body_length - 1] != soh || trailer.substr(0, 3) != "10=" || trailer.back() != soh)
        return garbled("BodyLength(9) is wrong");
    unsigned checksum{};
    const auto [sum_end, sum_error] = std::from_chars(trailer.data() + 3, trailer.data() + 6, checksum);
    if (sum_error != std::errc{} || sum_end != trailer.data() + 6 ||
        checksum != checksum_of(rest.substr(0, at_body + body_length)))
        return garbled("CheckSum(10) is wrong");

    begin_ += total;
    return {.outcome = Outcome::message, .bytes = rest.substr(0, total), .wrong = {}};
}

std::string_view field_of(std::string_view message, std::string_view tag) noexcept {
    std::size_t at = 0;
    while (at < message.size()) {
        const auto end = std::min(message.find(soh, at), message.size());
        const auto field = message.substr(at, end - at);
        if (field.size() > tag.size() && field.starts_with(tag) && field[tag.size()] == '=')
            return field.substr(tag.size() + 1);
        at = end + 1;
    }
    return {};
}

unsigned checksum_of(std::string_view bytes) noexcept {
    unsigned sum = 0;
    for (const char byte : bytes)
        sum += static_cast<unsigned char>(byte);
    return sum % 256;
}

} // namespace tradehive::acceptor
