// One instrument's book as the events tell it, order by order, with its trades since somebody last looked.
//
// It begins with an answer of the venue (AskBook by order, all levels) and goes on with the events from
// Answer::after. An order is in the image from its OrderAccepted on, so between the events of one command the
// image may be crossed; after the last event of each command it is the venue's book.
//
// A place says where an entry stands on its side: by rank, lower is better, then by stamp. By price the stamp
// is zero. By order a later stamp is a later turn; an order that loses its place gets a new stamp. So a book
// by price and a book by order are the same kind of sorted list, and two of them are compared place by place.
//
// One owner at a time.
#pragma once

#include "domain/question.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

namespace tradehive::market_data {

struct Place {
    std::int64_t rank{};
    std::uint64_t stamp{};

    friend constexpr auto operator<=>(const Place&, const Place&) noexcept = default;
};

[[nodiscard]] constexpr std::int64_t rank_of(Side side, Price price) noexcept {
    return side == Side::buy ? -price.value() : price.value();
}
[[nodiscard]] constexpr Price price_of(Side side, std::int64_t rank) noexcept {
    return Price{side == Side::buy ? -rank : rank};
}

// What stands at a place: a level, or an order.
struct Standing {
    Quantity quantity;
    std::uint32_t orders{}; // of a level
    OrderId order;          // of an order

    friend constexpr bool operator==(const Standing&, const Standing&) noexcept = default;
};
using Standings = std::map<Place, Standing>;

inline constexpr std::array sides{Side::buy, Side::sell};
template <class T>
struct BothSides {
    T bids;
    T offers;

    [[nodiscard]] T& operator[](Side side) noexcept { return side == Side::buy ? bids : offers; }
    [[nodiscard]] const T& operator[](Side side) const noexcept { return side == Side::buy ? bids : offers; }
};

struct Trade {
    TradeId trade;
    Price price;
    Quantity quantity;
    Timestamp time;
};

// Whose book or trades the event may change; zero: nobody's, or everybody's (DayEnded).
[[nodiscard]] InstrumentId instrument_of(const Event& event) noexcept;

class BookImage {
public:
    // The answer to AskBook by order with depth 0.
    BookImage(const BookAnswer& answer, EventNumber after);

    // Events in order; those below `after` and those of other instruments are passed over. False: nothing
    // that anybody sees has changed.
    bool take(const Event& event);

    [[nodiscard]] InstrumentId instrument() const noexcept { return instrument_; }
    [[nodiscard]] const BothSides<Standings>& standings(bool by_order) const noexcept {
        return by_order ? orders_ : levels_;
    }
    [[nodiscard]] const TradeStatistics& statistics() const noexcept { return statistics_; }

    // Since forget_changes(); each touched place once or more, in no order.
    [[nodiscard]] const BothSides<std::vector<Place>>& touched(bool by_order) const noexcept {
        return by_order ? touched_orders_ : touched_levels_;
    }
    [[nodiscard]] const std::vector<Trade>& trades() const noexcept { return trades_; }
    void forget_changes() noexcept;

private:
    struct Whereabouts {
        Side side{};
        Place place;
    };

    void put(OrderId order, Side side, Price price, Quantity left);
    bool set_left(OrderId order, Quantity left);
    bool remove(OrderId order);
    void change_level(Side side, std::int64_t rank, std::int64_t quantity, int orders);
    bool trade(const Event& event);
    void fill(const OrderTraded& traded);
    bool show(const OrderImage& order);

    InstrumentId instrument_;
    EventNumber after_;
    std::uint64_t stamp_{};
    BothSides<Standings> levels_;
    BothSides<Standings> orders_;
    std::unordered_map<OrderId, Whereabouts> whereabouts_;
    TradeStatistics statistics_;
    BothSides<std::vector<Place>> touched_levels_;
    BothSides<std::vector<Place>> touched_orders_;
    std::vector<Trade> trades_;
};

} // namespace tradehive::market_data
