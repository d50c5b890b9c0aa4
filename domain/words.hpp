// The terms' words, as people read them in SQL, in the operator's tables and in a dump of the journal: FIX's
// names and the venue's own, in lower case with underscores. The only table; each value has one word.
#pragma once

#include "domain/event.hpp"
#include "domain/ports.hpp"

#include <string_view>

namespace tradehive {

// Of a value that is none of its enum's: damage, or a newer program's.
inline constexpr std::string_view unknown_word = "?";

[[nodiscard]] std::string_view word(Side side) noexcept;
[[nodiscard]] std::string_view word(OrdType type) noexcept;
[[nodiscard]] std::string_view word(TimeInForce time_in_force) noexcept;
[[nodiscard]] std::string_view word(OrdStatus status) noexcept;
[[nodiscard]] std::string_view word(Unsolicited why) noexcept;
// Of a set of them: "post_only+cancel_on_halt", "none".
[[nodiscard]] std::string_view word(ExecInst set) noexcept;
[[nodiscard]] std::string_view word(SelfMatch rule) noexcept;
[[nodiscard]] std::string_view word(KillScope scope) noexcept;
[[nodiscard]] std::string_view word(InstrumentState state) noexcept;
[[nodiscard]] std::string_view word(SessionKind kind) noexcept;
[[nodiscard]] std::string_view word(CancelOnDisconnect mode) noexcept;
[[nodiscard]] std::string_view word(CodeOffered code) noexcept;
[[nodiscard]] std::string_view word(DisconnectCause cause) noexcept;
[[nodiscard]] std::string_view word(Channel channel) noexcept;
[[nodiscard]] std::string_view word(RefusalChannel channel) noexcept;
[[nodiscard]] std::string_view word(BalanceCause cause) noexcept;
[[nodiscard]] std::string_view word(PasswordScheme scheme) noexcept;
[[nodiscard]] std::string_view word(TotpRule rule) noexcept;

} // namespace tradehive
