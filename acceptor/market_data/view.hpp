// What those who ask for the same view of an instrument were told last, and what has changed since.
//
// With a depth, the view is a window: a level that leaves it is told as a delete, one that enters it as new,
// whether or not anything happened at that price. By order an order that lost its place is told as a delete
// and as new, because new orders go behind those of their price. One X holds first trades, oldest first, then
// deletes, changes and news of the book, news best price first and in the order of their turn.
//
// One owner at a time.
#pragma once

#include "acceptor/market_data/body.hpp"

#include <optional>
#include <vector>

namespace tradehive::market_data {

class View {
public:
    explicit View(const ViewTerms& terms) noexcept
        : terms_{terms} {}

    // Shows what the image shows now.
    void renew(const BookImage& image);
    // What has changed since the last renew() or update(), from the image's touched places: an X, or a W when
    // the terms ask for the whole again. Nothing when what is shown has not changed.
    [[nodiscard]] std::optional<Body> update(const BookImage& image, const Instrument& instrument);
    // W of what is shown.
    [[nodiscard]] Body snapshot(const Instrument& instrument) const;

    // The answer, asked for with the same depth and by_order, as W.
    [[nodiscard]] static Body snapshot(const BookAnswer& answer, const ViewTerms& terms,
                                       const Instrument& instrument);

private:
    struct Difference {
        UpdateAction action{};
        Side side{};
        Place place;
        Standing standing;
    };

    void compare(Side side, const BookImage& image);
    void compare_window(Side side, const Standings& now);
    void differ(Side side, const Place& place, const Standing* before, const Standing* now);
    void write_differences(BodyWriter& writer);

    ViewTerms terms_;
    BothSides<Standings> shown_;
    TradeStatistics statistics_;
    TradeId last_trade_;
    std::vector<Difference> differences_;
};

} // namespace tradehive::market_data
