#include "trader/fix_client.hpp"

#include "trader/fix_fields.hpp"
#include "trader/session_store.hpp"

#include <ctime>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace tradehive::trader {
namespace {

// Where the engine tells of events and messages. Messages may hold secrets, so they go on as FixText only.
class ClientLog final : public FIX::Log {
public:
    ClientLog(bool verbose, std::string session, FixClient::Tap tap)
        : verbose_(verbose)
        , session_(std::move(session))
        , tap_(std::move(tap)) {}

    void clear() override {}
    void backup() override {}
    void onIncoming(const std::string& text) override { tell(Direction::from_venue, text); }
    void onOutgoing(const std::string& text) override { tell(Direction::to_venue, text); }
    void onEvent(const std::string& text) override {
        if (verbose_) std::cerr << ("fix: " + text + '\n');
    }

private:
    void tell(Direction direction, const std::string& text) const {
        if (!tap_) return;
        tap_({.microseconds = microseconds_now(),
              .session = session_,
              .direction = direction,
              .message = FixText::parse(text)});
    }

    bool verbose_;
    std::string session_;
    FixClient::Tap tap_;
};

class ClientLogFactory final : public FIX::LogFactory {
public:
    ClientLogFactory(const ClientOptions& options, FixClient::Tap tap)
        : verbose_(options.verbose)
        , session_(options.sender)
        , tap_(std::move(tap)) {}
    FIX::Log* create() override { return std::make_unique<ClientLog>(verbose_, session_, nullptr).release(); }
    FIX::Log* create(const FIX::SessionID&) override {
        return std::make_unique<ClientLog>(verbose_, session_, tap_).release();
    }
    void destroy(FIX::Log* log) override { std::unique_ptr<FIX::Log>{log}.reset(); }

private:
    bool verbose_;
    std::string session_;
    FixClient::Tap tap_;
};

// Both, if there are two: the file of --record first.
FixClient::Tap with_recording(const ClientOptions& options, FixClient::Tap tap) {
    if (options.record.empty()) return tap;
    return [file = std::make_shared<RecordingFile>(options.record), tap](const RecordedMessage& message) {
        file->add(message);
        if (tap) tap(message);
    };
}

const char* begin_string(const ClientOptions& options) {
    return options.fix50sp2 ? FIX::BeginString_FIXT11 : FIX::BeginString_FIX44;
}

std::string dictionary_settings(const ClientOptions& options) {
    const auto files = find_dictionaries(options);
    if (!options.fix50sp2) return "\nDataDictionary=" + files.application;
    return "\nDefaultApplVerID=FIX.5.0SP2\nTransportDataDictionary=" + files.session_layer +
           "\nAppDataDictionary=" + files.application;
}

FIX::SessionSettings settings_of(const ClientOptions& options) {
    if (options.sender.empty()) throw std::runtime_error("--sender must name the session's SenderCompID");
    if (options.password.empty())
        throw std::runtime_error("a password is needed: --password-file, TRADEHIVE_PASSWORD or --password");
    std::stringstream text;
    text << "[DEFAULT]\nConnectionType=initiator\n"
         << "ReconnectInterval=" << options.reconnect.count() << '\n'
         << "SocketNodelay=Y\nLogonTimeout=15\nLogoutTimeout=5\n";
    if (!options.tls_ca.empty())
        text << "CertificationAuthoritiesFile=" << options.tls_ca << "\nCertificateVerifyLevel=1\n"
             << "SSLProtocol=+TLSv1_2\n";
    // A week without end: no clock of ours resets numbers (see session_store.hpp).
    text << "StartDay=sun\nStartTime=00:00:00\nEndDay=sun\nEndTime=00:00:00\n"
         << "[SESSION]\nBeginString=" << begin_string(options) << "\nSenderCompID=" << options.sender
         << "\nTargetCompID=" << options.target << "\nSocketConnectHost=" << options.host
         << "\nSocketConnectPort=" << options.port << "\nHeartBtInt=" << options.heartbeat
         << "\nPersistMessages=Y\nResetOnLogout=N\nResetOnDisconnect=N\nResetOnLogon="
         << (options.store.empty() || options.reset ? 'Y' : 'N') << "\nUseDataDictionary=Y"
         << dictionary_settings(options)
         // The venue's words are taken as they come: a newer venue may say more than this program knows.
         << "\nAllowUnknownMsgFields=Y\nValidateUserDefinedFields=N\nValidateFieldsOutOfOrder=N\n"
         << "ValidateFieldsHaveValues=N\nTimestampPrecision=6\nCheckLatency=N\n";
    return FIX::SessionSettings(text);
}

// The engine tries again every few seconds; these words say that it may get in later.
bool is_for_good(std::string_view refusal) {
    return !refusal.empty() && !refusal.starts_with("BUSY") && !refusal.starts_with("ALREADY_LOGGED_ON");
}

bool is_type(const FIX::Message& message, const char* msg_type) {
    return field_text(message.getHeader(), FIX::FIELD::MsgType) == msg_type;
}

} // namespace

