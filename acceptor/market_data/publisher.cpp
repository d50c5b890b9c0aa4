#include "acceptor/market_data/publisher.hpp"

#include <algorithm>
#include <utility>

namespace tradehive::market_data {

void Publisher::subscribe(SubscriptionId subscription, const Instrument& instrument, const ViewTerms& terms,
                          std::shared_ptr<Subscriber> subscriber) {
    Market& market = markets_.try_emplace(instrument.instrument).first->second;
    market.instrument = instrument;
    Stream& stream = market.streams.try_emplace(terms, View{terms}).first->second;
    stream.readers.push_back({subscription, std::move(subscriber), false});
    market.some_behind = true;
    subscriptions_[subscription] = {instrument.instrument, terms};
}

void Publisher::unsubscribe(SubscriptionId subscription) {
    const auto found = subscriptions_.find(subscription);
    if (found == subscriptions_.end()) return;
    const Place place = found->second;
    subscriptions_.erase(found);
    const auto market = markets_.find(place.instrument);
    const auto stream = market->second.streams.find(place.terms);
    std::erase_if(stream->second.readers,
                  [&](const Reader& reader) { return reader.subscription == subscription; });
    if (stream->second.readers.empty()) market->second.streams.erase(stream);
    if (market->second.streams.empty()) markets_.erase(market);
}

void Publisher::refresh(SubscriptionId subscription) {
    const auto found = subscriptions_.find(subscription);
    if (found == subscriptions_.end()) return;
    Market& market = markets_.at(found->second.instrument);
    for (Reader& reader : market.streams.at(found->second.terms).readers)
        if (reader.subscription == subscription) reader.current = false;
    market.some_behind = true;
}

std::vector<InstrumentId> Publisher::take_wanted() {
    std::vector<InstrumentId> wanted;
    for (auto& [instrument, market] : markets_)
        if (std::exchange(market.wanted, false)) wanted.push_back(instrument);
    return wanted;
}

bool Publisher::begin(const BookAnswer& answer, EventNumber after) {
    const auto found = markets_.find(answer.instrument);
    // A second answer to what was asked twice: the image lives, and readers have been shown what is in it.
    if (found == markets_.end() || found->second.image) return false;
    found->second.image.emplace(answer, after);
    return true;
}

void Publisher::catch_up(InstrumentId instrument, std::span<const Event> events) {
    const auto found = markets_.find(instrument);
    if (found == markets_.end()) return;
    for (const Event& event : events)
        show(found->second, event);
}

void Publisher::begin_again() {
    for (auto& [instrument, market] : markets_) {
        market.image.reset();
        market.wanted = market.some_behind = true;
        for (auto& [terms, stream] : market.streams)
            for (Reader& reader : stream.readers)
                reader.current = false;
    }
}

bool Publisher::follows() const noexcept {
    return std::ranges::any_of(markets_, [](const auto& entry) { return entry.second.image.has_value(); });
}

void Publisher::take(std::span<const Event> events) {
    for (const Event& event : events) {
        if (event.header.kind == EventKind::day_ended) {
            for (auto& [instrument, market] : markets_)
                show(market, event);
        } else if (const auto market = markets_.find(instrument_of(event)); market != markets_.end()) {
            show(market->second, event);
        }
    }
}

void Publisher::show(Market& market, const Event& event) {
    if (market.image && market.image->take(event)) market.changed = true;
}

std::optional<Publisher::Time> Publisher::due() const noexcept {
    std::optional<Time> first;
    for (const auto& [instrument, market] : markets_)
        if (has_work(market)) first = std::min(first.value_or(market.not_before), market.not_before);
    return first;
}

void Publisher::publish(Time now) {
    for (auto& [instrument, market] : markets_) {
        if (!has_work(market) || now < market.not_before) continue;
        publish(market);
        market.not_before = now + interval_;
    }
}

void Publisher::publish(Market& market) {
    market.some_behind = false;
    for (auto& [terms, stream] : market.streams) {
        give_update(stream, market);
        if (!give_snapshot(stream, market)) market.some_behind = true;
    }
    market.image->forget_changes();
    market.changed = false;
}

// To those who are current.
void Publisher::give_update(Stream& stream, const Market& market) {
    if (std::ranges::none_of(stream.readers, &Reader::current)) return;
    auto made = stream.view.update(*market.image, market.instrument);
    if (!made) return;
    const auto body = std::make_shared<const Body>(*std::move(made));
    for (Reader& reader : stream.readers) {
        if (!reader.current) continue;
        reader.current = reader.subscriber->room() != Subscriber::Room::none;
        if (reader.current) reader.subscriber->take(reader.subscription, body);
    }
}

// To those who are not; false when some still wait for room.
bool Publisher::give_snapshot(Stream& stream, const Market& market) {
    const bool shown_is_current = std::ranges::any_of(stream.readers, &Reader::current);
    std::shared_ptr<const Body> body;
    bool all = true;
    for (Reader& reader : stream.readers) {
        if (reader.current) continue;
        if (reader.subscriber->room() != Subscriber::Room::plenty) {
            all = false;
            continue;
        }
        if (!body) {
            if (!shown_is_current) stream.view.renew(*market.image);
            body = std::make_shared<const Body>(stream.view.snapshot(market.instrument));
        }
        reader.current = true;
        reader.subscriber->take(reader.subscription, body);
    }
    return all;
}

} // namespace tradehive::market_data
