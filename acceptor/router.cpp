#include "acceptor/router.hpp"

#include "acceptor/translation.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace tradehive::acceptor {
namespace {

namespace asio = boost::asio;

constexpr std::size_t batch_events = 1024;
// A session with more than this many events still to take is told that it fell behind: it reads the
// EventReader itself and joins again.
constexpr std::size_t most_backlog = std::size_t{16} * 1024;
constexpr std::string_view weekly_reset_text =
    "RESET: sequence numbers begin anew; log on again with MsgSeqNum(34) 1";

} // namespace

EndOfSession end_of_session(const Event& event) noexcept {
    if (event.header.kind == EventKind::next_numbers_set) {
        const auto session = event.as<NextNumbersSet>().session;
        if (event.header.origin.channel == Channel::venue) // announced, and no fault of the client's
            return {.session = session, .text = weekly_reset_text, .keeps_orders = true};
        return {.session = session, .text = "RESET: sequence numbers were set by the venue's operator"};
    }
    if (event.header.kind == EventKind::fix_session_changed) {
        const auto change = event.as<FixSessionChanged>();
        if (change.revoked != 0)
            return {.session = change.session, .text = "REVOKED: this session may not log on any more"};
    }
    return {};
}

std::array<FixSessionId, 2> concerned_by(const Event& event) noexcept {
    if (const auto end = end_of_session(event); end.session.value() != 0) return {end.session, {}};
    if (event.header.kind == EventKind::message_was_refused || event.header.kind == EventKind::code_used)
        return {event.header.origin.session, {}};
    return recipients(event);
}

Router::Router(asio::io_context& context, EventReader& reader)
    : strand_{asio::make_strand(context)}
    , reader_{reader} {}

void Router::start() {
    next_ = reader_.end();
    batch_.resize(batch_events);
    subscription_ = reader_.on_publish([this] { wake(); });
    wake(); // for what came between the two lines above
}

void Router::stop() {
    subscription_.reset();
    asio::post(strand_, [self = shared_from_this()] {
        self->stopped_ = true;
        self->members_.clear();
        self->answers_.clear();
        const std::lock_guard lock{self->awaited_mutex_};
        self->awaited_.clear();
    });
}

// On the venue's thread. The flag keeps one pump queued at most.
void Router::wake() {
    if (awake_.exchange(true)) return;
    asio::post(strand_, [self = shared_from_this()] {
        self->awake_ = false;
        self->pump();
    });
}

void Router::await_logon(Correlation correlation, std::shared_ptr<Listener> listener) {
    const std::lock_guard lock{awaited_mutex_};
    awaited_[correlation] = std::move(listener);
}

void Router::forget_logon(Correlation correlation) {
    const std::lock_guard lock{awaited_mutex_};
    awaited_.erase(correlation);
}

std::shared_ptr<Router::Listener> Router::take_awaited(Correlation correlation) {
    const std::lock_guard lock{awaited_mutex_};
    const auto found = awaited_.find(correlation);
    if (found == awaited_.end()) return nullptr;
    auto listener = std::move(found->second);
    awaited_.erase(found);
    return listener;
}

void Router::attach(FixSessionId session, std::weak_ptr<Listener> listener, Backlog backlog) {
    asio::post(strand_, [self = shared_from_this(), session, listener = std::move(listener),
                         backlog = std::move(backlog)] {
        const auto alive = listener.lock();
        if (!alive || self->stopped_) return;
        self->members_[session] = {.listener = listener,
                                   .identity = alive.get(),
                                   .backlog = backlog,
                                   .joined = false,
                                   .next = {},
                                   .collected = {}};
    });
}

void Router::join(FixSessionId session, EventNumber position) {
    asio::post(strand_, [self = shared_from_this(), session, position] {
        const auto found = self->members_.find(session);
        if (found == self->members_.end()) return;
        Member& member = found->second;
        member.joined = true;
        member.next = std::max(position, self->next_);
        if (const auto listener = member.listener.lock()) listener->joined(member.next);
    });
}

