#include "acceptor/market_data_session.hpp"

#include "acceptor/framing.hpp"
#include "acceptor/logon.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tradehive::acceptor {

namespace {

constexpr std::size_t most_asked = 256; // snapshots under way; more are refused with BUSY

} // namespace

bool MarketDataSession::ends(const MarketDataRequest& request) const {
    return request.type == SubscriptionRequest::unsubscribe && requests_.contains(request.request_id);
}

RejectReason MarketDataSession::request(const MarketDataRequest& request) {
    if (request.type == SubscriptionRequest::unsubscribe) {
        const auto found = requests_.find(request.request_id);
        if (found == requests_.end()) return RejectReason::unknown_request;
        unsubscribe(found);
        return RejectReason::none;
    }
    if (is_alive(request.request_id)) return RejectReason::duplicate_request;
    const auto& window = request.terms.window;
    if (request.type == SubscriptionRequest::snapshot && window.depth != 0 && !window.by_order)
        return ask_levels(request);
    if (request_of_.size() + symbols_asked_ + request.instruments.size() > ports_.most_subscriptions)
        return RejectReason::too_many_subscriptions;
    if (request.type == SubscriptionRequest::snapshot) return ask(request);
    subscribe(request, {});
    return RejectReason::none;
}

void MarketDataSession::unsubscribe(Requests::iterator request) {
    for (const SubscriptionId subscription : request->second.subscriptions)
        request_of_.erase(subscription); // what is on its way will not be sent
    ports_.feed->unsubscribe(std::move(request->second.subscriptions));
    requests_.erase(request);
}

bool MarketDataSession::is_alive(const MDReqID& request) const {
    return requests_.contains(request) ||
           std::ranges::any_of(asked_,
                               [&](const auto& entry) { return entry.second.request_id == request; }) ||
           std::ranges::any_of(levels_asked_,
                               [&](const auto& entry) { return entry.second.request_id == request; });
}

RejectReason MarketDataSession::ask_levels(const MarketDataRequest& request) {
    if (asked_.size() + levels_asked_.size() + request.instruments.size() > most_asked)
        return RejectReason::busy;
    for (const InstrumentId instrument : request.instruments) {
        Question question{
            .origin = request.origin,
            .what =
                AskBook{.instrument = instrument, .depth = request.terms.window.depth, .by_order = false}};
        question.origin.correlation = ports_.correlation();
        if (ports_.commands.ask(question) == Submitted::full) {
            std::erase_if(levels_asked_,
                          [&](const auto& entry) { return entry.second.request_id == request.request_id; });
            return RejectReason::busy;
        }
        levels_asked_.emplace(question.origin.correlation, Levels{request.request_id, request.terms});
    }
    return RejectReason::none;
}

void MarketDataSession::answer_levels(const Levels& asked, const Answer& answer) {
    const auto* const book = std::get_if<BookAnswer>(&answer.what);
    const auto reference = ports_.reference.current();
    const auto* const instrument = book ? reference->instrument(book->instrument) : nullptr;
    if (instrument == nullptr) return;
    const market_data::View view{asked.terms.window, *book};
    const auto body = view.snapshot(asked.terms.edition.types, *instrument, ports_.most_body_bytes);
    if (fits(body, asked.request_id)) ports_.send(asked.request_id, body);
}

RejectReason MarketDataSession::ask(const MarketDataRequest& request) {
    if (asked_.size() + levels_asked_.size() >= most_asked) return RejectReason::busy;
    Question question{.origin = request.origin, .what = AskVenue{}};
    question.origin.correlation = ports_.correlation();
    if (ports_.commands.ask(question) == Submitted::full) return RejectReason::busy;
    asked_.emplace(question.origin.correlation, request);
    symbols_asked_ += request.instruments.size();
    return RejectReason::none;
}

void MarketDataSession::subscribe(const MarketDataRequest& request, EventNumber from) {
    const auto reference = ports_.reference.current();
    Alive& alive = requests_[request.request_id];
    alive.once = request.type == SubscriptionRequest::snapshot;
    for (const InstrumentId instrument : request.instruments) {
        const auto subscription = ports_.feed->next_subscription();
        alive.subscriptions.push_back(subscription);
        request_of_.emplace(subscription, request.request_id);
        ports_.feed->subscribe(subscription, *reference->instrument(instrument), request.terms, ports_.inbox,
                               from);
    }
}

bool MarketDataSession::answer(const Answer& answer) {
    if (const auto levels = levels_asked_.extract(answer.asker.correlation)) {
        answer_levels(levels.mapped(), answer);
        return true;
    }
    const auto found = asked_.find(answer.asker.correlation);
    if (found == asked_.end()) return false;
    const MarketDataRequest request = std::move(found->second);
    asked_.erase(found);
    symbols_asked_ -= request.instruments.size();
    subscribe(request, answer.after);
    return true;
}

bool MarketDataSession::fits(const market_data::Body& body, const MDReqID& request) {
    if (body.bytes.size() <= ports_.most_body_bytes) return true;
    ports_.refuse(request, RejectReason::book_too_large);
    return false;
}

void MarketDataSession::deliver(Deliver what) {
    for (const auto& [subscription, body] : ports_.inbox->take_all()) {
        const auto found = request_of_.find(subscription);
        if (found == request_of_.end() || what == Deliver::forget) continue;
        const MDReqID request = found->second;
        const auto alive = requests_.find(request);
        const bool fitted = fits(*body, request);
        if (fitted) ports_.send(request, *body);
        if (alive->second.once)
            end_one(alive, subscription);
        else if (!fitted)
            unsubscribe(alive);
    }
}

void MarketDataSession::end_one(Requests::iterator request, SubscriptionId subscription) {
    request_of_.erase(subscription);
    ports_.feed->unsubscribe({subscription});
    std::erase(request->second.subscriptions, subscription);
    if (request->second.subscriptions.empty()) requests_.erase(request);
}

std::vector<market_data::SubscriptionId> MarketDataSession::all() const {
    std::vector<SubscriptionId> subscriptions;
    subscriptions.reserve(request_of_.size());
    for (const auto& [subscription, request] : request_of_)
        subscriptions.push_back(subscription);
    return subscriptions;
}

void MarketDataSession::resynchronize() {
    if (!request_of_.empty()) ports_.feed->refresh(all());
}

void MarketDataSession::end() {
    if (!request_of_.empty()) ports_.feed->unsubscribe(all());
    requests_.clear();
    request_of_.clear();
    asked_.clear();
    levels_asked_.clear();
    symbols_asked_ = 0;
}

std::string market_data_message(const market_data::Body& body, const MDReqID& request,
                                const MessageHeader& header) {
    const auto before =
        header_fields({&body.msg_type, 1}, header) + fmt::format("262={}\x01", request.view());
    auto message = fmt::format("8={}\x01"
                               "9={}\x01{}",
                               begin_string(header.version), before.size() + body.bytes.size(), before);
    const auto checksum = checksum_of(message) + body.checksum;
    message.reserve(message.size() + body.bytes.size() + 7);
    message += body.bytes;
    fmt::format_to(std::back_inserter(message), "10={:03}\x01", checksum % 256);
    return message;
}

} // namespace tradehive::acceptor
