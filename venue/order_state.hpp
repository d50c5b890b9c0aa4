// How an order's OrdStatus moves: one table, asked by everybody.
//
//                     fill_partly        fill_fully   cancel     expire    replace
//   new               partially_filled   filled       canceled   expired   new
//   partially_filled  partially_filled   filled       canceled   expired   partially_filled
//   filled, canceled, expired, rejected: ended, nothing moves them
#pragma once

#include "domain/terms.hpp"

#include <cstdint>
#include <optional>

namespace tradehive::venue {

enum class Happening : std::uint8_t { fill_partly, fill_fully, cancel, expire, replace };

// nullopt: that cannot happen to an order in that state.
[[nodiscard]] constexpr std::optional<OrdStatus> after(OrdStatus status, Happening happening) noexcept {
    using enum OrdStatus;
    constexpr OrdStatus of_new[]{partially_filled, filled, canceled, expired, new_};
    constexpr OrdStatus of_partially_filled[]{partially_filled, filled, canceled, expired, partially_filled};
    const auto column = static_cast<std::uint8_t>(happening);
    switch (status) {
    case new_:
        return of_new[column];
    case partially_filled:
        return of_partially_filled[column];
    case filled:
    case canceled:
    case rejected:
    case expired:
        break;
    }
    return std::nullopt;
}

[[nodiscard]] constexpr bool is_open(OrdStatus status) noexcept {
    return after(status, Happening::cancel).has_value();
}

} // namespace tradehive::venue
