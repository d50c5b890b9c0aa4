#include "acceptor/translation/fields.hpp"
#include "acceptor/translation/refusal.hpp"

#include <algorithm>
#include <array>

namespace tradehive::acceptor {

namespace {

struct Depth {
    std::string_view text;
    std::uint32_t levels;
};
constexpr std::array depths{Depth{"0", 0},   Depth{"1", 1},   Depth{"5", 5},
                            Depth{"10", 10}, Depth{"20", 20}, Depth{"50", 50}};

// What to see; or why not.
std::variant<market_data::ViewTerms, RejectReason> terms_of(const InboundFields& fields) {
    const auto depth = std::ranges::find(depths, fields.depth, &Depth::text);
    if (depth == depths.end()) return RejectReason::unsupported_depth;
    const bool subscribes = fields.subscription == "1";
    if (subscribes && fields.update_type != "0" && fields.update_type != "1")
        return RejectReason::unsupported_update_type;
    const bool by_order = fields.aggregated_book == "N";
    if (!by_order && !fields.aggregated_book.empty() && fields.aggregated_book != "Y")
        return RejectReason::unsupported_book;
    if (fields.other_entry_types || fields.entry_types.empty()) return RejectReason::unsupported_entry_type;
    return market_data::ViewTerms{
        .window = {.depth = depth->levels, .by_order = by_order},
        .edition = {.incremental = subscribes && fields.update_type == "1", .types = fields.entry_types}};
}

} // namespace

Translated decode_market_data_request(const InboundFields& fields, const InboundContext& context) {
    if (fields.request_id.empty())
        return refuse_field(fields, context, 262, session_reject::required_tag_missing,
                            "MDReqID(262) is required");
    const auto request_id = MDReqID::from(fields.request_id);
    if (!request_id)
        return refuse_field(fields, context, 262, session_reject::value_is_incorrect,
                            "MDReqID(262) must be at most 39 characters");
    MarketDataRequest request{
        .origin = context.origin, .request_id = *request_id, .type = {}, .terms = {}, .instruments = {}};
    if (fields.subscription != "0" && fields.subscription != "1" && fields.subscription != "2")
        return refuse_request(fields, context, RejectReason::unsupported_subscription);
    request.type = static_cast<SubscriptionRequest>(fields.subscription.front());
    if (request.type == SubscriptionRequest::unsubscribe) return request; // the 262 says it all

    if (fields.symbols.empty())
        return refuse_field(fields, context, 146, session_reject::value_is_incorrect,
                            "NoRelatedSym(146) must be at least 1");

    const auto terms = terms_of(fields);
    if (const auto* const why = std::get_if<RejectReason>(&terms))
        return refuse_request(fields, context, *why);
    request.terms = std::get<market_data::ViewTerms>(terms);
    for (const auto symbol : fields.symbols) {
        const auto* const instrument = context.reference.instrument(symbol);
        if (instrument == nullptr) return refuse_request(fields, context, RejectReason::unknown_instrument);
        if (std::ranges::find(request.instruments, instrument->instrument) == request.instruments.end())
            request.instruments.push_back(instrument->instrument);
    }
    return request;
}

} // namespace tradehive::acceptor
