#include "acceptor/connection.hpp"

#include "acceptor/fix_log.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace tradehive::acceptor {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t write_bytes = std::size_t{64} * 1024;
constexpr int pieces_in_a_row = 8; // then other connections of the thread get their turn
constexpr auto retry_after = milliseconds{5};
constexpr auto farewell = seconds{2}; // for the last bytes to be written and the peer to close
// After logon garbled messages are ignored, as FIX asks; so many without a good one are no mishap.
constexpr unsigned most_garbled = 100;

} // namespace

Connection::Connection(Strand strand, Stream stream, const ConnectionSurroundings& surroundings)
    : strand_{std::move(strand)}
    , stream_{std::move(stream)}
    , surroundings_{surroundings}
    , address_{stream_.peer_address()}
    , framing_{surroundings.limits.most_message_bytes}
    , backlog_{std::make_shared<std::atomic<std::size_t>>(0)}
    , deadline_{strand_}
    , ticker_{strand_}
    , retry_{strand_}
    , challenge_{strand_} {}

void Connection::start() {
    surroundings_.count_unauthenticated(1);
    counted_unauthenticated_ = true;
    on_strand([](Connection& connection) {
        connection.deadline_.expires_after(connection.surroundings_.limits.logon_timeout);
        connection.deadline_.async_wait([self = connection.shared_from_this()](const auto& error) {
            const bool in_time = self->state_ == State::opening || self->state_ == State::live;
            if (error || in_time || self->state_ == State::closed) return;
            self->surroundings_.session.log.note(self->who(), "closed: no logon in time");
            self->close(DisconnectCause::connection_lost);
        });
        connection.stream_.handshake([self = connection.shared_from_this()](const auto& error) {
            if (self->state_ != State::handshaking) return;
            if (error) {
                self->surroundings_.session.log.note(self->who(), "closed: no TLS handshake");
                self->close(DisconnectCause::connection_lost);
                return;
            }
            self->state_ = State::awaiting_logon;
            self->read();
        });
    });
}

void Connection::log_out(std::string text) {
    on_strand([text = std::move(text)](Connection& connection) {
        if (!connection.session_) {
            connection.close(DisconnectCause::forced);
            return;
        }
        connection.session_->log_out(text);
        connection.after_work();
    });
}

void Connection::announce_reset(Timestamp at) {
    on_strand([at](Connection& connection) {
        if (connection.state_ != State::live) return;
        connection.session_->announce_reset(at);
        connection.after_work();
    });
}

void Connection::abort() {
    on_strand([](Connection& connection) { connection.close(DisconnectCause::forced); });
}

void Connection::report_status(std::function<void(const SessionStatus&)> take) {
    on_strand([take = std::move(take)](Connection& connection) {
        SessionStatus status;
        status.session = connection.credential_.session;
        if (connection.session_ && connection.state_ == State::live) {
            status.connected = true;
            status.address = connection.address_;
            status.since = connection.logged_on_at_;
            status.next_in = MsgSeqNum{connection.session_->next_in()};
            status.next_out = MsgSeqNum{connection.session_->next_out()};
            status.bytes_waiting = connection.outbound_.waiting() + connection.writing_bytes_.size();
        }
        take(status);
    });
}

std::string Connection::who() const {
    const bool named = !logon_.sender_comp_id.empty() && names_in_log_ == FixLog::CompIDs::shown;
    return named ? logon_.sender_comp_id : address_;
}

// --- bytes in ------------------------------------------------------------------------------------------

bool Connection::takes_frames() const {
    if (state_ == State::awaiting_logon) return true;
    return state_ == State::live && !finish_when_written_ && session_ && !session_->blocked() &&
           !session_->over();
}

void Connection::read() {
    if (reading_ || state_ == State::closed) return;
    reading_ = true;
    stream_.read_some(asio::buffer(incoming_),
                      [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
                          self->on_read(error, count);
                      });
}

