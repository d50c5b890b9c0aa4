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
        const auto known = parse_ord_type(fields_.ord_type);
        if (!known) return refused(RejectReason::unsupported_ord_type);
        return *known;
    }

    [[nodiscard]] Checked<TimeInForce> time_in_force(TimeInForce when_absent) const {
        using enum TimeInForce;
        if (fields_.time_in_force.empty()) return when_absent;
        for (const auto known : {day, good_till_cancel, immediate_or_cancel, fill_or_kill, good_till_date})
            if (is_the_word(fields_.time_in_force, known)) return known;
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
        if (fields_.order_qty.empty()) {
            if (!fields_.cash_order_qty.empty()) return Quantity{};
            return refused(RejectReason::bad_quantity, "OrderQty(38) is required");
        }
        return quantity(of, 38, "OrderQty(38)", fields_.order_qty, RejectReason::bad_quantity);
    }
    [[nodiscard]] Checked<Quantity> min_qty(const Instrument& of) const {
        return quantity(of, 110, "MinQty(110)", fields_.min_qty, RejectReason::bad_min_qty);
    }
    [[nodiscard]] Checked<Quantity> display_qty(const Instrument& of) const {
        return quantity(of, 111, "MaxFloor(111)", fields_.max_floor, RejectReason::bad_display_qty);
    }

    [[nodiscard]] Checked<Price> price(const Instrument& of) const {
        return price(of, 44, "Price(44)", fields_.price, RejectReason::bad_price);
    }
    // 5.0 SP2 has two places for it.
    [[nodiscard]] Checked<Price> stop_px(const Instrument& of) const {
        const auto stop = price(of, 99, "StopPx(99)", fields_.stop_px, RejectReason::bad_stop_px);
        if (!stop || fields_.trigger_price.empty()) return stop;
        const auto trigger =
            price(of, 1102, "TriggerPrice(1102)", fields_.trigger_price, RejectReason::bad_stop_px);
        if (trigger && *stop != Price{} && *stop != *trigger)
            return refused(RejectReason::bad_stop_px,
                           "StopPx(99) and TriggerPrice(1102) must be the same; one of them will do");
        return trigger;
    }

    // The rest of a TriggeringInstruction (5.0 SP2) may say what the OrdType says already, and nothing else.
    [[nodiscard]] Checked<void> trigger(OrdType ord_type, Side side) const {
        const bool rises = (ord_type == OrdType::take_profit) == (side == Side::sell);
        const std::string_view direction = rises ? "U" : "D";
        struct Rule {
            std::string_view given;
            std::string_view only;
            std::string_view name;
        };
        for (const auto& [given, only, name] :
             {Rule{fields_.trigger_type, "4", "TriggerType(1100) must be absent or 4 (price movement)"},
              Rule{fields_.trigger_action, "1", "TriggerAction(1101) must be absent or 1 (activate)"},
              Rule{fields_.trigger_price_type, "2",
                   "TriggerPriceType(1107) must be absent or 2 (last trade)"},
              Rule{fields_.trigger_direction, direction,
                   "TriggerPriceDirection(1109) must be absent or as Side(54) and OrdType(40) have it"}})
            if (!given.empty() && given != only) return refused(RejectReason::unsupported_field, name);
        return {};
    }

    [[nodiscard]] Checked<Amount> cash_order_qty(const Instrument& of) const {
        if (fields_.cash_order_qty.empty()) return Amount{};
        const auto* const quote = context_.reference.asset(of.quote);
        if (quote == nullptr) return refused(RejectReason::unknown_instrument);
        const auto units = number(152, "CashOrderQty(152)", fields_.cash_order_qty, minor_unit(quote->scale),
                                  "the unit", RejectReason::quantity_or_cash);
        if (!units) return std::unexpected{units.error()};
        return Amount{*units};
    }

    // Zero when neither of 126 and 432 is there.
    [[nodiscard]] Checked<Timestamp> expire_time() const {
        if (!fields_.expire_time.empty() && !fields_.expire_date.empty())
            return refused(RejectReason::bad_expire_time,
                           "give ExpireTime(126) or ExpireDate(432), not both");
        if (!fields_.expire_time.empty()) {
            const auto time = parse_utc_timestamp(fields_.expire_time);
            if (time) return *time;
            return bad_field(126, session_reject::incorrect_data_format, "ExpireTime(126) is a UTCTimestamp");
        }
        if (fields_.expire_date.empty()) return Timestamp{};
        const auto end = parse_end_of_day(fields_.expire_date);
        if (end) return *end;
        return bad_field(432, session_reject::incorrect_data_format,
                         "ExpireDate(432) is a UTC date YYYYMMDD");
    }

    [[nodiscard]] Checked<ExecInst> exec_inst() const {
        auto set = ExecInst::none;
        for (const char word : fields_.exec_inst) {
            if (word == '6')
                set = set | ExecInst::post_only;
            else if (word == 'K')
                set = set | ExecInst::cancel_on_halt;
            else if (word != ' ')
                return refused(RejectReason::unsupported_field,
                               "ExecInst(18) may hold 6 (post-only) and K (cancel on halt)");
        }
        return set;
    }

    // Nothing when absent. 5.0 SP2 has a field of its own, without a word for the last rule.
    [[nodiscard]] Checked<std::optional<SelfMatch>> self_match() const {
        const auto of_user_tag = self_match(fields_.self_match, "0123");
        const auto of_instruction = self_match(fields_.self_match_instruction, "123");
        if (!of_user_tag || !*of_user_tag) return of_user_tag ? of_instruction : of_user_tag;
        if (of_instruction && *of_instruction && *of_instruction != *of_user_tag)
            return refused(RejectReason::bad_self_match);
        return of_instruction ? of_user_tag : of_instruction;
    }

    // What is settled when an order enters.
    [[nodiscard]] Checked<void> only_what_may_change() const {
        for (const auto& [tag, text] :
             {std::pair{"MinQty(110)", fields_.min_qty},
              std::pair{"CashOrderQty(152)", fields_.cash_order_qty}, std::pair{"20122", fields_.self_match},
              std::pair{"SelfMatchPreventionInstruction(2964)", fields_.self_match_instruction}})
            if (!text.empty())
                return refused(RejectReason::unsupported_field,
                               std::string{tag} + " cannot be changed; leave it out");
        return {};
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
    // The rules in the order of the enum, each by its character.
    [[nodiscard]] Checked<std::optional<SelfMatch>> self_match(std::string_view text,
                                                               std::string_view rules) const {
        if (text.empty()) return std::nullopt;
        const auto rule = text.size() == 1 ? rules.find(text.front()) : std::string_view::npos;
        if (rule == std::string_view::npos) return refused(RejectReason::bad_self_match);
        return static_cast<SelfMatch>(rule);
    }

    template <class Word>
    [[nodiscard]] static bool is_the_word(std::string_view text, Word word) noexcept {
        return text.size() == 1 && text.front() == static_cast<char>(word);
    }

    // In units of the step.
    [[nodiscard]] Checked<std::int64_t> number(int tag, std::string_view name, std::string_view text,
                                               Decimal step, std::string_view step_name,
                                               RejectReason reason) const {
        const auto units = parse_units(text, step);
        if (units) return *units;
        return bad_number(tag, units.error(), reason,
                          std::string{name} + " must be a whole multiple of " + std::string{step_name} + " ",
                          step);
    }

    // Zero when absent: whether it belongs there is the venue's to decide. But nobody means zero by writing
    // it.
    [[nodiscard]] Checked<Quantity> quantity(const Instrument& of, int tag, std::string_view name,
                                             std::string_view text, RejectReason reason) const {
        if (text.empty()) return Quantity{};
        const auto lots = number(tag, name, text, of.lot, "the lot", reason);
        if (!lots) return std::unexpected{lots.error()};
        if (*lots == 0) return refused(reason);
        return Quantity{*lots};
    }
    [[nodiscard]] Checked<Price> price(const Instrument& of, int tag, std::string_view name,
                                       std::string_view text, RejectReason reason) const {
        if (text.empty()) return Price{};
        const auto ticks = number(tag, name, text, of.tick, "the tick", reason);
        if (!ticks) return std::unexpected{ticks.error()};
        return Price{*ticks};
    }

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

// What D and G say alike: the terms of the order. Nothing when all is well.
template <class Order>
std::optional<Command> read_terms(const OrderReader& read, TimeInForce when_absent, Order& order) {
    TRADEHIVE_TAKE(instrument, read.instrument());
    TRADEHIVE_TAKE(side, read.side());
    TRADEHIVE_TAKE(ord_type, read.ord_type());
    TRADEHIVE_TAKE(time_in_force, read.time_in_force(when_absent));
    TRADEHIVE_CHECK(read.only_what_we_keep());
    TRADEHIVE_CHECK(read.trigger(*ord_type, *side));
    TRADEHIVE_TAKE(order_qty, read.order_qty(**instrument));
    TRADEHIVE_TAKE(price, read.price(**instrument));
    TRADEHIVE_TAKE(stop_px, read.stop_px(**instrument));
    TRADEHIVE_TAKE(display_qty, read.display_qty(**instrument));
    TRADEHIVE_TAKE(expire_time, read.expire_time());
    TRADEHIVE_TAKE(exec_inst, read.exec_inst());
    order.instrument = (*instrument)->instrument;
    order.side = *side;
    order.ord_type = *ord_type;
    order.time_in_force = *time_in_force;
    order.order_qty = *order_qty;
    order.price = *price;
    order.stop_px = *stop_px;
    order.display_qty = *display_qty;
    order.expire_time = *expire_time;
    order.exec_inst = *exec_inst;
    return std::nullopt;
}

} // namespace

