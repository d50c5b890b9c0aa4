// The part of a Connection's life before a FIX::Session exists.
#include "acceptor/connection.hpp"

#include "acceptor/fix_log.hpp"
#include "domain/reject_reason.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace tradehive::acceptor {
namespace {

// What may wait for a session that trades, so that no report of an order stands behind much market data.
constexpr std::size_t most_market_data_before_reports = std::size_t{64} * 1024;

// FIX::Session would drop a Logon that the dictionary does not allow without a word.
std::optional<LogonFault> dictionary_fault(std::string_view message, FixVersion version,
                                           const Dictionaries& dictionaries) {
    const auto fault = [](int reason, int tag, const char* what) {
        return LogonFault{.text = "LOGON " + std::string{what} + ": tag " + std::to_string(tag),
                          .session_reject = reason,
                          .ref_tag = std::to_string(tag)};
    };
    try {
        dictionaries.check_logon(version, message);
        return std::nullopt;
    } catch (const FIX::InvalidTagNumber& error) {
        return fault(0, error.field, error.what());
    } catch (const FIX::RequiredTagMissing& error) {
        return fault(1, error.field, error.what());
    } catch (const FIX::TagNotDefinedForMessage& error) {
        return fault(2, error.field, error.what());
    } catch (const FIX::NoTagValue& error) {
        return fault(4, error.field, error.what());
    } catch (const FIX::IncorrectTagValue& error) {
        return fault(5, error.field, error.what());
    } catch (const FIX::IncorrectDataFormat& error) {
        return fault(6, error.field, error.what());
    } catch (const FIX::RepeatedTag& error) {
        return fault(13, error.field, error.what());
    } catch (const FIX::Exception& error) {
        return LogonFault{.text = "LOGON " + std::string{error.what()}, .session_reject = -1, .ref_tag = {}};
    }
}

// What was sent is sent again as it was: so the numbers of an epoch belong to one version.
bool speaks_another_version(const SessionStore& store, FixVersion version) {
    const auto first = store.next_stored(1);
    return first && field_of(first->bytes, "8") != begin_string(version);
}

} // namespace

void Connection::first_message(std::string_view message) {
    auto& shared = surroundings_.session;
    const bool stranger = shared.reference.current()->session(field_of(message, "49")) == nullptr;
    names_in_log_ = stranger ? FixLog::CompIDs::hidden : FixLog::CompIDs::shown;
    shared.log.received(who(), message, names_in_log_);
    if (field_of(message, "35") != "A") {
        shared.log.note(who(), "closed: the first message was no Logon");
        close(DisconnectCause::connection_lost);
        return;
    }
    logon_.sender_comp_id = field_of(message, "49");
    logon_.version = version_of(field_of(message, "8")).value_or(FixVersion::fix44);
    auto request = read_logon(message, {.target_comp_id = shared.comp_id,
                                        .now = shared.now(),
                                        .options = surroundings_.logon,
                                        .most_skew_seconds = shared.most_skew_seconds});
    auto wrong = request ? dictionary_fault(message, request->version, shared.dictionaries)
                         : std::optional{request.error()};
    if (wrong) {
        const LogonFault& fault = *wrong;
        if (fault.session_reject >= 0)
            outbound_.push(
                reject_message(header(), field_of(message, "34"), fault.session_reject, fault.ref_tag));
        refuse(fault.text);
        return;
    }
    logon_ = std::move(*request);
    logon_message_ = message;
    state_ = State::verifying;
    // Guesses are not even looked at while the pair is closed; the answer is the same.
    if (surroundings_.failed.closed(logon_.username, address_, shared.now())) {
        refuse_later(logon_refused_text);
        return;
    }
    VerifierQueue::Attempt attempt{
        .username = logon_.username,
        .address = address_,
        .password = std::exchange(logon_.password, {}),
        .code = std::exchange(logon_.code, {}),
        .answer = [self = shared_from_this()](const credentials::Verdict& verdict) {
            self->on_strand([verdict](Connection& connection) { connection.verified(verdict); });
        }};
    if (!surroundings_.verifier.post(std::move(attempt))) refuse("BUSY: too many are logging on; try again");
}

