// OrderId → place in a pool: open addressing with linear probing. Removal shifts later entries back instead
// of leaving tombstones, so that look-ups stay short however many orders have come and gone.
#pragma once

#include "domain/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tradehive::matching {

class OrderIndex {
public:
    using Value = std::uint32_t;
    static constexpr Value absent = UINT32_MAX;

    OrderIndex()
        : slots_(initial_slots) {}

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    [[nodiscard]] Value find(OrderId order) const noexcept {
        for (std::size_t at = home(order);; at = next(at)) {
            const Slot& slot = slots_[at];
            if (slot.order == order) return slot.value;
            if (slot.order == OrderId{}) return absent;
        }
    }

    // The order is not there yet. Allocates only when more orders are there than ever before.
    void insert(OrderId order, Value value) {
        if (2 * (size_ + 1) > slots_.size()) grow();
        place(order, value);
        ++size_;
    }

    // The order's value, or absent when it is not there.
    Value erase(OrderId order) noexcept {
        std::size_t hole = home(order);
        while (slots_[hole].order != order) {
            if (slots_[hole].order == OrderId{}) return absent;
            hole = next(hole);
        }
        const Value value = slots_[hole].value;
        for (std::size_t at = next(hole); slots_[at].order != OrderId{}; at = next(at)) {
            // May the entry at `at` move to the hole? Only if its home does not lie between the two.
            if (((at - home(slots_[at].order)) & mask()) < ((at - hole) & mask())) continue;
            slots_[hole] = slots_[at];
            hole = at;
        }
        slots_[hole] = Slot{};
        --size_;
        return value;
    }

private:
    struct Slot {
        OrderId order; // zero: free
        Value value{};
    };
    static constexpr std::size_t initial_slots = 1024; // a power of two

    [[nodiscard]] std::size_t mask() const noexcept { return slots_.size() - 1; }
    [[nodiscard]] std::size_t next(std::size_t at) const noexcept { return (at + 1) & mask(); }
    [[nodiscard]] std::size_t home(OrderId order) const noexcept {
        // Ids are command sequences: multiplying spreads the neighbours (Knuth, vol. 3, 6.4).
        return (order.value() * 0x9E3779B97F4A7C15ULL >> 32) & mask();
    }
    void place(OrderId order, Value value) noexcept {
        std::size_t at = home(order);
        while (slots_[at].order != OrderId{})
            at = next(at);
        slots_[at] = {order, value};
    }
    void grow() {
        std::vector<Slot> old(2 * slots_.size());
        old.swap(slots_);
        for (const Slot& slot : old)
            if (slot.order != OrderId{}) place(slot.order, slot.value);
    }

    std::vector<Slot> slots_;
    std::size_t size_{};
};

} // namespace tradehive::matching
