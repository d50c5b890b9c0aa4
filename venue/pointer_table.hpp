// From a hash to an object that lives elsewhere: open addressing, linear probing, and deletion by shifting
// back, so that neither churn nor tombstones slow it down. Allocates only when it holds more than ever
// before (it is kept at most half full). The caller's hash must be well mixed in all bits.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tradehive::venue {

// A well-mixed function of the value (the finalizer of SplitMix64).
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t value) noexcept {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

template <class T>
class PointerTable {
public:
    explicit PointerTable(std::size_t expected)
        : slots_(16) {
        reserve(expected);
    }

    // Room for so many.
    void reserve(std::size_t expected) {
        std::size_t slots = slots_.size();
        while (slots < expected * 2)
            slots *= 2;
        if (slots > slots_.size()) grow(slots);
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    // The object of that hash for which matches(object) holds; nullptr when there is none.
    template <class Matches>
    [[nodiscard]] T* find(std::uint64_t hash, Matches&& matches) const {
        for (std::size_t place = hash & mask(); slots_[place].object; place = (place + 1) & mask())
            if (slots_[place].hash == hash && matches(*slots_[place].object)) return slots_[place].object;
        return nullptr;
    }

    void insert(std::uint64_t hash, T& object) {
        if ((size_ + 1) * 2 > slots_.size()) grow(slots_.size() * 2);
        put({hash, &object});
        ++size_;
    }

    // It is in the table under that hash.
    void erase(std::uint64_t hash, const T& object) noexcept {
        std::size_t hole = hash & mask();
        while (slots_[hole].object != &object) {
            assert(slots_[hole].object);
            hole = (hole + 1) & mask();
        }
        for (std::size_t next = (hole + 1) & mask(); slots_[next].object; next = (next + 1) & mask()) {
            const std::size_t from_home = (next - (slots_[next].hash & mask())) & mask();
            const std::size_t from_hole = (next - hole) & mask();
            if (from_home < from_hole) continue; // it would land before its home
            slots_[hole] = slots_[next];
            hole = next;
        }
        slots_[hole] = {};
        --size_;
    }

private:
    struct Slot {
        std::uint64_t hash{};
        T* object{};
    };

    [[nodiscard]] std::size_t mask() const noexcept { return slots_.size() - 1; }

    void put(const Slot& slot) noexcept {
        std::size_t place = slot.hash & mask();
        while (slots_[place].object)
            place = (place + 1) & mask();
        slots_[place] = slot;
    }

    void grow(std::size_t slots) {
        std::vector<Slot> old(slots);
        old.swap(slots_);
        for (const Slot& slot : old)
            if (slot.object) put(slot);
    }

    std::vector<Slot> slots_; // a power of two
    std::size_t size_{};
};

} // namespace tradehive::venue
