#include "acceptor/translation/fields.hpp"
#include "acceptor/translation/refusal.hpp"

namespace tradehive::acceptor {

namespace {

bool names_an_order(std::string_view msg_type) noexcept {
    return msg_type == "D" || msg_type == "F" || msg_type == "G" || msg_type == "H" || msg_type == "q" ||
           msg_type == "AF";
}

} // namespace

Translated decode(const InboundFields& fields, const InboundContext& context) {
    if (!fields.appl_ver_id.empty() && fields.appl_ver_id != fix50sp2_appl_ver_id)
        return refuse_field(fields, context, 1128, session_reject::unsupported_application_version,
                            "ApplVerID(1128) must be absent or 9 (FIX 5.0 SP2)");
    const auto kind = context.session.kind;
    if (names_an_order(fields.msg_type) && kind != SessionKind::order_entry)
        return refuse_message(fields, context, business_reject::not_authorized,
                              RejectReason::session_may_not_trade);

    if (fields.msg_type == "D") return decode_new_order(fields, context);
    if (fields.msg_type == "F") return decode_cancel(fields, context);
    if (fields.msg_type == "G") return decode_replace(fields, context);
    if (fields.msg_type == "H") return decode_status_request(fields, context);
    if (fields.msg_type == "q") return decode_mass_cancel(fields, context);
    if (fields.msg_type == "AF") return decode_mass_status(fields, context);
    if (fields.msg_type == "BE") return decode_user_request(fields, context);
    if (fields.msg_type == "V" && kind != SessionKind::drop_copy)
        return decode_market_data_request(fields, context);
    if ((fields.msg_type == "x" || fields.msg_type == "e" || fields.msg_type == "g") &&
        kind != SessionKind::drop_copy)
        return decode_reference_request(fields, context);
    return refuse_message(fields, context, business_reject::unsupported_message_type,
                          RejectReason::unsupported_message);
}

Translated translate(const FIX::Message& message, const InboundContext& context) noexcept {
    try {
        return decode(view(message), context);
    } catch (const std::exception&) {
        // Only a message that the Session would not have let pass gets here: its header lacks MsgType.
        return refuse_message({}, context, business_reject::unsupported_message_type,
                              RejectReason::unsupported_message);
    }
}

} // namespace tradehive::acceptor