void Connection::on_read(const boost::system::error_code& error, std::size_t count) {
    reading_ = false;
    if (state_ == State::closed) return;
    if (error) {
        close(DisconnectCause::connection_lost);
        return;
    }
    if (state_ == State::finishing) { // whatever still comes is not looked at
        read();
        return;
    }
    framing_.append({incoming_.data(), count});
    after_work();
}

void Connection::take_frames() {
    while (takes_frames()) {
        const auto frame = framing_.next();
        if (frame.outcome == Framing::Outcome::incomplete) return;
        if (frame.outcome == Framing::Outcome::too_long) {
            surroundings_.session.log.note(who(), "closed: " + std::string{frame.wrong});
            if (state_ == State::live) {
                session_->log_out("TOO_LONG: " + std::string{frame.wrong});
                finish_when_written_ = true;
            } else {
                close(DisconnectCause::connection_lost);
            }
            return;
        }
        if (frame.outcome == Framing::Outcome::garbled) {
            const bool closes = state_ == State::awaiting_logon || ++garbled_in_a_row_ > most_garbled;
            surroundings_.session.log.note(who(),
                                           (closes ? "closed: " : "ignored: ") + std::string{frame.wrong});
            if (closes) close(DisconnectCause::connection_lost);
            continue;
        }
        garbled_in_a_row_ = 0;
        if (state_ == State::awaiting_logon)
            first_message(frame.bytes);
        else
            session_->receive(frame.bytes);
    }
}

// --- bytes out -----------------------------------------------------------------------------------------

void Connection::flush() {
    if (writing_ || state_ == State::closed) return;
    writing_bytes_ = outbound_.take(write_bytes);
    if (writing_bytes_.empty()) {
        const bool last = finish_when_written_ || (session_ && session_->over());
        if (last && outbound_.waiting() == 0) finish();
        return;
    }
    writing_ = true;
    writing_since_ = Clock::now();
    stream_.write(asio::buffer(writing_bytes_),
                  [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                      self->on_written(error);
                  });
}

void Connection::on_written(const boost::system::error_code& error) {
    writing_ = false;
    writing_bytes_.clear();
    if (state_ == State::closed) return;
    if (error) {
        close(DisconnectCause::connection_lost);
        return;
    }
    after_work();
}

// --- running -------------------------------------------------------------------------------------------

// After anything that happened: what the session can do by itself, frames that wait, bytes to write.
void Connection::after_work() {
    if (state_ == State::closed) return;
    take_frames();
    if (takes_frames()) read();
    if (session_ && state_ == State::live) {
        auto progress = GatewaySession::Progress::more;
        for (int piece = 0; piece < pieces_in_a_row && progress == GatewaySession::Progress::more; ++piece)
            progress = session_->proceed();
        if (progress == GatewaySession::Progress::not_yet) retry_soon();
        const bool may_read_again = takes_frames() && !reading_; // the venue had no room before
        if ((progress == GatewaySession::Progress::more || may_read_again) &&
            !std::exchange(work_posted_, true))
            on_strand([](Connection& connection) {
                connection.work_posted_ = false;
                connection.after_work();
            });
        if (session_->over() && !over_since_) {
            over_since_ = Clock::now();
            deadline_.expires_after(farewell);
            deadline_.async_wait([self = shared_from_this()](const auto& error) {
                if (!error) self->close(DisconnectCause::connection_lost);
            });
        }
    }
    flush();
    if (inbox_) inbox_->report_outbound(outbound_.waiting() + writing_bytes_.size());
}

void Connection::retry_soon() {
    retry_.expires_after(retry_after);
    retry_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error) self->after_work();
    });
}

void Connection::tick() {
    if (state_ != State::live) return;
    if (session_) session_->tick();
    if (writing_ && Clock::now() - writing_since_ > surroundings_.limits.write_stall) {
        surroundings_.session.log.note(who(), "closed: the peer does not read");
        close(DisconnectCause::connection_lost);
        return;
    }
    ticker_.expires_after(seconds{1});
    ticker_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error) self->tick();
    });
    after_work();
}

// --- the end -------------------------------------------------------------------------------------------

