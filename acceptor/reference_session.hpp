// What one FIX session has asked of reference data and states, and what it was told: SecurityList (y),
// SecurityStatus (f), TradingSessionStatus (h), once or at each change; and News (B) when an instrument is
// halted or open again, which every session gets that trades or reads market data.
//
// changes() compares what was told with what is, so it may be called at any time, and a call that was left
// out is made good by the next one. Subscriptions live as long as the connection.
//
// A list is made page by page, as the peer takes them: next_page(). How many lists wait is bounded: full().
//
// Everything runs on the connection's strand.
#pragma once

#include "acceptor/translation.hpp"

#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace tradehive::acceptor {

class ReferenceSession {
public:
    struct Now {
        const ReferenceData& reference;
        std::uint32_t day{}; // of trading, since 1970-01-01
        Timestamp time;
    };
    enum class News : bool { untold, told };

    // What `known` says of the instruments' states is no news.
    ReferenceSession(std::size_t most_subscriptions, News news, const ReferenceData& known);

    // It ends a subscription that is alive.
    [[nodiscard]] bool ends(const ReferenceRequest& request) const;
    // One more list will not do now.
    [[nodiscard]] bool full() const noexcept;

    // The messages that answer, pages apart; none to the end of a subscription.
    [[nodiscard]] std::vector<OutboundFields> answer(const ReferenceRequest& request, const Now& now);
    [[nodiscard]] std::vector<OutboundFields> changes(const Now& now);

    [[nodiscard]] bool has_pages() const noexcept { return !lists_.empty(); }
    // Needs has_pages().
    [[nodiscard]] OutboundFields next_page(const ReferenceData& reference);

private:
    using Key = std::pair<ReferenceRequest::Kind, RequestID>;
    struct Subscription {
        ReferenceRequest request;
        std::uint64_t messages{};  // y: those of the lists so far
        std::size_t instruments{}; // y: the first ones are told, or in a list
        InstrumentState state{};   // f
        std::uint32_t day{};       // h
    };
    struct List { // under way
        ReferenceRequest request;
        std::size_t next{}; // instrument, from 0
        std::size_t end{};
        std::size_t of_all{};
        std::uint64_t message{}; // the next one's number
    };

    std::vector<OutboundFields> tell(Subscription& subscription, const Now& now);
    std::vector<OutboundFields> changes(Subscription& subscription, const Now& now);
    void begin_list(Subscription& subscription, std::size_t first, std::size_t end);
    void tell_news(const Now& now, std::vector<OutboundFields>& messages);

    std::size_t most_;
    std::map<Key, Subscription> subscriptions_;
    std::deque<List> lists_;
    News news_;
    std::vector<InstrumentState> states_; // as told by B; by InstrumentId - 1
};

} // namespace tradehive::acceptor
