#include "acceptor/reference_session.hpp"

#include <algorithm>
#include <span>

namespace tradehive::acceptor {

namespace {

constexpr std::size_t most_lists = 16;

using Kind = ReferenceRequest::Kind;
using Securities = ReferenceRequest::Securities;

OutboundFields refused(const ReferenceRequest& request, RejectReason why, std::uint32_t day) {
    switch (request.kind) {
    case Kind::security_list:
        return security_list_refused(request, why);
    case Kind::security_status:
        return security_status_refused(request, why);
    case Kind::trading_session:
        break;
    }
    return trading_session_refused(request, day, why);
}

// What cannot be answered in the request itself.
RejectReason fault_of(const ReferenceRequest& request, const ReferenceSession::Now& now) {
    switch (request.kind) {
    case Kind::security_list:
        if (request.securities == Securities::unsupported) return RejectReason::bad_field;
        if (request.securities == Securities::all) return RejectReason::none;
        [[fallthrough]];
    case Kind::security_status:
        return request.instrument == InstrumentId{} ? RejectReason::unknown_instrument : RejectReason::none;
    case Kind::trading_session:
        break;
    }
    const auto asked = request.trading_session.view();
    return asked.empty() || is_trading_session(asked, now.day) ? RejectReason::none
                                                               : RejectReason::unknown_trading_session;
}

} // namespace

ReferenceSession::ReferenceSession(std::size_t most_subscriptions, News news, const ReferenceData& known)
    : most_{most_subscriptions}
    , news_{news} {
    for (const Instrument& instrument : known.instruments)
        states_.push_back(instrument.state);
}

bool ReferenceSession::ends(const ReferenceRequest& request) const {
    return request.type == SubscriptionRequest::unsubscribe &&
           subscriptions_.contains({request.kind, request.request_id});
}

bool ReferenceSession::full() const noexcept {
    return lists_.size() >= most_lists;
}

std::vector<OutboundFields> ReferenceSession::answer(const ReferenceRequest& request, const Now& now) {
    const auto refuse = [&](RejectReason why) { return std::vector{refused(request, why, now.day)}; };
    const Key key{request.kind, request.request_id};
    if (request.type == SubscriptionRequest::unsubscribe) {
        if (subscriptions_.erase(key) == 0) return refuse(RejectReason::unknown_request);
        std::erase_if(
            lists_, [&](const List& list) { return Key{list.request.kind, list.request.request_id} == key; });
        return {};
    }
    if (subscriptions_.contains(key)) return refuse(RejectReason::duplicate_request);
    if (const auto fault = fault_of(request, now); fault != RejectReason::none) return refuse(fault);
    Subscription subscription{.request = request};
    if (request.type == SubscriptionRequest::snapshot) return tell(subscription, now);
    if (subscriptions_.size() >= most_) return refuse(RejectReason::too_many_subscriptions);
    return tell(subscriptions_.emplace(key, subscription).first->second, now);
}

// All of it, for the first time.
std::vector<OutboundFields> ReferenceSession::tell(Subscription& subscription, const Now& now) {
    const ReferenceRequest& request = subscription.request;
    switch (request.kind) {
    case Kind::security_list: {
        const auto all = now.reference.instruments.size();
        const std::size_t one = request.instrument.value();
        subscription.instruments = all;
        if (request.securities == Securities::one)
            begin_list(subscription, one - 1, one);
        else
            begin_list(subscription, 0, all);
        return {};
    }
    case Kind::security_status:
        subscription.state = now.reference.instrument(request.instrument)->state;
        return {security_status(request, subscription.state, now.time, false)};
    case Kind::trading_session:
        break;
    }
    subscription.day = now.day;
    return {trading_session_status(request, now.day, false)};
}

std::vector<OutboundFields> ReferenceSession::changes(Subscription& subscription, const Now& now) {
    const ReferenceRequest& request = subscription.request;
    switch (request.kind) {
    case Kind::security_list: {
        const auto all = now.reference.instruments.size();
        if (request.securities == Securities::one || subscription.instruments == all || full()) return {};
        begin_list(subscription, std::exchange(subscription.instruments, all), all);
        return {};
    }
    case Kind::security_status: {
        const auto state = now.reference.instrument(request.instrument)->state;
        if (std::exchange(subscription.state, state) == state) return {};
        return {security_status(request, state, now.time, true)};
    }
    case Kind::trading_session:
        break;
    }
    if (std::exchange(subscription.day, now.day) == now.day) return {};
    return {trading_session_status(request, now.day, true)};
}

std::vector<OutboundFields> ReferenceSession::changes(const Now& now) {
    std::vector<OutboundFields> messages;
    for (auto& [key, subscription] : subscriptions_)
        for (auto& message : changes(subscription, now))
            messages.push_back(std::move(message));
    if (news_ == News::told) tell_news(now, messages);
    return messages;
}

void ReferenceSession::tell_news(const Now& now, std::vector<OutboundFields>& messages) {
    const auto& instruments = now.reference.instruments;
    for (std::size_t i = 0; i < states_.size(); ++i)
        if (std::exchange(states_[i], instruments[i].state) != instruments[i].state)
            messages.push_back(instrument_news(instruments[i], now.time));
    for (std::size_t i = states_.size(); i < instruments.size(); ++i)
        states_.push_back(instruments[i].state);
}

void ReferenceSession::begin_list(Subscription& subscription, std::size_t first, std::size_t end) {
    const auto of_all = end - first;
    lists_.push_back({.request = subscription.request,
                      .next = first,
                      .end = end,
                      .of_all = of_all,
                      .message = subscription.messages + 1});
    subscription.messages += std::max<std::size_t>(1, (of_all + securities_a_page - 1) / securities_a_page);
}

OutboundFields ReferenceSession::next_page(const ReferenceData& reference) {
    List& list = lists_.front();
    const auto count = std::min(list.end - list.next, securities_a_page);
    const auto on_page = std::span{reference.instruments}.subspan(list.next, count);
    list.next += count;
    const bool last = list.next == list.end;
    auto page = security_list_page(list.request, on_page, reference,
                                   {.message = list.message++, .of_all = list.of_all, .last = last});
    if (last) lists_.pop_front();
    return page;
}

} // namespace tradehive::acceptor
