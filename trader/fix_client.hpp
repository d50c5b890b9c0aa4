// A FIX 4.4 or 5.0 SP2 session with the venue, on a stock QuickFIX initiator: it logs on with Username,
// Password and TOTP code, stays connected, connects again when the connection is lost, and lets the session
// layer resend what the venue missed.
//
// Threads: QuickFIX's own. The listener is called on the connection's thread; the gate's calls may come from
// any thread, also from the listener. The tap is called for each message, sent or received, session messages
// too, on the thread that sends or receives it. Construct, start and stop from one thread.
#pragma once

#include "trader/client_options.hpp"
#include "trader/messages.hpp"
#include "trader/quickfix_client.hpp"
#include "trader/recording.hpp"
#include "trader/totp.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tradehive::trader {

struct LogonOutcome {
    bool logged_on{};
    bool refused{};   // the venue answered with a Logout
    std::string text; // its words, or what went wrong here
};

class FixClient final : public VenueGate, private FIX::Application {
public:
    using Tap = std::function<void(const RecordedMessage& message)>; // secrets are hidden already

    // Throws std::runtime_error or FIX::ConfigError when the options cannot work.
    FixClient(const ClientOptions& options, VenueListener& listener, Tap tap = {});
    ~FixClient() override;
    FixClient(const FixClient&) = delete;
    FixClient& operator=(const FixClient&) = delete;
    FixClient(FixClient&&) = delete;
    FixClient& operator=(FixClient&&) = delete;

    void start();
    void stop(); // Logout, then the connection is closed

    // Until the first logon, a refusal for good, or the time is over. A connection that is lost or closed
    // unanswered is tried again.
    [[nodiscard]] LogonOutcome wait_for_logon(std::chrono::seconds at_most);
    [[nodiscard]] bool logged_on() const;

    void enter(const OrderEntry& order) override;
    void cancel(const OrderCancel& cancel) override;
    void replace(const OrderReplace& replace) override;
    void ask(const StatusQuestion& question) override;
    void ask(const BookQuestion& question) override;
    // An application message with the fields of its body and MsgType(35); the frame is made here.
    void send(const FixText& message);

private:
    void onCreate(const FIX::SessionID& session) override;
    void onLogon(const FIX::SessionID& session) override;
    void onLogout(const FIX::SessionID& session) override;
    void toAdmin(FIX::Message& message, const FIX::SessionID& session) override;
    void toApp(FIX::Message& message, const FIX::SessionID& session) override;
    void fromAdmin(const FIX::Message& message, const FIX::SessionID& session) override;
    void fromApp(const FIX::Message& message, const FIX::SessionID& session) override;

    void send(FIX::Message message);

    ClientOptions options_;
    VenueListener& listener_;
    std::optional<TotpCodes> codes_;
    DictionaryFiles dictionaries_;
    FIX::DataDictionary session_layer_;
    FIX::DataDictionary application_; // knows the groups of what send() is given
    FIX::SessionID session_;
    FIX::SessionSettings settings_;
    std::unique_ptr<FIX::MessageStoreFactory> stores_;
    std::unique_ptr<FIX::LogFactory> logs_;
    std::unique_ptr<FIX::Initiator> initiator_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool logged_on_{};
    bool ever_logged_on_{};
    bool closed_unanswered_{};
    std::string logout_text_; // of a Logout whose connection has not ended yet
    std::string refusal_;     // of the last attempt before the first logon
    unsigned refusals_{};
};

// Starts the client and waits ten seconds at most until it is logged on. False: why not stands on standard
// error.
[[nodiscard]] bool log_on(FixClient& client);

} // namespace tradehive::trader
