// BE and BF of a FIX session, and what else waits for its number: see UserSession.
#include "acceptor/gateway_session.hpp"

namespace tradehive::acceptor {

UserSession::Ports GatewaySession::user_ports() {
    return {.session = session_,
            .username = surroundings_.username,
            .address = surroundings_.address,
            .passwords = surroundings_.passwords,
            .commands = surroundings_.commands,
            .submit = [this](const Command& command) { submit(command); },
            .later =
                [later = surroundings_.later](std::function<void(UserSession&)> work) {
                    later([work = std::move(work)](GatewaySession& session) {
                        if (!session.disconnected_) work(session.user_);
                    });
                }};
}

void GatewaySession::submit(const UserRequest& request) {
    using Kind = UserRequest::Kind;
    auto refused = unsent_.empty() ? RejectReason::none : RejectReason::busy;
    if (!within(surroundings_.rates->questions)) refused = RejectReason::throttled;
    if (refused == RejectReason::none && request.kind == Kind::unsupported)
        refused = RejectReason::unsupported_user_request;
    if (refused == RejectReason::none && request.kind == Kind::status)
        refused = user_.refuses_status(request);
    if (refused != RejectReason::none) return user_.refuse(request, refused);
    if (request.kind == Kind::change_password) return user_.change_password(request);
    tell_status(request);
}

// It waits in the queue until its number is durable.
void GatewaySession::tell_status(const UserRequest& request) {
    reference_ = surroundings_.reference.current();
    const auto message = user_status(request.request_id, surroundings_.username,
                                     *reference_->session(session_), *reference_, surroundings_.terms);
    hold_for_ = request.origin.number.value();
    send_report(message);
    submit(refused_by_session(request.origin, "BE"));
}

// The number of a message that FIX::Session refused is durable now.
void GatewaySession::release_held(const Event& event) {
    if (event.header.kind == EventKind::message_was_refused && event.header.origin.session == session_ &&
        event.header.origin.epoch == epoch_)
        outbound_.release(event.header.origin.number.value());
    user_.note(event);
}

} // namespace tradehive::acceptor
