#include "matching/order_book.hpp"

namespace tradehive::matching {

bool OrderBook::fillable(const Incoming& incoming) const noexcept {
    const Side resting_side = opposite(incoming.side);
    const std::int64_t worst = PriceLevels::rank(resting_side, incoming.limit);
    Quantity may_trade = incoming.quantity; // less what self-match prevention takes off it
    Quantity trades;
    const auto trade = [&](Quantity quantity) { trades += std::min(may_trade - trades, quantity); };
    for (const auto& ranked : std::views::reverse(levels_.ranked(resting_side))) {
        if (ranked.rank < worst) return false;
        Quantity hidden; // comes up when all that the level shows has been taken
        for (NodeNumber number = levels_[ranked.level].first; number != no_node; number = node(number).next) {
            if (node(number).owner != incoming.owner) {
                trade(node(number).shown);
                hidden += left(number) - node(number).shown;
            } else if (incoming.self_match == SelfMatch::decrement) {
                may_trade -= std::min(may_trade - trades, left(number));
            } else if (incoming.self_match != SelfMatch::cancel_resting) {
                return false;
            }
            if (trades >= incoming.at_least) return true;
            if (trades == may_trade) return false;
        }
        trade(hidden);
        if (trades >= incoming.at_least) return true;
    }
    return false;
}

OwnOrder OrderBook::meet(const Incoming& incoming, PriceLevel& level, Quantity& left) {
    const NodeNumber own = level.first;
    const Quantity own_left = this->left(own);
    OwnOrder met{.resting = node(own).order, .by = own_left, .resting_shown = {}, .incoming_left = left};
    if (incoming.self_match == SelfMatch::decrement) {
        met.by = std::min(left, own_left);
        left -= met.by;
        met.incoming_left = left;
    }
    if (met.by == own_left) {
        take_out(own);
    } else {
        lower(own, own_left - met.by);
        met.resting_shown = node(own).shown;
    }
    return met;
}

} // namespace tradehive::matching
