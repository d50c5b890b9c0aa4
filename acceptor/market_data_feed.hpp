// Follows the events with a Publisher, and brings what it publishes to the sessions that subscribed.
//
// It reads events only while somebody subscribes. A book that is wanted is asked for through the venue's
// queue by a Question of session 0 of the FIX channel; its answer says from which event on the image goes.
//
// Threads: everything runs on one strand of its own; its functions may be called from any thread and return
// at once. A MarketDataInbox stands between that strand and a session's.
#pragma once

#include "acceptor/market_data/publisher.hpp"
#include "acceptor/request_rate.hpp"
#include "domain/ports.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace tradehive::acceptor {

// What waits for one session. Bounded by `most`, and one message of each of its subscriptions: with more
// waiting it has no room, and the publisher gives it nothing until a quarter is left. Whole books are paid
// for by the session's rate, and while it is in debt there is no room for another.
class MarketDataInbox final : public market_data::Subscriber {
public:
    struct Delivery {
        market_data::SubscriptionId subscription;
        std::shared_ptr<const market_data::Body> body;
    };

    // wake: there is something to take; called once until take_all() is.
    MarketDataInbox(std::size_t most, std::shared_ptr<RequestRate> rate, std::function<void()> wake)
        : most_{most}
        , rate_{std::move(rate)}
        , wake_{std::move(wake)} {}

    // The feed's strand.
    [[nodiscard]] Room room() const noexcept override;
    void take(market_data::SubscriptionId subscription,
              std::shared_ptr<const market_data::Body> body) override;
    // The session's strand.
    [[nodiscard]] std::vector<Delivery> take_all();
    void report_outbound(std::size_t bytes) noexcept { outbound_ = bytes; } // not taken by the peer yet

private:
    std::size_t most_;
    std::shared_ptr<RequestRate> rate_;
    std::function<void()> wake_;
    std::atomic<std::size_t> outbound_{0};
    std::atomic<std::size_t> inside_{0};
    std::mutex mutex_;
    std::vector<Delivery> deliveries_;
};

class MarketDataFeed : public std::enable_shared_from_this<MarketDataFeed> {
public:
    // most_body_bytes: a longer W is of no use to anybody.
    MarketDataFeed(boost::asio::io_context& context, CommandSink& commands, EventReader& events,
                   std::chrono::nanoseconds interval, std::size_t most_body_bytes);

    void start();
    void stop(); // waits for a wake-up under way; nothing is called any more

    // A new one; unique for ever.
    [[nodiscard]] market_data::SubscriptionId next_subscription() noexcept {
        return market_data::SubscriptionId{++subscriptions_};
    }
    // The first W shows at least all events below `from`.
    void subscribe(market_data::SubscriptionId subscription, const Instrument& instrument,
                   const market_data::ViewTerms& terms, std::shared_ptr<market_data::Subscriber> subscriber,
                   EventNumber from);
    void unsubscribe(std::vector<market_data::SubscriptionId> subscriptions);
    // A new W of each: the session has lost something on the way.
    void refresh(std::vector<market_data::SubscriptionId> subscriptions);

    // The answer to one of its own questions.
    void take(std::shared_ptr<const Answer> answer);

private:
    template <class Work>
    void on_strand(Work work);
    void wake();
    void pump();
    // True: the publisher has taken whole commands only.
    [[nodiscard]] bool read_events();
    void begin(const BookAnswer& book, EventNumber after);
    void ask_for_wanted();
    void set_timer();

    boost::asio::strand<boost::asio::io_context::executor_type> strand_;
    CommandSink& commands_;
    EventReader& events_;
    std::shared_ptr<void> subscription_;
    std::atomic<bool> awake_{false};
    std::atomic<std::uint64_t> subscriptions_{0};

    // On the strand only:
    bool stopped_{false};
    market_data::Publisher publisher_;
    EventNumber next_; // to be read; means nothing while nobody subscribes
    std::vector<Event> batch_;
    std::vector<InstrumentId> wanted_; // not asked for yet
    boost::asio::steady_timer timer_;
};

} // namespace tradehive::acceptor
