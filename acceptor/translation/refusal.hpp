// Refusals: which message carries one, with which code, and what its Text(58) says.
//
// The channel follows from the message: a fault in a field is a Reject (3), a type that we do not take is a
// BusinessMessageReject (j), what names an order is answered by ExecutionReport (8) or OrderCancelReject (9),
// a market data request by MarketDataRequestReject (Y). Text is the reason's stable word, a colon, and a
// sentence in ASCII that says what would be right.
#pragma once

#include "acceptor/translation/fields.hpp"

namespace tradehive::acceptor {

[[nodiscard]] std::uint16_t ord_rej_reason(RejectReason reason) noexcept; // 103
[[nodiscard]] std::uint16_t cxl_rej_reason(RejectReason reason) noexcept; // 102

// "WORD: the reason's rule", or "WORD: sentence".
[[nodiscard]] std::string refusal_text(RejectReason reason);
[[nodiscard]] std::string refusal_text(RejectReason reason, std::string_view sentence);

// "WORD: the reason's rule: 0.001"; the bound in the unit that the reason states, left out where the reason
// has none.
[[nodiscard]] std::string refusal_text(RejectReason reason, std::int64_t bound, const OrderImage& order,
                                       const ReferenceData& reference);

// SessionRejectReason(373), BusinessRejectReason(380), MDReqRejReason(281)
namespace session_reject {
inline constexpr std::uint16_t required_tag_missing = 1;
inline constexpr std::uint16_t value_is_incorrect = 5;
inline constexpr std::uint16_t incorrect_data_format = 6;
inline constexpr std::uint16_t unsupported_application_version = 18;
} // namespace session_reject
namespace business_reject {
inline constexpr std::uint16_t other = 0;
inline constexpr std::uint16_t unsupported_message_type = 3;
inline constexpr std::uint16_t not_authorized = 6;
} // namespace business_reject
namespace market_data_reject {
inline constexpr std::uint16_t unknown_symbol = '0';
inline constexpr std::uint16_t duplicate_request = '1';
inline constexpr std::uint16_t insufficient_bandwidth = '2';
inline constexpr std::uint16_t unsupported_subscription = '4';
inline constexpr std::uint16_t unsupported_depth = '5';
inline constexpr std::uint16_t unsupported_update_type = '6';
inline constexpr std::uint16_t unsupported_aggregated_book = '7';
inline constexpr std::uint16_t unsupported_entry_type = '8';
inline constexpr std::uint16_t none = 0; // 281 is left out; the text says it
} // namespace market_data_reject

// 8 for D, 9 for F and G. The text is the reason's rule unless a sentence is given.
[[nodiscard]] Command refuse_order(const InboundFields& fields, const InboundContext& context,
                                   RejectReason reason, std::string_view sentence = {});
// 3
[[nodiscard]] Command refuse_field(const InboundFields& fields, const InboundContext& context, int tag,
                                   std::uint16_t code, std::string_view sentence);
// j
[[nodiscard]] Command refuse_message(const InboundFields& fields, const InboundContext& context,
                                     std::uint16_t code, RejectReason reason);
// r with 531=0
[[nodiscard]] Command refuse_mass_cancel(const InboundFields& fields, const InboundContext& context,
                                         RejectReason reason);
[[nodiscard]] std::uint16_t mass_cancel_rej_reason(RejectReason reason) noexcept; // 532
// 8 with 150=I
[[nodiscard]] Command refuse_mass_status(const InboundFields& fields, const InboundContext& context,
                                         RejectReason reason);
// Y
[[nodiscard]] std::uint16_t md_req_rej_reason(RejectReason reason) noexcept; // 281
[[nodiscard]] Command refuse_request(const InboundFields& fields, const InboundContext& context,
                                     RejectReason reason);

} // namespace tradehive::acceptor