FixClient::FixClient(const ClientOptions& options, VenueListener& listener, Tap tap)
    : options_(options)
    , listener_(listener)
    , dictionaries_(find_dictionaries(options))
    , session_layer_(dictionaries_.session_layer)
    , application_(dictionaries_.application)
    , session_(begin_string(options), options.sender, options.target)
    , settings_(settings_of(options))
    , stores_(session_stores(options.store))
    , logs_(std::make_unique<ClientLogFactory>(options, with_recording(options, std::move(tap)))) {
    if (!options_.totp_secret.empty()) codes_.emplace(options_.totp_secret);
    FIX::Application& application = *this;
    if (options_.tls_ca.empty())
        initiator_ = std::make_unique<FIX::ThreadedSocketInitiator>(application, *stores_, settings_, *logs_);
    else
        initiator_ =
            std::make_unique<FIX::ThreadedSSLSocketInitiator>(application, *stores_, settings_, *logs_);
}

FixClient::~FixClient() {
    try {
        stop();
    } catch (const std::exception& error) {
        std::cerr << "while closing the session: " << error.what() << '\n';
    }
}

void FixClient::start() {
    initiator_->start();
}

void FixClient::stop() {
    if (initiator_ && !initiator_->isStopped()) initiator_->stop();
}

LogonOutcome FixClient::wait_for_logon(std::chrono::seconds at_most) {
    std::unique_lock lock(mutex_);
    // A one-time code may have been used up a moment ago, by another program: the next one gets its chance.
    const unsigned most_refusals = codes_ ? 2 : 1;
    const auto decided = [&] {
        return ever_logged_on_ || (refusals_ >= most_refusals && is_for_good(refusal_));
    };
    if (changed_.wait_for(lock, at_most, decided) && ever_logged_on_)
        return {.logged_on = true, .refused = false, .text = {}};
    if (!refusal_.empty()) return {.logged_on = false, .refused = true, .text = refusal_};
    const auto place =
        options_.host + ":" + std::to_string(options_.port) +
        (options_.tls_ca.empty() ? "" : " whose certificate " + options_.tls_ca + " vouches for");
    return {.logged_on = false,
            .refused = false,
            .text = closed_unanswered_ ? place + " closes the connection without an answer"
                                       : "no answer from " + place};
}

bool FixClient::logged_on() const {
    const std::scoped_lock lock(mutex_);
    return logged_on_;
}

void FixClient::enter(const OrderEntry& order) {
    send(new_order_single(order));
}
void FixClient::cancel(const OrderCancel& cancel) {
    send(order_cancel_request(cancel));
}
void FixClient::replace(const OrderReplace& replace) {
    send(order_cancel_replace_request(replace));
}
void FixClient::ask(const StatusQuestion& question) {
    send(order_status_request(question));
}
void FixClient::ask(const BookQuestion& question) {
    send(market_data_request(question));
}

