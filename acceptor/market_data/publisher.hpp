// From events to bodies for subscribers: images of the books that somebody watches, the views of them, and
// who reads each view. A body is made once for all who read the same edition of a view.
//
// Pacing: an instrument that was quiet is published at once, a busy one once an interval; what changes in
// between comes as one difference. Trades are all told. The interval grows with those who read the
// instrument, so that many readers cost the venue's orders no more than some do.
//
// A subscription is current once it has got a W; then it gets every X. A subscriber without room gets no more
// X: its subscription is not current until there is plenty of room, and goes on with a new W. refresh() makes
// a subscription not current. So what waits for a subscriber is bounded, and the fast ones never notice.
//
// The owner feeds it events, whole commands before each publish(), and asks the venue for the books that it
// wants. An image and its views stay for `linger` after their last reader, so that coming and going costs the
// venue no question each time. No clock, no I/O; one owner at a time.
#pragma once

#include "acceptor/market_data/book_image.hpp"
#include "acceptor/market_data/view.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace tradehive::market_data {

using SubscriptionId = Tagged<struct SubscriptionIdTag, std::uint64_t>;

class Subscriber {
public:
    enum class Room : std::uint8_t { none, some, plenty };

    Subscriber() = default;
    Subscriber(const Subscriber&) = delete;
    Subscriber& operator=(const Subscriber&) = delete;
    virtual ~Subscriber() = default;

    // none: no X. some: no W.
    [[nodiscard]] virtual Room room() const noexcept = 0;
    virtual void take(SubscriptionId subscription, std::shared_ptr<const Body> body) = 0;
};

class Publisher {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::seconds linger{30};
    static constexpr std::chrono::microseconds interval_a_reader{100};
    static constexpr std::chrono::milliseconds most_interval{100}; // for however many readers

    // A W with more bytes is broken off soon after.
    Publisher(std::chrono::nanoseconds interval, std::size_t most_body_bytes) noexcept
        : interval_{interval}
        , most_body_bytes_{most_body_bytes} {}

    // The first W shows at least all events below `from`.
    void subscribe(SubscriptionId subscription, const Instrument& instrument, const ViewTerms& terms,
                   std::shared_ptr<Subscriber> subscriber, EventNumber from = {});
    void unsubscribe(SubscriptionId subscription);
    void refresh(SubscriptionId subscription);

    // Instruments whose book is to be asked for (AskBook by order, depth 0), each told once.
    [[nodiscard]] std::vector<InstrumentId> take_wanted();
    // The answer; events from `after` on are to follow, those below are passed over. False: nobody waits for
    // it any more.
    bool begin(const BookAnswer& answer, EventNumber after);
    // Of events that were taken before begin(), those that the new image lacks.
    void catch_up(InstrumentId instrument, std::span<const Event> events);
    // Events were missed: every book is to be asked for again, every subscription gets a new W.
    void begin_again();
    // Whether any event is of interest.
    [[nodiscard]] bool follows() const noexcept;

    void take(std::span<const Event> events);
    void publish(Time now);
    // When publish() has something to do next; nothing before other calls.
    [[nodiscard]] std::optional<Time> due() const noexcept;

private:
    struct Reader {
        SubscriptionId subscription;
        std::shared_ptr<Subscriber> subscriber;
        EventNumber from;
        bool current{};
    };
    using Readers = std::vector<Reader>;
    struct Window {
        View view;
        bool shown{}; // the view shows the image as of the last publish
        std::map<Edition, Readers> editions;
        std::optional<Time> idle_since;
    };
    struct Market {
        Instrument instrument;
        std::map<WindowTerms, Window> windows;
        std::optional<BookImage> image;
        EventNumber image_begins;
        bool wanted{true};
        bool changed{};     // since the last publish
        bool some_behind{}; // a reader waits for its W
        Time not_before{};  // the next publish
    };
    struct Place {
        InstrumentId instrument;
        ViewTerms terms;
    };

    [[nodiscard]] static bool has_work(const Market& market) noexcept {
        return market.image && (market.changed || market.some_behind);
    }
    [[nodiscard]] Readers& readers_of(const Place& place);
    static void show(Market& market, const Event& event);
    void drop_idle(Time now);
    void publish(Market& market);
    [[nodiscard]] std::chrono::nanoseconds pause_after(const Market& market) const noexcept;
    void give_update(const View& view, const Edition& edition, Readers& readers,
                     const Instrument& instrument) const;
    [[nodiscard]] bool give_snapshot(const View& view, const Edition& edition, Readers& readers,
                                     const Market& market) const;

    std::chrono::nanoseconds interval_;
    std::size_t most_body_bytes_;
    EventNumber taken_below_;
    std::map<InstrumentId, Market> markets_;
    std::unordered_map<SubscriptionId, Place> subscriptions_;
};

} // namespace tradehive::market_data
