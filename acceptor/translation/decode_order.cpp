#include "acceptor/translation/fields.hpp"
#include "acceptor/translation/refusal.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <expected>

namespace tradehive::acceptor {

namespace {

// Either the value or the command that refuses the message.
template <class T>
using Checked = std::expected<T, Command>;

constexpr std::size_t longest_cl_ord_id = 36;
constexpr std::size_t longest_request_id = 39;

bool is_id_character(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

// One message on its way to a command; each check ends with a value or with the refusal.
class OrderReader {
public:
    OrderReader(const InboundFields& fields, const InboundContext& context)
        : fields_{fields}
        , context_{context} {}

    [[nodiscard]] std::unexpected<Command> refused(RejectReason reason,
                                                   std::string_view sentence = {}) const {
        return std::unexpected{refuse_order(fields_, context_, reason, sentence)};
    }

    [[nodiscard]] std::unexpected<Command> bad_field(int tag, std::uint16_t code,
                                                     std::string_view sentence) const {
        return std::unexpected{refuse_field(fields_, context_, tag, code, sentence)};
    }

    [[nodiscard]] Checked<void> present(int tag, std::string_view name, std::string_view text) const {
        if (text.empty())
            return bad_field(tag, session_reject::required_tag_missing,
                             std::string{name} + "(" + std::to_string(tag) + ") is required");
        return {};
    }

    // ClOrdID or OrigClOrdID, when it is there.
    [[nodiscard]] Checked<ClOrdID> id(int tag, std::string_view name, std::string_view text) const {
        if (text.size() > longest_cl_ord_id || !std::ranges::all_of(text, is_id_character))
            return bad_field(tag, session_reject::value_is_incorrect,
                             std::string{name} + "(" + std::to_string(tag) +
                                 ") must be 1 to 36 of A-Z a-z 0-9 . _ -");
        return ClOrdID::cut(text);
    }

    // The ids of F and G: at least one of 37 and 41. What is not one of our numbers names no order.
    [[nodiscard]] Checked<std::pair<OrderId, ClOrdID>> order_named() const {
        if (fields_.order_id.empty() && fields_.orig_cl_ord_id.empty())
            return bad_field(41, session_reject::required_tag_missing,
                             "OrigClOrdID(41) or OrderID(37) is required");
        const auto orig = id(41, "OrigClOrdID", fields_.orig_cl_ord_id);
        if (!orig) return std::unexpected{orig.error()};
        if (fields_.order_id.empty()) return std::pair{OrderId{}, *orig};
        const auto order = parse_order_id(fields_.order_id);
        if (!order) return refused(RejectReason::unknown_order);
        return std::pair{*order, *orig};
    }

    [[nodiscard]] Checked<const Instrument*> instrument() const {
        const auto* const found = context_.reference.instrument(fields_.symbol);
        if (found == nullptr) return refused(RejectReason::unknown_instrument);
        return found;
    }

    [[nodiscard]] Checked<Side> side() const {
        if (fields_.side == "1") return Side::buy;
        if (fields_.side == "2") return Side::sell;
        return refused(RejectReason::unsupported_side);
    }

    [[nodiscard]] Checked<OrdType> ord_type() const {
        if (fields_.ord_type == "1") return OrdType::market;
        if (fields_.ord_type == "2") return OrdType::limit;
        return refused(RejectReason::unsupported_ord_type);
    }

    [[nodiscard]] Checked<TimeInForce> time_in_force(TimeInForce when_absent) const {
        using enum TimeInForce;
        if (fields_.time_in_force.empty()) return when_absent;
        for (const auto known : {day, good_till_cancel, immediate_or_cancel, fill_or_kill})
            if (fields_.time_in_force == std::string_view{reinterpret_cast<const char*>(&known), 1})
                return known;
        return refused(RejectReason::unsupported_time_in_force);
    }

    [[nodiscard]] Checked<void> only_what_we_keep() const {
        if (fields_.unsupported_tag != 0)
            return refused(RejectReason::unsupported_field,
                           "tag " + std::to_string(fields_.unsupported_tag) +
                               " changes what the order means and is not supported; leave it out");
        if (!fields_.price_type.empty() && fields_.price_type != "2")
            return refused(RejectReason::unsupported_field, "PriceType(423) must be absent or 2 (per unit)");
        if (!fields_.qty_type.empty() && fields_.qty_type != "0")
            return refused(RejectReason::unsupported_field, "QtyType(854) must be absent or 0 (units)");
        return {};
    }

    [[nodiscard]] Checked<Quantity> order_qty(const Instrument& of) const {
        if (fields_.order_qty.empty()) return refused(RejectReason::bad_quantity, "OrderQty(38) is required");
        const auto lots = parse_units(fields_.order_qty, of.lot);
        if (lots) return Quantity{*lots};
        return bad_number(38, lots.error(), RejectReason::bad_quantity,
                          "OrderQty(38) must be a whole multiple of the lot ", of.lot);
    }

    // Zero when absent: whether a price belongs there is the venue's to decide.
    [[nodiscard]] Checked<Price> price(const Instrument& of) const {
        if (fields_.price.empty()) return Price{};
        const auto ticks = parse_units(fields_.price, of.tick);
        if (ticks) return Price{*ticks};
        return bad_number(44, ticks.error(), RejectReason::bad_price,
                          "Price(44) must be a whole multiple of the tick ", of.tick);
    }

    // Given, or the only one that the session acts for. An account that does not exist and one that belongs
    // to others must look the same: so this is the last check here, and the text is the venue's own.
    [[nodiscard]] Checked<AccountId> account_of_new_order() const {
        if (fields_.account.empty()) {
            if (context_.session.accounts.size() == 1) return context_.session.accounts.front();
            return refused(RejectReason::account_needed);
        }
        const auto* const found = context_.reference.account(fields_.account);
        if (found == nullptr) return refused(RejectReason::unknown_account);
        return found->account;
    }

    // On F and G, last too; zero when absent. Nobody's order is in an account that does not exist.
    [[nodiscard]] Checked<AccountId> account_if_given() const {
        if (fields_.account.empty()) return AccountId{};
        const auto* const found = context_.reference.account(fields_.account);
        if (found == nullptr) return refused(RejectReason::unknown_order);
        return found->account;
    }

    // A D or G that comes by resend, long after it was meant.
    [[nodiscard]] Checked<void> not_stale() const {
        if (fields_.poss_dup != "Y") return {};
        const auto sent = parse_utc_timestamp(fields_.orig_sending_time);
        const std::chrono::seconds most{context_.session.resend_max_age};
        const auto bound = std::chrono::duration_cast<std::chrono::nanoseconds>(most).count();
        if (sent && context_.now.value() - sent->value() <= bound) return {};
        return refused(RejectReason::stale);
    }

private:
    [[nodiscard]] std::unexpected<Command> bad_number(int tag, DecimalError error, RejectReason reason,
                                                      std::string_view rule, Decimal step) const {
        if (error == DecimalError::empty || error == DecimalError::bad_character)
            return bad_field(tag, session_reject::incorrect_data_format, describe(error));
        if (error == DecimalError::out_of_range) return refused(reason, describe(error));
        return refused(reason, std::string{rule} + std::string{format_units(1, step).view()});
    }

    const InboundFields& fields_;
    const InboundContext& context_;
};

// NOLINTBEGIN(bugprone-macro-parentheses): the name is declared, not computed
// Guard clauses for Checked: the refusal leaves the function, the value is named.
#define TRADEHIVE_CHECK(expression)                                                                          \
    if (auto checked = (expression); !checked) return checked.error()
#define TRADEHIVE_TAKE(name, expression)                                                                     \
    const auto name = (expression);                                                                          \
    if (!name) return name.error()
// NOLINTEND(bugprone-macro-parentheses)

} // namespace

std::optional<OrderId> parse_order_id(std::string_view text) noexcept {
    std::uint64_t number{};
    const auto [stop, error] = std::from_chars(text.begin(), text.end(), number);
    if (error != std::errc{} || stop != text.end() || number == 0) return std::nullopt;
    return OrderId{number};
}

Translated decode_new_order(const InboundFields& fields, const InboundContext& context) {
    const OrderReader read{fields, context};
    TRADEHIVE_CHECK(read.present(11, "ClOrdID", fields.cl_ord_id));
    TRADEHIVE_CHECK(read.present(40, "OrdType", fields.ord_type));
    TRADEHIVE_CHECK(read.present(54, "Side", fields.side));
    TRADEHIVE_CHECK(read.present(55, "Symbol", fields.symbol));
    TRADEHIVE_TAKE(cl_ord_id, read.id(11, "ClOrdID", fields.cl_ord_id));
    TRADEHIVE_CHECK(read.not_stale());
    TRADEHIVE_TAKE(instrument, read.instrument());
    TRADEHIVE_TAKE(side, read.side());
    TRADEHIVE_TAKE(ord_type, read.ord_type());
    TRADEHIVE_TAKE(time_in_force, read.time_in_force(TimeInForce::day));
    TRADEHIVE_CHECK(read.only_what_we_keep());
    TRADEHIVE_TAKE(order_qty, read.order_qty(**instrument));
    TRADEHIVE_TAKE(price, read.price(**instrument));
    TRADEHIVE_TAKE(account, read.account_of_new_order());

    EnterOrder order;
    order.account = *account;
    order.instrument = (*instrument)->instrument;
    order.price = *price;
    order.order_qty = *order_qty;
    order.cl_ord_id = *cl_ord_id;
    order.side = *side;
    order.ord_type = *ord_type;
    order.time_in_force = *time_in_force;
    order.poss_resend = fields.poss_resend == "Y" ? 1 : 0;
    return make_command(context.origin, order);
}

Translated decode_cancel(const InboundFields& fields, const InboundContext& context) {
    const OrderReader read{fields, context};
    TRADEHIVE_CHECK(read.present(11, "ClOrdID", fields.cl_ord_id));
    TRADEHIVE_TAKE(cl_ord_id, read.id(11, "ClOrdID", fields.cl_ord_id));
    TRADEHIVE_TAKE(named, read.order_named());

    CancelOrder cancel;
    if (!fields.symbol.empty()) {
        TRADEHIVE_TAKE(instrument, read.instrument());
        cancel.instrument = (*instrument)->instrument;
    }
    if (!fields.side.empty()) {
        TRADEHIVE_TAKE(side, read.side());
        cancel.side = *side;
    }
    TRADEHIVE_TAKE(account, read.account_if_given());
    cancel.order = named->first;
    cancel.orig_cl_ord_id = named->second;
    cancel.cl_ord_id = *cl_ord_id;
    cancel.account = *account;
    return make_command(context.origin, cancel);
}

Translated decode_replace(const InboundFields& fields, const InboundContext& context) {
    const OrderReader read{fields, context};
    TRADEHIVE_CHECK(read.present(11, "ClOrdID", fields.cl_ord_id));
    TRADEHIVE_CHECK(read.present(40, "OrdType", fields.ord_type));
    TRADEHIVE_CHECK(read.present(54, "Side", fields.side));
    TRADEHIVE_CHECK(read.present(55, "Symbol", fields.symbol));
    TRADEHIVE_TAKE(cl_ord_id, read.id(11, "ClOrdID", fields.cl_ord_id));
    TRADEHIVE_TAKE(named, read.order_named());
    TRADEHIVE_CHECK(read.not_stale());
    TRADEHIVE_TAKE(instrument, read.instrument());
    TRADEHIVE_TAKE(side, read.side());
    TRADEHIVE_TAKE(ord_type, read.ord_type());
    TRADEHIVE_TAKE(time_in_force, read.time_in_force(TimeInForce{}));
    TRADEHIVE_CHECK(read.only_what_we_keep());
    TRADEHIVE_TAKE(order_qty, read.order_qty(**instrument));
    TRADEHIVE_TAKE(price, read.price(**instrument));
    TRADEHIVE_TAKE(account, read.account_if_given());

    ReplaceOrder replace;
    replace.order = named->first;
    replace.orig_cl_ord_id = named->second;
    replace.cl_ord_id = *cl_ord_id;
    replace.account = *account;
    replace.instrument = (*instrument)->instrument;
    replace.price = *price;
    replace.order_qty = *order_qty;
    replace.side = *side;
    replace.ord_type = *ord_type;
    replace.time_in_force = *time_in_force;
    return make_command(context.origin, replace);
}

Translated decode_status_request(const InboundFields& fields, const InboundContext& context) {
    const OrderReader read{fields, context};
    if (fields.cl_ord_id.empty() && fields.order_id.empty())
        return refuse_field(fields, context, 11, session_reject::required_tag_missing,
                            "ClOrdID(11) or OrderID(37) is required");
    TRADEHIVE_TAKE(cl_ord_id, read.id(11, "ClOrdID", fields.cl_ord_id));
    if (fields.request_id.size() > longest_request_id)
        return refuse_field(fields, context, 790, session_reject::value_is_incorrect,
                            "OrdStatusReqID(790) must be at most 39 characters");

    // An id or account that names nothing of ours is asked for as one that never exists, so that the answer
    // is the one for an unknown order.
    AskOrder ask{.order = {}, .cl_ord_id = *cl_ord_id, .account = {}};
    if (!fields.order_id.empty()) ask.order = parse_order_id(fields.order_id).value_or(OrderId{UINT64_MAX});
    if (!fields.account.empty()) {
        const auto* const found = context.reference.account(fields.account);
        ask.account = found != nullptr ? found->account : AccountId{UINT32_MAX};
    }
    RequestEcho echo;
    echo.request_id = decltype(echo.request_id)::cut(fields.request_id);
    echo.cl_ord_id = *cl_ord_id;
    echo.symbol = Symbol::from(fields.symbol).value_or(Symbol{});
    if (fields.side.size() == 1) echo.side = static_cast<Side>(fields.side.front());
    return Asked{.question = {.origin = context.origin, .what = ask}, .echo = echo};
}

#undef TRADEHIVE_CHECK
#undef TRADEHIVE_TAKE

} // namespace tradehive::acceptor
