#include "acceptor/reference_session.hpp"

#include <optional>
#include <span>

namespace tradehive::acceptor {

namespace {

using Kind = ReferenceRequest::Kind;
using Securities = ReferenceRequest::Securities;

FIX::Message refused(const ReferenceRequest& request, RejectReason why, std::uint32_t day) {
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

std::vector<FIX::Message> ReferenceSession::answer(const ReferenceRequest& request, const Now& now) {
    const auto refuse = [&](RejectReason why) { return std::vector{refused(request, why, now.day)}; };
    const Key key{request.kind, request.request_id};
    if (request.type == SubscriptionRequest::unsubscribe) {
        if (subscriptions_.erase(key) == 0) return refuse(RejectReason::unknown_request);
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
std::vector<FIX::Message> ReferenceSession::tell(Subscription& subscription, const Now& now) {
    const ReferenceRequest& request = subscription.request;
    switch (request.kind) {
    case Kind::security_list: {
        std::span<const Instrument> instruments = now.reference.instruments;
        subscription.instruments = instruments.size();
        if (request.securities == Securities::one)
            instruments = instruments.subspan(request.instrument.value() - 1, 1);
        auto messages = security_list(request, instruments, now.reference, 1);
        subscription.messages = messages.size();
        return messages;
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

std::vector<FIX::Message> ReferenceSession::changes(Subscription& subscription, const Now& now) {
    const ReferenceRequest& request = subscription.request;
    switch (request.kind) {
    case Kind::security_list: {
        const std::span<const Instrument> all = now.reference.instruments;
        const auto known = std::exchange(subscription.instruments, all.size());
        if (request.securities == Securities::one || known == all.size()) return {};
        auto messages = security_list(request, all.subspan(known), now.reference, subscription.messages + 1);
        subscription.messages += messages.size();
        return messages;
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

std::vector<FIX::Message> ReferenceSession::changes(const Now& now) {
    std::vector<FIX::Message> messages;
    for (auto& [key, subscription] : subscriptions_)
        for (auto& message : changes(subscription, now))
            messages.push_back(std::move(message));
    return messages;
}

} // namespace tradehive::acceptor
