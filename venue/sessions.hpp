// FIX sessions as the venue knows them: who is logged on, which numbers are expected, which TOTP step was the
// last, and what becomes of a session's orders when its connection ends.
//
//   epoch     rises with each reset of the numbers (141=Y, set-next, weekly); (session, epoch, number)
//             names an inbound message for ever
//   next_in   never lowered within an epoch
//
// A one-time code counts once, at a logon or by UseCode, which begins no grace. With a grace (rule `fresh`) a
// Logon from the address of the last code that counted may, for so long after it, bring that code again or
// none.
//
// A logon is refused while another one lives; it ends with SessionDisconnected (of whatever epoch),
// RevokeSession or VenueStarted. Orders are cancelled first, then SessionEnded is written, so that a session
// whose connection still stands is told of its cancels before its Logout.
//
// Threads: the venue's owner.
#pragma once

#include "domain/command.hpp"
#include "venue/order_entry.hpp"
#include "venue/outcome.hpp"
#include "venue/state.hpp"

namespace tradehive::venue {

// Whether the one-time code of a Logon, or its absence, will do.
[[nodiscard]] bool code_counts(const SessionState& session, const LogOnSession& request,
                               Timestamp now) noexcept;

class Sessions {
public:
    Sessions(State& state, OrderEntry& orders) noexcept
        : state_{state}
        , orders_{orders} {}

    // Of a FIX message: true, and counted, when it is the first time that it comes; false for a duplicate.
    [[nodiscard]] bool is_new_message(const Origin& origin) noexcept;

    void log_on(const LogOnSession& request, Outcome& outcome);
    void disconnected(const SessionDisconnected& notice, Outcome& outcome);
    void set_next_numbers(const SetNextNumbers& request, Outcome& outcome);
    void use_code(const UseCode& request, Outcome& outcome);
    void reset_numbers(const ResetNumbers& request, Outcome& outcome);
    void revoke(const RevokeSession& request, Outcome& outcome);
    void venue_started(Outcome& outcome);

private:
    [[nodiscard]] RejectReason may_log_on(const LogOnSession& request, Timestamp now) const;
    void begin_epoch(FixSessionId session, MsgSeqNum next_in, MsgSeqNum next_out, Outcome& outcome);
    void cancel_on_disconnect(FixSessionId session, Outcome& outcome);
    void end_logon(FixSessionId session, DisconnectCause cause, Outcome& outcome);

    State& state_;
    OrderEntry& orders_;
};

} // namespace tradehive::venue
