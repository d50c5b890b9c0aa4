// One live FIX session: a FIX::Session over its message store, between the connection's bytes and the
// venue's commands and events.
//
//   in:   frame → FIX::Session (rules of the session layer) → translate() → Command or Question → CommandSink
//   out:  Event or Answer → report() → FIX::Session → store → OutboundQueue
//         market data: its shared bytes with a header of our own, the next number taken from the store
//
// Made only once the venue has decided the logon. FIX::Session keeps a global registry by SessionID, so there
// must never be two for one pair: the acceptor's LiveSessions sees to that.
//
// An inbound application message leads to exactly one command with its number. When FIX::Session itself
// refuses one (35=3), the number is journaled by a MessageRefused{by_session} and the bytes wait in the queue
// until its event comes. What the CommandSink has no room for now waits here, in order, and blocked() asks
// the connection to stop reading: so what waits is bounded by what FIX::Session had queued behind a gap.
//
// Events come by the router once joined. While catching up, resending, or waiting for a slow peer the session
// is not joined and reads the EventReader itself, a piece for each call of proceed().
//
// Everything runs on the connection's strand.
#pragma once

#include "acceptor/dictionaries.hpp"
#include "acceptor/market_data_session.hpp"
#include "acceptor/message_store.hpp"
#include "acceptor/outbound_queue.hpp"
#include "acceptor/quickfix.hpp"
#include "acceptor/reference_session.hpp"
#include "acceptor/resend.hpp"
#include "acceptor/translation.hpp"
#include "acceptor/user_session.hpp"
#include "domain/ports.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tradehive::acceptor {

class FixLog;
class GatewaySession;
struct EndOfSession;

// In the place of the venue's messages: takes one that FIX::Session has let through and gives the answers,
// which are sent at once and never journaled. Throws FIX::UnsupportedMessageType for what it does not take.
// Any thread.
using Application = std::function<std::vector<FIX::Message>(const FIX::Message&)>;

// What every session of one acceptor shares. All of it outlives them; thread-safe.
struct SessionSurroundings {
    CommandSink& commands;
    EventReader& events;
    const ReferenceDataSource& reference;
    FixLog& log;
    const Dictionaries& dictionaries;
    std::function<Timestamp()> now;
    std::function<Correlation()> correlation; // a new one
    std::function<void(EventNumber)> join;    // asks the router; joined() is the answer
    std::string comp_id;                      // the venue's
    std::size_t most_outbound_bytes;          // more: the connection is closed
    int most_skew_seconds;
    std::shared_ptr<MarketDataFeed> feed;
    std::shared_ptr<MarketDataInbox> inbox; // of this session
    std::size_t most_subscriptions;
    std::shared_ptr<SessionRates> rates; // of this session
    Application application;             // empty: the venue
    PasswordChanges& passwords;
    std::string username; // that this session has logged on with
    std::string address;  // the peer's
    // On the strand, unless the connection has gone.
    std::function<void(std::function<void(GatewaySession&)>)> later;
    SessionTerms terms;
};

// Who is at the other end, as the Logon said.
struct Client {
    std::string comp_id;
    FixVersion version{};
};