void Connection::verified(const credentials::Verdict& verdict) {
    if (state_ != State::verifying) return;
    auto& shared = surroundings_.session;
    const auto reference = shared.reference.current();
    const FixSessionView* const view = reference->session(logon_.sender_comp_id);
    const bool right = verdict && view != nullptr && view->session == verdict->session;
    if (!right) {
        surroundings_.failed.failed(logon_.username, address_, shared.now());
        shared.log.note(who(), verdict ? "logon refused: the credential is another session's"
                                       : "logon refused: " + std::string{describe(verdict.error().why)});
        refuse_later(logon_refused_text);
        return;
    }
    credential_ = *verdict;
    if (credential_.code == CodeOffered::not_asked)
        claim();
    else
        examine();
}

// A password alone must neither disturb a connection that lives nor learn anything.
void Connection::examine() {
    auto& shared = surroundings_.session;
    const Question question{.origin = logon_origin(),
                            .what = AskLogOn{.request = logon_command(), .now = shared.now()}};
    state_ = State::examining;
    surroundings_.router.await_logon(question.origin.correlation, shared_from_this());
    if (shared.commands.ask(question) == Submitted::taken) return;
    surroundings_.router.forget_logon(question.origin.correlation);
    shared.log.note(who(), "logon refused: the venue is busy");
    refuse_later(logon_refused_text);
}

void Connection::logon_examined(RejectReason fault) {
    on_strand([fault](Connection& connection) {
        if (connection.state_ != State::examining) return;
        if (fault == RejectReason::none)
            connection.claim();
        else
            connection.refuse_for(fault);
    });
}

void Connection::claim() {
    if (surroundings_.session.reference.current()->session(credential_.session)->revoked) {
        refuse_for(RejectReason::session_revoked);
        return;
    }
    state_ = State::claiming;
    surroundings_.live.claim(credential_.session, shared_from_this());
}

void Connection::claim_granted() {
    on_strand([](Connection& connection) {
        if (connection.state_ == State::claiming) {
            connection.submit_logon();
            return;
        }
        connection.surroundings_.live.release(connection.credential_.session, &connection); // came too late
    });
}

void Connection::claim_refused() {
    on_strand([](Connection& connection) {
        if (connection.state_ == State::claiming)
            connection.refuse("ALREADY_LOGGED_ON: this session has a connection that answers");
    });
}

LogOnSession Connection::logon_command() const {
    LogOnSession command{};
    command.session = credential_.session;
    command.reset_numbers = logon_.reset ? 1 : 0;
    command.code = credential_.code;
    command.totp_step = credential_.totp_step;
    command.address = credential_.address;
    command.code_mark = credential_.code_mark;
    command.otp_grace_seconds = credential_.otp_grace_seconds;
    if (logon_.cancel_on_disconnect) {
        command.override_cancel_on_disconnect = 1;
        command.cancel_on_disconnect = *logon_.cancel_on_disconnect;
    }
    return command;
}

Origin Connection::logon_origin() const {
    Origin origin;
    origin.correlation = surroundings_.session.correlation();
    origin.session = credential_.session;
    origin.channel = Channel::fix;
    return origin;
}

void Connection::submit_logon() {
    auto& shared = surroundings_.session;
    const auto origin = logon_origin();
    state_ = State::deciding;
    surroundings_.router.await_logon(origin.correlation, shared_from_this());
    if (shared.commands.submit(make_command(origin, logon_command())) == Submitted::taken) return;
    surroundings_.router.forget_logon(origin.correlation);
    surroundings_.live.release(credential_.session, this);
    refuse("BUSY: the venue takes no logons now; try again");
}

void Connection::logon_decided(const Event& event) {
    on_strand([event](Connection& connection) { connection.decided(event); });
}

