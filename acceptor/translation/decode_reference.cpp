#include "acceptor/translation/fields.hpp"
#include "acceptor/translation/refusal.hpp"

namespace tradehive::acceptor {

namespace {

using Kind = ReferenceRequest::Kind;

Kind kind_of(std::string_view msg_type) noexcept {
    if (msg_type == "x") return Kind::security_list;
    return msg_type == "e" ? Kind::security_status : Kind::trading_session;
}

int id_tag_of(Kind kind) noexcept {
    switch (kind) {
    case Kind::security_list:
        return 320;
    case Kind::security_status:
        return 324;
    case Kind::trading_session:
        break;
    }
    return 335;
}

// Which securities; or that 559 says nothing that the venue can answer.
ReferenceRequest::Securities securities_of(const InboundFields& fields) {
    using enum ReferenceRequest::Securities;
    if (fields.msg_type != "x") return one;
    if (fields.list_type == "4") return all;
    return fields.list_type == "0" && !fields.symbol.empty() ? one : unsupported;
}

} // namespace

Translated decode_reference_request(const InboundFields& fields, const InboundContext& context) {
    const Kind kind = kind_of(fields.msg_type);
    const auto request_id = RequestID::from(fields.request_id);
    if (!request_id)
        return refuse_field(fields, context, id_tag_of(kind), session_reject::value_is_incorrect,
                            "a request's id must be at most 39 characters");
    ReferenceRequest request;
    request.origin = context.origin;
    request.kind = kind;
    request.request_id = *request_id;
    if (!fields.subscription.empty())
        request.type = static_cast<SubscriptionRequest>(fields.subscription.front());
    request.securities = securities_of(fields);
    request.symbol = Symbol::from(fields.symbol).value_or(Symbol{});
    request.trading_session = FixedText<15>::cut(fields.trading_session);
    if (const auto* const instrument = context.reference.instrument(fields.symbol))
        request.instrument = instrument->instrument;
    return request;
}

} // namespace tradehive::acceptor
