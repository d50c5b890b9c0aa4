// Follows the events and the answers, and hands each to the live FIX sessions that they are for.
//
// A session that has just logged on, or that fell behind, reads the EventReader itself, in pieces, up to the
// end; then it joins. From the answer to join() on every event for it comes by events(), none left out and
// none twice: each call says which range of numbers it speaks for. A session whose strand does not keep up
// is told so once and must join again; so what waits for it here is bounded.
//
// Answers come after all events below Answer::after, which is what they are true of.
//
// Threads: everything runs on one strand of its own; its functions may be called from any thread and return
// at once. Listener's functions are called on that strand and must only hand over to the session's own.
#pragma once

#include "domain/ports.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tradehive::acceptor {

// Whom an event logs out: its numbers were set, or it was revoked. Zero is nobody.
struct EndOfSession {
    FixSessionId session;
    std::string_view text; // for its Logout
    bool keeps_orders{};   // whatever the session's cancel on disconnect says
};
[[nodiscard]] EndOfSession end_of_session(const Event& event) noexcept;

class Router : public std::enable_shared_from_this<Router> {
public:
    class Listener {
    public:
        Listener() = default;
        Listener(const Listener&) = delete;
        Listener& operator=(const Listener&) = delete;
        virtual ~Listener() = default;

        // To whoever awaits that correlation: the answer to AskLogOn; SessionLoggedOn or LogOnRefused.
        virtual void logon_examined(RejectReason fault) = 0;
        virtual void logon_decided(const Event& event) = 0;
        // Events below `below` reach the session by its own reading; from there on by events().
        virtual void joined(EventNumber below) = 0;
        // All of [from, to) that is for this session.
        virtual void events(EventNumber from, EventNumber to,
                            std::shared_ptr<const std::vector<Event>> some) = 0;
        virtual void fell_behind() = 0;
        virtual void answer(std::shared_ptr<const Answer> answer) = 0;
        // The venue ended the session: revoked, or its numbers were set.
        virtual void must_end(const EndOfSession& end) = 0;
        // An instrument is new or has another state, or a day has ended: the newest view shows it.
        virtual void reference_changed() = 0;
    };

    // How many events a session's strand has still to take: shared between the router and that session.
    using Backlog = std::shared_ptr<std::atomic<std::size_t>>;

    Router(boost::asio::io_context& context, EventReader& reader);

    void start(); // events from the reader's end on
    void stop();  // waits for a wake-up under way; nothing is called any more

    // Before the AskLogOn is asked or the LogOnSession submitted: what comes of it may come at once. Kept
    // alive until then, since somebody must answer a SessionLoggedOn whose connection is already gone.
    void await_logon(Correlation correlation, std::shared_ptr<Listener> listener);
    void forget_logon(Correlation correlation);
    // From attach() to leave() the session gets its answers and is told when it must end; its events only
    // after join().
    void attach(FixSessionId session, std::weak_ptr<Listener> listener, Backlog backlog);
    void join(FixSessionId session, EventNumber position);
    void leave(FixSessionId session, const Listener* listener);
    void take(std::shared_ptr<const Answer> answer);

private:
    struct Member {
        std::weak_ptr<Listener> listener;
        const Listener* identity{};
        Backlog backlog;
        bool joined{};
        EventNumber next; // everything below is delivered or not for it
        std::vector<Event> collected;
    };

    void wake();
    void pump();
    void route(const Event& event);
    void route_to(FixSessionId session, const Event& event);
    void deliver(Member& member);
    void give_answers();
    [[nodiscard]] std::shared_ptr<Listener> take_awaited(Correlation correlation);

    boost::asio::strand<boost::asio::io_context::executor_type> strand_;
    EventReader& reader_;
    std::shared_ptr<void> subscription_;
    std::atomic<bool> awake_{false};

    std::mutex awaited_mutex_;
    std::unordered_map<Correlation, std::shared_ptr<Listener>> awaited_;

    // On the strand only:
    bool stopped_{false};
    EventNumber next_;
    std::vector<Event> batch_;
    std::unordered_map<FixSessionId, Member> members_;
    std::vector<FixSessionId> touched_;
    std::vector<EndOfSession> ending_; // to be logged out after this batch
    bool reference_changed_{false};
    std::vector<std::shared_ptr<const Answer>> answers_;
};

// The sessions that an event is handed to: who gets a message made of it, the one whose gateway waits for a
// number to be durable or for a one-time code to be used up, and whom it logs out. Zero is nobody.
[[nodiscard]] std::array<FixSessionId, 2> concerned_by(const Event& event) noexcept;

} // namespace tradehive::acceptor
