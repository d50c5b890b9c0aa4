#include "venue/questions.hpp"

#include "venue/invariants.hpp"
#include "venue/order_entry.hpp"
#include "venue/sessions.hpp"

#include <algorithm>

namespace tradehive::venue {

namespace {

class Answering {
public:
    Answering(const State& state, const Origin& asker) noexcept
        : state_{state}
        , asker_{asker} {}

    OrderAnswer operator()(const AskOrder& asked) const {
        const auto [order, refusal] = find_order(state_, asker_, asked.order, asked.cl_ord_id, asked.account);
        if (refusal != RejectReason::none) return {asked, refusal, {}};
        if (asked.account != AccountId{} && order->image.account != asked.account)
            return {asked, RejectReason::unknown_order, {}};
        return {asked, RejectReason::none, order->image};
    }

    BookAnswer operator()(const AskBook& asked) const {
        BookAnswer answer;
        answer.instrument = asked.instrument;
        if (!state_.names().instrument(asked.instrument)) return answer;
        const Market& market = state_.market(asked.instrument);
        answer.trades = market.trades;
        if (asked.by_order) {
            answer.bid_orders = orders(market.book, Side::buy, asked.depth);
            answer.offer_orders = orders(market.book, Side::sell, asked.depth);
        } else {
            answer.bids = levels(market.book, Side::buy, asked.depth);
            answer.offers = levels(market.book, Side::sell, asked.depth);
        }
        return answer;
    }

    OpenOrdersAnswer operator()(const AskOpenOrders& asked) const {
        OpenOrdersAnswer answer;
        for (const AccountView& account : state_.names().accounts)
            if (shows(account.account, asked.account))
                for (const Order* order = state_.orders.of(account.account).front(); order;
                     order = AccountOrders::next(*order))
                    if (asked.instrument == InstrumentId{} || asked.instrument == order->image.instrument)
                        answer.orders.push_back(order->image);
        std::ranges::sort(answer.orders, {}, &OrderImage::order);
        return answer;
    }

    BalancesAnswer operator()(const AskBalances& asked) const {
        BalancesAnswer answer;
        for (const AccountView& account : state_.names().accounts)
            if (shows(account.account, asked.account))
                for (const Asset& asset : state_.names().assets) {
                    const auto& balance = state_.ledger.balance(account.account, asset.asset);
                    answer.lines.push_back({account.account, asset.asset, balance.total, balance.held});
                }
        return answer;
    }

    VenueAnswer operator()(const AskVenue& asked) const {
        VenueAnswer answer;
        answer.sequence = state_.sequence;
        answer.open_orders = state_.orders.open_count();
        answer.trades = state_.last_trade.value();
        if (asked.check_invariants) {
            answer.state_hash = state_hash(state_);
            answer.violation = violation(state_);
        }
        return answer;
    }

    LogOnAnswer operator()(const AskLogOn& asked) const {
        const LogOnSession& request = asked.request;
        const SessionState* const session = state_.session(request.session);
        if (!session) return {RejectReason::unknown_session};
        // Before anything else is told.
        if (!code_counts(*session, request, std::max(asked.now, state_.time)))
            return {RejectReason::code_already_used};
        if (state_.names().session(request.session)->revoked) return {RejectReason::session_revoked};
        return {RejectReason::none};
    }

private:
    [[nodiscard]] bool shows(AccountId account, AccountId asked) const {
        return (asked == AccountId{} || asked == account) && state_.may_act_for(asker_, account);
    }

    static std::vector<BookLevel> levels(const matching::OrderBook& book, Side side, std::size_t depth) {
        std::vector<matching::Level> found;
        book.levels(side, depth, found);
        std::vector<BookLevel> levels;
        levels.reserve(found.size());
        for (const auto& level : found)
            levels.push_back({level.price, level.quantity, level.orders});
        return levels;
    }

    static std::vector<RestingOrder> orders(const matching::OrderBook& book, Side side, std::size_t depth) {
        std::vector<RestingOrder> found;
        book.orders(
            side,
            [&](const matching::Resting& resting) {
                found.push_back({resting.order, resting.price, resting.shown});
            },
            depth);
        return found;
    }

    const State& state_;
    const Origin& asker_;
};

} // namespace

Answer answer(const State& state, const Question& question) {
    Answer answer;
    answer.asker = question.origin;
    answer.after = state.next_event;
    std::visit([&](const auto& asked) { answer.what = Answering{state, question.origin}(asked); },
               question.what);
    return answer;
}

} // namespace tradehive::venue
