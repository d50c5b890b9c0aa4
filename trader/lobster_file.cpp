#include "trader/lobster_file.hpp"

#include <array>
#include <charconv>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include <lzma.h>

namespace tradehive::trader {
namespace {

constexpr std::size_t most_text = std::size_t{2} << 30;
constexpr std::uint8_t price_scale = 4; // prices are × 10,000
constexpr std::int64_t empty_price = 9'999'999'999;

struct LzmaEnd {
    void operator()(lzma_stream* stream) const noexcept { lzma_end(stream); }
};

std::string decompressed(const std::string& path, const std::string& packed) {
    lzma_stream stream = LZMA_STREAM_INIT;
    const std::unique_ptr<lzma_stream, LzmaEnd> closing(&stream);
    constexpr std::uint64_t most_memory = std::uint64_t{1} << 30;
    if (lzma_stream_decoder(&stream, most_memory, LZMA_CONCATENATED) != LZMA_OK)
        throw std::runtime_error(path + ": the xz decoder cannot start");
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): liblzma speaks of unsigned bytes
    stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
    stream.avail_in = packed.size();
    std::string text;
    std::array<char, std::size_t{1} << 16> piece{};
    for (lzma_ret result = LZMA_OK; result != LZMA_STREAM_END;) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
        stream.next_out = reinterpret_cast<std::uint8_t*>(piece.data());
        stream.avail_out = piece.size();
        result = lzma_code(&stream, LZMA_FINISH);
        text.append(piece.data(), piece.size() - stream.avail_out);
        if (result != LZMA_OK && result != LZMA_STREAM_END)
            throw std::runtime_error(path + ": is not a whole xz file (damaged after " +
                                     std::to_string(text.size()) + " bytes of text)");
        if (text.size() > most_text) throw std::runtime_error(path + ": holds more than 2 GiB of text");
    }
    return text;
}

// The lines of a text one by one, and how to say that one is wrong.
class Lines {
public:
    Lines(const std::string& path, std::string_view text)
        : path_(path)
        , rest_(text) {}

    std::optional<std::string_view> next() {
        if (rest_.empty()) return std::nullopt;
        const auto end = rest_.find('\n');
        auto line = rest_.substr(0, end);
        rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
        ++number_;
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }

    [[noreturn]] void refuse(const std::string& why) const {
        throw std::runtime_error(path_ + ":" + std::to_string(number_) + ": " + why);
    }

private:
    const std::string& path_;
    std::string_view rest_;
    std::size_t number_{};
};

std::string_view take_cell(std::string_view& line) {
    const auto end = line.find(',');
    const auto cell = line.substr(0, end);
    line = end == std::string_view::npos ? std::string_view{} : line.substr(end + 1);
    return cell;
}

std::int64_t take_integer(const Lines& lines, std::string_view& line, const char* name) {
    const auto cell = take_cell(line);
    std::int64_t value{};
    const auto* const begin = cell.data();
    const auto* const end = begin + cell.size();
    const auto [stopped, error] = std::from_chars(begin, end, value);
    if (error != std::errc{} || stopped != end)
        lines.refuse(std::string(name) + " must be a whole number, but is '" + std::string(cell) + "'");
    return value;
}

std::int64_t ticks_of(const Lines& lines, std::int64_t price, const Steps& steps) {
    const auto ticks = count_units(Decimal{price, price_scale}, steps.tick);
    if (!ticks || *ticks <= 0)
        lines.refuse("price " + std::to_string(price) +
                     " (x 10,000) must be above zero and a whole number of ticks");
    return *ticks;
}

std::int64_t lots_of(const Lines& lines, std::int64_t size, const Steps& steps) {
    const auto lots = count_units(Decimal{size, 0}, steps.lot);
    if (!lots || *lots <= 0)
        lines.refuse("size " + std::to_string(size) + " must be above zero and a whole number of lots");
    return *lots;
}

FlowRow parse_message(const Lines& lines, std::string_view line, const Steps& steps) {
    FlowRow row;
    row.seconds = std::string(take_cell(line));
    if (!parse_decimal(row.seconds))
        lines.refuse("seconds must be a decimal number, but is '" + row.seconds + "'");
    const auto type = take_integer(lines, line, "type");
    if (type < 1 || type > 7) lines.refuse("type must be 1 to 7, but is " + std::to_string(type));
    row.type = static_cast<FlowType>(type);
    row.order = take_integer(lines, line, "order id");
    const auto size = take_integer(lines, line, "size");
    const auto price = take_integer(lines, line, "price");
    const auto side = take_integer(lines, line, "side");
    if (!line.empty())
        lines.refuse("a line has six cells, but this one goes on with '" + std::string(line) + "'");
    if (row.type >= FlowType::execute_hidden) return row;
    if (side != 1 && side != -1) lines.refuse("side must be 1 or -1, but is " + std::to_string(side));
    row.side = side == 1 ? Side::buy : Side::sell;
    row.lots = lots_of(lines, size, steps);
    row.ticks = ticks_of(lines, price, steps);
    return row;
}

void take_level(const Lines& lines, std::string_view& line, const Steps& steps, std::vector<Level>& into) {
    const auto price = take_integer(lines, line, "price");
    const auto size = take_integer(lines, line, "size");
    if (size == 0 && (price == empty_price || price == -empty_price)) return;
    into.push_back({.ticks = ticks_of(lines, price, steps), .lots = lots_of(lines, size, steps)});
}

} // namespace

std::string read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + ": cannot be opened");
    std::ostringstream bytes;
    bytes << file.rdbuf();
    if (file.bad()) throw std::runtime_error(path + ": cannot be read to its end");
    auto text = std::move(bytes).str();
    return path.ends_with(".xz") ? decompressed(path, text) : text;
}

std::vector<FlowRow> read_messages(const std::string& path, const Steps& steps) {
    const auto text = read_text(path);
    Lines lines(path, text);
    std::vector<FlowRow> rows;
    while (const auto line = lines.next())
        rows.push_back(parse_message(lines, *line, steps));
    return rows;
}

std::vector<BookRow> read_book_rows(const std::string& path, const Steps& steps, std::size_t levels,
                                    std::size_t rows) {
    const auto text = read_text(path);
    Lines lines(path, text);
    std::vector<BookRow> result;
    while (result.size() < rows) {
        auto line = lines.next();
        if (!line) break;
        BookRow row;
        for (std::size_t level = 0; level < levels && !line->empty(); ++level) {
            take_level(lines, *line, steps, row.offers);
            if (line->empty())
                lines.refuse("a level has four cells: ask price, ask size, bid price, bid size");
            take_level(lines, *line, steps, row.bids);
        }
        result.push_back(std::move(row));
    }
    return result;
}

} // namespace tradehive::trader
