// The rules of matching/order_book.hpp once more, written to be believed by reading: one vector of orders in
// the order of their turn, scanned for everything. What tests compare the real book with; only the words are
// shared.
#pragma once

#include "matching/order_book.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace tradehive::matching {

class NaiveBook {
public:
    template <class OnFill, class OnOwn>
    Entered enter(const Incoming& incoming, OnFill&& on_fill, OnOwn&& on_own) {
        if (incoming.at_least.value() > 0 && would_trade(incoming) < incoming.at_least)
            return {Ended::not_fillable, incoming.quantity};
        Quantity left = incoming.quantity;
        while (left.value() > 0) {
            Entry* const maker = first_to_trade_with(incoming);
            if (!maker) break;
            if (maker->owner == incoming.owner) {
                if (incoming.self_match == SelfMatch::cancel_incoming) return {Ended::self_match, left};
                const bool both_shrink = incoming.self_match == SelfMatch::decrement;
                const Quantity by = both_shrink ? std::min(left, maker->left) : maker->left;
                if (both_shrink) left -= by;
                const OrderId own = maker->order;
                if (by == maker->left)
                    cancel(own);
                else
                    reduce(own, maker->left - by);
                const auto still = find(own);
                on_own(OwnOrder{own, by, still ? still->shown : Quantity{}, left});
                if (incoming.self_match == SelfMatch::cancel_both || left.value() == 0)
                    return {Ended::self_match, left};
                continue;
            }
            const Quantity traded = std::min(left, maker->shown);
            left -= traded;
            maker->left -= traded;
            maker->shown -= traded;
            Fill fill{maker->order, maker->price, traded, maker->shown};
            if (maker->left.value() == 0) {
                cancel(maker->order);
            } else if (maker->shown.value() == 0) {
                Entry next_turn = *maker;
                fill.maker_shown = next_turn.shown = std::min(next_turn.display, next_turn.left);
                cancel(next_turn.order);
                entries_.push_back(next_turn);
            }
            on_fill(fill);
        }
        if (left.value() == 0) return {Ended::filled, left};
        if (!incoming.rests) return {Ended::left_over, left};
        Entry entry{{incoming.order, incoming.owner, incoming.side, incoming.limit, left, left},
                    incoming.display};
        if (entry.display.value() > 0) entry.shown = std::min(left, entry.display);
        entries_.push_back(entry);
        return {Ended::rested, left};
    }
    template <class OnFill>
    Entered enter(const Incoming& incoming, OnFill&& on_fill) {
        return enter(incoming, on_fill, [](const OwnOrder&) {});
    }

    bool cancel(OrderId order) {
        return std::erase_if(entries_, [&](const Resting& resting) { return resting.order == order; }) > 0;
    }

    bool reduce(OrderId order, Quantity left, Quantity display = {}) {
        for (Entry& entry : entries_) {
            if (entry.order != order) continue;
            entry.left = left;
            if (display.value() > 0) entry.display = display;
            entry.shown = std::min(entry.shown, left);
            if (entry.display.value() > 0) entry.shown = std::min(entry.shown, entry.display);
            return true;
        }
        return false;
    }

    [[nodiscard]] std::optional<Resting> find(OrderId order) const {
        for (const Resting& resting : entries_)
            if (resting.order == order) return resting;
        return std::nullopt;
    }

    [[nodiscard]] std::optional<Price> best(Side side) const {
        std::optional<Price> best;
        for (const Resting& resting : entries_) {
            if (resting.side != side) continue;
            if (!best || (side == Side::buy ? resting.price > *best : resting.price < *best))
                best = resting.price;
        }
        return best;
    }

    void levels(Side side, std::size_t depth, std::vector<Level>& out) const {
        std::map<Price, Level> by_price;
        for (const Resting& resting : entries_) {
            if (resting.side != side) continue;
            Level& level = by_price[resting.price];
            level.price = resting.price;
            level.quantity += resting.shown;
            ++level.orders;
        }
        out.clear();
        for (const auto& [price, level] : by_price)
            out.push_back(level);
        if (side == Side::buy) std::ranges::reverse(out);
        if (depth > 0 && out.size() > depth) out.resize(depth);
    }

    template <class Visit>
    void orders(Side side, Visit&& visit) const {
        std::vector<Level> prices;
        levels(side, 0, prices);
        for (const Level& level : prices)
            for (const Resting& resting : entries_)
                if (resting.side == side && resting.price == level.price) visit(resting);
    }

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
    struct Entry : Resting {
        Quantity display;
    };

    // The earliest of the other side's best priced orders, if that price is within the limit.
    Entry* first_to_trade_with(const Incoming& incoming) {
        Entry* first = nullptr;
        for (Entry& entry : entries_) {
            if (entry.side == incoming.side) continue;
            const bool buying = incoming.side == Side::buy;
            const bool within = buying ? entry.price <= incoming.limit : entry.price >= incoming.limit;
            if (!within) continue;
            if (!first || (buying ? entry.price < first->price : entry.price > first->price)) first = &entry;
        }
        return first;
    }

    // Tried on a copy.
    [[nodiscard]] Quantity would_trade(Incoming incoming) const {
        incoming.at_least = {};
        incoming.rests = false;
        NaiveBook copy = *this;
        Quantity traded;
        copy.enter(incoming, [&](const Fill& fill) { traded += fill.quantity; });
        return traded;
    }

    std::vector<Entry> entries_; // whose turn is earliest first
};

} // namespace tradehive::matching