std::optional<OrdType> parse_ord_type(std::string_view text) noexcept {
    using enum OrdType;
    for (const auto known : {market, limit, stop, stop_limit, market_to_limit, take_profit})
        if (text.size() == 1 && text.front() == static_cast<char>(known)) return known;
    return std::nullopt;
}

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
    EnterOrder order;
    if (auto refused = read_terms(read, TimeInForce::day, order)) return *refused;
    TRADEHIVE_TAKE(instrument, read.instrument());
    TRADEHIVE_TAKE(min_qty, read.min_qty(**instrument));
    TRADEHIVE_TAKE(cash_order_qty, read.cash_order_qty(**instrument));
    TRADEHIVE_TAKE(self_match, read.self_match());
    TRADEHIVE_TAKE(account, read.account_of_new_order());
    order.account = *account;
    order.cl_ord_id = *cl_ord_id;
    order.poss_resend = fields.poss_resend == "Y" ? 1 : 0;
    order.min_qty = *min_qty;
    order.cash_order_qty = *cash_order_qty;
    order.self_match_given = self_match->has_value();
    order.self_match = self_match->value_or(SelfMatch{});
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
    ReplaceOrder replace;
    if (auto refused = read_terms(read, TimeInForce{}, replace)) return *refused;
    TRADEHIVE_CHECK(read.only_what_may_change());
    TRADEHIVE_TAKE(account, read.account_if_given());
    replace.order = named->first;
    replace.orig_cl_ord_id = named->second;
    replace.cl_ord_id = *cl_ord_id;
    replace.account = *account;
    replace.exec_inst_given = !fields.exec_inst.empty();
    return make_command(context.origin, replace);
}

