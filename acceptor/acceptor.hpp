// The venue's FIX port: a TCP or TLS server of our own around QuickFIX's FIX::Session.
//
//   listener → Connection (bytes, logon) → GatewaySession (FIX session) → CommandSink
//   EventReader, Answers → Router → GatewaySession → Connection
//
// Wiring: construct, hand take() to the venue as the FIX channel's AnswerSink, start() after VenueStarted has
// been submitted, stop() before the venue stops.
//
// Threads: options.threads I/O threads, one that verifies passwords and one that stores new ones. Public
// functions may be called from any thread but those.
#pragma once

#include "acceptor/connection.hpp"
#include "credentials/password_change.hpp"
#include "credentials/verifier.hpp"
#include "domain/ports.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tradehive::acceptor {

struct TlsFiles {
    std::filesystem::path certificate; // chain, PEM
    std::filesystem::path key;         // PEM
};

struct AcceptorOptions {
    std::string address{"127.0.0.1"};
    std::uint16_t port{}; // 0: any that is free, see Acceptor::port()
    std::optional<TlsFiles> tls;
    bool plain_beyond_loopback{}; // without TLS only a loopback address is listened on, unless this says so
    unsigned threads{1};
    std::string comp_id{"TRADEHIVE"};
    std::filesystem::path dictionaries;      // the folder with FIX44.xml, FIXT11.xml and FIX50SP2.xml
    std::filesystem::path session_directory; // of the message stores
    std::filesystem::path log_directory;     // of the FIX log; empty: none
    std::size_t most_unauthenticated{256};   // connections not logged on; one more is closed at once
    std::size_t most_verifying{64};          // logons waiting for the verifier; one more is refused with BUSY
    int most_skew_seconds{30};               // SendingTime against the venue's clock
    std::chrono::milliseconds market_data_interval{10}; // a busy book is published this often
    std::size_t most_subscriptions{256};                // of a session; a symbol of a request is one
    SessionRates::Limits rates;                         // of what a session sends
    ConnectionLimits limits;
    LogonOptions logon;
    Application application;        // empty: the venue
    std::function<Timestamp()> now; // empty: the system's clock
    std::string boot_id;            // empty: the running kernel's
    unsigned store_openers{4};      // threads that open message stores
};

// What the acceptor needs of the venue; all of it outlives the acceptor.
struct AcceptorPorts {
    CommandSink& commands;
    EventReader& events;
    const ReferenceDataSource& reference;
    const credentials::CredentialVerifier& verifier;
    credentials::PasswordChanger& passwords;
};

class Acceptor final : public SessionControl, public AnswerSink {
public:
    // Reads dictionary and certificates. Throws std::runtime_error saying what is wrong.
    Acceptor(AcceptorOptions options, const AcceptorPorts& ports);
    ~Acceptor() override; // stops

    // Opens the port. Throws std::runtime_error naming the address.
    void start();
    [[nodiscard]] std::uint16_t port() const noexcept;
    // Logs every session out, waits a bounded time (about five seconds at most) for the last commands to be
    // taken, and ends the threads. May be called twice.
    void stop();
    // Tells every session by News that the numbers of all will be reset then. Any thread.
    void announce_reset(Timestamp at);

    // SessionControl
    [[nodiscard]] std::vector<SessionStatus> sessions() const override;
    bool disconnect(FixSessionId session, std::string_view text) override;
    // AnswerSink
    void take(std::shared_ptr<const Answer> answer) noexcept override;

private:
    struct Running;
    std::unique_ptr<Running> running_;
};

} // namespace tradehive::acceptor
