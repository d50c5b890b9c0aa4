#include "risk/ledger.hpp"

#include <gtest/gtest.h>

namespace tradehive::risk {
namespace {

constexpr AccountId alice{2};
constexpr AccountId bob{3};
constexpr AssetId coin{1};
constexpr AssetId money{2};

class LedgerTest : public testing::Test {
protected:
    LedgerTest() {
        for (int i = 0; i < 3; ++i)
            (void)ledger.add_account();
        (void)ledger.add_asset();
        (void)ledger.add_asset();
    }
    ~LedgerTest() override { EXPECT_EQ(ledger.violation(), ""); }

    Ledger ledger;
};

TEST_F(LedgerTest, ADepositIsAvailableAndCountsInTheSupply) {
    EXPECT_TRUE(ledger.deposit(alice, money, Amount{100}));
    EXPECT_EQ(ledger.balance(alice, money), (Balance{Amount{100}, Amount{0}}));
    EXPECT_EQ(ledger.supply(money), Amount{100});
    EXPECT_EQ(ledger.supply(coin), Amount{0});
}

TEST_F(LedgerTest, TheSupplyOfAnAssetStaysInRange) {
    EXPECT_TRUE(ledger.deposit(alice, money, Amount{INT64_MAX - 1}));
    EXPECT_FALSE(ledger.deposit(bob, money, Amount{2}));
    EXPECT_EQ(ledger.balance(bob, money), Balance{});
    EXPECT_TRUE(ledger.deposit(bob, money, Amount{1}));
}

TEST_F(LedgerTest, WhatIsHeldCanNeitherBeWithdrawnNorHeldAgain) {
    ASSERT_TRUE(ledger.deposit(alice, money, Amount{100}));
    EXPECT_TRUE(ledger.hold(alice, money, Amount{70}));
    EXPECT_FALSE(ledger.hold(alice, money, Amount{31}));
    EXPECT_FALSE(ledger.withdraw(alice, money, Amount{31}));
    EXPECT_TRUE(ledger.withdraw(alice, money, Amount{30}));
    EXPECT_EQ(ledger.balance(alice, money), (Balance{Amount{70}, Amount{70}}));
    ledger.release(alice, money, Amount{70});
    EXPECT_TRUE(ledger.withdraw(alice, money, Amount{70}));
    EXPECT_EQ(ledger.supply(money), Amount{0});
}

TEST_F(LedgerTest, ASettlementMovesBothAssetsAndTheFees) {
    ASSERT_TRUE(ledger.deposit(alice, money, Amount{1'000}));
    ASSERT_TRUE(ledger.deposit(bob, coin, Amount{5}));
    ASSERT_TRUE(ledger.hold(alice, money, Amount{510}));
    ASSERT_TRUE(ledger.hold(bob, coin, Amount{5}));
    ledger.settle({.buyer = alice,
                   .seller = bob,
                   .base = coin,
                   .quote = money,
                   .base_units = Amount{5},
                   .notional = Amount{450},
                   .buyer_fee = Amount{9},
                   .seller_fee = Amount{-4},
                   .buyer_unholds = Amount{510},
                   .seller_unholds = Amount{5}});
    EXPECT_EQ(ledger.balance(alice, money), (Balance{Amount{541}, Amount{0}}));
    EXPECT_EQ(ledger.balance(alice, coin), (Balance{Amount{5}, Amount{0}}));
    EXPECT_EQ(ledger.balance(bob, money), (Balance{Amount{454}, Amount{0}}));
    EXPECT_EQ(ledger.balance(bob, coin), Balance{});
    EXPECT_EQ(ledger.balance(fee_account, money), (Balance{Amount{5}, Amount{0}}));
    EXPECT_EQ(ledger.supply(money), Amount{1'000});
}

TEST_F(LedgerTest, RemembersEachBalanceThatMovedOnceWithWhatItWas) {
    ASSERT_TRUE(ledger.deposit(alice, money, Amount{100}));
    ledger.forget_changes();
    ASSERT_TRUE(ledger.hold(alice, money, Amount{40}));
    ASSERT_TRUE(ledger.deposit(bob, coin, Amount{7}));
    ledger.release(alice, money, Amount{15});
    ASSERT_EQ(ledger.changes().size(), 2U);
    EXPECT_EQ(ledger.changes()[0].account, alice);
    EXPECT_EQ(ledger.changes()[0].before, (Balance{Amount{100}, Amount{0}}));
    EXPECT_EQ(ledger.changes()[0].cause, BalanceCause::hold);
    EXPECT_EQ(ledger.changes()[1].account, bob);
    EXPECT_EQ(ledger.changes()[1].cause, BalanceCause::deposit);
    ledger.forget_changes();
    EXPECT_TRUE(ledger.changes().empty());
}

TEST_F(LedgerTest, KeepsItsBalancesWhenAssetsAndAccountsAreAdded) {
    ASSERT_TRUE(ledger.deposit(bob, money, Amount{42}));
    for (int i = 0; i < 20; ++i) {
        const AssetId asset = ledger.add_asset();
        const AccountId account = ledger.add_account();
        ASSERT_TRUE(ledger.deposit(account, asset, Amount{i + 1}));
    }
    EXPECT_EQ(ledger.balance(bob, money).total, Amount{42});
    EXPECT_EQ(ledger.balance(AccountId{4}, AssetId{3}).total, Amount{1});
    EXPECT_EQ(ledger.balance(AccountId{23}, AssetId{22}).total, Amount{20});
    EXPECT_EQ(ledger.balance(AccountId{23}, AssetId{3}), Balance{});
}

} // namespace
} // namespace tradehive::risk