void FixClient::send(const FixText& message) {
    FixText framed;
    framed.fields = {{.tag = FIX::FIELD::BeginString, .value = begin_string(options_)},
                     {.tag = FIX::FIELD::BodyLength, .value = "0"},
                     {.tag = FIX::FIELD::MsgType, .value = std::string(message.msg_type())}};
    for (const auto& field : message.fields)
        if (field.tag != FIX::FIELD::MsgType) framed.fields.push_back(field);
    framed.set(FIX::FIELD::CheckSum, "000");
    constexpr bool check_frame = false; // it is made anew
    send(FIX::Message(framed.wire(), session_layer_, application_, check_frame));
}

void FixClient::send(FIX::Message message) {
    // False only says that it is not on the wire yet: it has its number and is in the store.
    FIX::Session::sendToTarget(message, session_);
}

void FixClient::onCreate(const FIX::SessionID&) {}

void FixClient::onLogon(const FIX::SessionID& session) {
    // Once is enough: a reset at each reconnect would throw away what is still to be resent.
    if (auto* engine = FIX::Session::lookupSession(session)) engine->setResetOnLogon(false);
    {
        const std::scoped_lock lock(mutex_);
        logged_on_ = ever_logged_on_ = true;
    }
    changed_.notify_all();
    listener_.on_logged_on();
}

void FixClient::onLogout(const FIX::SessionID&) {
    std::string text;
    {
        const std::scoped_lock lock(mutex_);
        logged_on_ = false;
        text = std::exchange(logout_text_, {});
        if (!ever_logged_on_) refusal_ = text;
        if (!text.empty()) ++refusals_;
        if (text.empty()) closed_unanswered_ = true;
    }
    changed_.notify_all();
    listener_.on_logged_out(text);
}

void FixClient::toAdmin(FIX::Message& message, const FIX::SessionID&) {
    if (!is_type(message, FIX::MsgType_Logon)) return;
    std::string password = options_.password;
    if (codes_) password += ":" + codes_->next_code(std::time(nullptr));
    message.setField(FIX::Username(options_.username));
    message.setField(FIX::Password(password));
}

void FixClient::toApp(FIX::Message&, const FIX::SessionID&) {}

void FixClient::fromAdmin(const FIX::Message& message, const FIX::SessionID&) {
    if (is_type(message, FIX::MsgType_Logout)) {
        const std::scoped_lock lock(mutex_);
        logout_text_ = field_text(message, FIX::FIELD::Text);
        if (logout_text_.empty() && !ever_logged_on_) logout_text_ = "Logout without a reason";
    } else if (is_type(message, FIX::MsgType_Reject)) {
        listener_.on_message_refused(read_message_refusal(message));
    }
}

void FixClient::fromApp(const FIX::Message& message, const FIX::SessionID&) {
    const auto type = field_text(message.getHeader(), FIX::FIELD::MsgType);
    if (type == FIX::MsgType_ExecutionReport)
        listener_.on_report(read_report(message));
    else if (type == FIX::MsgType_MarketDataSnapshotFullRefresh)
        listener_.on_book(read_snapshot(message));
    else if (type == FIX::MsgType_MarketDataIncrementalRefresh)
        listener_.on_book_change(read_book_change(message));
    else if (type == FIX::MsgType_OrderCancelReject)
        listener_.on_cancel_refused(read_cancel_refusal(message));
    else if (type == FIX::MsgType_BusinessMessageReject || type == FIX::MsgType_MarketDataRequestReject)
        listener_.on_message_refused(read_message_refusal(message));
}

bool log_on(FixClient& client) {
    constexpr auto patience = std::chrono::seconds(10);
    client.start();
    const auto logon = client.wait_for_logon(patience);
    if (!logon.logged_on) std::cerr << "not logged on: " << logon.text << '\n';
    return logon.logged_on;
}

} // namespace tradehive::trader
