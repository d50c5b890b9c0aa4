// Firms, accounts, assets and instruments.
#include "control/desk.hpp"

#include "domain/words.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace tradehive::control {

namespace json = boost::json;

namespace {

FeeRate rate_of(const Given& given, std::string_view field, FeeRate otherwise) {
    if (!given.has(field)) return otherwise;
    const auto units = units_of(given, field, rate_unit);
    if (units < -millionths || units > millionths)
        throw Refused{"BAD_FEE", fmt::format("{}: must be from -1 to 1", field)};
    return FeeRate{static_cast<std::int32_t>(units)};
}

Decimal step_of(const Given& given, std::string_view field) {
    const auto text = given.text(field);
    const auto step = parse_decimal(text);
    if (!step)
        throw Refused{"BAD_NUMBER", fmt::format("{}: \"{}\": {}", field, text, describe(step.error()))};
    if (step->mantissa <= 0)
        throw Refused{"BAD_STEP", fmt::format("{}: \"{}\": must be above zero", field, text)};
    return *step;
}

} // namespace

json::object Desk::create_firm(const Given& given) {
    return describe(done(CreateFirm{key_of(given), fixed_text<Code>("firm", given.text("firm"))}));
}

json::object Desk::list_firms(const Given&) {
    json::array rows;
    for (const auto& firm : reference()->firms)
        rows.push_back(json::object{{"firm", firm.code.view()}, {"id", firm.firm.value()}});
    return {{"rows", std::move(rows)}};
}

json::object Desk::create_account(const Given& given) {
    CreateAccount body;
    body.key = key_of(given);
    body.code = fixed_text<Code>("account", given.text("account"));
    body.firm = need_firm(*reference(), given.text("firm")).firm;
    body.maker_fee = rate_of(given, "maker-fee", {});
    body.taker_fee = rate_of(given, "taker-fee", {});
    return describe(done(body));
}

json::object Desk::list_accounts(const Given&) {
    const auto names = reference();
    json::array rows;
    for (const auto& account : names->accounts) {
        const auto* firm = names->firm(account.firm);
        rows.push_back(json::object{{"account", account.code.view()},
                                    {"firm", firm == nullptr ? std::string_view{} : firm->code.view()},
                                    {"frozen", account.frozen},
                                    {"maker_fee", to_text(account.maker_fee.value(), rate_unit)},
                                    {"taker_fee", to_text(account.taker_fee.value(), rate_unit)},
                                    {"most_open_orders", account.most_open_orders},
                                    {"most_order_lots", account.most_order_qty.value()},
                                    {"most_notional_units", account.most_notional.value()},
                                    {"id", account.account.value()}});
    }
    return {{"rows", std::move(rows)}};
}

json::object Desk::limit_account(const Given& given) {
    const auto names = reference();
    const auto& account = need_account(*names, given.text("account"));
    SetAccountLimits body{account.account, account.most_open_orders, account.most_order_qty,
                          account.most_notional};
    if (given.has("most-open-orders"))
        body.most_open_orders =
            static_cast<std::uint32_t>(count_of(given, "most-open-orders", 0, UINT32_MAX));
    if (given.has("most-order-lots"))
        body.most_order_qty =
            Quantity{static_cast<std::int64_t>(count_of(given, "most-order-lots", 0, INT64_MAX))};
    if (given.has("most-notional-units"))
        body.most_notional =
            Amount{static_cast<std::int64_t>(count_of(given, "most-notional-units", 0, INT64_MAX))};
    return describe(done(body));
}

json::object Desk::charge_account(const Given& given) {
    const auto names = reference();
    const auto& account = need_account(*names, given.text("account"));
    return describe(done(SetAccountFees{account.account, rate_of(given, "maker-fee", account.maker_fee),
                                        rate_of(given, "taker-fee", account.taker_fee), 0}));
}

json::object Desk::set_frozen(const Given& given, bool frozen) {
    const auto names = reference();
    const auto& account = need_account(*names, given.text("account"));
    return describe(done(SetAccountFrozen{account.account, static_cast<std::uint8_t>(frozen), {}}));
}

json::object Desk::freeze_account(const Given& given) {
    return set_frozen(given, true);
}

json::object Desk::unfreeze_account(const Given& given) {
    return set_frozen(given, false);
}

json::object Desk::create_asset(const Given& given) {
    CreateAsset body;
    body.key = key_of(given);
    body.code = fixed_text<Code>("asset", given.text("asset"));
    body.scale = static_cast<std::uint8_t>(count_of(given, "scale", 0, 9));
    return describe(done(body));
}

json::object Desk::list_assets(const Given&) {
    json::array rows;
    for (const auto& asset : reference()->assets)
        rows.push_back(
            json::object{{"asset", asset.code.view()}, {"scale", asset.scale}, {"id", asset.asset.value()}});
    return {{"rows", std::move(rows)}};
}

