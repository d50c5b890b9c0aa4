// The market data of one FIX session: which requests are alive, and the messages that answer them.
//
// 263=0 is a Question: its W shows all that was accepted before it was asked. 263=1 is a subscription to the
// feed for each symbol; it lives as long as the connection. Market data is never resent: after a gap fill
// resynchronize() has every subscription get a new W.
//
// Everything runs on the connection's strand.
#pragma once

#include "acceptor/market_data_feed.hpp"
#include "acceptor/translation.hpp"

#include <functional>
#include <map>
#include <unordered_map>

namespace tradehive::acceptor {

class MarketDataSession {
public:
    struct Ports {
        CommandSink& commands;
        const ReferenceDataSource& reference;
        std::shared_ptr<MarketDataFeed> feed;
        std::shared_ptr<MarketDataInbox> inbox;
        std::size_t most_subscriptions{}; // a symbol of a request is one
        std::size_t most_body_bytes{};    // a larger book is refused
        std::function<Correlation()> correlation;
        std::function<void(const MDReqID& request, const market_data::Body& body)> send;
        std::function<void(const MDReqID& request, RejectReason why)> refuse; // after it was taken
    };

    explicit MarketDataSession(Ports ports)
        : ports_{std::move(ports)} {}

    // none: taken.
    [[nodiscard]] RejectReason request(const MarketDataRequest& request);
    // False: it answers nothing that was asked here.
    bool answer(const Answer& answer);
    // What the feed has brought: sent, or forgotten because resynchronize() will come.
    enum class Deliver : bool { send, forget };
    void deliver(Deliver what);
    void resynchronize();
    // The connection is gone.
    void end();

private:
    struct Snapshot { // asked of the venue
        MDReqID request;
        market_data::ViewTerms terms;
    };
    using Requests = std::map<MDReqID, std::vector<market_data::SubscriptionId>>;

    void unsubscribe(Requests::iterator request);
    [[nodiscard]] bool fits(const market_data::Body& body, const MDReqID& request);
    [[nodiscard]] RejectReason ask(const MarketDataRequest& request);
    [[nodiscard]] RejectReason subscribe(const MarketDataRequest& request);
    [[nodiscard]] bool is_alive(const MDReqID& request) const;
    [[nodiscard]] std::vector<market_data::SubscriptionId> all() const;

    Ports ports_;
    Requests requests_;
    std::unordered_map<market_data::SubscriptionId, MDReqID> request_of_;
    std::unordered_map<Correlation, Snapshot> asked_;
};

// The whole message. The body's checksum is known, so only the few bytes in front of it are read again.
[[nodiscard]] std::string market_data_message(const market_data::Body& body, const MDReqID& request,
                                              std::uint64_t number, std::string_view sender,
                                              std::string_view target, Timestamp now);

} // namespace tradehive::acceptor
