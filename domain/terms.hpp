// FIX's words for orders and the venue's own for its states, as one-byte enums. Where FIX 4.4 has a
// character for a value, that character is the enumerator's value. is_known() is for values that came from
// outside: whether it is one of the enumerators.
#pragma once

#include <cstdint>

namespace tradehive {

enum class Side : char { buy = '1', sell = '2' }; // 54

[[nodiscard]] constexpr bool is_known(Side side) noexcept {
    return side == Side::buy || side == Side::sell;
}
[[nodiscard]] constexpr Side opposite(Side side) noexcept {
    return side == Side::buy ? Side::sell : Side::buy;
}

enum class OrdType : char { // 40
    market = '1',
    limit = '2',
    stop = '3',            // becomes a market order when the last trade reaches StopPx(99) from its bad side
    stop_limit = '4',      // becomes a limit order then
    market_to_limit = 'K', // what a market order leaves over rests at the price of its last fill
    take_profit = 'J',     // becomes a market order when the last trade reaches StopPx(99) from its good side
};

[[nodiscard]] constexpr bool is_known(OrdType type) noexcept {
    switch (type) {
    case OrdType::market:
    case OrdType::limit:
    case OrdType::stop:
    case OrdType::stop_limit:
    case OrdType::market_to_limit:
    case OrdType::take_profit:
        return true;
    }
    return false;
}

enum class TimeInForce : char { // 59
    day = '0',                  // ends with the next EndDay command
    good_till_cancel = '1',
    immediate_or_cancel = '3',
    fill_or_kill = '4',
    good_till_date = '6', // ends at its expire_time
};

[[nodiscard]] constexpr bool is_known(TimeInForce time_in_force) noexcept {
    switch (time_in_force) {
    case TimeInForce::day:
    case TimeInForce::good_till_cancel:
    case TimeInForce::immediate_or_cancel:
    case TimeInForce::fill_or_kill:
    case TimeInForce::good_till_date:
        return true;
    }
    return false;
}

// Of ExecInst(18), as bits.
enum class ExecInst : std::uint8_t {
    none = 0,
    post_only = 1,      // 6: is refused rather than take
    cancel_on_halt = 2, // K
};

[[nodiscard]] constexpr bool has(ExecInst set, ExecInst one) noexcept {
    return (static_cast<std::uint8_t>(set) & static_cast<std::uint8_t>(one)) != 0;
}
[[nodiscard]] constexpr ExecInst operator|(ExecInst left, ExecInst right) noexcept {
    return static_cast<ExecInst>(static_cast<std::uint8_t>(left) | static_cast<std::uint8_t>(right));
}
[[nodiscard]] constexpr bool is_known(ExecInst set) noexcept {
    return (set | ExecInst::post_only | ExecInst::cancel_on_halt) ==
           (ExecInst::post_only | ExecInst::cancel_on_halt);
}

// What happens instead when an incoming order meets a resting one of its own account.
enum class SelfMatch : std::uint8_t {
    cancel_incoming, // what is left of it
    cancel_resting,  // and the incoming order goes on
    cancel_both,
    decrement, // both are lowered by the smaller one's quantity, which is cancelled; the other goes on
};

[[nodiscard]] constexpr bool is_known(SelfMatch rule) noexcept {
    return rule <= SelfMatch::decrement;
}

enum class OrdStatus : char { // 39
    new_ = '0',
    partially_filled = '1',
    filled = '2',
    canceled = '4',
    rejected = '8',
    expired = 'C',
};

[[nodiscard]] constexpr bool is_known(OrdStatus status) noexcept {
    switch (status) {
    case OrdStatus::new_:
    case OrdStatus::partially_filled:
    case OrdStatus::filled:
    case OrdStatus::canceled:
    case OrdStatus::rejected:
    case OrdStatus::expired:
        return true;
    }
    return false;
}

// Why an order ended or changed without its owner asking: FIX 378 with a word in Text(58).
enum class Unsolicited : std::uint8_t {
    none,       // the owner, or another session of the account, asked
    disconnect, // cancel on disconnect
    self_match, // self-match prevention cancelled or lowered it
    expired,    // what IOC or FOK left over, or a Day order at EndDay
    operator_,  // the operator cancelled it
    session_revoked,
    mass_cancel,    // q of its session
    halted,         // with 18=K
    delisted,       // its instrument
    killed,         // its account, firm or session
    triggered,      // restated: the last trade has reached its StopPx
    rests_as_limit, // restated: what a market order left over has a price now
};

enum class InstrumentState : std::uint8_t {
    open,        // continuous trading
    halted,      // no new orders, no replaces; cancels allowed
    cancel_only, // the same for longer: it is not expected back today
    delisted,    // for ever; its orders have been cancelled
};

[[nodiscard]] constexpr bool is_known(InstrumentState state) noexcept {
    return state <= InstrumentState::delisted;
}

enum class SessionKind : std::uint8_t { order_entry, market_data, drop_copy };

[[nodiscard]] constexpr bool is_known(SessionKind kind) noexcept {
    return kind <= SessionKind::drop_copy;
}

// Which one-time code a Logon brought.
enum class CodeOffered : std::uint8_t {
    not_asked, // the credential has none
    current,   // of this moment: counts if it is newer than the last one used
    other,     // none of this moment; rule `fresh` only: will do within the grace, as the last one used
    absent,    // none; rule `fresh` only: will do within the grace
};

// Which open orders end when the connection does; Logon 8013 = N, S, Y may override for one logon.
enum class CancelOnDisconnect : std::uint8_t { none, session, account };

[[nodiscard]] constexpr bool is_known(CancelOnDisconnect rule) noexcept {
    return rule <= CancelOnDisconnect::account;
}

enum class DisconnectCause : std::uint8_t { connection_lost, heartbeat_lost, logout, forced, venue_restart };

// Whose orders a kill switch cancels and refuses.
enum class KillScope : std::uint8_t { account, firm, session };

// Where a command came from.
enum class Channel : std::uint8_t { venue, fix, control, rest };

// The FIX message that carries a refusal made before the core saw an order.
enum class RefusalChannel : std::uint8_t {
    execution_report,   // 8 with 150=8
    cancel_reject,      // 9
    session_reject,     // 3
    business_reject,    // j
    by_session,         // the gateway itself answers; only the number is to be journaled
    market_data_reject, // Y with code = the character of 281; MDReqID(262) stands in cl_ord_id
    mass_cancel_report, // r with 531=0, code = 532
    mass_status,        // 8 with 150=I and 39=8; MassStatusReqID(584) stands in cl_ord_id
};

} // namespace tradehive
