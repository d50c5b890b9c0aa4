// What those who look through the same window of a book were told last, and what has changed since.
//
// With a depth, the view is a window: a level that leaves it is told as a delete, one that enters it as new,
// whether or not anything happened at that price. By order an order that lost its place is told as a delete
// and as new, because new orders go behind those of their price. One X holds first trades, oldest first, then
// deletes, changes and news of the book, news best price first and in the order of their turn.
//
// One owner at a time.
#pragma once

#include "acceptor/market_data/body.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace tradehive::market_data {

class View {
public:
    explicit View(const WindowTerms& terms) noexcept
        : terms_{terms} {}
    // Of the venue's answer for that window, by price.
    View(const WindowTerms& terms, const BookAnswer& answer);

    // Shows what the image shows now, and nothing has changed.
    void renew(const BookImage& image);
    // Shows what the image shows now; what has changed since the last call is found from its touched places.
    void update(const BookImage& image);

    // X of what the last update() found, for those who see these types; nothing when they see none of it.
    [[nodiscard]] std::optional<Body> change(EntryTypes types, const Instrument& instrument) const;
    // W of what is shown. One that grows beyond `most` bytes is broken off: it is of no use but to be
    // refused.
    [[nodiscard]] Body snapshot(EntryTypes types, const Instrument& instrument, std::size_t most) const;

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
    void show_differences();

    WindowTerms terms_;
    BothSides<Standings> shown_;
    TradeStatistics statistics_;
    TradeId last_trade_;
    // Of the last update():
    std::vector<Difference> differences_;
    std::vector<Trade> trades_;
    TradeStatistics statistics_before_;
};

} // namespace tradehive::market_data
