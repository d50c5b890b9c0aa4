// The whole state as bytes: what a snapshot holds, and what state_hash() is the hash of.
//
// One description serves saving and loading, so a snapshot and the hash cannot disagree about what belongs to
// the state. Each struct of the state is taken apart by a structured binding: a field that is added to one
// and not here does not compile. To add a field: name it in state_bytes.cpp, raise state_layout, and when
// loading an older layout leave it as it begins.
//
// The bytes are canonical: equal states have equal bytes on every machine, whatever their history. Integers
// are little-endian; names go by id, balances by account and asset, open orders by OrderID, books by
// priority, what has ended or retired by age. What follows from other bytes (indexes, lists, entitlements by
// account) is not written.
//
// Threads: the state's owner.
#pragma once

#include "journal/byte_stream.hpp"
#include "journal/checksum.hpp"
#include "venue/state.hpp"

#include <cstdint>
#include <memory>
#include <stdexcept>

namespace tradehive::venue {

// Of the bytes that save() writes, and the oldest that load() reads.
//   2  what a FIX session's last code was, when and from where it counted
//   3  all types of order, self-match rules, price bands, kill switches
//   4  when the numbers of all sessions were reset
inline constexpr std::uint32_t state_layout = 4;
inline constexpr std::uint32_t oldest_state_layout = 2;

// The bytes are not those of a state: cut, out of a bound, contradicting themselves.
class StateError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

void save(const State& state, journal::ByteSink& sink);

// SHA-256 of what save() writes.
[[nodiscard]] journal::Digest digest(const State& state);

// The hash of the state whose bytes have that digest: its first eight bytes.
[[nodiscard]] std::uint64_t state_hash(const journal::Digest& digest);

struct Loaded {
    std::unique_ptr<State> state;
    journal::Digest bytes; // SHA-256 of all that was read
};

// A state that saves to the same bytes and breaks no invariant, with memory set aside for that many orders.
// Throws StateError, whatever the bytes are.
[[nodiscard]] Loaded load(journal::ByteSource& source, std::uint32_t layout, std::size_t expected_orders);

} // namespace tradehive::venue
