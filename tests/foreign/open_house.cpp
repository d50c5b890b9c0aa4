#include "tests/foreign/open_house.hpp"

#include <algorithm>
#include <chrono>

namespace tradehive::foreign {
namespace {

Timestamp now() {
    return Timestamp{std::chrono::duration_cast<std::chrono::nanoseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count()};
}

} // namespace

OpenHouse::OpenHouse(bool reset_on_logon)
    : reset_on_logon_{reset_on_logon} {
    auto nobody = std::make_shared<ReferenceData>();
    nobody->index();
    reference_ = std::move(nobody);
}

Submitted OpenHouse::submit(const Command& command) {
    {
        const std::lock_guard lock{mutex_};
        if (command.header.kind == CommandKind::log_on_session) log_on(command);
        if (command.header.kind == CommandKind::session_disconnected) disconnect(command);
        if (command.header.kind == CommandKind::message_refused)
            emit(command, MessageWasRefused{command.as<MessageRefused>()});
    }
    const std::lock_guard lock{wake_mutex_};
    for (const auto& [number, wake] : wakes_)
        wake();
    return Submitted::taken;
}

void OpenHouse::log_on(const Command& command) {
    const auto body = command.as<LogOnSession>();
    Numbers& numbers = numbers_[body.session];
    if (reset_on_logon_ || body.reset_numbers != 0)
        numbers = {.epoch = Epoch{numbers.epoch.value() + 1}, .next_in = MsgSeqNum{1}};
    SessionLoggedOn logged_on{};
    logged_on.session = body.session;
    logged_on.epoch = numbers.epoch;
    logged_on.next_in = numbers.next_in;
    logged_on.first_out = MsgSeqNum{1}; // of the epoch; the message store knows the next
    emit(command, logged_on);
}

void OpenHouse::disconnect(const Command& command) {
    const auto body = command.as<SessionDisconnected>();
    Numbers& numbers = numbers_[body.session];
    if (numbers.epoch == body.epoch) numbers.next_in = body.next_in;
    emit(command, SessionEnded{body.session, body.cause, {}});
    if (const auto* const view = reference_->session(body.session); view != nullptr && told_)
        told_(view->comp_id.view());
}

template <EventBody Body>
void OpenHouse::emit(const Command& command, const Body& body) {
    Event event{};
    event.header.number = EventNumber{events_.size() + 1};
    event.header.sequence = Sequence{events_.size() + 1};
    event.header.time = now();
    event.header.origin = command.header.origin;
    set_body(event, body);
    events_.push_back(event);
}

EventNumber OpenHouse::end() const {
    const std::lock_guard lock{mutex_};
    return EventNumber{events_.size() + 1};
}

std::size_t OpenHouse::read(EventNumber from, std::span<Event> into) const {
    const std::lock_guard lock{mutex_};
    const auto first = std::min<std::size_t>(from.value() - 1, events_.size());
    const auto count = std::min(into.size(), events_.size() - first);
    std::copy_n(events_.begin() + static_cast<std::ptrdiff_t>(first), count, into.begin());
    return count;
}

std::shared_ptr<void> OpenHouse::on_publish(std::function<void()> wake) {
    const std::lock_guard lock{wake_mutex_};
    const auto number = ++last_wake_;
    wakes_.emplace(number, std::move(wake));
    return {this, [number](OpenHouse* house) {
                const std::lock_guard unsubscribing{house->wake_mutex_};
                house->wakes_.erase(number);
            }};
}

std::shared_ptr<const ReferenceData> OpenHouse::current() const {
    const std::lock_guard lock{mutex_};
    return reference_;
}

credentials::Verdict OpenHouse::verify(const credentials::Offer& offer, Timestamp) const {
    const std::lock_guard lock{mutex_};
    if (const auto* const known = reference_->session(offer.username))
        return credentials::Verified{.session = known->session};
    auto more = std::make_shared<ReferenceData>(*reference_);
    FixSessionView session;
    session.session = FixSessionId{static_cast<std::uint32_t>(more->sessions.size() + 1)};
    session.comp_id = CompID::cut(offer.username);
    session.kind = SessionKind::order_entry;
    more->sessions.push_back(session);
    more->index();
    reference_ = std::move(more);
    return credentials::Verified{.session = session.session};
}

} // namespace tradehive::foreign
