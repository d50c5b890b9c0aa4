// From an OrderId to the number of the node that holds the order.
//
// Open addressing with linear probing, at most half full. Deletion shifts the following entries back, so
// there are no tombstones and churn does not slow it down. A slot is eight bytes: 32 bits of the id's hash,
// which find an order's home without looking at it, and the node's number. Two ids may share those bits, so
// the caller confirms a match by looking at the node.
//
// Allocates only when it holds more than ever before.
#pragma once

#include "domain/ids.hpp"

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tradehive::matching {

using NodeNumber = std::uint32_t;
inline constexpr NodeNumber no_node = ~NodeNumber{0};

class OrderIndex {
public:
    explicit OrderIndex(std::size_t expected)
        : slots_(std::bit_ceil(expected < 8 ? 16 : expected * 2)) {}

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    // The node for which is_it(number) holds, of those that may be the order's; no_node when there is none.
    template <class IsIt>
    [[nodiscard]] NodeNumber find(OrderId order, IsIt&& is_it) const noexcept {
        return slots_[place_of(order, is_it)].node;
    }

    // The order is not in the index yet, which is_it(number) helps to assert.
    template <class IsIt>
    void insert(OrderId order, NodeNumber node, IsIt&& is_it) {
        if ((size_ + 1) * 2 > slots_.size()) grow();
        Slot& slot = slots_[place_of(order, is_it)];
        assert(slot.node == no_node);
        slot = {hash(order), node};
        ++size_;
    }

    // As find(), and it is no longer in the index.
    template <class IsIt>
    NodeNumber erase(OrderId order, IsIt&& is_it) noexcept {
        std::size_t hole = place_of(order, is_it);
        const NodeNumber node = slots_[hole].node;
        if (node == no_node) return no_node;
        for (std::size_t next = after(hole); slots_[next].node != no_node; next = after(next)) {
            const std::size_t from_home = (next - home(slots_[next].hash)) & mask();
            const std::size_t from_hole = (next - hole) & mask();
            if (from_home < from_hole) continue; // it would land before its home
            slots_[hole] = slots_[next];
            hole = next;
        }
        slots_[hole] = {};
        --size_;
        return node;
    }

private:
    struct Slot {
        std::uint32_t hash{};
        NodeNumber node{no_node}; // no_node: free
    };

    // Fibonacci hashing: ids count up, and the upper bits of consecutive multiples of the golden ratio are
    // spread evenly. A slot's home is the uppermost bits of the hash.
    [[nodiscard]] static std::uint32_t hash(OrderId order) noexcept {
        return static_cast<std::uint32_t>((order.value() * 0x9e3779b97f4a7c15ULL) >> 32U);
    }

    [[nodiscard]] std::size_t home(std::uint32_t hash_of_order) const noexcept {
        return (std::uint64_t{hash_of_order} * slots_.size()) >> 32U;
    }
    [[nodiscard]] std::size_t mask() const noexcept { return slots_.size() - 1; }
    [[nodiscard]] std::size_t after(std::size_t place) const noexcept { return (place + 1) & mask(); }

    // Where the order is, or the free slot where the search for it ends.
    template <class IsIt>
    [[nodiscard]] std::size_t place_of(OrderId order, IsIt& is_it) const noexcept {
        const std::uint32_t wanted = hash(order);
        std::size_t place = home(wanted);
        while (slots_[place].node != no_node && !(slots_[place].hash == wanted && is_it(slots_[place].node)))
            place = after(place);
        return place;
    }

    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Slot slot : old) {
            if (slot.node == no_node) continue;
            std::size_t place = home(slot.hash);
            while (slots_[place].node != no_node)
                place = after(place);
            slots_[place] = slot;
        }
    }

    std::vector<Slot> slots_; // a power of two
    std::size_t size_{};
};

} // namespace tradehive::matching
