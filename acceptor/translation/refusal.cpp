#include "acceptor/translation/refusal.hpp"

#include <algorithm>

namespace tradehive::acceptor {

namespace {

template <class Text>
Text fitting(std::string_view text) noexcept { // what does not fit names nothing of ours: left out
    return Text::from(text).value_or(Text{});
}

std::array<char, 4> padded(std::string_view msg_type) noexcept {
    std::array<char, 4> result{};
    std::ranges::copy(msg_type.substr(0, result.size()), result.begin());
    return result;
}

std::string_view msg_type_of(ReferenceRequest::Kind kind) noexcept {
    switch (kind) {
    case ReferenceRequest::Kind::security_list:
        return "x";
    case ReferenceRequest::Kind::security_status:
        return "e";
    case ReferenceRequest::Kind::trading_session:
        break;
    }
    return "g";
}

MessageRefused echo_of(const InboundFields& fields) noexcept {
    MessageRefused refused;
    refused.order = parse_order_id(fields.order_id).value_or(OrderId{});
    refused.cl_ord_id = fitting<ClOrdID>(fields.cl_ord_id);
    refused.orig_cl_ord_id = fitting<ClOrdID>(fields.orig_cl_ord_id);
    refused.symbol = fitting<Symbol>(fields.symbol);
    refused.account = fitting<Code>(fields.account);
    if (fields.side.size() == 1) refused.side = static_cast<Side>(fields.side.front());
    // Others are not told again: FIX 4.4 still knows some that stock dictionaries have forgotten.
    refused.ord_type = parse_ord_type(fields.ord_type).value_or(OrdType{});
    refused.ref_msg_type = padded(fields.msg_type);
    return refused;
}

void set_order_refusal(MessageRefused& refused, bool of_new_order, RejectReason reason) noexcept {
    refused.channel = of_new_order ? RefusalChannel::execution_report : RefusalChannel::cancel_reject;
    refused.code = of_new_order ? ord_rej_reason(reason) : cxl_rej_reason(reason);
    // An order that the asker may not see, or that is not there, has no OrderID to be told.
    if (reason == RejectReason::unknown_order) refused.order = {};
}

void name_instrument_and_account(MessageRefused& refused, InstrumentId instrument, AccountId account,
                                 const ReferenceData& reference) noexcept {
    if (const auto* const known = reference.instrument(instrument)) refused.symbol = known->symbol;
    if (const auto* const known = reference.account(account)) refused.account = known->code;
}

template <class Body>
MessageRefused echo_of(const Body& body, std::string_view msg_type, const ReferenceData& reference) noexcept {
    MessageRefused refused;
    refused.cl_ord_id = body.cl_ord_id;
    refused.side = body.side;
    refused.ref_msg_type = padded(msg_type);
    if constexpr (requires { body.order; }) {
        refused.order = body.order;
        refused.orig_cl_ord_id = body.orig_cl_ord_id;
    }
    if constexpr (requires { body.ord_type; }) refused.ord_type = body.ord_type;
    name_instrument_and_account(refused, body.instrument, body.account, reference);
    return refused;
}

// The unit that a bound is stated in, as text with its asset; empty when the reason has no bound.
std::string bound_text(RejectReason reason, std::int64_t bound, const OrderImage& order,
                       const ReferenceData& reference) {
    using enum RejectReason;
    const auto* const instrument = reference.instrument(order.instrument);
    const auto amount = [&](AssetId id) -> std::string {
        const auto* const asset = reference.asset(id);
        if (asset == nullptr) return {};
        return std::string{format_units(bound, minor_unit(asset->scale)).view()} + " " +
               std::string{asset->code.view()};
    };
    if (reason == too_many_open_orders) return std::to_string(bound);
    if (instrument == nullptr) return {};
    switch (reason) {
    case quantity_too_small:
    case quantity_too_large:
    case over_quantity_limit:
    case quantity_already_filled:
        return std::string{format_units(bound, instrument->lot).view()};
    case notional_too_small:
    case over_notional_limit:
        return amount(instrument->quote);
    case price_band:
        return std::string{format_units(bound, instrument->tick).view()};
    case insufficient_funds:
        return amount(order.side == Side::buy ? instrument->quote : instrument->base) + " is available";
    default:
        return {};
    }
}

} // namespace

std::uint16_t ord_rej_reason(RejectReason reason) noexcept {
    using enum RejectReason;
    switch (reason) {
    case session_may_not_trade:
    case session_revoked:
    case killed:
        return 0; // broker / exchange option
    case unknown_instrument:
        return 1;
    case instrument_halted:
    case cancel_only:
    case delisted:
        return 2; // exchange closed
    case over_quantity_limit:
    case notional_too_large:
    case over_notional_limit:
    case too_many_open_orders:
    case insufficient_funds:
        return 3; // order exceeds limit
    case too_late:
        return 4;
    case unknown_order:
        return 5;
    case duplicate_cl_ord_id:
        return 6;
    case stale:
        return 8;
    case unsupported_ord_type:
    case unsupported_time_in_force:
    case market_needs_ioc_or_fok:
    case price_on_market_order:
    case stop_px_not_taken:
    case time_in_force_of_type:
    case bad_display_qty:
    case bad_min_qty:
    case exec_inst_of_type:
    case bad_self_match:
    case unsupported_side:
    case unsupported_field:
        return 11; // unsupported order characteristic
    case bad_quantity:
    case quantity_too_small:
    case quantity_too_large:
    case quantity_or_cash:
    case cash_too_small:
        return 13;
    case unknown_account:
    case account_needed:
        return 15;
    case price_band:
        return 16;
    case bad_price:
        return 18; // invalid price increment
    default:
        return 99;
    }
}

std::uint16_t cxl_rej_reason(RejectReason reason) noexcept {
    using enum RejectReason;
    switch (reason) {
    case too_late:
    case quantity_already_filled:
        return 0; // too late to cancel
    case unknown_order:
    case unknown_account:
        return 1;
    case instrument_halted:
    case cancel_only:
    case delisted:
    case killed:
    case session_may_not_trade:
    case session_revoked:
        return 2; // broker / exchange option
    case duplicate_cl_ord_id:
        return 6;
    default:
        return 99;
    }
}

std::uint16_t md_req_rej_reason(RejectReason reason) noexcept {
    using enum RejectReason;
    switch (reason) {
    case unknown_instrument:
        return market_data_reject::unknown_symbol;
    case duplicate_request:
        return market_data_reject::duplicate_request;
    case unsupported_subscription:
        return market_data_reject::unsupported_subscription;
    case unsupported_depth:
        return market_data_reject::unsupported_depth;
    case unsupported_update_type:
        return market_data_reject::unsupported_update_type;
    case unsupported_book:
        return market_data_reject::unsupported_aggregated_book;
    case unsupported_entry_type:
        return market_data_reject::unsupported_entry_type;
    case busy:
    case throttled:
    case too_many_subscriptions:
    case book_too_large:
        return market_data_reject::insufficient_bandwidth;
    default:
        return market_data_reject::none;
    }
}

std::string refusal_text(RejectReason reason, std::string_view sentence) {
    std::string text{describe(reason).word};
    text += ": ";
    text += sentence;
    return text;
}

std::string refusal_text(RejectReason reason) {
    return refusal_text(reason, describe(reason).rule);
}

std::string refusal_text(RejectReason reason, std::int64_t bound, const OrderImage& order,
                         const ReferenceData& reference) {
    auto text = refusal_text(reason);
    const auto limit = bound_text(reason, bound, order, reference);
    if (!limit.empty()) text += ": " + limit;
    return text;
}

Command refuse_order(const InboundFields& fields, const InboundContext& context, RejectReason reason,
                     std::string_view sentence) {
    auto refused = echo_of(fields);
    set_order_refusal(refused, fields.msg_type == "D", reason);
    refused.text = Reason::cut(sentence.empty() ? refusal_text(reason) : refusal_text(reason, sentence));
    return make_command(context.origin, refused);
}

Command refuse_field(const InboundFields& fields, const InboundContext& context, int tag, std::uint16_t code,
                     std::string_view sentence) {
    auto refused = echo_of(fields);
    refused.channel = RefusalChannel::session_reject;
    refused.code = code;
    refused.ref_tag = static_cast<std::uint32_t>(tag);
    refused.text = Reason::cut(refusal_text(RejectReason::bad_field, sentence));
    return make_command(context.origin, refused);
}

Command refuse_message(const InboundFields& fields, const InboundContext& context, std::uint16_t code,
                       RejectReason reason) {
    auto refused = echo_of(fields);
    refused.channel = RefusalChannel::business_reject;
    refused.code = code;
    refused.text = Reason::cut(refusal_text(reason));
    return make_command(context.origin, refused);
}

Command refuse_request(const InboundFields& fields, const InboundContext& context, RejectReason reason) {
    auto refused = echo_of(fields);
    refused.channel = RefusalChannel::market_data_reject;
    refused.code = md_req_rej_reason(reason);
    refused.cl_ord_id = fitting<ClOrdID>(fields.request_id);
    refused.text = Reason::cut(refusal_text(reason));
    return make_command(context.origin, refused);
}

std::uint16_t mass_cancel_rej_reason(RejectReason reason) noexcept {
    if (reason == RejectReason::unsupported_mass_cancel) return 0;
    if (reason == RejectReason::unknown_instrument) return 1;
    return 99;
}

Command refuse_mass_cancel(const InboundFields& fields, const InboundContext& context, RejectReason reason) {
    auto refused = echo_of(fields);
    refused.channel = RefusalChannel::mass_cancel_report;
    refused.code = mass_cancel_rej_reason(reason);
    if (fields.mass_type.size() == 1) refused.request_type = fields.mass_type.front();
    refused.text = Reason::cut(refusal_text(reason));
    return make_command(context.origin, refused);
}

Command refuse_mass_status(const InboundFields& fields, const InboundContext& context, RejectReason reason) {
    auto refused = echo_of(fields);
    refused.channel = RefusalChannel::mass_status;
    refused.cl_ord_id = fitting<ClOrdID>(fields.request_id);
    refused.text = Reason::cut(refusal_text(reason));
    return make_command(context.origin, refused);
}

Command refuse(const Command& command, RejectReason why, const ReferenceData& reference) noexcept {
    MessageRefused refused;
    switch (command.header.kind) {
    case CommandKind::enter_order:
        refused = echo_of(command.as<EnterOrder>(), "D", reference);
        break;
    case CommandKind::cancel_order:
        refused = echo_of(command.as<CancelOrder>(), "F", reference);
        break;
    case CommandKind::replace_order:
        refused = echo_of(command.as<ReplaceOrder>(), "G", reference);
        break;
    case CommandKind::mass_cancel: {
        const auto request = command.as<MassCancel>();
        refused.channel = RefusalChannel::mass_cancel_report;
        refused.code = mass_cancel_rej_reason(why);
        refused.cl_ord_id = request.cl_ord_id;
        refused.ref_msg_type = padded("q");
        refused.request_type = request.instrument == InstrumentId{} ? '7' : '1';
        refused.text = Reason::cut(refusal_text(why));
        return make_command(command.header.origin, refused);
    }
    default:
        return command;
    }
    set_order_refusal(refused, command.header.kind == CommandKind::enter_order, why);
    refused.text = Reason::cut(refusal_text(why));
    return make_command(command.header.origin, refused);
}

Command refuse(const Asked& asked, RejectReason why, const ReferenceData& /*reference*/) noexcept {
    MessageRefused refused;
    refused.symbol = asked.echo.symbol;
    refused.side = asked.echo.side;
    refused.text = Reason::cut(refusal_text(why));
    refused.channel = RefusalChannel::business_reject;
    refused.code = business_reject::other;
    const bool of_one = std::holds_alternative<AskOrder>(asked.question.what);
    refused.cl_ord_id = of_one ? asked.echo.cl_ord_id : asked.echo.request_id;
    refused.ref_msg_type = padded(of_one ? "H" : "AF");
    return make_command(asked.question.origin, refused);
}

Command refuse(const MarketDataRequest& request, RejectReason why) noexcept {
    MessageRefused refused;
    refused.channel = RefusalChannel::market_data_reject;
    refused.code = md_req_rej_reason(why);
    refused.cl_ord_id = request.request_id;
    refused.ref_msg_type = padded("V");
    refused.text = Reason::cut(refusal_text(why));
    return make_command(request.origin, refused);
}

// y has no room for a word; so that one channel does for x, e and g, it is j.
Command refuse(const ReferenceRequest& request, RejectReason why) noexcept {
    MessageRefused refused;
    refused.channel = RefusalChannel::business_reject;
    refused.code = business_reject::other;
    refused.cl_ord_id = request.request_id;
    refused.symbol = request.symbol;
    refused.ref_msg_type = padded(msg_type_of(request.kind));
    refused.text = Reason::cut(refusal_text(why));
    return make_command(request.origin, refused);
}

Command refused_by_session(const Origin& origin, std::string_view msg_type) noexcept {
    MessageRefused refused;
    refused.channel = RefusalChannel::by_session;
    refused.ref_msg_type = padded(msg_type);
    return make_command(origin, refused);
}

} // namespace tradehive::acceptor
