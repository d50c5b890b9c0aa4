// The venue: the whole trading state, and what each command does to it.
//
// apply() is deterministic: it reads no clock, no random number, no file, no address of anything. Time and
// sequence come with the command, so the same commands give the same bytes of events and the same
// state_hash(), on any machine.
//
// Events of one command, in this order: what happened to orders, sessions and names, in the order in which
// it happened; then one BalanceChanged for each balance that is not what it was before (the final value:
// one command, one event a balance, in the order of first movement); last CommandDone, if the command came
// from the control or REST channel. Events are numbered by a counter in the state.
//
// A FIX message that is not new (its epoch is not the session's, or its number is below the one expected) is
// applied as nothing: no event, no change.
//
// Invariants after each command, looked for by violation(): those of risk/ledger.hpp, and
//   * what is held is exactly what open orders need, order by order and balance by balance;
//   * the open orders of the order table are those in the books, with the same quantities, and those that
//     wait for their StopPx, which no trade has met;
//   * no book is crossed.
//
// The order path (EnterOrder, CancelOrder, ReplaceOrder) takes no lock, makes no system call, formats no text
// and, once pools and tables have grown to what is open or ended within 24 hours, allocates nothing. Names,
// sessions and idempotency keys are kept in ordinary containers: back office only.
//
// Threads: one owner.
#pragma once

#include "domain/event.hpp"
#include "domain/question.hpp"
#include "domain/reference_data.hpp"
#include "journal/byte_stream.hpp"
#include "journal/checksum.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tradehive::venue {

struct State;

// Version of the rules that apply() follows. Any change of what a journaled command does raises it: a journal
// written under other rules is refused by name instead of being replayed into another state.
//   2  EndDay leaves the Day orders that entered after the midnight of its day
//   3  LogOnSession tells which code was offered; a grace for the last one
//   4  all types of order, self-match prevention by rule, price bands, kill switches
//   5  UseCode, AnswerUser
inline constexpr std::uint32_t rules_version = 5;

// What is set aside ahead. More may come; then memory grows in steps.
struct Capacity {
    std::size_t orders{1 << 16};
};

class Venue {
public:
    Venue();
    explicit Venue(const Capacity& capacity);
    Venue(const Venue&) = delete;
    Venue& operator=(const Venue&) = delete;
    Venue(Venue&&) noexcept;
    Venue& operator=(Venue&&) noexcept;
    ~Venue();

    [[nodiscard]] const Capacity& capacity() const noexcept { return capacity_; }

    // Appends the command's events to out. header.sequence must be last_sequence() + 1.
    void apply(const Command& command, std::vector<Event>& out);

    // Changes nothing. A question from FIX sees orders and balances of the session's accounts only.
    [[nodiscard]] Answer answer(const Question& question) const;

    [[nodiscard]] Sequence last_sequence() const noexcept;
    [[nodiscard]] Timestamp last_time() const noexcept;
    [[nodiscard]] EventNumber next_event() const noexcept;
    // When the next order with an expire_time is due: ExpireOrders is to be applied then.
    [[nodiscard]] std::optional<Timestamp> next_expiry() const noexcept;

    // Rises with each change of what reference_data() shows.
    [[nodiscard]] std::uint64_t names_version() const noexcept;
    [[nodiscard]] std::shared_ptr<const ReferenceData> reference_data() const;

    // The whole state, for a snapshot.
    void save(journal::ByteSink& sink) const;
    // Becomes what was saved; returns SHA-256 of its bytes. Throws StateError, and then nothing has changed.
    journal::Digest load(journal::ByteSource& source, std::uint32_t layout);

    // Of everything that decides what later commands do. Walks everything.
    [[nodiscard]] std::uint64_t state_hash() const;
    // Empty, or the first invariant found broken. Walks everything.
    [[nodiscard]] std::string violation() const;

private:
    Capacity capacity_;
    std::unique_ptr<State> state_;
};

} // namespace tradehive::venue
