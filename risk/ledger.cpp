#include "risk/ledger.hpp"

#include <algorithm>
#include <cassert>
#include <string>

namespace tradehive::risk {

AccountId Ledger::add_account() {
    ++accounts_;
    rows_.resize(accounts_ * stride_);
    return AccountId{static_cast<std::uint32_t>(accounts_)};
}

AssetId Ledger::add_asset() {
    if (supply_.size() == stride_) {
        std::vector<Row> wider(accounts_ * stride_ * 2);
        for (std::size_t account = 0; account < accounts_; ++account)
            std::copy_n(rows_.begin() + static_cast<std::ptrdiff_t>(account * stride_), stride_,
                        wider.begin() + static_cast<std::ptrdiff_t>(account * stride_ * 2));
        rows_ = std::move(wider);
        stride_ *= 2;
    }
    supply_.emplace_back();
    return AssetId{static_cast<std::uint32_t>(supply_.size())};
}

bool Ledger::restore(AccountId account, AssetId asset, const Balance& balance) {
    Amount& supply = supply_[asset.value() - 1];
    const auto grown = checked_add(supply, balance.total);
    if (!grown || balance.held < Amount{0} || balance.held > balance.total) return false;
    supply = *grown;
    rows_[place(account, asset)].balance = balance;
    return true;
}

bool Ledger::deposit(AccountId account, AssetId asset, Amount amount) {
    assert(amount > Amount{0});
    Amount& supply = supply_[asset.value() - 1];
    const auto grown = checked_add(supply, amount);
    if (!grown) return false;
    supply = *grown;
    moving(account, asset, BalanceCause::deposit).balance.total += amount;
    return true;
}

bool Ledger::withdraw(AccountId account, AssetId asset, Amount amount) {
    assert(amount > Amount{0});
    if (amount > balance(account, asset).available()) return false;
    supply_[asset.value() - 1] -= amount;
    moving(account, asset, BalanceCause::withdrawal).balance.total -= amount;
    return true;
}

bool Ledger::hold(AccountId account, AssetId asset, Amount amount) {
    assert(amount >= Amount{0});
    if (amount > balance(account, asset).available()) return false;
    moving(account, asset, BalanceCause::hold).balance.held += amount;
    return true;
}

void Ledger::release(AccountId account, AssetId asset, Amount amount) {
    assert(amount >= Amount{0} && amount <= balance(account, asset).held);
    moving(account, asset, BalanceCause::hold).balance.held -= amount;
}

void Ledger::settle(const Settlement& fill) {
    assert(fill.base_units >= Amount{0} && fill.notional >= Amount{0} && fill.buyer != fill.seller);
    assert(fill.buyer_unholds >= fill.notional + fill.buyer_fee && fill.seller_unholds >= fill.base_units);
    assert(fill.seller_fee <= fill.notional && fill.buyer_fee + fill.seller_fee >= Amount{0});

    Balance& buyer_pays = moving(fill.buyer, fill.quote, BalanceCause::trade).balance;
    assert(buyer_pays.held >= fill.buyer_unholds);
    buyer_pays.held -= fill.buyer_unholds;
    buyer_pays.total -= fill.notional + fill.buyer_fee;
    moving(fill.buyer, fill.base, BalanceCause::trade).balance.total += fill.base_units;

    Balance& seller_gives = moving(fill.seller, fill.base, BalanceCause::trade).balance;
    assert(seller_gives.held >= fill.seller_unholds);
    seller_gives.held -= fill.seller_unholds;
    seller_gives.total -= fill.base_units;
    moving(fill.seller, fill.quote, BalanceCause::trade).balance.total += fill.notional - fill.seller_fee;

    const Amount fee = fill.buyer_fee + fill.seller_fee;
    if (fee > Amount{0}) moving(fee_account, fill.quote, BalanceCause::fee).balance.total += fee;
}

void Ledger::forget_changes() noexcept {
    for (const BalanceChange& change : changes_)
        rows_[place(change.account, change.asset)].change = 0;
    changes_.clear();
}

std::size_t Ledger::place(AccountId account, AssetId asset) const noexcept {
    assert(account.value() >= 1 && account.value() <= accounts_);
    assert(asset.value() >= 1 && asset.value() <= supply_.size());
    return (account.value() - 1) * stride_ + (asset.value() - 1);
}

Ledger::Row& Ledger::moving(AccountId account, AssetId asset, BalanceCause cause) {
    Row& row = rows_[place(account, asset)];
    if (row.change == 0) {
        changes_.push_back({account, asset, row.balance, cause});
        row.change = static_cast<std::uint32_t>(changes_.size());
    } else if (BalanceCause& known = changes_[row.change - 1].cause; known == BalanceCause::hold) {
        known = cause;
    }
    return row;
}

std::string Ledger::violation() const {
    for (std::size_t asset = 1; asset <= assets(); ++asset) {
        const AssetId asset_id{static_cast<std::uint32_t>(asset)};
        Wide sum = 0;
        for (std::size_t account = 1; account <= accounts_; ++account) {
            const Balance& held = balance(AccountId{static_cast<std::uint32_t>(account)}, asset_id);
            if (held.held < Amount{0} || held.held > held.total)
                return "account " + std::to_string(account) + " holds " + std::to_string(held.held.value()) +
                       " of " + std::to_string(held.total.value()) + " in asset " + std::to_string(asset);
            sum += held.total.value();
        }
        if (sum != supply(asset_id).value())
            return "the balances of asset " + std::to_string(asset) +
                   " do not add up to its deposits less its withdrawals";
    }
    return {};
}

} // namespace tradehive::risk
