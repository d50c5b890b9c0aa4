#include "control/desk.hpp"

#include "control/requests.hpp"
#include "domain/words.hpp"

#include <boost/json/array.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace tradehive::control {

namespace json = boost::json;

// --- fields ------------------------------------------------------------------------------------------------

Given::Given(const json::object& request)
    : fields_{request} {
    const auto* name = request.if_contains("request");
    if (name == nullptr || !name->is_string())
        throw Refused{"BAD_REQUEST", "a request is an object with a text \"request\""};
    name_ = name->get_string();
    const auto* shape = find_request(name_);
    if (shape == nullptr) throw Refused{"UNKNOWN_REQUEST", fmt::format("there is no request \"{}\"", name_)};
    for (const auto& [field, value] : request) {
        if (field == "request") continue;
        const std::string_view given = field;
        const auto known = std::ranges::find(shape->fields, given, &Field::name);
        if (known == shape->fields.end())
            throw Refused{"UNKNOWN_FIELD", fmt::format("{} has no field \"{}\"", name_, given)};
        const bool right = known->shape == Field::Shape::flag ? value.is_bool() : value.is_string();
        if (!right)
            throw Refused{"BAD_FIELD",
                          fmt::format("{}: must be {}", given,
                                      known->shape == Field::Shape::flag ? "true or false" : "a text")};
    }
    for (const auto& field : shape->fields)
        if (field.required && text(field.name).empty())
            throw Refused{"MISSING_FIELD", fmt::format("{} needs {}: {}", name_, field.name, field.help)};
}

std::string_view Given::text(std::string_view field) const {
    const auto* value = fields_.if_contains(field);
    return value == nullptr ? std::string_view{} : std::string_view{value->get_string()};
}

std::string to_text(std::int64_t units, Decimal unit) {
    return std::string{format_units(units, unit).view()};
}

namespace {

template <class View>
const View& need(const View* found, const char* what, std::string_view name, const char* word) {
    if (found == nullptr) throw Refused{word, fmt::format("there is no {} \"{}\"", what, name)};
    return *found;
}

} // namespace

const FirmView& need_firm(const ReferenceData& reference, std::string_view code) {
    return need(reference.firm(code), "firm", code, "UNKNOWN_FIRM");
}
const AccountView& need_account(const ReferenceData& reference, std::string_view code) {
    return need(reference.account(code), "account", code, "UNKNOWN_ACCOUNT");
}
const Asset& need_asset(const ReferenceData& reference, std::string_view code) {
    return need(reference.asset(code), "asset", code, "UNKNOWN_ASSET");
}
const Instrument& need_instrument(const ReferenceData& reference, std::string_view symbol) {
    return need(reference.instrument(symbol), "instrument", symbol, "UNKNOWN_SYMBOL");
}
const FixSessionView& need_session(const ReferenceData& reference, std::string_view comp_id) {
    return need(reference.session(comp_id), "FIX session", comp_id, "UNKNOWN_SESSION");
}

std::int64_t units_of(const Given& given, std::string_view field, Decimal unit) {
    const auto text = given.text(field);
    const auto units = parse_units(text, unit);
    if (!units)
        throw Refused{"BAD_NUMBER", fmt::format("{}: \"{}\": {} (the step is {})", field, text,
                                                describe(units.error()), to_text(1, unit))};
    return *units;
}

std::uint64_t count_of(const Given& given, std::string_view field, std::uint64_t least, std::uint64_t most) {
    const auto text = given.text(field);
    std::uint64_t value{};
    const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
    if (error != std::errc{} || end != text.end() || value < least || value > most)
        throw Refused{"BAD_NUMBER", fmt::format("{}: \"{}\": must be a whole number from {} to {}", field,
                                                text, least, most)};
    return value;
}

json::object describe(const Caller::Outcome& outcome) {
    json::object result;
    if (outcome.done.made != 0) result["made"] = outcome.done.made;
    result["sequence"] = outcome.sequence.value();
    if (outcome.done.repeated != 0) result["repeated"] = true;
    return result;
}

// --- the desk
// ------------------------------------------------------------------------------------------------

Desk::Desk(const Venue& venue, Options options)
    : venue_{venue}
    , options_{std::move(options)} {}