void Connection::decided(const Event& event) {
    if (event.header.kind == EventKind::log_on_refused) {
        surroundings_.live.release(credential_.session, this);
        if (state_ == State::deciding) refuse_for(event.as<LogOnRefused>().reason);
        return;
    }
    const auto logged_on = event.as<SessionLoggedOn>();
    if (state_ != State::deciding) { // the connection did not wait for it
        give_back_logon(logged_on);
        return;
    }
    surroundings_.failed.succeeded(logon_.username, address_);
    open_store(logged_on, event.header.number);
}

void Connection::open_store(const SessionLoggedOn& logged_on, EventNumber at) {
    SessionStore::Options options{.directory = surroundings_.store_directory,
                                  .session = logged_on.session,
                                  .epoch = logged_on.epoch,
                                  .first_out = logged_on.first_out,
                                  .next_in = logged_on.next_in,
                                  .boot_id = surroundings_.boot_id,
                                  .events_at_start = surroundings_.events_at_start};
    state_ = State::opening;
    deadline_.cancel();
    read(); // what comes waits; but whether the peer has gone is to be known
    boost::asio::post(
        surroundings_.store_opener, [self = shared_from_this(), logged_on, at, options = std::move(options)] {
            std::unique_ptr<SessionStore> store;
            try {
                if (!self->gone_) store = SessionStore::open(options);
            } catch (const std::exception& error) {
                self->surroundings_.session.log.note(self->address_, error.what());
            }
            self->on_strand([logged_on, at, store = std::move(store)](Connection& connection) mutable {
                connection.begin_session(logged_on, at, std::move(store));
            });
        });
}

// The venue has reset the numbers, and the client does not know. Asked for what is missing it would send the
// whole epoch again.
bool Connection::is_of_an_ended_epoch(const SessionLoggedOn& logged_on, const SessionStore& store) const {
    const bool begins = !surroundings_.logon.may_begin_late && logged_on.epoch > Epoch{1} &&
                        logged_on.next_in == MsgSeqNum{1} && logged_on.first_out == MsgSeqNum{1} &&
                        store.getNextSenderMsgSeqNum() == 1;
    return begins && field_of(logon_message_, "34") != "1";
}

void Connection::begin_session(const SessionLoggedOn& logged_on, EventNumber at,
                               std::unique_ptr<SessionStore> store) {
    if (state_ != State::opening) { // the connection did not wait for it
        store.reset();
        give_back_logon(logged_on);
        return;
    }
    if (store && speaks_another_version(*store, logon_.version)) {
        refuse("BEGIN_STRING: this session's messages were sent in another version of FIX; to change it, log "
               "on with ResetSeqNumFlag(141)=Y");
        store.reset();
        give_back_logon(logged_on);
        return;
    }
    if (store && is_of_an_ended_epoch(logged_on, *store)) {
        refuse("RESET: sequence numbers begin anew; log on with MsgSeqNum(34) 1, or with "
               "ResetSeqNumFlag(141)=Y");
        store.reset();
        give_back_logon(logged_on);
        return;
    }
    if (store) session_ = make_session(logged_on, at, std::move(store));
    if (!session_) {
        refuse("STORE: the venue cannot keep this session's messages now");
        give_back_logon(logged_on);
        return;
    }
    session_id_ = logged_on.session;
    logged_on_at_ = surroundings_.session.now();
    state_ = State::live;
    surroundings_.count_unauthenticated(-1);
    counted_unauthenticated_ = false;
    surroundings_.router.attach(logged_on.session, weak_from_this(), backlog_);
    session_->log_on(std::exchange(logon_message_, {}), logon_.next_expected);
    tick();
}