Translated decode_mass_cancel(const InboundFields& fields, const InboundContext& context) {
    const OrderReader read{fields, context};
    TRADEHIVE_CHECK(read.present(11, "ClOrdID", fields.cl_ord_id));
    TRADEHIVE_CHECK(read.present(530, "MassCancelRequestType", fields.mass_type));
    TRADEHIVE_TAKE(cl_ord_id, read.id(11, "ClOrdID", fields.cl_ord_id));
    const bool of_symbol = fields.mass_type == "1";
    if ((!of_symbol && fields.mass_type != "7") || !fields.side.empty() || fields.names_parties)
        return refuse_mass_cancel(fields, context, RejectReason::unsupported_mass_cancel);
    MassCancel request{.cl_ord_id = *cl_ord_id};
    if (of_symbol) {
        TRADEHIVE_CHECK(read.present(55, "Symbol", fields.symbol));
        const auto* const instrument = context.reference.instrument(fields.symbol);
        if (instrument == nullptr)
            return refuse_mass_cancel(fields, context, RejectReason::unknown_instrument);
        request.instrument = instrument->instrument;
    }
    return make_command(context.origin, request);
}

Translated decode_mass_status(const InboundFields& fields, const InboundContext& context) {
    const OrderReader read{fields, context};
    TRADEHIVE_CHECK(read.present(584, "MassStatusReqID", fields.request_id));
    TRADEHIVE_CHECK(read.present(585, "MassStatusReqType", fields.mass_type));
    if (fields.request_id.size() > longest_request_id)
        return refuse_field(fields, context, 584, session_reject::value_is_incorrect,
                            "MassStatusReqID(584) must be at most 39 characters");
    const bool of_symbol = fields.mass_type == "1";
    if ((!of_symbol && fields.mass_type != "7") || !fields.side.empty())
        return refuse_mass_status(fields, context, RejectReason::unsupported_mass_status);
    AskOpenOrders ask;
    if (of_symbol) {
        TRADEHIVE_CHECK(read.present(55, "Symbol", fields.symbol));
        const auto* const instrument = context.reference.instrument(fields.symbol);
        if (instrument == nullptr)
            return refuse_mass_status(fields, context, RejectReason::unknown_instrument);
        ask.instrument = instrument->instrument;
    }
    if (!fields.account.empty()) { // one that is nobody's has no orders
        const auto* const found = context.reference.account(fields.account);
        ask.account = found != nullptr ? found->account : AccountId{UINT32_MAX};
    }
    RequestEcho echo;
    echo.request_id = decltype(echo.request_id)::cut(fields.request_id);
    echo.symbol = Symbol::from(fields.symbol).value_or(Symbol{});
    return Asked{.question = {.origin = context.origin, .what = ask}, .echo = echo};
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
