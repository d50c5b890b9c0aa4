#include "matching/order_index.hpp"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>
#include <vector>

namespace tradehive::matching {
namespace {

// What the index's owner keeps: the order of each node.
class OrderIndexTest : public testing::Test {
protected:
    [[nodiscard]] auto is(OrderId order) const {
        return [this, order](NodeNumber node) { return orders[node] == order; };
    }

    void insert(OrderId order) {
        index.insert(order, static_cast<NodeNumber>(orders.size()), is(order));
        orders.push_back(order);
    }
    [[nodiscard]] NodeNumber find(OrderId order) const { return index.find(order, is(order)); }
    NodeNumber erase(OrderId order) { return index.erase(order, is(order)); }

    std::vector<OrderId> orders;
    OrderIndex index{0};
};

// An id whose 32 bits of hash are these: the multiplier's inverse undoes the hash. Checked below.
OrderId with_hash(std::uint32_t hash, std::uint32_t which) {
    constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15ULL;
    std::uint64_t inverse = multiplier; // Newton: each step doubles the bits that are right, from 3
    for (int step = 0; step < 5; ++step)
        inverse *= 2 - multiplier * inverse;
    return OrderId{((std::uint64_t{hash} << 32U) | which) * inverse};
}

TEST_F(OrderIndexTest, TellsApartIdsWhoseHashesAreEqual) {
    const OrderId first = with_hash(7, 1);
    const OrderId second = with_hash(7, 2);
    ASSERT_NE(first, second);
    insert(first);
    EXPECT_EQ(index.find(second, [](NodeNumber) { return true; }), 0U) << "their hashes are not equal";
    EXPECT_EQ(find(second), no_node);
    insert(second);
    EXPECT_EQ(find(first), 0U);
    EXPECT_EQ(find(second), 1U);
    EXPECT_EQ(erase(first), 0U);
    EXPECT_EQ(find(first), no_node);
    EXPECT_EQ(find(second), 1U);
}

// Few homes, so that runs are long, touch each other and wrap round the end of the table.
TEST_F(OrderIndexTest, HoldsWhatWasInsertedAndNothingElse) {
    std::mt19937_64 random{88172645463325252ULL};
    for (const std::uint32_t homes : {1U, 3U, 17U, 256U}) {
        orders.clear();
        index = OrderIndex{0};
        std::unordered_map<OrderId, NodeNumber> expected;
        for (int step = 0; step < 1'000; ++step) {
            const auto hash = 0xffff'ffffU - 0x100'0000U * static_cast<std::uint32_t>(random() % homes);
            const OrderId order = with_hash(hash, static_cast<std::uint32_t>(random() % 100));
            if (const auto found = expected.find(order); found != expected.end()) {
                ASSERT_EQ(erase(order), found->second);
                expected.erase(found);
            } else {
                ASSERT_EQ(erase(order), no_node);
                expected[order] = static_cast<NodeNumber>(orders.size());
                insert(order);
            }
            ASSERT_EQ(index.size(), expected.size());
            for (const auto& [id, node] : expected)
                ASSERT_EQ(find(id), node);
        }
    }
}

} // namespace
} // namespace tradehive::matching
