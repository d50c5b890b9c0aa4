#include "acceptor/translation/refusal.hpp"
#include "acceptor/translation/report_fields.hpp"

#include <algorithm>
#include <stdexcept>

namespace tradehive::acceptor {

namespace {

std::string exec_id(const EventHeader& header) {
    return std::to_string(header.sequence.value()) + "-" + std::to_string(header.index);
}

OutboundFields execution_report(const EventHeader& header, char exec_type, const OrderImage& order,
                                const ReferenceData& reference) {
    OutboundFields fields{.msg_type = "8", .poss_resend = false, .fields = {}};
    fields.fields.reserve(24);
    fields.add(17, exec_id(header));
    fields.add(150, exec_type);
    add_order(fields, order, reference);
    fields.add(60, format_utc_timestamp(header.time));
    return fields;
}

void add_id(OutboundFields& fields, int tag, const ClOrdID& id) {
    if (!id.empty()) fields.add(tag, id.view());
}

OutboundFields encode(const EventHeader& header, const OrderAccepted& event, const ReferenceData& reference) {
    auto fields = execution_report(header, '0', event.order, reference);
    add_id(fields, 11, event.order.cl_ord_id);
    return fields;
}

OutboundFields encode(const EventHeader& header, const OrderRejected& event, const ReferenceData& reference) {
    auto fields = execution_report(header, '8', event.order, reference);
    add_id(fields, 11, event.order.cl_ord_id);
    fields.add(103, std::uint64_t{ord_rej_reason(event.reason)});
    fields.add(58, refusal_text(event.reason, event.bound, event.order, reference));
    return fields;
}

OutboundFields encode(const EventHeader& header, const OrderTraded& event, const ReferenceData& reference) {
    const auto& instrument = instrument_of(reference, event.order.instrument);
    const auto& quote = asset_of(reference, instrument.quote);
    auto fields = execution_report(header, 'F', event.order, reference);
    add_id(fields, 11, event.order.cl_ord_id);
    fields.add(32, format_units(event.last_qty.value(), instrument.lot).view());
    fields.add(31, format_units(event.last_px.value(), instrument.tick).view());
    fields.add(527, event.trade.value());
    fields.add(851, event.maker != 0 ? '1' : '2');
    fields.add(136, '1');
    fields.add(137, format_units(event.fee.value(), minor_unit(quote.scale)).view());
    fields.add(138, quote.code.view());
    fields.add(139, '4'); // exchange fees
    fields.add(891, '0'); // absolute
    return fields;
}

std::string_view text_of(Unsolicited why) noexcept {
    switch (why) {
    case Unsolicited::disconnect:
        return "DISCONNECT: cancelled because the session's connection ended";
    case Unsolicited::self_match:
        return "SELF_MATCH: the rest is cancelled because it would have met an order of the same account";
    case Unsolicited::operator_:
        return "OPERATOR: cancelled by the venue's operator";
    case Unsolicited::session_revoked:
        return "REVOKED: cancelled because the FIX session has been revoked";
    case Unsolicited::none:
    case Unsolicited::expired:
        break;
    }
    return {};
}

OutboundFields encode(const EventHeader& header, const OrderCanceled& event, const ReferenceData& reference) {
    const bool expired = event.why == Unsolicited::expired;
    auto fields = execution_report(header, expired ? 'C' : '4', event.order, reference);
    if (event.request.empty()) {
        add_id(fields, 11, event.order.cl_ord_id);
    } else {
        add_id(fields, 11, event.request);
        add_id(fields, 41, event.order.cl_ord_id);
    }
    if (const auto text = text_of(event.why); !text.empty()) {
        fields.add(378, "99");
        fields.add(58, text);
    }
    return fields;
}

OutboundFields encode(const EventHeader& header, const OrderReplaced& event, const ReferenceData& reference) {
    auto fields = execution_report(header, '5', event.order, reference);
    add_id(fields, 11, event.order.cl_ord_id);
    add_id(fields, 41, event.orig_cl_ord_id);
    fields.add(638, event.kept_place != 0 ? '0' : '1'); // PriorityIndicator: unchanged, lost
    return fields;
}

OutboundFields encode(const EventHeader& header, const OrderStatusReport& event,
                      const ReferenceData& reference) {
    auto fields = execution_report(header, 'I', event.order, reference);
    add_id(fields, 11, event.order.cl_ord_id);
    return fields;
}

// What 8 and 9 say of an order of which only the request is known.
void add_cancel_reject(OutboundFields& fields, OrderId order, const ClOrdID& cl_ord_id,
                       const ClOrdID& orig_cl_ord_id) {
    if (order == OrderId{})
        fields.add(37, no_order);
    else
        fields.add(37, order.value());
    add_id(fields, 11, cl_ord_id);
    fields.add(41, orig_cl_ord_id.empty() ? no_order : orig_cl_ord_id.view());
}

OutboundFields encode(const EventHeader& header, const CancelRejected& event,
                      const ReferenceData& reference) {
    OutboundFields fields{.msg_type = "9", .poss_resend = false, .fields = {}};
    add_cancel_reject(fields, event.order, event.cl_ord_id, event.orig_cl_ord_id);
    if (event.account != AccountId{}) fields.add(1, account_of(reference, event.account).code.view());
    fields.add(39, static_cast<char>(event.ord_status));
    fields.add(434, event.of_replace != 0 ? '2' : '1');
    fields.add(102, std::uint64_t{cxl_rej_reason(event.reason)});
    fields.add(60, format_utc_timestamp(header.time));
    fields.add(58, refusal_text(event.reason));
    return fields;
}

// --- refusals by the gateway -----------------------------------------------------------------------------

OutboundFields rejected_order(const EventHeader& header, const MessageRefused& refusal) {
    OutboundFields fields{.msg_type = "8", .poss_resend = false, .fields = {}};
    fields.add(37, header.sequence.value()); // as for an order that the venue itself refuses
    fields.add(17, exec_id(header));
    fields.add(150, '8');
    fields.add(39, '8');
    add_id(fields, 11, refusal.cl_ord_id);
    if (!refusal.account.empty()) fields.add(1, refusal.account.view());
    fields.add(55, refusal.symbol.empty() ? no_symbol : refusal.symbol.view());
    fields.add(54, refusal.side == Side{} ? side_undisclosed : static_cast<char>(refusal.side));
    if (refusal.ord_type != OrdType{}) fields.add(40, static_cast<char>(refusal.ord_type));
    fields.add(151, '0');
    fields.add(14, '0');
    fields.add(6, '0');
    fields.add(60, format_utc_timestamp(header.time));
    fields.add(103, std::uint64_t{refusal.code});
    fields.add(58, refusal.text.view());
    return fields;
}

OutboundFields rejected_cancel(const EventHeader& header, const MessageRefused& refusal) {
    OutboundFields fields{.msg_type = "9", .poss_resend = false, .fields = {}};
    add_cancel_reject(fields, refusal.order, refusal.cl_ord_id, refusal.orig_cl_ord_id);
    if (!refusal.account.empty()) fields.add(1, refusal.account.view());
    fields.add(39, '8');
    fields.add(434, refusal.ref_msg_type.front() == 'G' ? '2' : '1');
    fields.add(102, std::uint64_t{refusal.code});
    fields.add(60, format_utc_timestamp(header.time));
    fields.add(58, refusal.text.view());
    return fields;
}

OutboundFields rejected_message(const EventHeader& header, const MessageRefused& refusal) {
    const bool by_session = refusal.channel == RefusalChannel::session_reject;
    const auto* const type_end = std::ranges::find(refusal.ref_msg_type, '\0');
    const std::string_view type{refusal.ref_msg_type.begin(), type_end};
    OutboundFields fields{.msg_type = by_session ? "3" : "j", .poss_resend = false, .fields = {}};
    fields.add(45, header.origin.number.value());
    if (!type.empty()) fields.add(372, type);
    if (by_session && refusal.ref_tag != 0) fields.add(371, std::uint64_t{refusal.ref_tag});
    if (!by_session) add_id(fields, 379, refusal.cl_ord_id);
    fields.add(by_session ? 373 : 380, std::uint64_t{refusal.code});
    fields.add(58, refusal.text.view());
    return fields;
}

OutboundFields rejected_request(const MessageRefused& refusal) {
    OutboundFields fields{.msg_type = "Y", .poss_resend = false, .fields = {}};
    add_id(fields, 262, refusal.cl_ord_id);
    if (refusal.code != market_data_reject::none) fields.add(281, static_cast<char>(refusal.code));
    fields.add(58, refusal.text.view());
    return fields;
}

std::optional<OutboundFields> encode(const EventHeader& header, const MessageRefused& refusal) {
    switch (refusal.channel) {
    case RefusalChannel::execution_report:
        return rejected_order(header, refusal);
    case RefusalChannel::cancel_reject:
        return rejected_cancel(header, refusal);
    case RefusalChannel::session_reject:
    case RefusalChannel::business_reject:
        return rejected_message(header, refusal);
    case RefusalChannel::market_data_reject:
        return rejected_request(refusal);
    case RefusalChannel::by_session:
        break;
    }
    return std::nullopt;
}

} // namespace

std::optional<OutboundFields> encode(const Event& event, const ReferenceData& reference) {
    const auto of = [&]<class Body>() { return encode(event.header, event.as<Body>(), reference); };
    switch (event.header.kind) {
    case EventKind::order_accepted:
        return of.operator()<OrderAccepted>();
    case EventKind::order_rejected:
        return of.operator()<OrderRejected>();
    case EventKind::order_traded:
        return of.operator()<OrderTraded>();
    case EventKind::order_canceled:
        return of.operator()<OrderCanceled>();
    case EventKind::order_replaced:
        return of.operator()<OrderReplaced>();
    case EventKind::cancel_rejected:
        return of.operator()<CancelRejected>();
    case EventKind::order_status:
        return of.operator()<OrderStatusReport>();
    case EventKind::message_was_refused:
        return encode(event.header, event.as<MessageWasRefused>().refusal);
    default:
        return std::nullopt;
    }
}

} // namespace tradehive::acceptor
