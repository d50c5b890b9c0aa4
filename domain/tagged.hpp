// A value with a name: integers that mean different things become different types, so that mixing
// them does not compile. No arithmetic comes with it; each type adds what makes sense for it.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <type_traits>

namespace tradehive {

template <class Tag, class Representation>
class Tagged {
public:
    using representation = Representation;

    constexpr Tagged() noexcept = default;
    constexpr explicit Tagged(Representation value) noexcept
        : value_{value} {}

    [[nodiscard]] constexpr Representation value() const noexcept { return value_; }

    friend constexpr bool operator==(Tagged, Tagged) noexcept = default;
    friend constexpr auto operator<=>(Tagged, Tagged) noexcept = default;

private:
    Representation value_{};
};

} // namespace tradehive

template <class Tag, class Representation>
struct std::hash<tradehive::Tagged<Tag, Representation>> {
    std::size_t operator()(tradehive::Tagged<Tag, Representation> tagged) const noexcept {
        return std::hash<Representation>{}(tagged.value());
    }
};
