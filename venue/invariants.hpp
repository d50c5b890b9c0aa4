// What must always hold of the state, and its fingerprint. Both walk everything: for tests, and for an
// operator who asks by `tradehive admin check`.
#pragma once

#include "venue/state.hpp"

#include <cstdint>
#include <string>

namespace tradehive::venue {

// Empty, or the first invariant of venue.hpp found broken, with where.
[[nodiscard]] std::string violation(const State& state);

// Of everything that decides what later commands do, in an order that does not depend on history or memory:
// names by id, balances by account and asset, orders by account and age, books by priority, what has ended
// or retired by age. Equal states have equal hashes on every machine.
[[nodiscard]] std::uint64_t state_hash(const State& state);

} // namespace tradehive::venue