class GatewaySession final : private FIX::Application,
                             private FIX::MessageStoreFactory,
                             private FIX::Responder {
public:
    enum class Progress : std::uint8_t {
        more,    // call proceed() again soon
        waits,   // for the peer to take bytes, or for the router
        not_yet, // for reference data or room: call again in some milliseconds
    };

    // logged_on: the venue's decision; logged_on_at: its event, what ended the session earlier is past.
    // Throws StoreError.
    GatewaySession(SessionSurroundings surroundings, const SessionLoggedOn& logged_on, Client client,
                   std::unique_ptr<SessionStore> store, EventNumber logged_on_at, OutboundQueue& outbound);
    ~GatewaySession() override;
    GatewaySession(const GatewaySession&) = delete;
    GatewaySession& operator=(const GatewaySession&) = delete;

    // The client's Logon, the first message. next_expected: its 789.
    void log_on(std::string_view logon, std::optional<std::uint64_t> next_expected);
    void receive(std::string_view frame);
    void tick(); // once a second

    void joined(EventNumber below);
    void take(EventNumber from, EventNumber to, const std::vector<Event>& events);
    void take(std::shared_ptr<const Answer> answer);
    void fell_behind() noexcept { joined_ = false; }
    void take_market_data(); // from the inbox
    void reference_changed();

    // One piece of what is to be done without input: commands that wait, a resend, catching up.
    // After disconnected(): no FIX::Session and no store is left, only commands that wait.
    [[nodiscard]] Progress proceed();

    // Sends a Logout; over() becomes true when it is answered, or by tick() after two seconds.
    void log_out(std::string_view text);
    void end(const EndOfSession& why); // the same
    // Tells by News that the numbers will be reset then.
    void announce_reset(Timestamp at) {
        reset_to_tell_ = at;
        reference_changed();
    }
    // Is the peer still there? Any message after this call says so: heard().
    void probe();

    [[nodiscard]] bool heard() const noexcept { return heard_; }
    [[nodiscard]] bool blocked() const noexcept { return !unsent_.empty(); }
    // The connection is to be closed once the outbound queue is written.
    [[nodiscard]] bool over() const noexcept { return over_; }
    // The connection is lost or closed: submits SessionDisconnected behind what still waits. Afterwards only
    // proceed() may be called, until finished().
    void disconnected(DisconnectCause cause);
    [[nodiscard]] bool finished() const noexcept { return disconnected_ && unsent_.empty(); }

    [[nodiscard]] FixSessionId session() const noexcept { return session_; }
    // Not after disconnected().
    [[nodiscard]] std::uint64_t next_in() const {
        return static_cast<std::uint64_t>(store_->getNextTargetMsgSeqNum());
    }
    [[nodiscard]] std::uint64_t next_out() const {
        return static_cast<std::uint64_t>(store_->getNextSenderMsgSeqNum());
    }

private:
    // FIX::Application
    void onCreate(const FIX::SessionID&) override {}
    void onLogon(const FIX::SessionID&) override {}
    void onLogout(const FIX::SessionID&) override {}
    void toAdmin(FIX::Message& message, const FIX::SessionID&) override;
    void toApp(FIX::Message& message, const FIX::SessionID&) override;
    void fromAdmin(const FIX::Message& message, const FIX::SessionID&) override;
    void fromApp(const FIX::Message& message, const FIX::SessionID&) override;
    // FIX::MessageStoreFactory
    FIX::MessageStore* create(const FIX::SessionID&) override { return store_.get(); }
    void destroy(FIX::MessageStore*) override {}
    // FIX::Responder
    bool send(const std::string& bytes) override;
    void disconnect() override { over_ = true; }

    [[nodiscard]] bool acceptable(std::string_view frame);
    void next(std::string_view frame);
    void forget_queued();
    void submit(const Command& command);
    void submit(const Asked& asked);
    void submit(const MarketDataRequest& request);
    void submit(const ReferenceRequest& request);
    void submit(const UserRequest& request);
    void tell_status(const UserRequest& request);
    [[nodiscard]] UserSession::Ports user_ports();
    [[nodiscard]] bool submit_waiting();
    [[nodiscard]] bool within(RequestRate& rate, std::size_t cost = 1);
    // What cannot be refused uses up patience all the same.
    void count(std::string_view msg_type) { (void)within(surroundings_.rates->of(msg_type)); }
    void note_refusal(const FIX::Message& refusal);
    void release_held(const Event& event);
    [[nodiscard]] bool give(const Event& event);
    void give_answers();
    [[nodiscard]] ReferenceSession::Now now();
    void send_report(const OutboundFields& report);
    void send_message(FIX::Message& message);
    [[nodiscard]] MessageHeader header(std::uint64_t number) const;
    void resend(std::uint64_t first, std::uint64_t last);
    void send_market_data(const MDReqID& request, const market_data::Body& body);
    void ask_for_what_is_missing();
    [[nodiscard]] Progress resend_piece();
    [[nodiscard]] bool list_page();
    [[nodiscard]] Progress catch_up_piece();
    [[nodiscard]] Origin origin(std::uint64_t number);
    void check_bounds();

    SessionSurroundings surroundings_;
    FixSessionId session_;
    Epoch epoch_;
    EventNumber logged_on_at_;
    std::string client_;
    FixVersion version_;
    OutboundQueue& outbound_;
    std::unique_ptr<SessionStore> store_;
    std::unique_ptr<FIX::Session> fix_;
    FIX::SessionState* state_{}; // of fix_: its clocks and queue
    std::shared_ptr<const ReferenceData> reference_;

    EventNumber position_; // everything below is sent or not for this session
    bool joined_{};
    bool join_asked_{};
    std::vector<Event> piece_;

    std::deque<Command> unsent_;
    std::unordered_map<Correlation, RequestEcho> asked_; // bounded: more questions are refused with BUSY
    std::deque<std::shared_ptr<const Answer>> answers_;  // for events below them; bounded by asked_

    MarketDataSession market_data_;
    ReferenceSession requests_;
    UserSession user_;

    std::optional<Resend> resend_;
    bool drop_gap_fill_{};          // the Session's own answer to a ResendRequest that resend_ takes over
    bool sending_{};                // what FIX::Session sends now is ours, not its own
    std::uint64_t missing_below_{}; // of what came in, by the number of a ResendRequest that resend_ answers
    std::uint64_t hold_for_{};      // the number whose answer FIX::Session is writing
    std::uint64_t highest_queued_{};
    std::size_t queued_{}; // messages that FIX::Session keeps behind a gap, at most

    bool heard_{};
    bool leaving_{}; // a Logout of ours is out: only a Logout is taken
    bool over_{};
    bool disconnected_{};
    bool keep_orders_{};
    std::optional<Timestamp> reset_to_tell_; // behind a resend
    bool sends_too_much_{};                  // to be logged out
    std::optional<DisconnectCause> cause_;
};

} // namespace tradehive::acceptor
