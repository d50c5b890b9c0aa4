// One client's connection, from accept to close.
//
//   handshaking → awaiting_logon → verifying → examining → claiming → deciding → opening → live
//   → finishing → closed
//
// examining: a one-time code, or its absence, is looked at by the venue before another connection of the
// session is disturbed (claiming); deciding uses it up.
//
// Up to `opening` everything must be over within the logon timeout, whatever arrives in the meantime, and no
// FIX session's state has been touched: wrong bytes, a wrong password or a wrong code use up no number.
// Failed logons are answered on a fixed grid of times, all with the same text. Opening the message store is
// the venue's own work and may take longer; who has gone before it began is not opened for.
//
// Reading stops while the venue has no room for what must not be refused, and while a logon is decided.
// Writing goes in batches; a peer that takes nothing for write_stall, or lets more than most_outbound_bytes
// pile up, is disconnected.
//
// Everything runs on the connection's strand, except where a function says otherwise.
#pragma once

#include "acceptor/failed_logons.hpp"
#include "acceptor/fix_log.hpp"
#include "acceptor/framing.hpp"
#include "acceptor/gateway_session.hpp"
#include "acceptor/live_sessions.hpp"
#include "acceptor/logon.hpp"
#include "acceptor/router.hpp"
#include "acceptor/stream.hpp"
#include "acceptor/verifier_queue.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tradehive::acceptor {

struct ConnectionLimits {
    std::chrono::milliseconds logon_timeout{10'000};
    std::chrono::milliseconds refusal_grid{250}; // failed logons are answered at a multiple of this
    std::chrono::milliseconds write_stall{10'000};
    std::chrono::milliseconds takeover{2'000}; // zero: who is there stays, and is not asked
    std::size_t most_message_bytes{8192};
    std::size_t most_outbound_bytes{16 << 20};
    std::size_t most_market_data_bytes{1 << 20}; // waiting for a session of that kind, before it is conflated
};

// What all connections of one acceptor share; outlives them.
struct ConnectionSurroundings {
    SessionSurroundings session; // its join is filled in by each connection
    ConnectionLimits limits;
    LogonOptions logon;
    Router& router;
    LiveSessions& live;
    FailedLogons& failed;
    VerifierQueue& verifier;
    RequestRates& rates;
    boost::asio::thread_pool& store_opener; // opening reads the whole file: not on an I/O thread
    std::filesystem::path store_directory;
    std::string boot_id;
    EventNumber events_at_start;
    std::function<void(int change)> count_unauthenticated; // any thread
    std::function<void(const void* connection)> closed;    // any thread
};

class Connection final : public Router::Listener,
                         public LiveSessions::Holder,
                         public std::enable_shared_from_this<Connection> {
public:
    using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;

    Connection(Strand strand, Stream stream, const ConnectionSurroundings& surroundings);
    ~Connection() override = default;

    // Any thread:
    void start();
    void log_out(std::string text); // closes at once when not logged on
    void announce_reset(Timestamp at);
    void abort();
    [[nodiscard]] FixSessionId session_id() const noexcept { return session_id_.load(); }
    void report_status(std::function<void(const SessionStatus&)> take); // on the strand

    // Router::Listener, LiveSessions::Holder: any thread; they hand over to the strand.
    void logon_examined(RejectReason fault) override;
    void logon_decided(const Event& event) override;
    void joined(EventNumber below) override;
    void events(EventNumber from, EventNumber to, std::shared_ptr<const std::vector<Event>> some) override;
    void fell_behind() override;
    void answer(std::shared_ptr<const Answer> answer) override;
    void must_end(const EndOfSession& end) override;
    void reference_changed() override;
    void challenge() override;
    void claim_granted() override;
    void claim_refused() override;

private:
    enum class State : std::uint8_t {
        handshaking,
        awaiting_logon,
        verifying,
        examining,
        claiming,
        deciding,
        opening,
        live,
        finishing,
        closed
    };
    using Clock = std::chrono::steady_clock;

    template <class Work>
    void on_strand(Work work) {
        boost::asio::post(strand_,
                          [self = shared_from_this(), work = std::move(work)]() mutable { work(*self); });
    }

    // before logon
    void first_message(std::string_view message);
    void verified(const credentials::Verdict& verdict);
    void examine();
    void claim();
    [[nodiscard]] LogOnSession logon_command() const;
    [[nodiscard]] Origin logon_origin() const;
    void submit_logon();
    void decided(const Event& event);
    void open_store(const SessionLoggedOn& logged_on, EventNumber at);
    [[nodiscard]] bool is_of_an_ended_epoch(const SessionLoggedOn& logged_on,
                                            const SessionStore& store) const;
    void begin_session(const SessionLoggedOn& logged_on, EventNumber at, std::unique_ptr<SessionStore> store);
    [[nodiscard]] std::unique_ptr<GatewaySession>
    make_session(const SessionLoggedOn& logged_on, EventNumber at, std::unique_ptr<SessionStore> store);
    [[nodiscard]] MessageHeader header() const; // of what is written before there is a session
    void refuse(std::string_view text);
    void refuse_later(std::string_view text);
    void refuse_for(RejectReason reason);
    void give_back_logon(const SessionLoggedOn& logged_on);

    // bytes
    void read();
    void on_read(const boost::system::error_code& error, std::size_t count);
    void take_frames();
    [[nodiscard]] bool takes_frames() const;
    void flush();
    void on_written(const boost::system::error_code& error);

    // running
    void after_work();
    void tick();
    void retry_soon();
    void finish();
    void close(DisconnectCause cause);
    void finish_session();
    [[nodiscard]] std::string who() const;

    Strand strand_;
    Stream stream_;
    ConnectionSurroundings surroundings_;
    State state_{State::handshaking};
    std::atomic<FixSessionId> session_id_;
    std::atomic<bool> gone_{false}; // closed: for those on other threads
    std::string address_;
    Clock::time_point accepted_at_{Clock::now()};

    Framing framing_;
    OutboundQueue outbound_;
    std::unique_ptr<GatewaySession> session_;
    Router::Backlog backlog_;
    std::shared_ptr<MarketDataInbox> inbox_; // while live

    std::array<char, std::size_t{16} * 1024> incoming_{};
    std::string writing_bytes_;
    Clock::time_point writing_since_;
    bool reading_{};
    bool writing_{};
    bool finish_when_written_{};
    bool counted_unauthenticated_{};
    bool work_posted_{};
    std::optional<Clock::time_point> over_since_;
    unsigned garbled_in_a_row_{};

    LogonRequest logon_;                                    // without its secrets once they are handed over
    FixLog::CompIDs names_in_log_{FixLog::CompIDs::hidden}; // until a known SenderCompID has come
    std::string logon_message_;
    credentials::Verified credential_;
    Timestamp logged_on_at_;

    boost::asio::steady_timer deadline_; // of the logon, then of closing
    boost::asio::steady_timer ticker_;
    boost::asio::steady_timer retry_;
    boost::asio::steady_timer challenge_;
};

} // namespace tradehive::acceptor
