// The venue's names: firms, accounts, FIX sessions, assets, instruments. Kept in the form in which they are
// published; this class adds what must be unique, and counts changes.
//
// Ids count from 1 in the order of creation. From the first moment there are firm 1 VENUE and its account 1
// FEES, where fees go.
//
// Threads: one owner.
#pragma once

#include "domain/reference_data.hpp"
#include "risk/fees.hpp"
#include "risk/limits.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_set>

namespace tradehive::venue {

class Registry {
public:
    Registry();

    [[nodiscard]] const ReferenceData& names() const noexcept { return names_; }
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }
    // A copy to publish, with its indexes built.
    [[nodiscard]] std::shared_ptr<ReferenceData> published() const;

    // nullopt: the name is taken.
    [[nodiscard]] std::optional<FirmId> add_firm(const Code& code);
    [[nodiscard]] std::optional<AccountId> add_account(const Code& code, FirmId firm,
                                                       const risk::FeeRates& rates);
    [[nodiscard]] std::optional<FixSessionId> add_session(FixSessionView session);
    [[nodiscard]] std::optional<AssetId> add_asset(const Code& code, std::uint8_t scale);
    [[nodiscard]] std::optional<InstrumentId> add_instrument(Instrument instrument);

    // To change what is there; the id exists.
    [[nodiscard]] FirmView& change(FirmId firm);
    [[nodiscard]] AccountView& change(AccountId account);
    [[nodiscard]] FixSessionView& change(FixSessionId session);
    [[nodiscard]] Instrument& change(InstrumentId instrument);

private:
    ReferenceData names_;
    std::uint64_t version_{1};
    std::unordered_set<Code> firm_codes_;
    std::unordered_set<Code> account_codes_;
    std::unordered_set<CompID> comp_ids_;
    std::unordered_set<Code> asset_codes_;
    std::unordered_set<Symbol> symbols_;
};

[[nodiscard]] constexpr risk::FeeRates rates_of(const AccountView& account) noexcept {
    return {account.maker_fee, account.taker_fee};
}
[[nodiscard]] constexpr risk::Limits limits_of(const AccountView& account) noexcept {
    return {account.most_open_orders, account.most_order_qty, account.most_notional};
}

} // namespace tradehive::venue