// Null: it cannot be, and the log says why.
std::unique_ptr<GatewaySession> Connection::make_session(const SessionLoggedOn& logged_on, EventNumber at,
                                                         std::unique_ptr<SessionStore> store) {
    auto shared = surroundings_.session;
    shared.join = [this](EventNumber position) { // called by session_ only, which this owns
        surroundings_.router.join(credential_.session, position);
    };
    const auto* const view = shared.reference.current()->session(logged_on.session);
    const bool trades = view == nullptr || view->kind != SessionKind::market_data;
    const auto most = surroundings_.limits.most_market_data_bytes;
    shared.rates = surroundings_.rates.of(logged_on.session);
    const std::shared_ptr<RequestRate> questions{shared.rates, &shared.rates->questions};
    shared.username = logon_.username;
    shared.address = address_;
    shared.later = [weak = weak_from_this()](std::function<void(GatewaySession&)> work) {
        if (const auto self = weak.lock())
            self->on_strand([work = std::move(work)](Connection& connection) {
                if (connection.state_ != State::live) return;
                work(*connection.session_);
                connection.after_work();
            });
    };
    inbox_ =
        std::make_shared<MarketDataInbox>(trades ? std::min(most, most_market_data_before_reports) : most,
                                          questions, [weak = weak_from_this()] {
                                              if (const auto self = weak.lock())
                                                  self->on_strand([](Connection& connection) {
                                                      if (connection.state_ != State::live) return;
                                                      connection.session_->take_market_data();
                                                      connection.after_work();
                                                  });
                                          });
    shared.inbox = inbox_;
    try {
        return std::make_unique<GatewaySession>(
            std::move(shared), logged_on, Client{.comp_id = logon_.sender_comp_id, .version = logon_.version},
            std::move(store), at, outbound_);
    } catch (const std::exception& error) {
        surroundings_.session.log.note(who(), error.what());
        return nullptr;
    }
}

// The venue counts the session as logged on, but no connection is left: it must hear of the end, however
// full it is.
void Connection::give_back_logon(const SessionLoggedOn& logged_on) {
    SessionDisconnected command{};
    command.session = logged_on.session;
    command.epoch = logged_on.epoch;
    command.next_in = logged_on.next_in;
    command.cause = DisconnectCause::connection_lost;
    Origin origin;
    origin.session = logged_on.session;
    origin.epoch = logged_on.epoch;
    origin.channel = Channel::fix;
    if (surroundings_.session.commands.submit(make_command(origin, command)) == Submitted::full) {
        retry_.expires_after(std::chrono::milliseconds{5});
        retry_.async_wait([self = shared_from_this(), logged_on](const boost::system::error_code& error) {
            if (!error) self->give_back_logon(logged_on);
        });
        return;
    }
    surroundings_.live.release(logged_on.session, this);
}

MessageHeader Connection::header() const {
    const auto& shared = surroundings_.session;
    return {.version = logon_.version,
            .sender = shared.comp_id,
            .target = logon_.sender_comp_id,
            .number = 1,
            .now = shared.now()};
}

void Connection::refuse(std::string_view text) {
    auto& shared = surroundings_.session;
    if (surroundings_.logon.silent) {
        shared.log.note(who(), "closed: " + std::string{text});
        close(DisconnectCause::connection_lost);
        return;
    }
    const auto message = logout_message(header(), text);
    shared.log.sent(who(), message, names_in_log_);
    outbound_.push(message);
    logon_message_.clear();
    finish_when_written_ = true;
    state_ = State::finishing;
    flush();
}

// The venue has refused the logon. A code that does not count tells no more than a wrong password does.
void Connection::refuse_for(RejectReason reason) {
    auto& shared = surroundings_.session;
    const auto words = describe(reason);
    shared.log.note(who(), "logon refused: " + std::string{words.word});
    if (reason != RejectReason::code_already_used) {
        refuse(std::string{words.word} + ": " + std::string{words.rule});
        return;
    }
    surroundings_.failed.failed(logon_.username, address_, shared.now());
    refuse_later(logon_refused_text);
}

// At the next point of a fixed grid of times after accept, so that the time tells nothing.
void Connection::refuse_later(std::string_view text) {
    const auto grid = surroundings_.limits.refusal_grid;
    const auto passed = Clock::now() - accepted_at_;
    const auto points = passed / grid + 1;
    retry_.expires_at(accepted_at_ + points * grid);
    retry_.async_wait([self = shared_from_this(), text](const boost::system::error_code& error) {
        if (!error && self->state_ != State::closed) self->refuse(text);
    });
}

} // namespace tradehive::acceptor
