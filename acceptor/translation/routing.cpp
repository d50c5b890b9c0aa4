#include "acceptor/translation/fields.hpp"
#include "acceptor/translation/refusal.hpp"

namespace tradehive::acceptor {

namespace {

FixSessionId asker(const Event& event) noexcept {
    return event.header.origin.channel == Channel::fix ? event.header.origin.session : FixSessionId{};
}

std::array<FixSessionId, 2> once_each(FixSessionId first, FixSessionId second) noexcept {
    if (first == second) second = {};
    if (first == FixSessionId{}) std::swap(first, second);
    return {first, second};
}

// What the venue did by itself concerns the order's own session only; what follows at once from a request
// belongs to its answer too.
bool answers_a_request(Unsolicited why) noexcept {
    return why == Unsolicited::none || why == Unsolicited::self_match || why == Unsolicited::expired;
}

} // namespace

std::array<FixSessionId, 2> recipients(const Event& event) noexcept {
    switch (event.header.kind) {
    case EventKind::order_accepted:
        return once_each(asker(event), event.as<OrderAccepted>().order.session);
    case EventKind::order_replaced:
        return once_each(asker(event), event.as<OrderReplaced>().order.session);
    case EventKind::order_traded: {
        const auto traded = event.as<OrderTraded>();
        const bool answers = traded.maker == 0 && traded.unasked == 0;
        return once_each(answers ? asker(event) : FixSessionId{}, traded.order.session);
    }
    case EventKind::order_canceled: {
        const auto canceled = event.as<OrderCanceled>();
        const bool answers = answers_a_request(canceled.why) && canceled.unasked == 0;
        return once_each(answers ? asker(event) : FixSessionId{}, canceled.order.session);
    }
    case EventKind::order_restated:
        return {event.as<OrderRestated>().order.session, {}};
    case EventKind::order_rejected:
    case EventKind::mass_canceled:
    case EventKind::cancel_rejected:
    case EventKind::order_status:
    case EventKind::user_answered:
        return {asker(event), {}};
    case EventKind::message_was_refused:
        if (event.as<MessageWasRefused>().refusal.channel == RefusalChannel::by_session) return {};
        return {asker(event), {}};
    default:
        return {};
    }
}

std::optional<OutboundFields> report(const Event& event, const ReferenceData& reference, FixSessionId to,
                                     bool poss_resend) {
    const auto sessions = recipients(event);
    if (to == FixSessionId{} || std::ranges::find(sessions, to) == sessions.end()) return std::nullopt;
    auto fields = encode(event, reference);
    if (!fields) return std::nullopt;
    fields->poss_resend = poss_resend;
    return fields;
}

OutboundFields market_data_reject_message(const MDReqID& request, RejectReason why) {
    OutboundFields fields{.msg_type = "Y", .poss_resend = false, .fields = {}};
    fields.add(262, request.view());
    if (const auto code = md_req_rej_reason(why); code != market_data_reject::none)
        fields.add(281, static_cast<char>(code));
    fields.add(58, refusal_text(why));
    return fields;
}

} // namespace tradehive::acceptor
