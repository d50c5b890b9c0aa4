// Objects that stay where they are: taken from chunks, given back to a free list, never returned to the
// system. Allocates only when more are in use than ever before.
#pragma once

#include <cassert>
#include <cstddef>
#include <memory>
#include <vector>

namespace tradehive::venue {

template <class T>
class Pool {
public:
    explicit Pool(std::size_t expected) {
        while (free_.size() < expected)
            grow();
    }

    // As T{} makes it. Until give_back().
    [[nodiscard]] T& take() {
        if (free_.empty()) grow();
        T* const object = free_.back();
        free_.pop_back();
        *object = T{};
        return *object;
    }

    void give_back(T& object) noexcept {
        assert(free_.size() < free_.capacity()); // room for all was reserved by grow()
        free_.push_back(&object);
    }

private:
    static constexpr std::size_t chunk = 1024;

    void grow() {
        chunks_.push_back(std::make_unique<T[]>(chunk));
        free_.reserve(chunks_.size() * chunk);
        for (std::size_t i = chunk; i-- > 0;)
            free_.push_back(&chunks_.back()[i]);
    }

    std::vector<std::unique_ptr<T[]>> chunks_;
    std::vector<T*> free_;
};

} // namespace tradehive::venue