void Router::leave(FixSessionId session, const Listener* listener) {
    asio::post(strand_, [self = shared_from_this(), session, listener] {
        const auto found = self->members_.find(session);
        if (found != self->members_.end() && found->second.identity == listener) self->members_.erase(found);
    });
}

void Router::take(std::shared_ptr<const Answer> answer) {
    asio::post(strand_, [self = shared_from_this(), answer = std::move(answer)]() mutable {
        if (self->stopped_) return;
        self->answers_.push_back(std::move(answer));
        self->pump();
    });
}

void Router::pump() {
    if (stopped_) return;
    // One batch at a time, so that joins and answers get their turn between batches.
    const std::size_t count = reader_.read(next_, batch_);
    for (std::size_t i = 0; i < count; ++i)
        route(batch_[i]);
    next_ = EventNumber{next_.value() + count};
    for (const FixSessionId session : touched_) {
        const auto found = members_.find(session);
        if (found != members_.end()) deliver(found->second);
    }
    touched_.clear();
    // Behind the reports that were made before: of the orders that revoking has cancelled, say.
    for (const auto& end : ending_) {
        const auto found = members_.find(end.session);
        if (found == members_.end()) continue;
        if (const auto listener = found->second.listener.lock()) listener->must_end(end);
    }
    ending_.clear();
    if (std::exchange(reference_changed_, false))
        for (const auto& [session, member] : members_)
            if (const auto listener = member.listener.lock()) listener->reference_changed();
    give_answers();
    if (count == batch_.size()) wake();
}

void Router::route(const Event& event) {
    switch (event.header.kind) {
    case EventKind::session_logged_on:
    case EventKind::log_on_refused:
        if (const auto listener = take_awaited(event.header.origin.correlation))
            listener->logon_decided(event);
        return;
    case EventKind::next_numbers_set:
    case EventKind::fix_session_changed:
        if (const auto end = end_of_session(event); end.session.value() != 0) ending_.push_back(end);
        return;
    case EventKind::day_ended:
    case EventKind::instrument_changed:
        reference_changed_ = true;
        return;
    default:
        for (const FixSessionId session : concerned_by(event))
            if (session.value() != 0) route_to(session, event);
    }
}

void Router::route_to(FixSessionId session, const Event& event) {
    const auto found = members_.find(session);
    if (found == members_.end() || !found->second.joined) return;
    Member& member = found->second;
    if (event.header.number < member.next) return;
    if (member.collected.empty()) touched_.push_back(session);
    member.collected.push_back(event);
}

void Router::deliver(Member& member) {
    auto some = std::make_shared<const std::vector<Event>>(std::move(member.collected));
    member.collected = {};
    const auto listener = member.listener.lock();
    if (!listener) return;
    if (member.backlog->load() > most_backlog) {
        member.joined = false;
        listener->fell_behind();
        return;
    }
    const auto from = member.next;
    member.next = std::max(member.next, next_);
    member.backlog->fetch_add(some->size());
    listener->events(from, member.next, std::move(some));
}

void Router::give_answers() {
    std::erase_if(answers_, [this](const std::shared_ptr<const Answer>& answer) {
        if (answer->after > next_) return false;
        if (const auto* const examined = std::get_if<LogOnAnswer>(&answer->what)) {
            if (const auto listener = take_awaited(answer->asker.correlation))
                listener->logon_examined(examined->reason);
            return true;
        }
        const auto found = members_.find(answer->asker.session);
        // Who is not a member will not get it: it asked on a connection that has ended.
        if (found == members_.end()) return true;
        Member& member = found->second;
        if (const auto listener = member.listener.lock()) {
            // Says that nothing more below was for it.
            if (member.joined && member.next < answer->after) deliver(member);
            listener->answer(answer);
        }
        return true;
    });
}

} // namespace tradehive::acceptor
