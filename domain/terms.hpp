// FIX's words for orders and the venue's own for its states, as one-byte enums. Where FIX 4.4 has a
// character for a value, that character is the enumerator's value.
#pragma once

#include <cstdint>

namespace tradehive {

enum class Side : char { buy = '1', sell = '2' }; // 54

[[nodiscard]] constexpr Side opposite(Side side) noexcept {
    return side == Side::buy ? Side::sell : Side::buy;
}

enum class OrdType : char { market = '1', limit = '2' }; // 40

enum class TimeInForce : char { // 59
    day = '0',                  // ends with the next EndDay command
    good_till_cancel = '1',
    immediate_or_cancel = '3',
    fill_or_kill = '4',
};

enum class OrdStatus : char { // 39
    new_ = '0',
    partially_filled = '1',
    filled = '2',
    canceled = '4',
    rejected = '8',
    expired = 'C',
};

// Why an order ended or changed without its owner asking: FIX 378 with a word in Text(58).
enum class Unsolicited : std::uint8_t {
    none,       // the owner, or another session of the account, asked
    disconnect, // cancel on disconnect
    self_match, // self-match prevention cancelled what was left of the incoming order
    expired,    // what IOC or FOK left over, or a Day order at EndDay
    operator_,  // the operator cancelled it
    session_revoked,
};

enum class InstrumentState : std::uint8_t {
    open,   // continuous trading
    halted, // no new orders, no replaces; cancels allowed
};

enum class SessionKind : std::uint8_t { order_entry, market_data, drop_copy };

// Which open orders end when the connection does; Logon 8013 = N, S, Y may override for one logon.
// Which one-time code a Logon brought.
enum class CodeOffered : std::uint8_t {
    not_asked, // the credential has none
    current,   // of this moment: counts if it is newer than the last one used
    other,     // none of this moment; rule `fresh` only: will do within the grace, as the last one used
    absent,    // none; rule `fresh` only: will do within the grace
};

enum class CancelOnDisconnect : std::uint8_t { none, session, account };

enum class DisconnectCause : std::uint8_t { connection_lost, heartbeat_lost, logout, forced, venue_restart };

// Where a command came from.
enum class Channel : std::uint8_t { venue, fix, control, rest };

// The FIX message that carries a refusal made before the core saw an order.
enum class RefusalChannel : std::uint8_t {
    execution_report,   // 8 with 150=8
    cancel_reject,      // 9
    session_reject,     // 3
    business_reject,    // j
    by_session,         // the session layer has already written the answer; the number is to be journaled
    market_data_reject, // Y with code = the character of 281; MDReqID(262) stands in cl_ord_id
};

} // namespace tradehive
