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

constexpr std::size_t longest_request_id = 39;

} // namespace

Translated decode_market_data_request(const InboundFields& fields, const InboundContext& context) {
    const auto refused = [&](std::uint16_t code, RejectReason reason) {
        return refuse_request(fields, context, code, reason);
    };
    if (fields.request_id.empty())
        return refuse_field(fields, context, 262, session_reject::required_tag_missing,
                            "MDReqID(262) is required");
    if (fields.request_id.size() > longest_request_id)
        return refuse_field(fields, context, 262, session_reject::value_is_incorrect,
                            "MDReqID(262) must be at most 39 characters");
    if (fields.subscription != "0")
        return refused(market_data_reject::unsupported_subscription, RejectReason::unsupported_subscription);
    const auto depth = std::ranges::find(depths, fields.depth, &Depth::text);
    if (depth == depths.end())
        return refused(market_data_reject::unsupported_depth, RejectReason::unsupported_depth);
    if (!fields.aggregated_book.empty() && fields.aggregated_book != "Y")
        return refused(market_data_reject::unsupported_aggregated_book, RejectReason::unsupported_book);
    if (fields.other_entry_types || (!fields.bids && !fields.offers))
        return refused(market_data_reject::unsupported_entry_type, RejectReason::unsupported_entry_type);
    if (fields.symbol_count > 1) return refused(market_data_reject::none, RejectReason::one_symbol_only);
    const auto* const instrument = context.reference.instrument(fields.symbol);
    if (instrument == nullptr)
        return refused(market_data_reject::unknown_symbol, RejectReason::unknown_instrument);

    RequestEcho echo;
    echo.request_id = decltype(echo.request_id)::cut(fields.request_id);
    echo.symbol = instrument->symbol;
    echo.bids = fields.bids;
    echo.offers = fields.offers;
    const AskBook ask{.instrument = instrument->instrument, .depth = depth->levels};
    return Asked{.question = {.origin = context.origin, .what = ask}, .echo = echo};
}

} // namespace tradehive::acceptor
