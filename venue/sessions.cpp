#include "venue/sessions.hpp"

#include "venue/changed_events.hpp"

#include <algorithm>

namespace tradehive::venue {

namespace {

bool is_new_code(const SessionState& session, const LogOnSession& request) noexcept {
    return request.code == CodeOffered::current && request.totp_step > session.last_totp_step;
}

// An engine that reconnects by itself sends what it sent the last time, or the password alone.
bool in_otp_grace(const SessionState& session, const LogOnSession& request, Timestamp now) noexcept {
    const std::int64_t grace = std::int64_t{request.otp_grace_seconds} * 1'000'000'000;
    return grace > 0 && session.last_code_at != Timestamp{} && request.address == session.last_code_address &&
           now.value() - session.last_code_at.value() <= grace &&
           (request.code == CodeOffered::absent || request.code_mark == session.last_code_mark);
}

} // namespace

bool code_counts(const SessionState& session, const LogOnSession& request, Timestamp now) noexcept {
    return request.code == CodeOffered::not_asked || is_new_code(session, request) ||
           in_otp_grace(session, request, now);
}

bool Sessions::is_new_message(const Origin& origin) noexcept {
    SessionState* session = state_.session(origin.session);
    if (!session || origin.epoch != session->epoch || origin.number < session->next_in) return false;
    session->next_in = MsgSeqNum{origin.number.value() + 1};
    return true;
}

void Sessions::log_on(const LogOnSession& request, Outcome& outcome) {
    if (const auto reason = may_log_on(request, outcome.time()); reason != RejectReason::none) {
        outcome.refuse({reason});
        return outcome.write(LogOnRefused{.session = request.session, .reason = reason});
    }
    SessionState& session = *state_.session(request.session);
    session.logged_on = true;
    if (is_new_code(session, request)) {
        session.last_totp_step = request.totp_step;
        session.last_code_at = outcome.time();
        session.last_code_address = request.address;
        session.last_code_mark = request.code_mark;
    }
    session.cancel_on_disconnect = request.override_cancel_on_disconnect
                                       ? request.cancel_on_disconnect
                                       : state_.names().session(request.session)->cancel_on_disconnect;
    if (request.reset_numbers) {
        session.epoch = Epoch{session.epoch.value() + 1};
        session.next_in = MsgSeqNum{1};
        session.first_out = MsgSeqNum{1};
    }
    outcome.write(SessionLoggedOn{.session = request.session,
                                  .epoch = session.epoch,
                                  .next_in = session.next_in,
                                  .first_out = session.first_out,
                                  .cancel_on_disconnect = session.cancel_on_disconnect});
}

RejectReason Sessions::may_log_on(const LogOnSession& request, Timestamp now) const {
    const SessionState* session = state_.session(request.session);
    if (!session) return RejectReason::unknown_session;
    if (state_.names().session(request.session)->revoked) return RejectReason::session_revoked;
    if (session->logged_on) return RejectReason::already_logged_on;
    if (!code_counts(*session, request, now)) return RejectReason::code_already_used;
    return RejectReason::none;
}

void Sessions::disconnected(const SessionDisconnected& notice, Outcome& outcome) {
    SessionState* session = state_.session(notice.session);
    if (!session) return outcome.refuse({RejectReason::unknown_session});
    if (notice.epoch == session->epoch) session->next_in = std::max(session->next_in, notice.next_in);
    if (!session->logged_on) return outcome.refuse({RejectReason::not_logged_on});
    if (!notice.keep_orders) cancel_on_disconnect(notice.session, outcome);
    end_logon(notice.session, notice.cause, outcome);
}

void Sessions::set_next_numbers(const SetNextNumbers& request, Outcome& outcome) {
    if (!state_.session(request.session)) return outcome.refuse({RejectReason::unknown_session});
    if (request.next_in < MsgSeqNum{1} || request.next_out < MsgSeqNum{1})
        return outcome.refuse({RejectReason::bad_number, 1});
    begin_epoch(request.session, request.next_in, request.next_out, outcome);
}

void Sessions::reset_numbers(const ResetNumbers& request, Outcome& outcome) {
    if (request.moment <= state_.last_reset) return;
    state_.last_reset = request.moment;
    for (const FixSessionView& view : state_.names().sessions)
        if (!view.revoked) begin_epoch(view.session, MsgSeqNum{1}, MsgSeqNum{1}, outcome);
}

void Sessions::begin_epoch(FixSessionId id, MsgSeqNum next_in, MsgSeqNum next_out, Outcome& outcome) {
    SessionState& session = *state_.session(id);
    session.epoch = Epoch{session.epoch.value() + 1};
    session.next_in = next_in;
    session.first_out = next_out;
    outcome.write(NextNumbersSet{
        .session = id, .epoch = session.epoch, .next_in = session.next_in, .next_out = session.first_out});
}

void Sessions::use_code(const UseCode& request, Outcome& outcome) {
    SessionState* session = state_.session(request.session);
    if (!session) return outcome.refuse({RejectReason::unknown_session});
    const bool counts = request.totp_step > session->last_totp_step;
    if (counts) session->last_totp_step = request.totp_step;
    const auto reason = counts ? RejectReason::none : RejectReason::code_already_used;
    outcome.refuse({reason});
    outcome.write(CodeUsed{.session = request.session, .reason = reason});
}

void Sessions::revoke(const RevokeSession& request, Outcome& outcome) {
    if (!state_.session(request.session)) return outcome.refuse({RejectReason::unknown_session});
    if (state_.names().session(request.session)->revoked) return;
    orders_.end_all(state_.orders.of(request.session), Unsolicited::session_revoked, outcome);
    end_logon(request.session, DisconnectCause::forced, outcome);
    FixSessionView& view = state_.registry.change(request.session);
    view.revoked = true;
    outcome.write(changed_event(view));
}

void Sessions::venue_started(Outcome& outcome) {
    for (std::size_t i = 0; i < state_.sessions.size(); ++i) {
        const FixSessionId session{static_cast<std::uint32_t>(i + 1)};
        if (!state_.sessions[i].logged_on) continue;
        cancel_on_disconnect(session, outcome);
        end_logon(session, DisconnectCause::venue_restart, outcome);
    }
}

void Sessions::cancel_on_disconnect(FixSessionId id, Outcome& outcome) {
    switch (state_.session(id)->cancel_on_disconnect) {
    case CancelOnDisconnect::none:
        return;
    case CancelOnDisconnect::session:
        return orders_.end_all(state_.orders.of(id), Unsolicited::disconnect, outcome);
    case CancelOnDisconnect::account:
        for (const AccountId account : state_.names().session(id)->accounts)
            orders_.end_all(state_.orders.of(account), Unsolicited::disconnect, outcome);
        return;
    }
}

void Sessions::end_logon(FixSessionId id, DisconnectCause cause, Outcome& outcome) {
    SessionState& session = *state_.session(id);
    if (!session.logged_on) return;
    session.logged_on = false;
    outcome.write(SessionEnded{.session = id, .cause = cause});
}

} // namespace tradehive::venue
