#include "acceptor/user_session.hpp"

#include <chrono>
#include <thread>
#include <utility>

namespace tradehive::acceptor {
namespace {

bool same_message(const Origin& left, const Origin& right) noexcept {
    return left.session == right.session && left.epoch == right.epoch && left.number == right.number &&
           left.channel == right.channel;
}

} // namespace

AnswerUser UserSession::answer_to(const UserRequest& request) const noexcept {
    AnswerUser answer;
    answer.request_id = request.request_id;
    answer.username = FixedText<71>::cut(ports_.username);
    return answer;
}

bool UserSession::is_under_way(const Origin& origin) const noexcept {
    return under_way_ && same_message(under_way_->origin, origin);
}

RejectReason UserSession::refuses_status(const UserRequest& request) const noexcept {
    return request.username == ports_.username ? RejectReason::none : RejectReason::not_own_username;
}

void UserSession::refuse(const UserRequest& request, RejectReason why) {
    auto answer = answer_to(request);
    answer.reason = why;
    ports_.submit(make_command(request.origin, answer));
}

void UserSession::change_password(const UserRequest& request) {
    if (request.username != ports_.username) return refuse(request, RejectReason::not_own_username);
    if (under_way_) return refuse(request, RejectReason::busy);
    auto answer = answer_to(request);
    answer.late = 1;
    under_way_ = {.answer = answer,
                  .origin = request.origin,
                  .wish = {.session = ports_.session,
                           .username = ports_.username,
                           .address = ports_.address,
                           .password = request.password,
                           .code = request.code,
                           .new_password = request.new_password},
                  .change = nullptr,
                  .step = UnderWay::Step::journaling};
    ports_.submit(refused_by_session(request.origin, "BE"));
}

void UserSession::note(const Event& event) {
    if (!is_under_way(event.header.origin)) return;
    using enum UnderWay::Step;
    const auto kind = event.header.kind;
    if (kind == EventKind::message_was_refused && under_way_->step == journaling)
        prepare();
    else if (kind == EventKind::code_used && under_way_->step == using_code)
        code_used(event.as<CodeUsed>().reason);
    else if (kind == EventKind::user_answered)
        under_way_.reset();
}

void UserSession::prepare() {
    under_way_->step = UnderWay::Step::preparing;
    const bool taken = ports_.passwords.prepare(
        std::exchange(under_way_->wish, {}),
        [later = ports_.later, origin = under_way_->origin](const PasswordChanges::Prepared& change) {
            later([origin, change](UserSession& user) { user.prepared(origin, change); });
        });
    if (!taken) answer(RejectReason::busy);
}

void UserSession::prepared(const Origin& origin, const PasswordChanges::Prepared& change) {
    if (!is_under_way(origin)) return;
    if (!change) return answer(change.error());
    under_way_->change = *change;
    if (under_way_->change->prepared.code == CodeOffered::not_asked) return store();
    under_way_->step = UnderWay::Step::using_code;
    ports_.submit(make_command(origin, UseCode{.session = ports_.session,
                                               .reserved = 0,
                                               .totp_step = under_way_->change->prepared.totp_step}));
}

// One that has been used tells no more than a wrong password does.
void UserSession::code_used(RejectReason reason) {
    if (reason == RejectReason::none) return store();
    ports_.passwords.code_refused(*under_way_->change);
    answer(RejectReason::password_incorrect);
}

// Answered by the thread that has stored it, since the connection may be gone by then.
void UserSession::store() {
    under_way_->step = UnderWay::Step::storing;
    ports_.passwords.store(under_way_->change, [&commands = ports_.commands, origin = under_way_->origin,
                                                body = under_way_->answer](RejectReason reason) mutable {
        body.reason = reason;
        const auto command = make_command(origin, body);
        while (commands.submit(command) == Submitted::full)
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
    });
}

void UserSession::answer(RejectReason reason) {
    under_way_->step = UnderWay::Step::answering;
    under_way_->answer.reason = reason;
    ports_.submit(make_command(under_way_->origin, under_way_->answer));
}

} // namespace tradehive::acceptor