json::object Desk::create_instrument(const Given& given) {
    const auto names = reference();
    const auto& base = need_asset(*names, given.text("base"));
    const auto& quote = need_asset(*names, given.text("quote"));
    const auto tick = step_of(given, "tick");
    const auto lot = step_of(given, "lot");
    CreateInstrument body;
    body.key = key_of(given);
    body.symbol = fixed_text<Symbol>("symbol", given.text("symbol"));
    body.base = base.asset;
    body.quote = quote.asset;
    body.tick_mantissa = tick.mantissa;
    body.tick_scale = tick.scale;
    body.lot_mantissa = lot.mantissa;
    body.lot_scale = lot.scale;
    body.least_quantity = Quantity{given.has("least-quantity") ? units_of(given, "least-quantity", lot) : 1};
    body.most_quantity =
        Quantity{given.has("most-quantity") ? units_of(given, "most-quantity", lot) : 1'000'000'000};
    if (given.has("least-notional"))
        body.least_notional = Amount{units_of(given, "least-notional", minor_unit(quote.scale))};
    const auto protection = given.has("protection") ? units_of(given, "protection", rate_unit) : 50'000;
    if (protection < 0 || protection > millionths)
        throw Refused{"BAD_LIMIT", "protection: must be from 0 to 1"};
    body.market_protection = static_cast<std::int32_t>(protection);
    return describe(done(body));
}

namespace {

// Of a price band; empty: there is none.
std::string bound_text(Price bound, Decimal tick) {
    return bound == Price{} ? std::string{} : std::string{to_text(bound.value(), tick)};
}

} // namespace

json::object Desk::list_instruments(const Given&) {
    const auto names = reference();
    json::array rows;
    for (const auto& instrument : names->instruments) {
        const auto* base = names->asset(instrument.base);
        const auto* quote = names->asset(instrument.quote);
        if (base == nullptr || quote == nullptr) continue;
        rows.push_back(json::object{
            {"symbol", instrument.symbol.view()},
            {"base", base->code.view()},
            {"quote", quote->code.view()},
            {"tick", to_text(1, instrument.tick)},
            {"lot", to_text(1, instrument.lot)},
            {"least_quantity", to_text(instrument.least_quantity.value(), instrument.lot)},
            {"most_quantity", to_text(instrument.most_quantity.value(), instrument.lot)},
            {"least_notional", to_text(instrument.least_notional.value(), minor_unit(quote->scale))},
            {"protection", to_text(instrument.market_protection, rate_unit)},
            {"state", word(instrument.state)},
            {"lowest", bound_text(instrument.lowest_price, instrument.tick)},
            {"highest", bound_text(instrument.highest_price, instrument.tick)},
            {"id", instrument.instrument.value()}});
    }
    return {{"rows", std::move(rows)}};
}

json::object Desk::set_instrument_state(const Given& given, InstrumentState state) {
    const auto names = reference();
    const auto& instrument = need_instrument(*names, given.text("symbol"));
    return describe(done(SetInstrumentState{instrument.instrument, state, {}}));
}

json::object Desk::halt_instrument(const Given& given) {
    return set_instrument_state(given, InstrumentState::halted);
}

json::object Desk::resume_instrument(const Given& given) {
    return set_instrument_state(given, InstrumentState::open);
}

json::object Desk::let_instrument_cancel_only(const Given& given) {
    return set_instrument_state(given, InstrumentState::cancel_only);
}

json::object Desk::delist_instrument(const Given& given) {
    return set_instrument_state(given, InstrumentState::delisted);
}

json::object Desk::set_price_band(const Given& given) {
    const auto names = reference();
    const auto& instrument = need_instrument(*names, given.text("symbol"));
    SetPriceBand body;
    body.instrument = instrument.instrument;
    if (given.has("lowest")) body.lowest = Price{units_of(given, "lowest", instrument.tick)};
    if (given.has("highest")) body.highest = Price{units_of(given, "highest", instrument.tick)};
    return describe(done(body));
}

json::object Desk::set_kill_switch(const Given& given, bool killed) {
    const auto names = reference();
    const auto scope = given.text("scope");
    const auto name = given.text("name");
    SetKillSwitch body;
    body.killed = killed;
    if (scope == "account") {
        body.scope = KillScope::account;
        body.id = need_account(*names, name).account.value();
    } else if (scope == "firm") {
        body.scope = KillScope::firm;
        body.id = need_firm(*names, name).firm.value();
    } else if (scope == "session") {
        body.scope = KillScope::session;
        body.id = need_session(*names, name).session.value();
    } else {
        throw Refused{"BAD_FIELD", fmt::format("scope: \"{}\": must be account, firm or session", scope)};
    }
    return describe(done(body));
}

json::object Desk::kill(const Given& given) {
    return set_kill_switch(given, true);
}

json::object Desk::revive(const Given& given) {
    return set_kill_switch(given, false);
}

} // namespace tradehive::control
