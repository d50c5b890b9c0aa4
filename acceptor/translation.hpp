// FIX messages ⇄ commands, questions, events and answers. Pure functions: no session, no clock, no I/O, so
// any thread may call them.
//
//   in:   FIX::Message ─(message view)→ InboundFields ─(decode)→ Command | Asked | MarketDataRequest
//   out:  Event | Answer ─(encode)→ OutboundFields ─(in_version, message writer)→ FIX::Message
//
// What stands between the arrows (translation/fields.hpp) knows neither QuickFIX nor the version of FIX: a
// hot path that reads and writes bytes replaces an outer step and shares the inner one.
//
// Which messages come here. fromApp gives each application message that the Session's own checks let pass.
// A message of a stock type that we do not take is to be refused with j, but the dictionary does not list its
// fields, so that the Session would first reject them with 3: before Session::next call strip_untaken(),
// which empties its body.
#pragma once

#include "acceptor/fix_version.hpp"
#include "acceptor/market_data/terms.hpp"
#include "acceptor/quickfix.hpp"
#include "domain/ports.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tradehive::acceptor {

struct OutboundField {
    int tag{};
    std::string text;

    friend bool operator==(const OutboundField&, const OutboundField&) = default;
};

// A message to be sent: tags and texts in the order of the wire; a repeating group is its count field, then
// the entries one after another, each beginning with the group's first field.
struct OutboundFields {
    std::string msg_type;
    bool poss_resend{};
    std::vector<OutboundField> fields;

    void add(int tag, std::string_view text) { fields.push_back({tag, std::string{text}}); }
    void add(int tag, char character) { fields.push_back({tag, std::string(1, character)}); }
    void add(int tag, std::uint64_t number) { fields.push_back({tag, std::to_string(number)}); }
};

struct InboundContext {
    const ReferenceData& reference;
    const FixSessionView& session;
    Origin origin; // of this message: channel fix, session, epoch, number, correlation
    Timestamp now; // by which a resent order (43=Y, 122) is too old
};

// What the answer to a question repeats from the question. Keep it by origin.correlation until the Answer
// comes. Flat and small, so that a bounded table of them is cheap.
struct RequestEcho {
    FixedText<39> request_id; // 790 of H, 584 of AF
    ClOrdID cl_ord_id;        // 11 of H
    Symbol symbol;            // 55; empty when too long to be one of ours
    Side side{Side::buy};     // 54 of H
};

struct Asked {
    Question question;
    RequestEcho echo;
};

enum class SubscriptionRequest : char { snapshot = '0', subscribe = '1', unsubscribe = '2' }; // 263

// V, whose terms are right. Whether its MDReqID(262) may be used is for the session to know.
using MDReqID = FixedText<39>;
struct MarketDataRequest {
    Origin origin;
    MDReqID request_id;
    SubscriptionRequest type{};
    market_data::ViewTerms terms;
    std::vector<InstrumentId> instruments; // each once; none when unsubscribing
};

// x SecurityListRequest, e SecurityStatusRequest or g TradingSessionStatusRequest. Each is refused in its own
// answer, so everything that the dictionary lets pass becomes one.
using RequestID = FixedText<39>; // 320, 324, 335
struct ReferenceRequest {
    enum class Kind : std::uint8_t { security_list, security_status, trading_session };
    enum class Securities : std::uint8_t { one, all, unsupported }; // 559

    Origin origin;
    Kind kind{};
    RequestID request_id;
    SubscriptionRequest type{SubscriptionRequest::snapshot};
    Securities securities{};
    Symbol symbol;                   // as asked for
    InstrumentId instrument;         // zero when there is none of that symbol
    FixedText<15> trading_session{}; // 336
};

// BE. Whether the user is the session's own, and the password right, is for the session to find out.
struct UserRequest {
    enum class Kind : std::uint8_t { change_password, status, unsupported }; // 924

    Origin origin;
    Kind kind{};
    RequestID request_id;     // 923
    std::string username;     // 553
    std::string password;     // 554, as it came; this and the next two of change_password only
    std::string code;         // 20101
    std::string new_password; // 925
};

// What a message of a client leads to.
using Translated = std::variant<Command, Asked, MarketDataRequest, ReferenceRequest, UserRequest>;

// Empties the body of an application message whose fields the dictionary does not list (and of no other), so
// that the Session passes it on to be refused with j. A type that FIX does not know stays for the Session to
// reject.
void strip_untaken(FIX::Message& message);

