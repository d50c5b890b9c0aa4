#include "acceptor/market_data_feed.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace tradehive::acceptor {

namespace {

namespace asio = boost::asio;
using market_data::Body;
using market_data::SubscriptionId;

constexpr std::size_t batch_events = 1024;
constexpr auto ask_again_after = std::chrono::milliseconds{5}; // the venue's queue was full

} // namespace

// --- inbox ---------------------------------------------------------------------------------------------

market_data::Subscriber::Room MarketDataInbox::room() const noexcept {
    const auto waiting = outbound_.load() + inside_.load();
    if (waiting > most_) return Room::none;
    return waiting > most_ / 4 || rate_->in_debt() ? Room::some : Room::plenty;
}

void MarketDataInbox::take(SubscriptionId subscription, std::shared_ptr<const Body> body) {
    inside_ += body->bytes.size();
    if (body->msg_type == 'W') rate_->charge_bytes(body->bytes.size());
    bool first{};
    {
        const std::lock_guard lock{mutex_};
        first = deliveries_.empty();
        deliveries_.push_back({subscription, std::move(body)});
    }
    if (first) wake_();
}

std::vector<MarketDataInbox::Delivery> MarketDataInbox::take_all() {
    std::vector<Delivery> taken;
    {
        const std::lock_guard lock{mutex_};
        taken = std::exchange(deliveries_, {});
    }
    for (const Delivery& delivery : taken)
        inside_ -= delivery.body->bytes.size();
    return taken;
}

// --- feed ----------------------------------------------------------------------------------------------

MarketDataFeed::MarketDataFeed(asio::io_context& context, CommandSink& commands, EventReader& events,
                               std::chrono::nanoseconds interval, std::size_t most_body_bytes)
    : strand_{asio::make_strand(context)}
    , commands_{commands}
    , events_{events}
    , publisher_{interval, most_body_bytes}
    , timer_{strand_} {}

void MarketDataFeed::start() {
    batch_.resize(batch_events);
    subscription_ = events_.on_publish([this] { wake(); });
}

void MarketDataFeed::stop() {
    subscription_.reset();
    on_strand([](MarketDataFeed& feed) {
        feed.stopped_ = true;
        feed.timer_.cancel();
    });
}

template <class Work>
void MarketDataFeed::on_strand(Work work) {
    asio::post(strand_, [self = shared_from_this(), work = std::move(work)]() mutable {
        if (!self->stopped_) work(*self);
    });
}

// On the venue's thread. The flag keeps one pump queued at most.
void MarketDataFeed::wake() {
    if (awake_.exchange(true)) return;
    on_strand([](MarketDataFeed& feed) {
        feed.awake_ = false;
        feed.pump();
    });
}

void MarketDataFeed::subscribe(SubscriptionId subscription, const Instrument& instrument,
                               const market_data::ViewTerms& terms,
                               std::shared_ptr<market_data::Subscriber> subscriber, EventNumber from) {
    on_strand(
        [subscription, instrument, terms, subscriber = std::move(subscriber), from](MarketDataFeed& feed) {
            feed.publisher_.subscribe(subscription, instrument, terms, subscriber, from);
            feed.pump();
        });
}

void MarketDataFeed::unsubscribe(std::vector<SubscriptionId> subscriptions) {
    on_strand([subscriptions = std::move(subscriptions)](MarketDataFeed& feed) {
        for (const auto subscription : subscriptions)
            feed.publisher_.unsubscribe(subscription);
    });
}

void MarketDataFeed::refresh(std::vector<SubscriptionId> subscriptions) {
    on_strand([subscriptions = std::move(subscriptions)](MarketDataFeed& feed) {
        for (const auto subscription : subscriptions)
            feed.publisher_.refresh(subscription);
        feed.pump();
    });
}

void MarketDataFeed::take(std::shared_ptr<const Answer> answer) {
    on_strand([answer = std::move(answer)](MarketDataFeed& feed) {
        if (const auto* book = std::get_if<BookAnswer>(&answer->what)) feed.begin(*book, answer->after);
        feed.pump();
    });
}

void MarketDataFeed::pump() {
    ask_for_wanted();
    if (publisher_.follows()) {
        try {
            const bool whole_commands = read_events();
            if (whole_commands) publisher_.publish(std::chrono::steady_clock::now());
            if (next_ < events_.end()) wake(); // others of the thread get their turn between batches
        } catch (const std::out_of_range&) {   // fallen behind by more than is kept
            publisher_.begin_again();
            ask_for_wanted();
        }
    }
    set_timer();
}

bool MarketDataFeed::read_events() {
    const auto end = events_.end(); // behind a whole command
    const auto most = std::min<std::size_t>(end.value() - next_.value(), batch_.size());
    auto count = events_.read(next_, {batch_.data(), most});
    bool whole = EventNumber{next_.value() + count} >= end;
    if (!whole && count != 0) { // leave what may be the first half of a command
        const auto last = batch_[count - 1].header.sequence;
        const auto* const first_of_last =
            std::ranges::find(batch_.data(), batch_.data() + count, last,
                              [](const Event& event) { return event.header.sequence; });
        const auto before = static_cast<std::size_t>(first_of_last - batch_.data());
        whole = before != 0;
        if (whole) count = before;
    }
    publisher_.take({batch_.data(), count});
    next_ = EventNumber{next_.value() + count};
    return whole;
}

void MarketDataFeed::begin(const BookAnswer& book, EventNumber after) {
    const bool first = !publisher_.follows();
    if (!publisher_.begin(book, after)) return;
    if (first) next_ = after;
    // What the others have been shown already.
    for (auto from = after; from < next_;) {
        const auto most = std::min<std::size_t>(next_.value() - from.value(), batch_.size());
        const auto count = events_.read(from, {batch_.data(), most});
        publisher_.catch_up(book.instrument, {batch_.data(), count});
        from = EventNumber{from.value() + count};
    }
}

void MarketDataFeed::ask_for_wanted() {
    std::ranges::copy(publisher_.take_wanted(), std::back_inserter(wanted_));
    while (!wanted_.empty()) {
        Question question;
        question.origin.channel = Channel::fix;
        question.what = AskBook{.instrument = wanted_.back(), .depth = 0, .by_order = true};
        if (commands_.ask(question) == Submitted::full) return; // again by the timer
        wanted_.pop_back();
    }
}

void MarketDataFeed::set_timer() {
    auto due = publisher_.due();
    if (!wanted_.empty()) due = std::chrono::steady_clock::now() + ask_again_after;
    if (!due) return;
    timer_.expires_at(*due);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error && !self->stopped_) self->pump();
    });
}

} // namespace tradehive::acceptor
