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
    fields.add(880, event.trade.value());
    fields.add(851, event.maker != 0 ? '1' : '2');
    fields.add(1057, event.maker != 0 ? 'N' : 'Y');
    fields.add(136, '1');
    fields.add(137, format_units(event.fee.value(), minor_unit(quote.scale)).view());
    fields.add(138, quote.code.view());
    fields.add(139, '4'); // exchange fees
    fields.add(891, '0'); // absolute
    return fields;
}

// ExecRestatementReason(378), and the Text(58) that says more. Nothing for what was asked for, or said by the
// ExecType already.
struct Why {
    std::string_view restatement;
    std::string_view text;
};

Why why_text(Unsolicited why) noexcept {
    constexpr std::string_view on_halt = "6";
    constexpr std::string_view market_option = "8";
    constexpr std::string_view other = "99";
    switch (why) {
    case Unsolicited::disconnect:
        return {other, "DISCONNECT: cancelled because the session's connection ended"};
    case Unsolicited::self_match:
        return {other, "SELF_MATCH: cancelled because it would have met an order of the same account"};
    case Unsolicited::operator_:
        return {other, "OPERATOR: cancelled by the venue's operator"};
    case Unsolicited::session_revoked:
        return {other, "REVOKED: cancelled because the FIX session has been revoked"};
    case Unsolicited::halted:
        return {on_halt, "HALTED: cancelled as asked for because the instrument is halted"};
    case Unsolicited::delisted:
        return {market_option, "DELISTED: cancelled because the instrument is no longer traded"};
    case Unsolicited::killed:
        return {market_option, "KILLED: cancelled by a kill switch"};
    case Unsolicited::mass_cancel:
    case Unsolicited::none:
    case Unsolicited::expired:
    case Unsolicited::triggered:
    case Unsolicited::rests_as_limit:
        break;
    }
    return {};
}

Why why_restated(Unsolicited why) noexcept {
    if (why == Unsolicited::triggered) return {"99", "TRIGGERED: a trade has reached StopPx(99)"};
    if (why == Unsolicited::self_match)
        return {"5", "SELF_MATCH: OrderQty(38) is lowered by what it would have traded with its own account"};
    return {"3", "RESTS: what is left rests as a limit order at the price of the last fill"};
}

void add_why(OutboundFields& fields, const Why& why) {
    if (why.text.empty()) return;
    fields.add(378, why.restatement);
    fields.add(58, why.text);
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
    add_why(fields, why_text(event.why));
    return fields;
}

OutboundFields encode(const EventHeader& header, const OrderRestated& event, const ReferenceData& reference) {
    const char exec_type = event.why == Unsolicited::triggered ? 'L' : 'D';
    auto fields = execution_report(header, exec_type, event.order, reference);
    add_id(fields, 11, event.order.cl_ord_id);
    add_why(fields, why_restated(event.why));
    return fields;
}

// 532 is one character in FIX 4.4, and 99 (other) is two: left out, the text says it.
void add_mass_cancel_reason(OutboundFields& fields, std::uint16_t reason) {
    if (reason < 10) fields.add(532, std::uint64_t{reason});
}

OutboundFields encode(const EventHeader& header, const MassCanceled& event, const ReferenceData& reference) {
    const char type = event.instrument == InstrumentId{} ? '7' : '1';
    OutboundFields fields{.msg_type = "r", .poss_resend = false, .fields = {}};
    fields.add(37, header.sequence.value());
    fields.add(1369, header.sequence.value());
    add_id(fields, 11, event.cl_ord_id);
    fields.add(530, type);
    fields.add(531, event.reason == RejectReason::none ? type : '0');
    if (event.instrument != InstrumentId{})
        fields.add(55, instrument_of(reference, event.instrument).symbol.view());
    fields.add(60, format_utc_timestamp(header.time));
    if (event.reason == RejectReason::none) {
        fields.add(533, std::uint64_t{event.orders});
    } else {
        add_mass_cancel_reason(fields, mass_cancel_rej_reason(event.reason));
        fields.add(58, refusal_text(event.reason));
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

OutboundFields rejected_mass_cancel(const EventHeader& header, const MessageRefused& refusal) {
    OutboundFields fields{.msg_type = "r", .poss_resend = false, .fields = {}};
    fields.add(37, header.sequence.value());
    fields.add(1369, header.sequence.value());
    add_id(fields, 11, refusal.cl_ord_id);
    fields.add(530, refusal.request_type);
    fields.add(531, '0');
    add_mass_cancel_reason(fields, refusal.code);
    if (!refusal.symbol.empty()) fields.add(55, refusal.symbol.view());
    fields.add(60, format_utc_timestamp(header.time));
    fields.add(58, refusal.text.view());
    return fields;
}

OutboundFields rejected_mass_status(const EventHeader& header, const MessageRefused& refusal) {
    auto fields = no_orders(exec_id(header), refusal.cl_ord_id.view(), refusal.symbol);
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
    case RefusalChannel::mass_cancel_report:
        return rejected_mass_cancel(header, refusal);
    case RefusalChannel::mass_status:
        return rejected_mass_status(header, refusal);
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
    case EventKind::order_restated:
        return of.operator()<OrderRestated>();
    case EventKind::mass_canceled:
        return of.operator()<MassCanceled>();
    case EventKind::cancel_rejected:
        return of.operator()<CancelRejected>();
    case EventKind::order_status:
        return of.operator()<OrderStatusReport>();
    case EventKind::message_was_refused:
        return encode(event.header, event.as<MessageWasRefused>().refusal);
    case EventKind::user_answered:
        return encode(event.as<UserAnswered>());
    default:
        return std::nullopt;
    }
}

} // namespace tradehive::acceptor
