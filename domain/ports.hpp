// The seams between the rooms. acceptor, control and db see these and nothing of each other or of the
// venue's insides; main wires them. Each says which threads may call it, and what happens when it is full.
#pragma once

#include "domain/question.hpp"
#include "domain/reference_data.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tradehive {

enum class Submitted : std::uint8_t {
    taken, // it will be journaled and applied, or the venue dies trying
    full,  // nothing happened: refuse with BUSY, or for what must not be refused stop reading and try again
    stopping, // the venue takes nothing any more
};

// The way into the venue. Any thread; never blocks. One sender's commands and questions keep their order.
// A bounded queue: EnterOrder, ReplaceOrder and questions see `full` at its ordinary bound; refusals,
// cancels, session and back-office commands have reserved room above it.
class CommandSink {
public:
    CommandSink() = default;
    CommandSink(const CommandSink&) = delete;
    CommandSink& operator=(const CommandSink&) = delete;
    virtual ~CommandSink() = default;

    [[nodiscard]] virtual Submitted submit(const Command& command) = 0;
    [[nodiscard]] virtual Submitted ask(const Question& question) = 0;
};

// Where the answers to one channel's questions go. Called on the venue's thread: must not block or throw.
class AnswerSink {
public:
    AnswerSink() = default;
    AnswerSink(const AnswerSink&) = delete;
    AnswerSink& operator=(const AnswerSink&) = delete;
    virtual ~AnswerSink() = default;

    virtual void take(std::shared_ptr<const Answer> answer) noexcept = 0;
};

// All events in order, by number. Readers pull at their own pace, from memory or, when they have fallen
// behind, from the file; the venue never waits for them. Any thread.
class EventReader {
public:
    EventReader() = default;
    EventReader(const EventReader&) = delete;
    EventReader& operator=(const EventReader&) = delete;
    virtual ~EventReader() = default;

    [[nodiscard]] virtual EventNumber begin() const = 0; // oldest one kept
    [[nodiscard]] virtual EventNumber end() const = 0;   // one past the newest

    // Copies events from, from + 1, … into the span; returns how many, 0 only when from == end().
    // Throws std::out_of_range when from is no longer kept.
    [[nodiscard]] virtual std::size_t read(EventNumber from, std::span<Event> into) const = 0;

    // Calls wake after events were published, on the venue's thread: must not block or throw. Ends when the
    // returned handle is destroyed, which waits for a call under way.
    [[nodiscard]] virtual std::shared_ptr<void> on_publish(std::function<void()> wake) = 0;

    // A follower's durable claim: events from its position on are kept for it. Unknown names begin at
    // begin().
    [[nodiscard]] virtual EventNumber position(std::string_view follower) const = 0;
    virtual void set_position(std::string_view follower, EventNumber position) = 0;
};

// The newest view. Any thread.
class ReferenceDataSource {
public:
    ReferenceDataSource() = default;
    ReferenceDataSource(const ReferenceDataSource&) = delete;
    ReferenceDataSource& operator=(const ReferenceDataSource&) = delete;
    virtual ~ReferenceDataSource() = default;

    [[nodiscard]] virtual std::shared_ptr<const ReferenceData> current() const = 0;
};

// --- credentials ---------------------------------------------------------------------------------------

enum class PasswordScheme : std::uint8_t {
    argon2id,   // a password that a person chose; verifier is the encoded string
    keyed_hash, // a generated 32-character secret; verifier is its keyed BLAKE2b
};

enum class TotpRule : std::uint8_t { none, every_logon, fresh };

// One for each FIX session. Secrets are sealed before they come here; nothing in it is worth stealing
// without the key file.
struct Credential {
    std::string username; // 553
    FixSessionId session;
    PasswordScheme scheme{};
    std::string verifier;
    TotpRule totp_rule{};
    std::string sealed_totp_secret;

    friend bool operator==(const Credential&, const Credential&) = default;
};

enum class Replaced : std::uint8_t {
    done,
    other,      // the stored one is not, or no longer, the one that was to be replaced; nothing has changed
    not_stored, // nothing has changed
    in_doubt,   // the old one counts until it is known whether the new one was stored
};

// SQL first-hand, with a cache that goes on answering while the database is away. Any thread.
class CredentialStore {
public:
    CredentialStore() = default;
    CredentialStore(const CredentialStore&) = delete;
    CredentialStore& operator=(const CredentialStore&) = delete;
    virtual ~CredentialStore() = default;

    [[nodiscard]] virtual std::optional<Credential> find(std::string_view username) const = 0;
    [[nodiscard]] virtual std::optional<Credential> find(FixSessionId session) const = 0;
    // Throws std::runtime_error when it cannot be stored. Replaces the one of the same session.
    virtual void put(const Credential& credential) = 0;
    virtual void remove(FixSessionId session) = 0;
    // What somebody else has put meanwhile stays. Durable when it says so. Does not throw.
    [[nodiscard]] virtual Replaced replace(const Credential& before, const Credential& after) = 0;
};

// --- sessions ------------------------------------------------------------------------------------------

struct SessionStatus {
    FixSessionId session;
    bool connected{};
    std::string address; // peer, empty when not connected
    Timestamp since;     // of the logon
    MsgSeqNum next_in;
    MsgSeqNum next_out;
    std::size_t bytes_waiting{}; // written by the venue, not yet taken by the peer
};

// What an operator may see of and do to live connections. Any thread; waits for the session's own thread.
class SessionControl {
public:
    SessionControl() = default;
    SessionControl(const SessionControl&) = delete;
    SessionControl& operator=(const SessionControl&) = delete;
    virtual ~SessionControl() = default;

    [[nodiscard]] virtual std::vector<SessionStatus> sessions() const = 0;
    // Sends a Logout with the text and closes. False when the session has no connection.
    virtual bool disconnect(FixSessionId session, std::string_view text) = 0;
};

} // namespace tradehive
