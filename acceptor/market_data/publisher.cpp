#include "acceptor/market_data/publisher.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tradehive::market_data {

void Publisher::subscribe(SubscriptionId subscription, const Instrument& instrument, const ViewTerms& terms,
                          std::shared_ptr<Subscriber> subscriber, EventNumber from) {
    Market& market = markets_.try_emplace(instrument.instrument).first->second;
    market.instrument = instrument;
    Window& window = market.windows.try_emplace(terms.window, View{terms.window}).first->second;
    window.editions[terms.edition].push_back(
        {.subscription = subscription, .subscriber = std::move(subscriber), .from = from, .current = false});
    market.some_behind = true;
    subscriptions_[subscription] = {instrument.instrument, terms};
}

Publisher::Readers& Publisher::readers_of(const Place& place) {
    return markets_.at(place.instrument).windows.at(place.terms.window).editions.at(place.terms.edition);
}

void Publisher::unsubscribe(SubscriptionId subscription) {
    const auto found = subscriptions_.find(subscription);
    if (found == subscriptions_.end()) return;
    const Place place = found->second;
    subscriptions_.erase(found);
    auto& readers = readers_of(place);
    std::erase_if(readers, [&](const Reader& reader) { return reader.subscription == subscription; });
    if (readers.empty())
        markets_.at(place.instrument).windows.at(place.terms.window).editions.erase(place.terms.edition);
}

void Publisher::refresh(SubscriptionId subscription) {
    const auto found = subscriptions_.find(subscription);
    if (found == subscriptions_.end()) return;
    for (Reader& reader : readers_of(found->second))
        if (reader.subscription == subscription) reader.current = false;
    markets_.at(found->second.instrument).some_behind = true;
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
    if (!follows()) taken_below_ = after;
    found->second.image.emplace(answer, after);
    found->second.image_begins = after;
    return true;
}

void Publisher::catch_up(InstrumentId instrument, std::span<const Event> events) {
    const auto found = markets_.find(instrument);
    if (found == markets_.end()) return;
    for (const Event& event : events)
        show(found->second, event);
}

void Publisher::begin_again() {
    std::erase_if(markets_, [](const auto& entry) {
        return std::ranges::all_of(entry.second.windows,
                                   [](const auto& window) { return window.second.editions.empty(); });
    });
    for (auto& [instrument, market] : markets_) {
        market.image.reset();
        market.wanted = market.some_behind = true;
        for (auto& [terms, window] : market.windows) {
            window.shown = false;
            for (auto& [edition, readers] : window.editions)
                for (Reader& reader : readers)
                    reader.current = false;
        }
    }
}

bool Publisher::follows() const noexcept {
    return std::ranges::any_of(markets_, [](const auto& entry) { return entry.second.image.has_value(); });
}

void Publisher::take(std::span<const Event> events) {
    if (!events.empty()) taken_below_ = EventNumber{events.back().header.number.value() + 1};
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
        market.not_before = now + pause_after(market);
    }
    drop_idle(now);
}

std::chrono::nanoseconds Publisher::pause_after(const Market& market) const noexcept {
    std::size_t readers = 0;
    for (const auto& [terms, window] : market.windows)
        for (const auto& [edition, of_edition] : window.editions)
            readers += of_edition.size();
    const auto bounded = std::min<std::size_t>(readers, most_interval / interval_a_reader);
    return std::max<std::chrono::nanoseconds>(interval_, bounded * interval_a_reader);
}

void Publisher::drop_idle(Time now) {
    const auto idle_for_long = [now](Window& window) {
        if (!window.editions.empty())
            window.idle_since.reset();
        else if (!window.idle_since)
            window.idle_since = now;
        return window.idle_since && now - *window.idle_since >= linger;
    };
    for (auto market = markets_.begin(); market != markets_.end();) {
        auto& windows = market->second.windows;
        for (auto window = windows.begin(); window != windows.end();)
            window = idle_for_long(window->second) ? windows.erase(window) : std::next(window);
        market = windows.empty() ? markets_.erase(market) : std::next(market);
    }
}

void Publisher::publish(Market& market) {
    market.some_behind = false;
    for (auto& [terms, window] : market.windows) {
        if (!std::exchange(window.shown, true))
            window.view.renew(*market.image);
        else if (market.changed)
            window.view.update(*market.image);
        for (auto& [edition, readers] : window.editions) {
            if (market.changed) give_update(window.view, edition, readers, market.instrument);
            if (!give_snapshot(window.view, edition, readers, market)) market.some_behind = true;
        }
    }
    market.image->forget_changes();
    market.changed = false;
}

// To those who are current.
void Publisher::give_update(const View& view, const Edition& edition, Readers& readers,
                            const Instrument& instrument) const {
    if (std::ranges::none_of(readers, &Reader::current)) return;
    auto made = view.change(edition.types, instrument);
    if (!made) return;
    if (!edition.incremental) made = view.snapshot(edition.types, instrument, most_body_bytes_);
    const auto body = std::make_shared<const Body>(*std::move(made));
    for (Reader& reader : readers) {
        if (!reader.current) continue;
        const auto room = reader.subscriber->room();
        reader.current =
            room == Subscriber::Room::plenty || (room == Subscriber::Room::some && edition.incremental);
        if (reader.current) reader.subscriber->take(reader.subscription, body);
    }
}

// To those who are not; false when some still wait, for room or for what they must be shown.
bool Publisher::give_snapshot(const View& view, const Edition& edition, Readers& readers,
                              const Market& market) const {
    const auto shows_below = std::max(taken_below_, market.image_begins);
    std::shared_ptr<const Body> body;
    bool all = true;
    for (Reader& reader : readers) {
        if (reader.current) continue;
        if (reader.from > shows_below || reader.subscriber->room() != Subscriber::Room::plenty) {
            all = false;
            continue;
        }
        if (!body)
            body = std::make_shared<const Body>(
                view.snapshot(edition.types, market.instrument, most_body_bytes_));
        reader.current = true;
        reader.subscriber->take(reader.subscription, body);
    }
    return all;
}

} // namespace tradehive::market_data