Desk::Handler Desk::find_handler(std::string_view name) {
    static constexpr auto handlers = std::to_array<std::pair<std::string_view, Handler>>({
        {"firm create", &Desk::create_firm},
        {"firm list", &Desk::list_firms},
        {"account create", &Desk::create_account},
        {"account list", &Desk::list_accounts},
        {"account limits", &Desk::limit_account},
        {"account fees", &Desk::charge_account},
        {"account freeze", &Desk::freeze_account},
        {"account unfreeze", &Desk::unfreeze_account},
        {"kill", &Desk::kill},
        {"revive", &Desk::revive},
        {"asset create", &Desk::create_asset},
        {"asset list", &Desk::list_assets},
        {"instrument create", &Desk::create_instrument},
        {"instrument list", &Desk::list_instruments},
        {"instrument halt", &Desk::halt_instrument},
        {"instrument resume", &Desk::resume_instrument},
        {"instrument cancel-only", &Desk::let_instrument_cancel_only},
        {"instrument delist", &Desk::delist_instrument},
        {"instrument band", &Desk::set_price_band},
        {"deposit", &Desk::deposit},
        {"withdraw", &Desk::withdraw},
        {"balances", &Desk::balances},
        {"orders", &Desk::orders},
        {"fix-session create", &Desk::create_fix_session},
        {"fix-session renew", &Desk::renew_fix_session},
        {"fix-session entitle", &Desk::entitle_fix_session},
        {"fix-session revoke", &Desk::revoke_fix_session},
        {"fix-session list", &Desk::list_fix_sessions},
        {"session list", &Desk::list_sessions},
        {"session disconnect", &Desk::disconnect_session},
        {"session set-next", &Desk::set_next},
        {"session reset", &Desk::reset_session},
        {"end-day", &Desk::end_day},
        {"status", &Desk::status},
        {"check", &Desk::check},
    });
    const auto found = std::ranges::find(handlers, name, &std::pair<std::string_view, Handler>::first);
    return found == handlers.end() ? nullptr : found->second;
}

json::object Desk::serve(const json::object& request) {
    const auto refusal = [](std::string_view word, std::string_view text) {
        return json::object{{"ok", false}, {"word", word}, {"text", text}};
    };
    try {
        const Given given{request};
        const auto handler = find_handler(given.name());
        if (handler == nullptr) return refusal("UNKNOWN_REQUEST", "this venue does not serve the request");
        return {{"ok", true}, {"result", (this->*handler)(given)}};
    } catch (const Refused& refused) {
        return refusal(refused.word(), refused.what());
    } catch (const std::exception& failure) { // a database that is away, a file that cannot be read
        return refusal("FAILED", failure.what());
    }
}

Caller::Outcome Desk::accepted(const std::expected<Caller::Outcome, NoReply>& reply,
                               std::optional<Decimal> bound_unit) {
    if (!reply) {
        const auto words = control::describe(reply.error());
        throw Refused{words.word, std::string{words.rule}};
    }
    const auto& outcome = *reply;
    if (outcome.done.reason == RejectReason::none) return outcome;
    const auto words = tradehive::describe(outcome.done.reason);
    std::string text{words.rule};
    if (outcome.done.bound != 0 && bound_unit)
        text += " (the bound is " + to_text(outcome.done.bound, *bound_unit) + ")";
    throw Refused{words.word, text};
}

Caller::Reply Desk::answered(std::expected<Caller::Reply, NoReply> reply) {
    if (reply) return *std::move(reply);
    const auto words = control::describe(reply.error());
    throw Refused{words.word, std::string{words.rule}};
}

// --- money and orders
// ------------------------------------------------------------------------------------------

json::object Desk::move_money(const Given& given, bool in) {
    const auto names = reference();
    const auto& account = need_account(*names, given.text("account"));
    const auto& asset = need_asset(*names, given.text("asset"));
    const auto unit = minor_unit(asset.scale);
    const Amount amount{units_of(given, "amount", unit)};
    const auto outcome = in ? done(Deposit{key_of(given), account.account, asset.asset, amount}, unit)
                            : done(Withdraw{key_of(given), account.account, asset.asset, amount}, unit);
    return describe(outcome);
}

json::object Desk::deposit(const Given& given) {
    return move_money(given, true);
}

json::object Desk::withdraw(const Given& given) {
    return move_money(given, false);
}

json::object Desk::balances(const Given& given) {
    const auto names = reference();
    AskBalances what;
    if (given.has("account")) what.account = need_account(*names, given.text("account")).account;
    const auto answer = ask(what);
    const auto fresh = reference(); // at least as new as the answer
    json::array rows;
    for (const auto& line : std::get<BalancesAnswer>(answer->what).lines) {
        const auto* account = fresh->account(line.account);
        const auto* asset = fresh->asset(line.asset);
        if (account == nullptr || asset == nullptr) continue;
        const auto unit = minor_unit(asset->scale);
        rows.push_back(json::object{{"account", account->code.view()},
                                    {"asset", asset->code.view()},
                                    {"total", to_text(line.total.value(), unit)},
                                    {"held", to_text(line.held.value(), unit)},
                                    {"available", to_text((line.total - line.held).value(), unit)}});
    }
    return {{"rows", std::move(rows)}};
}