// All is written: says so to the peer and waits a moment for it to close, so that the last bytes arrive.
void Connection::finish() {
    if (state_ == State::finishing && !finish_when_written_) return;
    finish_when_written_ = false;
    state_ = State::finishing;
    ticker_.cancel();
    if (session_) {
        session_->disconnected(DisconnectCause::connection_lost);
        finish_session();
    }
    deadline_.expires_after(farewell);
    deadline_.async_wait([self = shared_from_this()](const auto& error) {
        if (!error) self->close(DisconnectCause::connection_lost);
    });
    stream_.finish([self = shared_from_this()](const boost::system::error_code& error) {
        if (self->state_ == State::closed) return;
        if (error || self->stream_.encrypted())
            self->close(DisconnectCause::connection_lost);
        else
            self->read();
    });
}

void Connection::close(DisconnectCause cause) {
    if (state_ == State::closed) return;
    const State before = std::exchange(state_, State::closed);
    gone_ = true;
    deadline_.cancel();
    ticker_.cancel();
    challenge_.cancel();
    stream_.close();
    if (std::exchange(counted_unauthenticated_, false)) surroundings_.count_unauthenticated(-1);
    if (before == State::claiming) surroundings_.live.withdraw(credential_.session, this);
    if (session_) {
        session_->disconnected(cause);
        finish_session();
        return;
    }
    surroundings_.closed(this);
}

// The session's last commands are on their way to the venue; then the next connection may have it.
void Connection::finish_session() {
    if (!session_) return;
    static_cast<void>(session_->proceed());
    if (!session_->finished()) {
        retry_.expires_after(retry_after);
        retry_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error) self->finish_session();
        });
        return;
    }
    surroundings_.router.leave(credential_.session, this);
    session_.reset();
    surroundings_.live.release(credential_.session, this);
    surroundings_.closed(this);
}

// --- from the router and from LiveSessions -------------------------------------------------------------

void Connection::joined(EventNumber below) {
    on_strand([below](Connection& connection) {
        if (connection.state_ != State::live) return;
        connection.session_->joined(below);
        connection.after_work();
    });
}

void Connection::events(EventNumber from, EventNumber to, std::shared_ptr<const std::vector<Event>> some) {
    on_strand([from, to, some = std::move(some)](Connection& connection) {
        connection.backlog_->fetch_sub(some->size());
        if (connection.state_ != State::live) return;
        connection.session_->take(from, to, *some);
        connection.after_work();
    });
}

void Connection::fell_behind() {
    on_strand([](Connection& connection) {
        if (connection.state_ != State::live) return;
        connection.session_->fell_behind();
        connection.after_work();
    });
}

void Connection::answer(std::shared_ptr<const Answer> answer) {
    on_strand([answer = std::move(answer)](Connection& connection) {
        if (connection.state_ != State::live) return;
        connection.session_->take(answer);
        connection.after_work();
    });
}

void Connection::must_end(const EndOfSession& end) {
    on_strand([end](Connection& connection) { // its text is a constant
        if (connection.session_) connection.session_->end(end);
        connection.after_work();
    });
}

void Connection::reference_changed() {
    on_strand([](Connection& connection) {
        if (connection.state_ != State::live) return;
        connection.session_->reference_changed();
        connection.after_work();
    });
}

void Connection::challenge() {
    on_strand([](Connection& connection) {
        if (connection.state_ != State::live) return; // on its way in or out: the claimant waits
        if (connection.surroundings_.limits.takeover == milliseconds::zero()) {
            if (!connection.session_->over())
                connection.surroundings_.live.answered(connection.credential_.session, &connection);
            return;
        }
        connection.session_->probe();
        connection.after_work();
        connection.challenge_.expires_after(connection.surroundings_.limits.takeover);
        connection.challenge_.async_wait([self = connection.shared_from_this()](const auto& error) {
            if (error || self->state_ != State::live) return;
            // Also when the venue is full and the answer cannot be read yet.
            if (self->session_->heard() || self->session_->blocked())
                self->surroundings_.live.answered(self->credential_.session, self.get());
            else
                self->close(DisconnectCause::connection_lost);
        });
    });
}

} // namespace tradehive::acceptor
