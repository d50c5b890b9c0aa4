// An immutable view of the names in the venue: to parse by, to print by, to find sessions by. It is a copy;
// entitlements, limits and balances are decided in apply() only. A new view replaces the old one after each
// change and after recovery; a reader keeps the view that it holds for as long as it likes.
#pragma once

#include "domain/event.hpp"
#include "domain/instrument.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace tradehive {

struct FirmView {
    FirmId firm;
    Code code;
    bool killed{}; // none of its accounts may enter orders
};

struct AccountView {
    AccountId account;
    FirmId firm;
    Code code;
    bool frozen{};
    bool killed{};
    FeeRate maker_fee;
    FeeRate taker_fee;
    std::uint32_t most_open_orders{};
    Quantity most_order_qty;
    Amount most_notional;
};

struct FixSessionView {
    FixSessionId session;
    FirmId firm;
    CompID comp_id;
    SessionKind kind{};
    CancelOnDisconnect cancel_on_disconnect{};
    std::uint32_t resend_max_age{}; // seconds
    bool revoked{};
    bool killed{};
    SelfMatch self_match{}; // of orders that do not say
    std::vector<AccountId>
        accounts; // entitled; the first is the default when Account(1) is absent and it is the only one
};

class ReferenceData {
public:
    // Each vector is ordered by id and index i holds id i + 1.
    std::vector<FirmView> firms;
    std::vector<AccountView> accounts;
    std::vector<FixSessionView> sessions;
    std::vector<Asset> assets;
    std::vector<Instrument> instruments;
    std::uint32_t last_day_ended{}; // days since 1970-01-01; an operator may end a day early

    // Builds the look-up by name; called once, before the view is shared.
    void index();

    // nullptr when there is none.
    [[nodiscard]] const FirmView* firm(FirmId id) const noexcept { return at(firms, id); }
    [[nodiscard]] const AccountView* account(AccountId id) const noexcept { return at(accounts, id); }
    [[nodiscard]] const FixSessionView* session(FixSessionId id) const noexcept { return at(sessions, id); }
    [[nodiscard]] const Asset* asset(AssetId id) const noexcept { return at(assets, id); }
    [[nodiscard]] const Instrument* instrument(InstrumentId id) const noexcept { return at(instruments, id); }

    [[nodiscard]] const FirmView* firm(std::string_view code) const;
    [[nodiscard]] const AccountView* account(std::string_view code) const;
    [[nodiscard]] const FixSessionView* session(std::string_view comp_id) const;
    [[nodiscard]] const Asset* asset(std::string_view code) const;
    [[nodiscard]] const Instrument* instrument(std::string_view symbol) const;

private:
    template <class View, class Id>
    [[nodiscard]] static const View* at(const std::vector<View>& views, Id id) noexcept {
        const std::size_t place = id.value();
        return place == 0 || place > views.size() ? nullptr : &views[place - 1];
    }

    using Index = std::unordered_map<std::string, std::size_t>;
    Index firms_by_code_;
    Index accounts_by_code_;
    Index sessions_by_comp_id_;
    Index assets_by_code_;
    Index instruments_by_symbol_;
};

} // namespace tradehive
