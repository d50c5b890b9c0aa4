#include "tests/scenarios/scenario.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace tradehive::tests {

namespace {

using Words = std::vector<std::string>;

Words split(const std::string& line) {
    std::istringstream stream{line.substr(0, line.find('#'))};
    Words words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

bool has(const Words& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

// The word after that one; empty when it is not there.
std::string after(const Words& words, std::string_view word) {
    const auto found = std::ranges::find(words, word);
    return found == words.end() || std::next(found) == words.end() ? "" : *std::next(found);
}

std::int64_t number(const std::string& text) {
    std::size_t used = 0;
    const std::int64_t value = text.empty() ? 0 : std::stoll(text, &used);
    if (used != text.size()) throw std::runtime_error{"not a number: " + text};
    return value;
}

template <class Text>
Text fixed(const std::string& text) {
    if (text == "-") return {};
    const auto result = Text::from(text);
    if (!result) throw std::runtime_error{"too long: " + text};
    return *result;
}

std::string word_of(RejectReason reason, std::int64_t bound) {
    return std::string{describe(reason).word} + (bound != 0 ? " " + std::to_string(bound) : "");
}

std::int64_t units(const std::string& text, Decimal unit) {
    const auto value = parse_units(text, unit);
    if (!value) throw std::runtime_error{"not a number of whole units: " + text};
    return *value;
}

Side side_of(const std::string& word) {
    if (word == "buy") return Side::buy;
    if (word == "sell") return Side::sell;
    return static_cast<Side>('9');
}

TimeInForce time_in_force(const Words& words) {
    if (has(words, "gtc")) return TimeInForce::good_till_cancel;
    if (has(words, "ioc")) return TimeInForce::immediate_or_cancel;
    if (has(words, "fok")) return TimeInForce::fill_or_kill;
    if (has(words, "gtd")) return static_cast<TimeInForce>('6');
    return TimeInForce::day;
}

} // namespace

Scenario::Scenario() {
    set_up();
}

void Scenario::set_up() {
    for (const auto* line : {"admin firm ALPHA",
                             "admin firm BETA",
                             "admin account A1 ALPHA",
                             "admin account A2 ALPHA",
                             "admin account B1 BETA",
                             "admin asset COIN 2",
                             "admin asset USD 4",
                             "admin instrument COIN-USD COIN USD tick 0.01 lot 0.01 protection 100000",
                             "admin session ALPHA ALPHA",
                             "admin session ALPHA2 ALPHA",
                             "admin session BETA BETA",
                             "admin session DATA ALPHA market-data",
                             "admin entitle ALPHA A1",
                             "admin entitle ALPHA A2",
                             "admin entitle ALPHA2 A1",
                             "admin entitle BETA B1",
                             "admin entitle DATA A1",
                             "admin deposit A1 USD 1000",
                             "admin deposit A2 USD 1000",
                             "admin deposit B1 USD 1000",
                             "admin deposit A1 COIN 100",
                             "admin deposit A2 COIN 100",
                             "admin deposit B1 COIN 100",
                             "logon ALPHA",
                             "logon ALPHA2",
                             "logon BETA",
                             "logon DATA"})
        command(split(line));
}

std::string Scenario::run(const std::filesystem::path& file) {
    std::ifstream stream{file};
    if (!stream) return file.string() + ": cannot be read";
    std::vector<std::string> expected;
    std::string where;
    const auto difference = [&]() -> std::string {
        const auto actual = said();
        if (where.empty() || actual == expected) return {};
        std::string text = where + "\n  instead:\n";
        for (const auto& line : actual)
            text += "    " + line + "\n";
        return text;
    };
    int line_number = 0;
    for (std::string line; std::getline(stream, line);) {
        ++line_number;
        const Words words = split(line);
        if (words.empty()) continue;
        if (line.front() == ' ') {
            std::string joined;
            for (const auto& word : words)
                joined += (joined.empty() ? "" : " ") + word;
            expected.push_back(joined);
            continue;
        }
        if (auto wrong = difference(); !wrong.empty()) return wrong;
        where = file.string() + ":" + std::to_string(line_number) + ": " + line;
        expected.clear();
        events_.clear();
        answers_.clear();
        try {
            command(words);
        } catch (const std::exception& error) {
            return where + "\n  " + error.what();
        }
        if (const auto broken = venue_.violation(); !broken.empty()) return where + "\n  " + broken;
    }
    if (line_number == 0) return file.string() + ": is empty";
    return difference();
}

void Scenario::command(const Words& words) {
    const std::string& verb = words.front();
    if (verb == "admin") return admin(words);
    if (verb == "balance") return expect_balance(words);
    if (verb == "book") return expect_book(words);
    if (verb == "logon") return log_on(words);
    if (verb == "code") return use_code(words);
    if (verb == "answer") return answer_user(words);
    if (verb == "again") return send(last_fix_message_);
    if (verb == "restart") return send(Origin{}, VenueStarted{});
    if (verb == "end-day")
        return send(Origin{}, EndDay{.day = static_cast<std::uint32_t>(number(words.at(1)))});
    if (verb == "reset-numbers") return send(Origin{}, ResetNumbers{Timestamp{number(words.at(1))}});
    if (verb == "wait") {
        time_ += number(words.at(1).substr(0, words.at(1).find('h'))) * 3'600'000'000'000;
        return;
    }
    if (verb == "disconnect") {
        SessionDisconnected notice{};
        notice.session = session(words.at(1));
        notice.epoch = numbers_[notice.session].first;
        notice.cause = DisconnectCause::connection_lost;
        notice.keep_orders = has(words, "keep");
        return send(Origin{}, notice);
    }
    if (verb == "gateway") {
        MessageRefused refused;
        refused.cl_ord_id = ClOrdID::cut("bad");
        refused.text = Reason::cut("BAD_FIELD: as the gateway says");
        return send(sender({"by", words.back()}, ""), refused);
    }
    order_line(words);
}

void Scenario::order_line(const Words& words) {
    const std::string& what = words.at(1);
    if (what == "cancel") return cancel(words);
    if (what == "replace") return replace(words);
    if (what == "asks") return ask(words);
    enter(words);
}

// --- orders ----------------------------------------------------------------------------------------------

// A1 buy 10 @ 1.00 b1 | A1 buy 10 market b1
void Scenario::enter(const Words& words) {
    const auto* instrument = names()->instrument(has(words, "on") ? after(words, "on") : "COIN-USD");
    const Decimal tick = instrument ? instrument->tick : Decimal{1, 2};
    const Decimal lot = instrument ? instrument->lot : Decimal{1, 2};
    EnterOrder order;
    order.account = account(words.at(0));
    order.instrument = instrument ? instrument->instrument : InstrumentId{99};
    order.side = side_of(words.at(1));
    order.order_qty = Quantity{units(words.at(2), lot)};
    const bool market = has(words, "market");
    order.ord_type = has(words, "stop") ? static_cast<OrdType>('3')
                     : market           ? OrdType::market
                                        : OrdType::limit;
    if (has(words, "@")) order.price = Price{units(after(words, "@"), tick)};
    order.cl_ord_id = fixed<ClOrdID>(words.at(has(words, "@") ? 5 : 4));
    order.time_in_force = time_in_force(words);
    order.poss_resend = has(words, "resend");
    send(sender(words, words.at(0)), order);
}

// A1 cancel b1 x1
void Scenario::cancel(const Words& words) {
    CancelOrder request;
    request.orig_cl_ord_id = fixed<ClOrdID>(words.at(2));
    request.cl_ord_id = fixed<ClOrdID>(words.at(3));
    request.order = order_id(after(words, "order"));
    if (!has(words, "any-account")) request.account = account(words.at(0));
    if (has(words, "side")) request.side = side_of(after(words, "side"));
    send(sender(words, words.at(0)), request);
}

// A1 replace b1 b2 8 @ 1.01
void Scenario::replace(const Words& words) {
    const Instrument& instrument = *names()->instrument(has(words, "on") ? after(words, "on") : "COIN-USD");
    ReplaceOrder request;
    request.orig_cl_ord_id = fixed<ClOrdID>(words.at(2));
    request.cl_ord_id = fixed<ClOrdID>(words.at(3));
    request.order_qty = Quantity{units(words.at(4), instrument.lot)};
    request.price = Price{units(words.at(6), instrument.tick)};
    request.order = order_id(after(words, "order"));
    if (!has(words, "any-account")) request.account = account(words.at(0));
    if (has(words, "side")) request.side = side_of(after(words, "side"));
    if (has(words, "gtc")) request.time_in_force = TimeInForce::good_till_cancel;
    request.ord_type = has(words, "market") ? OrdType::market : OrdType::limit;
    send(sender(words, words.at(0)), request);
}

void Scenario::ask(const Words& words) {
    Question question;
    question.origin = sender(words, words.at(0));
    AskOrder asked;
    asked.cl_ord_id = fixed<ClOrdID>(words.at(2));
    if (!has(words, "any-account")) asked.account = account(words.at(0));
    question.what = asked;
    const Answer answer = venue_.answer(question);
    const auto& found = std::get<OrderAnswer>(answer.what);
    answers_.push_back(found.reason == RejectReason::none ? text_of(found.order) : word_of(found.reason, 0));
}

Origin Scenario::sender(const Words& words, std::string_view account_code) {
    Origin origin;
    std::string by = after(words, "by");
    if (by == "admin") {
        origin.channel = Channel::control;
        return origin;
    }
    if (by.empty()) by = account_code.front() == 'B' ? "BETA" : "ALPHA";
    origin.channel = Channel::fix;
    origin.session = session(by);
    auto& [epoch, next] = numbers_.try_emplace(origin.session, Epoch{1}, 1).first->second;
    origin.epoch = epoch;
    origin.number = MsgSeqNum{next};
    return origin;
}

// --- sessions and the back office ------------------------------------------------------------------------

void Scenario::log_on(const Words& words) {
    LogOnSession request{};
    request.session = session(words.at(1));
    request.reset_numbers = has(words, "reset");
    if (has(words, "totp")) request.code = CodeOffered::current;
    if (has(words, "old-code")) request.code = CodeOffered::other;
    if (has(words, "no-code")) request.code = CodeOffered::absent;
    request.totp_step = static_cast<std::uint64_t>(number(after(words, "totp")));
    // The mark of a code is its step here.
    request.code_mark = static_cast<std::uint64_t>(
        number(has(words, "totp") ? after(words, "totp") : after(words, "old-code")));
    request.address = static_cast<std::uint64_t>(number(after(words, "from")));
    request.otp_grace_seconds = static_cast<std::uint32_t>(number(after(words, "grace")));
    const std::string mode = after(words, "orders");
    request.override_cancel_on_disconnect = !mode.empty();
    if (mode == "session") request.cancel_on_disconnect = CancelOnDisconnect::session;
    if (mode == "account") request.cancel_on_disconnect = CancelOnDisconnect::account;
    send(Origin{}, request);
}

// In a message of the live session, whose number has been counted.
void Scenario::use_code(const Words& words) {
    Origin origin;
    origin.channel = Channel::fix;
    origin.session = session(words.at(1));
    send(origin,
         UseCode{.session = origin.session, .totp_step = static_cast<std::uint64_t>(number(words.at(2)))});
}

// "answer S [late]": the BE whose number is next, or the last one.
void Scenario::answer_user(const Words& words) {
    const auto session_id = session(words.at(1));
    const bool late = has(words, "late");
    Origin origin = late ? last_fix_message_.header.origin : Origin{};
    if (!late) {
        const auto& [epoch, next] = numbers_.try_emplace(session_id, Epoch{1}, 1).first->second;
        origin.channel = Channel::fix;
        origin.session = session_id;
        origin.epoch = epoch;
        origin.number = MsgSeqNum{next};
    }
    AnswerUser answer;
    answer.request_id = FixedText<39>::cut("request");
    answer.username = FixedText<71>::cut(words.at(1));
    answer.reason = late ? RejectReason::none : RejectReason::weak_password;
    answer.late = late;
    send(origin, answer);
}

void Scenario::admin(const Words& words) {
    Origin origin;
    origin.channel = Channel::control;
    const std::string& verb = words.at(1);
    if (verb == "freeze" || verb == "unfreeze")
        return send(origin, SetAccountFrozen{.account = account(words.at(2)), .frozen = verb == "freeze"});
    if (verb == "halt" || verb == "resume") {
        const auto* instrument = names()->instrument(words.at(2));
        return send(origin, SetInstrumentState{
                                .instrument = instrument ? instrument->instrument : InstrumentId{99},
                                .state = verb == "halt" ? InstrumentState::halted : InstrumentState::open});
    }
    if (verb == "limits") // A1 orders N qty LOTS notional UNITS
        return send(origin, SetAccountLimits{.account = account(words.at(2)),
                                             .most_open_orders =
                                                 static_cast<std::uint32_t>(number(after(words, "orders"))),
                                             .most_order_qty = Quantity{number(after(words, "qty"))},
                                             .most_notional = Amount{number(after(words, "notional"))}});
    if (verb == "fees") // A1 maker M taker T, in millionths
        return send(
            origin,
            SetAccountFees{.account = account(words.at(2)),
                           .maker_fee = FeeRate{static_cast<std::int32_t>(number(after(words, "maker")))},
                           .taker_fee = FeeRate{static_cast<std::int32_t>(number(after(words, "taker")))}});
    if (verb == "deposit" || verb == "withdraw") { // A1 USD 10 [key K]
        const auto* asset = names()->asset(words.at(3));
        Deposit movement;
        if (has(words, "key")) movement.key = fixed<Key>(after(words, "key"));
        movement.account = account(words.at(2));
        movement.asset = asset ? asset->asset : AssetId{99};
        movement.amount = asset ? amount(words.at(4), words.at(3)) : Amount{1};
        if (verb == "deposit") return send(origin, movement);
        return send(origin, Withdraw{movement.key, movement.account, movement.asset, movement.amount});
    }
    if (verb == "revoke") return send(origin, RevokeSession{.session = session(words.at(2))});
    if (verb == "entitle")
        return send(origin, EntitleSession{.session = session(words.at(2)), .account = account(words.at(3))});
    if (verb == "set-next") { // S IN OUT
        SetNextNumbers request{};
        request.session = session(words.at(2));
        request.next_in = MsgSeqNum{static_cast<std::uint64_t>(number(words.at(3)))};
        request.next_out = MsgSeqNum{static_cast<std::uint64_t>(number(words.at(4)))};
        return send(origin, request);
    }
    admin_name(words);
}

void Scenario::admin_name(const Words& words) {
    Origin origin;
    origin.channel = Channel::control;
    const std::string& verb = words.at(1);
    const Key key = has(words, "key") ? fixed<Key>(after(words, "key")) : Key{};
    const auto firm_of = [&](const std::string& code) {
        const auto* firm = names()->firm(code);
        return firm ? firm->firm : FirmId{99};
    };
    const auto asset_of = [&](const std::string& code) {
        const auto* asset = names()->asset(code);
        return asset ? asset->asset : AssetId{99};
    };
    if (verb == "firm") return send(origin, CreateFirm{.key = key, .code = fixed<Code>(words.at(2))});
    if (verb == "account") { // CODE FIRM [maker M taker T]
        CreateAccount request{};
        request.key = key;
        request.code = fixed<Code>(words.at(2));
        request.firm = firm_of(words.at(3));
        request.maker_fee = FeeRate{static_cast<std::int32_t>(number(after(words, "maker")))};
        request.taker_fee = FeeRate{static_cast<std::int32_t>(number(after(words, "taker")))};
        return send(origin, request);
    }
    if (verb == "asset") // CODE SCALE
        return send(origin, CreateAsset{.key = key,
                                        .code = fixed<Code>(words.at(2)),
                                        .scale = static_cast<std::uint8_t>(number(words.at(3)))});
    if (verb == "session") { // COMPID FIRM [market-data]
        CreateFixSession request{};
        request.key = key;
        request.comp_id = fixed<CompID>(words.at(2));
        request.firm = firm_of(words.at(3));
        request.session_kind =
            has(words, "market-data") ? SessionKind::market_data : SessionKind::order_entry;
        request.cancel_on_disconnect = CancelOnDisconnect::none;
        return send(origin, request);
    }
    if (verb ==
        "instrument") { // SYMBOL BASE QUOTE tick T lot L [protection MILLIONTHS] [least N] [most N] [worth N]
        const auto tick = parse_decimal(after(words, "tick")).value();
        const auto lot = parse_decimal(after(words, "lot")).value();
        CreateInstrument request{};
        request.key = key;
        request.symbol = fixed<Symbol>(words.at(2));
        request.base = asset_of(words.at(3));
        request.quote = asset_of(words.at(4));
        request.tick_mantissa = tick.mantissa;
        request.tick_scale = tick.scale;
        request.lot_mantissa = lot.mantissa;
        request.lot_scale = lot.scale;
        request.least_quantity = Quantity{number(after(words, "least"))};
        request.most_quantity = Quantity{number(after(words, "most"))};
        request.least_notional = Amount{number(after(words, "worth"))};
        request.market_protection = static_cast<std::int32_t>(number(after(words, "protection")));
        return send(origin, request);
    }
    throw std::runtime_error{"unknown: admin " + verb};
}

template <CommandBody Body>
void Scenario::send(const Origin& origin, const Body& body) {
    send(make_command(origin, body));
}

void Scenario::send(Command command) {
    command.header.sequence = Sequence{venue_.last_sequence().value() + 1};
    command.header.time = Timestamp{time_ += 1'000'000};
    const Origin& origin = command.header.origin;
    if (origin.channel == Channel::fix) {
        last_fix_message_ = command;
        numbers_.at(origin.session).second =
            std::max(numbers_.at(origin.session).second, origin.number.value() + 1);
    }
    venue_.apply(command, events_);
    names_ = venue_.reference_data();
    for (const Event& event : events_) {
        if (event.header.kind == EventKind::order_accepted) {
            const auto image = event.as<OrderAccepted>().order;
            orders_[std::string{image.cl_ord_id.view()}] = image.order;
        } else if (event.header.kind == EventKind::session_logged_on) {
            const auto logged_on = event.as<SessionLoggedOn>();
            numbers_[logged_on.session] = {logged_on.epoch, logged_on.next_in.value()};
        } else if (event.header.kind == EventKind::next_numbers_set) {
            const auto set = event.as<NextNumbersSet>();
            numbers_[set.session] = {set.epoch, set.next_in.value()};
        }
    }
}

// --- what happened ---------------------------------------------------------------------------------------

std::vector<std::string> Scenario::said() const {
    std::vector<std::string> lines = answers_;
    for (const Event& event : events_)
        if (auto text = text_of(event); !text.empty()) lines.push_back(std::move(text));
    return lines;
}

std::string Scenario::text_of(const OrderImage& order) const {
    const Instrument& instrument = *names()->instrument(order.instrument);
    const auto quantity = [&](Quantity lots) {
        return std::string{format_units(lots.value(), instrument.lot).view()};
    };
    const auto status = [&]() -> std::string {
        switch (order.ord_status) {
        case OrdStatus::new_:
            return "new";
        case OrdStatus::partially_filled:
            return "partially filled";
        case OrdStatus::filled:
            return "filled";
        case OrdStatus::canceled:
            return "canceled";
        case OrdStatus::rejected:
            return "rejected";
        case OrdStatus::expired:
            return "expired";
        }
        return "?";
    };
    return std::string{order.cl_ord_id.view()} + " is " + status() + ", " + quantity(order.leaves_qty) +
           " left, " + quantity(order.cum_qty) + " done";
}

std::string Scenario::text_of(const Event& event) const {
    const auto name = [](const OrderImage& order) { return std::string{order.cl_ord_id.view()}; };
    switch (event.header.kind) {
    case EventKind::order_accepted:
        return name(event.as<OrderAccepted>().order) + " accepted";
    case EventKind::order_rejected: {
        const auto rejected = event.as<OrderRejected>();
        return name(rejected.order) + " rejected " + word_of(rejected.reason, rejected.bound);
    }
    case EventKind::order_traded: {
        const auto traded = event.as<OrderTraded>();
        const Instrument& instrument = *names()->instrument(traded.order.instrument);
        const Asset& quote = *names()->asset(instrument.quote);
        const std::string fee{format_units(traded.fee.value(), minor_unit(quote.scale)).view()};
        return name(traded.order) + " " + (traded.maker ? "made " : "took ") +
               std::string{format_units(traded.last_qty.value(), instrument.lot).view()} + " @ " +
               std::string{format_units(traded.last_px.value(), instrument.tick).view()} +
               (traded.fee != Amount{0} ? " fee " + fee : "") +
               (traded.order.ord_status == OrdStatus::filled ? " filled" : "");
    }
    case EventKind::order_canceled: {
        const auto canceled = event.as<OrderCanceled>();
        constexpr const char* why[]{"", " DISCONNECT", " SELF_MATCH", "", " OPERATOR", " REVOKED"};
        return name(canceled.order) + (canceled.why == Unsolicited::expired ? " expired" : " canceled") +
               why[static_cast<std::uint8_t>(canceled.why)] +
               (canceled.request.empty() ? "" : " by " + std::string{canceled.request.view()});
    }
    case EventKind::order_replaced: {
        const auto replaced = event.as<OrderReplaced>();
        return std::string{replaced.orig_cl_ord_id.view()} + " replaced by " + name(replaced.order) +
               (replaced.kept_place ? ", place kept" : ", place lost");
    }
    case EventKind::cancel_rejected: {
        const auto rejected = event.as<CancelRejected>();
        return std::string{rejected.of_replace ? "replace" : "cancel"} + " refused " +
               word_of(rejected.reason, rejected.bound) +
               (rejected.order == OrderId{} ? "" : " of " + name_of(rejected.order));
    }
    case EventKind::order_status:
        return text_of(event.as<OrderStatusReport>().order);
    case EventKind::message_was_refused:
        return std::string{event.as<MessageWasRefused>().refusal.text.view()};
    case EventKind::session_logged_on: {
        const auto session = event.as<SessionLoggedOn>();
        return "logged on, epoch " + std::to_string(session.epoch.value()) + ", next " +
               std::to_string(session.next_in.value());
    }
    case EventKind::log_on_refused:
        return "logon refused " + word_of(event.as<LogOnRefused>().reason, 0);
    case EventKind::session_ended:
        return "logged off";
    case EventKind::code_used: {
        const auto reason = event.as<CodeUsed>().reason;
        return reason == RejectReason::none ? "code counts" : "code refused " + word_of(reason, 0);
    }
    case EventKind::user_answered: {
        const auto answer = event.as<UserAnswered>().answer;
        return "answered " + std::string{answer.username.view()} + " " +
               (answer.reason == RejectReason::none ? "changed" : word_of(answer.reason, 0));
    }
    case EventKind::command_done: {
        const auto done = event.as<CommandDone>();
        const std::string again = done.repeated ? " again" : "";
        if (done.reason != RejectReason::none) return "refused " + word_of(done.reason, done.bound) + again;
        return "done" + again;
    }
    case EventKind::balance_changed:
        return {};
    default:
        return tradehive::name(event.header.kind);
    }
}

// balance A1 USD 990 held 10
void Scenario::expect_balance(const Words& words) {
    Question question;
    question.origin.channel = Channel::control;
    question.what = AskBalances{account(words.at(1))};
    const Answer answer = venue_.answer(question);
    const Asset& asset = *names()->asset(words.at(2));
    for (const BalanceLine& line : std::get<BalancesAnswer>(answer.what).lines) {
        if (line.asset != asset.asset) continue;
        const std::string held = has(words, "held") ? after(words, "held") : "0";
        if (line.total == amount(words.at(3), words.at(2)) && line.held == amount(held, words.at(2))) return;
        const auto text = [&](Amount units) {
            return std::string{format_units(units.value(), minor_unit(asset.scale)).view()};
        };
        throw std::runtime_error{"has " + text(line.total) + " held " + text(line.held)};
    }
    throw std::runtime_error{"has no such balance"};
}

// book COIN-USD 9 @ 0.99, 5 @ 0.98 | 3 @ 1.01
void Scenario::expect_book(const Words& words) {
    const Instrument& instrument = *names()->instrument(words.at(1));
    Question question;
    question.what = AskBook{instrument.instrument, 0};
    const Answer answer = venue_.answer(question);
    const auto& book = std::get<BookAnswer>(answer.what);
    const auto side = [&](const std::vector<BookLevel>& levels) {
        std::string text;
        for (const BookLevel& level : levels)
            text += (text.empty() ? "" : ", ") +
                    std::string{format_units(level.quantity.value(), instrument.lot).view()} + " @ " +
                    std::string{format_units(level.price.value(), instrument.tick).view()};
        return text.empty() ? "-" : text;
    };
    std::string expected;
    for (std::size_t i = 2; i < words.size(); ++i)
        expected += (expected.empty() ? "" : " ") + words[i];
    const std::string actual = side(book.bids) + " | " + side(book.offers);
    if (actual != expected) throw std::runtime_error{"is " + actual};
}

AccountId Scenario::account(const std::string& code) const {
    const auto* found = names()->account(code);
    return found ? found->account : AccountId{99};
}

FixSessionId Scenario::session(const std::string& comp_id) const {
    const auto* found = names()->session(comp_id);
    return found ? found->session : FixSessionId{99};
}

OrderId Scenario::order_id(const std::string& text) const {
    const auto found = orders_.find(text);
    return found != orders_.end() ? found->second : OrderId{static_cast<std::uint64_t>(number(text))};
}

std::string Scenario::name_of(OrderId order) const {
    for (const auto& [name, id] : orders_)
        if (id == order) return name;
    return "?";
}

Amount Scenario::amount(const std::string& text, const std::string& asset) const {
    return Amount{units(text, minor_unit(names()->asset(asset)->scale))};
}

} // namespace tradehive::tests
