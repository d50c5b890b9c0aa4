// Who owns what: for each account and asset a total, and how much of it is held for open orders.
//
// Invariants, after each call (violation() looks for a breach):
//   0 ≤ held ≤ total for each balance; available = total − held
//   for each asset the sum of all totals is supply(asset) = deposits − withdrawals, and is below 2^63
// so that no sum of balances of one asset can overflow.
//
// A call that would break one changes nothing and returns false where its comment says so; everything else
// that would break one is a programming error and is asserted.
//
// The ledger remembers which balances moved since forget_changes(), with what they were before, so that a
// command can report each of them once, by its final value.
//
// Dense: one row an account, one place an asset. Nothing is allocated except by add_account and add_asset;
// the list of changes grows to the most that one command ever moved and stays.
//
// Threads: one owner.
#pragma once

#include "domain/event.hpp"
#include "domain/ids.hpp"
#include "domain/numbers.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tradehive::risk {

struct Balance {
    Amount total;
    Amount held;

    [[nodiscard]] constexpr Amount available() const noexcept { return total - held; }
    friend constexpr bool operator==(const Balance&, const Balance&) = default;
};

struct BalanceChange {
    AccountId account;
    AssetId asset;
    Balance before;
    // What moved the total: the first of trade, fee, deposit, withdrawal that did; hold when only held moved.
    BalanceCause cause{};
};

// One fill, all amounts at least zero except fees, which are negative for a rebate.
struct Settlement {
    AccountId buyer;
    AccountId seller;
    AssetId base;
    AssetId quote;
    Amount base_units;     // from seller to buyer, out of the seller's hold
    Amount notional;       // from buyer to seller, out of the buyer's hold
    Amount buyer_fee;      // out of the buyer's hold
    Amount seller_fee;     // out of what the seller is paid
    Amount buyer_unholds;  // how much less the buyer's order needs now; at least notional + buyer_fee
    Amount seller_unholds; // = base_units
};

class Ledger {
public:
    // Ids count from 1 in the order of these calls.
    AccountId add_account();
    AssetId add_asset();

    [[nodiscard]] std::size_t accounts() const noexcept { return accounts_; }
    [[nodiscard]] std::size_t assets() const noexcept { return supply_.size(); }
    [[nodiscard]] const Balance& balance(AccountId account, AssetId asset) const noexcept {
        return rows_[place(account, asset)].balance;
    }
    [[nodiscard]] Amount supply(AssetId asset) const noexcept { return supply_[asset.value() - 1]; }

    // Of a snapshot, once for each balance; no change is remembered. False: it cannot be so.
    [[nodiscard]] bool restore(AccountId account, AssetId asset, const Balance& balance);

    // amount > 0. False: the asset's supply would not stay below 2^63.
    [[nodiscard]] bool deposit(AccountId account, AssetId asset, Amount amount);
    // amount > 0. False: more than is available.
    [[nodiscard]] bool withdraw(AccountId account, AssetId asset, Amount amount);
    // amount ≥ 0. False: more than is available.
    [[nodiscard]] bool hold(AccountId account, AssetId asset, Amount amount);
    // 0 ≤ amount ≤ held.
    void release(AccountId account, AssetId asset, Amount amount);
    void settle(const Settlement& fill);

    // In the order of the first movement of each.
    [[nodiscard]] std::span<const BalanceChange> changes() const noexcept { return changes_; }
    void forget_changes() noexcept;

    // Empty, or what is wrong. Walks everything.
    [[nodiscard]] std::string violation() const;

private:
    struct Row {
        Balance balance;
        std::uint32_t change{}; // index in changes_ + 1; 0: has not moved
    };

    [[nodiscard]] std::size_t place(AccountId account, AssetId asset) const noexcept;
    Row& moving(AccountId account, AssetId asset, BalanceCause cause);

    std::vector<Row> rows_; // accounts_ × stride_
    std::size_t accounts_{};
    std::size_t stride_{4}; // places an account: assets(), rounded up to a power of two
    std::vector<Amount> supply_;
    std::vector<BalanceChange> changes_;
};

} // namespace tradehive::risk