// Never throws. What is refused becomes a MessageRefused command, to be journaled and answered when its
// event comes, like any other.
[[nodiscard]] Translated translate(const FIX::Message& message, const InboundContext& context) noexcept;

// The refusal of what translate() made but the venue has no room for (busy) or the session no right to now
// (throttled). A MessageRefused stays as it is. It keeps the origin.
[[nodiscard]] Command refuse(const Command& command, RejectReason why,
                             const ReferenceData& reference) noexcept;
[[nodiscard]] Command refuse(const Asked& asked, RejectReason why, const ReferenceData& reference) noexcept;
[[nodiscard]] Command refuse(const MarketDataRequest& request, RejectReason why) noexcept;
[[nodiscard]] Command refuse(const ReferenceRequest& request, RejectReason why) noexcept;

// The gateway itself answers the application message of that number; the venue has only to count it.
[[nodiscard]] Command refused_by_session(const Origin& origin, std::string_view msg_type) noexcept;

// Who gets a message made of this event: the session that asked, then the order's own; a zero id is nobody,
// and no session stands twice. A fill of a resting order goes to its own session only, never to the taker's.
[[nodiscard]] std::array<FixSessionId, 2> recipients(const Event& event) noexcept;

// Sequence number, CompIDs and SendingTime are the Session's to set.
[[nodiscard]] FIX::Message write(const OutboundFields& message, FixVersion version);

// The message for that session; nothing when the event is not for it, or the session layer has answered. The
// same event gives the same fields. Throws std::out_of_range when the view is older than the event (it lacks
// an id): take a newer one.
[[nodiscard]] std::optional<OutboundFields> report(const Event& event, const ReferenceData& reference,
                                                   FixSessionId to, bool poss_resend);

// Y to a request that was taken and cannot go on.
[[nodiscard]] OutboundFields market_data_reject_message(const MDReqID& request, RejectReason why);

// y, a page of a list.
inline constexpr std::size_t securities_a_page = 100;
struct SecurityListPage {
    std::uint64_t message{}; // which of the messages to this request, from 1
    std::size_t of_all{};    // 393: instruments on all pages of the list
    bool last{};
};
[[nodiscard]] OutboundFields security_list_page(const ReferenceRequest& request,
                                                std::span<const Instrument> on_page,
                                                const ReferenceData& reference, const SecurityListPage& page);
[[nodiscard]] OutboundFields security_list_refused(const ReferenceRequest& request, RejectReason why);
// B: the instrument's state has become what it is.
[[nodiscard]] OutboundFields instrument_news(const Instrument& instrument, Timestamp now);
// B: the numbers of all sessions will be reset.
[[nodiscard]] OutboundFields reset_news(Timestamp at, Timestamp now);
// f
[[nodiscard]] OutboundFields security_status(const ReferenceRequest& request, InstrumentState state,
                                             Timestamp now, bool unsolicited);
[[nodiscard]] OutboundFields security_status_refused(const ReferenceRequest& request, RejectReason why);
// h; day: of trading, since 1970-01-01, whose date is the TradingSessionID(336)
[[nodiscard]] OutboundFields trading_session_status(const ReferenceRequest& request, std::uint32_t day,
                                                    bool unsolicited);
[[nodiscard]] OutboundFields trading_session_refused(const ReferenceRequest& request, std::uint32_t day,
                                                     RejectReason why);
[[nodiscard]] bool is_trading_session(std::string_view id, std::uint32_t day);

// BF: what the session may do, as `KEY=value; …` in 927. Throws std::out_of_range when the view is too old.
struct SessionTerms {
    CancelOnDisconnect cancel_on_disconnect{}; // of this logon
    std::size_t message_bytes{};
    struct Rate {
        std::size_t per_second{};
        std::size_t at_once{};
    };
    Rate questions;
    Rate orders;
    Rate cancels;
    std::size_t subscriptions{};
};
[[nodiscard]] OutboundFields user_status(const RequestID& request_id, std::string_view username,
                                         const FixSessionView& session, const ReferenceData& reference,
                                         const SessionTerms& agreed);

// The answer to H, or one for each order to AF (8 with 150=I); nothing for answers to other questions.
[[nodiscard]] std::vector<OutboundFields> reports(const Answer& answer, const ReferenceData& reference,
                                                  const RequestEcho& echo);

} // namespace tradehive::acceptor
