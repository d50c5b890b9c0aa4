#include "acceptor/market_data/body.hpp"

#include "domain/decimal.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <string_view>
#include <utility>

namespace tradehive::market_data {

namespace {

constexpr char delimiter = '\x01';

void append_number(std::string& bytes, std::uint64_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    bytes.append(digits.data(), end);
}

std::string_view name_of(EntryType type) noexcept {
    switch (type) {
    case EntryType::opening_price:
        return "OPEN";
    case EntryType::closing_price:
        return "CLOSE";
    case EntryType::high_price:
        return "HIGH";
    case EntryType::low_price:
        return "LOW";
    default:
        return "VOLUME";
    }
}

} // namespace

BodyWriter::BodyWriter(char msg_type, const Instrument& instrument)
    : msg_type_{msg_type}
    , instrument_{instrument} {}

void BodyWriter::field(int tag, std::string_view text) {
    append_number(bytes_, static_cast<std::uint64_t>(tag));
    bytes_.push_back('=');
    bytes_.append(text);
    bytes_.push_back(delimiter);
}

void BodyWriter::field(int tag, std::uint64_t number) {
    append_number(bytes_, static_cast<std::uint64_t>(tag));
    bytes_.push_back('=');
    append_number(bytes_, number);
    bytes_.push_back(delimiter);
}

void BodyWriter::field(int tag, char character) {
    field(tag, std::string_view{&character, 1});
}

void BodyWriter::price(Price price) {
    field(270, format_units(price.value(), instrument_.tick).view());
}

void BodyWriter::quantity(Quantity quantity) {
    field(271, format_units(quantity.value(), instrument_.lot).view());
}

// MDEntryDate(272) and MDEntryTime(273).
void BodyWriter::time(Timestamp time) {
    using namespace std::chrono;
    const sys_time<nanoseconds> at{nanoseconds{time.value()}};
    const auto midnight = floor<days>(at);
    const year_month_day date{midnight};
    const hh_mm_ss clock{floor<milliseconds>(at - midnight)};
    std::array<char, 40> text{};
    auto length = std::snprintf(text.data(), text.size(), "%04d%02u%02u", static_cast<int>(date.year()),
                                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    field(272, {text.data(), static_cast<std::size_t>(length)});
    length = std::snprintf(text.data(), text.size(), "%02d:%02d:%02d.%03d",
                           static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                           static_cast<int>(clock.seconds().count()),
                           static_cast<int>(clock.subseconds().count()));
    field(273, {text.data(), static_cast<std::size_t>(length)});
}

void BodyWriter::begin(UpdateAction action, EntryType type) {
    ++entries_;
    field(279, static_cast<char>(action));
    field(269, static_cast<char>(type));
}

void BodyWriter::begin(EntryType type) {
    ++entries_;
    field(269, static_cast<char>(type));
}

// --- X -------------------------------------------------------------------------------------------------

// MDEntryID(278): an order's OrderID; a level's side and price.
void BodyWriter::change(UpdateAction action, Side side, const Place& place, const Standing& standing,
                        bool by_order) {
    begin(action, entry_type(side));
    const auto price_text = format_units(price_of(side, place.rank).value(), instrument_.tick);
    if (by_order) {
        field(278, standing.order.value());
    } else {
        bytes_.append(side == Side::buy ? "278=B" : "278=O");
        bytes_.append(price_text.view());
        bytes_.push_back(delimiter);
    }
    field(55, instrument_.symbol.view());
    field(270, price_text.view());
    if (action == UpdateAction::delete_) return;
    quantity(standing.quantity);
    if (!by_order) field(346, std::uint64_t{standing.orders});
}

void BodyWriter::change(UpdateAction action, EntryType type, std::int64_t value) {
    begin(action, type);
    field(278, name_of(type));
    field(55, instrument_.symbol.view());
    if (action == UpdateAction::delete_) return;
    if (type == EntryType::volume)
        quantity(Quantity{value});
    else
        price(Price{value});
}

void BodyWriter::trade(const Trade& trade) {
    begin(UpdateAction::new_, EntryType::trade);
    field(278, trade.trade.value());
    field(55, instrument_.symbol.view());
    price(trade.price);
    quantity(trade.quantity);
    time(trade.time);
}

// --- W -------------------------------------------------------------------------------------------------

void BodyWriter::standing(Side side, const Place& place, const Standing& standing, std::uint64_t position,
                          bool by_order) {
    begin(entry_type(side));
    price(price_of(side, place.rank));
    quantity(standing.quantity);
    if (by_order)
        field(37, standing.order.value());
    else
        field(346, std::uint64_t{standing.orders});
    field(290, position);
}

void BodyWriter::statistic(EntryType type, std::int64_t value) {
    begin(type);
    if (type == EntryType::volume)
        quantity(Quantity{value});
    else
        price(Price{value});
}

void BodyWriter::last_trade(const TradeStatistics& statistics) {
    begin(EntryType::trade);
    price(statistics.last);
    quantity(statistics.last_qty);
    time(statistics.last_time);
}

Body BodyWriter::finish() {
    std::string entries = std::exchange(bytes_, {});
    if (msg_type_ == 'W') field(55, instrument_.symbol.view());
    field(268, entries_);
    bytes_ += entries;
    const auto sum = std::accumulate(bytes_.begin(), bytes_.end(), 0U, [](unsigned so_far, char c) {
        return so_far + static_cast<unsigned char>(c);
    });
    return {.msg_type = msg_type_, .bytes = std::move(bytes_), .checksum = sum};
}

} // namespace tradehive::market_data
