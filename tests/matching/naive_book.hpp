// The rules of matching/order_book.hpp once more, written to be believed by reading: one vector of orders as
// they arrived, scanned for everything. What tests compare the real book with; only the words are shared.
#pragma once

#include "matching/order_book.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace tradehive::matching {

class NaiveBook {
public:
    template <class OnFill>
    Entered enter(const Incoming& incoming, OnFill&& on_fill) {
        if (incoming.all_or_none && !would_fill(incoming)) return {Ended::not_fillable, incoming.quantity};
        Quantity left = incoming.quantity;
        while (left.value() > 0) {
            Resting* const maker = first_to_trade_with(incoming);
            if (!maker) break;
            if (maker->owner == incoming.owner) return {Ended::self_match, left};
            const Quantity traded = std::min(left, maker->left);
            left -= traded;
            maker->left -= traded;
            const Fill fill{maker->order, maker->price, traded, maker->left};
            if (maker->left.value() == 0) cancel(maker->order);
            on_fill(fill);
        }
        if (left.value() == 0) return {Ended::filled, left};
        if (!incoming.rests) return {Ended::left_over, left};
        arrived_.push_back({incoming.order, incoming.owner, incoming.side, incoming.limit, left});
        return {Ended::rested, left};
    }

    bool cancel(OrderId order) {
        return std::erase_if(arrived_, [&](const Resting& resting) { return resting.order == order; }) > 0;
    }

    bool reduce(OrderId order, Quantity left) {
        for (Resting& resting : arrived_) {
            if (resting.order != order) continue;
            resting.left = left;
            return true;
        }
        return false;
    }

    [[nodiscard]] std::optional<Resting> find(OrderId order) const {
        for (const Resting& resting : arrived_)
            if (resting.order == order) return resting;
        return std::nullopt;
    }

    [[nodiscard]] std::optional<Price> best(Side side) const {
        std::optional<Price> best;
        for (const Resting& resting : arrived_) {
            if (resting.side != side) continue;
            if (!best || (side == Side::buy ? resting.price > *best : resting.price < *best))
                best = resting.price;
        }
        return best;
    }

    void levels(Side side, std::size_t depth, std::vector<Level>& out) const {
        std::map<Price, Level> by_price;
        for (const Resting& resting : arrived_) {
            if (resting.side != side) continue;
            Level& level = by_price[resting.price];
            level.price = resting.price;
            level.quantity += resting.left;
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
            for (const Resting& resting : arrived_)
                if (resting.side == side && resting.price == level.price) visit(resting);
    }

    [[nodiscard]] std::size_t size() const { return arrived_.size(); }

private:
    // The earliest of the other side's best priced orders, if that price is within the limit.
    Resting* first_to_trade_with(const Incoming& incoming) {
        Resting* first = nullptr;
        for (Resting& resting : arrived_) {
            if (resting.side == incoming.side) continue;
            const bool buying = incoming.side == Side::buy;
            const bool within = buying ? resting.price <= incoming.limit : resting.price >= incoming.limit;
            if (!within) continue;
            if (!first || (buying ? resting.price < first->price : resting.price > first->price))
                first = &resting;
        }
        return first;
    }

    // Tried on a copy.
    [[nodiscard]] bool would_fill(Incoming incoming) const {
        incoming.all_or_none = false;
        incoming.rests = false;
        NaiveBook copy = *this;
        return copy.enter(incoming, [](const Fill&) {}).ended == Ended::filled;
    }

    std::vector<Resting> arrived_; // earliest first
};

} // namespace tradehive::matching
