// The market data of one FIX session: which requests are alive, and the messages that answer them.
//
// 263=1 is a subscription to the feed for each symbol; it lives as long as the connection.
//
// 263=0 for some levels is a Question to the venue, which costs it those levels: its W shows all that was
// accepted before it was asked and nothing that came later. For a whole book, or order by order, it is a
// subscription that ends with its first W, so that no client's question makes the venue walk a book; that W
// shows all that was accepted before it was asked: a Question of no weight goes through the venue's queue
// first, and its answer says from which event on the book must be.
//
// Market data is never resent: after a gap fill resynchronize() has every subscription get a new W.
//
// Everything runs on the connection's strand.
#pragma once

#include "acceptor/logon.hpp"
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

    // It ends a subscription that is alive.
    [[nodiscard]] bool ends(const MarketDataRequest& request) const;
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
    using SubscriptionId = market_data::SubscriptionId;
    struct Alive {
        std::vector<SubscriptionId> subscriptions;
        bool once{}; // each ends with its first W
    };
    using Requests = std::map<MDReqID, Alive>;

    void subscribe(const MarketDataRequest& request, EventNumber from);
    void unsubscribe(Requests::iterator request);
    void end_one(Requests::iterator request, SubscriptionId subscription);
    struct Levels { // asked of the venue
        MDReqID request_id;
        market_data::ViewTerms terms;
    };

    [[nodiscard]] RejectReason ask(const MarketDataRequest& request);
    [[nodiscard]] RejectReason ask_levels(const MarketDataRequest& request);
    void answer_levels(const Levels& asked, const Answer& answer);
    [[nodiscard]] bool is_alive(const MDReqID& request) const;
    [[nodiscard]] bool fits(const market_data::Body& body, const MDReqID& request);
    [[nodiscard]] std::vector<SubscriptionId> all() const;

    Ports ports_;
    Requests requests_;
    std::unordered_map<SubscriptionId, MDReqID> request_of_;
    std::unordered_map<Correlation, MarketDataRequest> asked_; // of the venue, bounded together
    std::unordered_map<Correlation, Levels> levels_asked_;     // a question a symbol
    std::size_t symbols_asked_{};
};

// The whole message. The body's checksum is known, so only the few bytes in front of it are read again.
[[nodiscard]] std::string market_data_message(const market_data::Body& body, const MDReqID& request,
                                              const MessageHeader& header);

} // namespace tradehive::acceptor
