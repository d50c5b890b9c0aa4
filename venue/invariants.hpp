// What must always hold of the state, and its fingerprint. Both walk everything: for tests, and for an
// operator who asks by `tradehive admin check`.
#pragma once

#include "venue/state.hpp"

#include <cstdint>
#include <string>

namespace tradehive::venue {

// Empty, or the first invariant of venue.hpp found broken, with where.
[[nodiscard]] std::string violation(const State& state);

// Of the bytes that state_bytes.hpp makes of it: the first eight of their SHA-256, little-endian.
[[nodiscard]] std::uint64_t state_hash(const State& state);

} // namespace tradehive::venue
