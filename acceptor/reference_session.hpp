// What one FIX session has asked of reference data and states, and what it was told: SecurityList (y),
// SecurityStatus (f), TradingSessionStatus (h), once or at each change.
//
// changes() compares what was told with what is, so it may be called at any time, and a call that was left
// out is made good by the next one. Subscriptions live as long as the connection.
//
// Everything runs on the connection's strand.
#pragma once

#include "acceptor/translation.hpp"

#include <map>
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

    explicit ReferenceSession(std::size_t most_subscriptions) noexcept
        : most_{most_subscriptions} {}

    // The messages that answer; none to the end of a subscription.
    [[nodiscard]] std::vector<FIX::Message> answer(const ReferenceRequest& request, const Now& now);
    [[nodiscard]] std::vector<FIX::Message> changes(const Now& now);

private:
    using Key = std::pair<ReferenceRequest::Kind, RequestID>;
    struct Subscription {
        ReferenceRequest request;
        std::uint64_t messages{};  // y: sent so far
        std::size_t instruments{}; // y: the first ones are told
        InstrumentState state{};   // f
        std::uint32_t day{};       // h
    };

    static std::vector<FIX::Message> tell(Subscription& subscription, const Now& now);
    static std::vector<FIX::Message> changes(Subscription& subscription, const Now& now);

    std::size_t most_;
    std::map<Key, Subscription> subscriptions_;
};

} // namespace tradehive::acceptor