namespace {

json::object row_of(const OrderImage& order, const ReferenceData& names) {
    json::object row{{"order", std::to_string(order.order.value())}};
    const auto* account = names.account(order.account);
    const auto* instrument = names.instrument(order.instrument);
    const auto* session = names.session(order.session);
    row["account"] = account == nullptr ? std::string_view{} : account->code.view();
    row["symbol"] = instrument == nullptr ? std::string_view{} : instrument->symbol.view();
    row["side"] = word(order.side);
    row["type"] = word(order.ord_type);
    row["tif"] = word(order.time_in_force);
    row["status"] = word(order.ord_status);
    row["cl_ord_id"] = order.cl_ord_id.view();
    row["session"] = session == nullptr ? std::string_view{} : session->comp_id.view();
    if (instrument != nullptr) {
        row["price"] = to_text(order.price.value(), instrument->tick);
        row["quantity"] = to_text(order.order_qty.value(), instrument->lot);
        row["leaves"] = to_text(order.leaves_qty.value(), instrument->lot);
        row["filled"] = to_text(order.cum_qty.value(), instrument->lot);
        row["average"] = format_average_price(order.cum_tick_lots, order.cum_qty, instrument->tick).view();
    }
    return row;
}

} // namespace

json::object Desk::orders(const Given& given) {
    AskOpenOrders what;
    if (given.has("account")) what.account = need_account(*reference(), given.text("account")).account;
    const auto answer = ask(what);
    const auto names = reference();
    json::array rows;
    for (const auto& order : std::get<OpenOrdersAnswer>(answer->what).orders)
        rows.push_back(row_of(order, *names));
    return {{"rows", std::move(rows)}};
}

// --- the venue
// ---------------------------------------------------------------------------------------------------

json::object Desk::end_day(const Given& given) {
    using namespace std::chrono;
    auto day = floor<days>(system_clock::now());
    if (const auto text = given.text("day"); !text.empty()) {
        unsigned year_part{};
        unsigned month_part{};
        unsigned day_part{};
        const auto number = [&](std::size_t at, std::size_t size, unsigned& part) {
            const auto* end = text.data() + at + size;
            return std::from_chars(text.data() + at, end, part).ptr == end;
        };
        const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' &&
                            number(0, 4, year_part) && number(5, 2, month_part) && number(8, 2, day_part);
        const year_month_day date{year{static_cast<int>(year_part)}, month{month_part},
                                  std::chrono::day{day_part}};
        if (!shaped || !date.ok() || sys_days{date} < sys_days{} || sys_days{date} > day)
            throw Refused{"BAD_DAY",
                          fmt::format("day: \"{}\": must be YYYY-MM-DD, not after today (UTC)", text)};
        day = date;
    }
    auto result =
        control::describe(done(EndDay{static_cast<std::uint32_t>(day.time_since_epoch().count()), 0}));
    result["day"] = fmt::format("{:%F}", fmt::gmtime(sys_days{day}));
    return result;
}

json::object Desk::status(const Given&) {
    const auto answer = ask(AskVenue{});
    const auto& venue = std::get<VenueAnswer>(answer->what);
    const auto live = venue_.sessions.sessions();
    const auto end = venue_.events.end().value();
    json::object lag;
    for (const auto& follower : options_.followers)
        lag[follower] = end - std::min(end, venue_.events.position(follower).value());
    const auto uptime = std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - started_);
    return {{"sequence", venue.sequence.value()},
            {"open_orders", venue.open_orders},
            {"trades", venue.trades},
            {"sessions_connected", std::ranges::count_if(live, &SessionStatus::connected)},
            {"events", end - 1},
            {"events_behind", std::move(lag)},
            {"database", options_.database_status ? options_.database_status() : json::object{}},
            {"uptime_seconds", uptime.count()}};
}

json::object Desk::check(const Given&) {
    const auto answer = ask(AskVenue{true});
    const auto& venue = std::get<VenueAnswer>(answer->what);
    if (!venue.violation.empty()) throw Refused{"VIOLATED", venue.violation};
    return {{"sequence", venue.sequence.value()},
            {"state_hash", fmt::format("{:016x}", venue.state_hash)},
            {"invariants", "all hold"}};
}

} // namespace tradehive::control
