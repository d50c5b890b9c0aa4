// The bytes of W and X behind MDReqID(262): the same for every subscriber that sees the same.
//
// Nothing but fields of the stock FIX 4.4 dictionary. Of W: 55, 268, and of each entry 269, 270, 271, 272,
// 273, 37, 346, 290. Of X: 268, and of each entry 279, 269, 278, 55, 270, 271, 272, 273, 346. Nothing shows
// whose an order is.
#pragma once

#include "acceptor/market_data/book_image.hpp"
#include "acceptor/market_data/terms.hpp"
#include "domain/instrument.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tradehive::market_data {

struct Body {
    char msg_type{}; // 35: W or X
    std::string bytes;
    unsigned checksum{}; // the sum of the bytes
};

enum class UpdateAction : char { new_ = '0', change = '1', delete_ = '2' }; // 279

// Writes one body; the entries in the order of the calls.
class BodyWriter {
public:
    // What does not change of the instrument is read here; it must outlive the writer.
    BodyWriter(char msg_type, const Instrument& instrument);

    // of X
    void change(UpdateAction action, Side side, const Place& place, const Standing& standing, bool by_order);
    void change(UpdateAction action, EntryType type, std::int64_t value); // of a statistic
    void trade(const Trade& trade);
    // of W
    void standing(Side side, const Place& place, const Standing& standing, std::uint64_t position,
                  bool by_order);
    void statistic(EntryType type, std::int64_t value);
    void last_trade(const TradeStatistics& statistics);

    [[nodiscard]] bool empty() const noexcept { return entries_ == 0; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.size(); }
    [[nodiscard]] Body finish();

private:
    void begin(UpdateAction action, EntryType type);
    void begin(EntryType type);
    void field(int tag, std::string_view text);
    void field(int tag, std::uint64_t number);
    void field(int tag, char character);
    void price(Price price);
    void quantity(Quantity quantity);
    void time(Timestamp time);

    char msg_type_;
    const Instrument& instrument_;
    std::string bytes_;
    std::uint64_t entries_{};
};

} // namespace tradehive::market_data
