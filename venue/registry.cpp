#include "venue/registry.hpp"

#include <utility>

namespace tradehive::venue {

namespace {

template <class Id, class Views>
Id newest(const Views& views) noexcept {
    return Id{static_cast<std::uint32_t>(views.size())};
}

} // namespace

Registry::Registry() {
    (void)add_firm(Code::cut("VENUE"));
    (void)add_account(Code::cut("FEES"), venue_firm, {});
}

std::shared_ptr<ReferenceData> Registry::published() const {
    auto copy = std::make_shared<ReferenceData>(names_);
    copy->index();
    return copy;
}

std::optional<FirmId> Registry::add_firm(const Code& code) {
    if (!firm_codes_.insert(code).second) return std::nullopt;
    ++version_;
    auto& firm = names_.firms.emplace_back();
    firm.code = code;
    return firm.firm = newest<FirmId>(names_.firms);
}

std::optional<AccountId> Registry::add_account(const Code& code, FirmId firm, const risk::FeeRates& rates) {
    if (!account_codes_.insert(code).second) return std::nullopt;
    ++version_;
    auto& account = names_.accounts.emplace_back();
    account.code = code;
    account.firm = firm;
    account.maker_fee = rates.maker;
    account.taker_fee = rates.taker;
    return account.account = newest<AccountId>(names_.accounts);
}

std::optional<FixSessionId> Registry::add_session(FixSessionView session) {
    if (!comp_ids_.insert(session.comp_id).second) return std::nullopt;
    ++version_;
    auto& added = names_.sessions.emplace_back(std::move(session));
    return added.session = newest<FixSessionId>(names_.sessions);
}

std::optional<AssetId> Registry::add_asset(const Code& code, std::uint8_t scale) {
    if (!asset_codes_.insert(code).second) return std::nullopt;
    ++version_;
    auto& asset = names_.assets.emplace_back();
    asset.code = code;
    asset.scale = scale;
    return asset.asset = newest<AssetId>(names_.assets);
}

std::optional<InstrumentId> Registry::add_instrument(Instrument instrument) {
    if (!symbols_.insert(instrument.symbol).second) return std::nullopt;
    ++version_;
    instrument.instrument = InstrumentId{static_cast<std::uint32_t>(names_.instruments.size() + 1)};
    return names_.instruments.emplace_back(instrument).instrument;
}

FirmView& Registry::change(FirmId firm) {
    ++version_;
    return names_.firms[firm.value() - 1];
}

AccountView& Registry::change(AccountId account) {
    ++version_;
    return names_.accounts[account.value() - 1];
}

FixSessionView& Registry::change(FixSessionId session) {
    ++version_;
    return names_.sessions[session.value() - 1];
}

Instrument& Registry::change(InstrumentId instrument) {
    ++version_;
    return names_.instruments[instrument.value() - 1];
}

} // namespace tradehive::venue
