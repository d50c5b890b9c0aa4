// The Logon as the gateway reads it before any FIX::Session exists: what is needed to decide who it is, and
// the few messages that the venue writes to somebody who is not logged on.
//
// Pure functions. Nothing here touches a session's numbers: a refused Logon uses up none, on either side.
#pragma once

#include "acceptor/fix_version.hpp"
#include "domain/ids.hpp"
#include "domain/terms.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace tradehive::acceptor {

// How clients are met. The defaults are the venue's.
struct LogonOptions {
    int least_heart_bt_int{5};
    int most_heart_bt_int{60};
    bool sender_is_username{}; // SenderCompID(49) is what is verified, whatever Username(553) says
    bool may_begin_late{}; // the first Logon of an epoch may have any number; what is before it is asked for
    bool silent{};         // who is refused is told nothing: the connection ends without a Logout
};

struct LogonRules {
    std::string_view target_comp_id; // the venue's
    Timestamp now;
    LogonOptions options{};
    std::int64_t most_skew_seconds{30};
};

struct LogonRequest {
    FixVersion version{};
    std::string sender_comp_id;
    std::string username;
    std::string password; // as 554 carries it, perhaps with ":<code>"
    std::string code;     // 20101
    int heart_bt_int{};
    bool reset{};                                           // 141=Y
    std::uint64_t number{};                                 // 34
    std::optional<std::uint64_t> next_expected;             // 789
    std::optional<CancelOnDisconnect> cancel_on_disconnect; // 8013
};

struct LogonFault {
    std::string text;       // of the Logout, word first
    int session_reject{-1}; // 373 of a Reject that goes before it; none below zero
    std::string ref_tag;    // 371 of that Reject
};

// The message is framed and its MsgType is A.
[[nodiscard]] std::expected<LogonRequest, LogonFault> read_logon(std::string_view message,
                                                                 const LogonRules& rules);

inline constexpr std::string_view begin_string_text =
    "BEGIN_STRING: the venue speaks FIX.4.4, and FIXT.1.1 with FIX 5.0 SP2";

// For wrong username, password and code alike.
inline constexpr std::string_view logon_refused_text =
    "LOGON_REFUSED: username, password or one-time code is not right";

// The header of a message that the venue writes without a FIX::Session.
struct MessageHeader {
    FixVersion version{};
    std::string_view sender;
    std::string_view target;
    std::uint64_t number{}; // to somebody who is not logged on: ours to choose, and means nothing
    Timestamp now;
};

// Over FIXT.1.1 with the SessionStatus(1409) of its word, if there is one.
[[nodiscard]] std::string logout_message(const MessageHeader& header, std::string_view text);
// Of a Logon: the number of it, 373 and 371.
[[nodiscard]] std::string reject_message(const MessageHeader& header, std::string_view ref_number, int reason,
                                         std::string_view ref_tag);

// "35=…|34=…|49=…|52=…|56=…|"
[[nodiscard]] std::string header_fields(std::string_view msg_type, const MessageHeader& header);
// Adds BeginString, BodyLength and CheckSum to "35=…|…|".
[[nodiscard]] std::string enveloped(FixVersion version, std::string_view body);

// YYYYMMDD-HH:MM:SS.sss
[[nodiscard]] std::string utc_text(Timestamp time);
// With 0 to 9 decimals; nothing when it is not such a time.
[[nodiscard]] std::optional<Timestamp> read_utc(std::string_view text);

} // namespace tradehive::acceptor
