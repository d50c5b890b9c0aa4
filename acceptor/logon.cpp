#include "acceptor/logon.hpp"

#include "acceptor/framing.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdlib>

namespace tradehive::acceptor {
namespace {

constexpr std::size_t most_credential_bytes = 256;

std::optional<std::uint64_t> read_number(std::string_view text) {
    std::uint64_t number{};
    const auto [parsed_to, error] = std::from_chars(text.begin(), text.end(), number);
    if (error != std::errc{} || parsed_to != text.end()) return std::nullopt;
    return number;
}

// SessionStatus(1409) of a Logout over FIXT.1.1; nothing where its values have no word for it.
std::string session_status(const MessageHeader& header, std::string_view text) {
    if (header.version == FixVersion::fix44) return {};
    struct Status {
        std::string_view word;
        char status;
    };
    for (const auto& [word, status] : {Status{"LOGON_REFUSED", '5'}, // invalid username or password
                                       Status{"REVOKED", '6'},       // account locked
                                       Status{"BUSY", '7'},          // logons are not allowed at this time
                                       Status{"ALREADY_LOGGED_ON", '7'}})
        if (text.starts_with(word)) return fmt::format("1409={}\x01", status);
    return {};
}

LogonFault fault(std::string text) {
    return {.text = std::move(text), .session_reject = -1, .ref_tag = {}};
}

} // namespace

std::expected<LogonRequest, LogonFault> read_logon(std::string_view message, const LogonRules& rules) {
    const auto field = [&](std::string_view tag) { return field_of(message, tag); };
    const auto version = version_of(field("8"));
    if (!version) return std::unexpected{fault(std::string{begin_string_text})};
    if (*version == FixVersion::fix50sp2 && field("1137") != fix50sp2_appl_ver_id)
        return std::unexpected{
            fault("APPL_VER_ID: over FIXT.1.1 the venue speaks DefaultApplVerID(1137)=9 (FIX 5.0 SP2)")};
    // FIXT.1.1 knows them; whoever gives one believes that it counts from now on.
    for (const std::string_view new_password : {"925", "1402", "1404"})
        if (*version == FixVersion::fix50sp2 && !field(new_password).empty())
            return std::unexpected{
                fault("NEW_PASSWORD: a Logon carries Password(554) alone; a UserRequest (35=BE) changes it")};
    if (field("56") != rules.target_comp_id || field("49").empty() || field("49").size() > 31)
        return std::unexpected{
            fault(fmt::format("COMP_ID: TargetCompID(56) must be {}, SenderCompID(49) that of the session",
                              rules.target_comp_id))};
    const auto number = read_number(field("34"));
    if (!number || *number < 1 || *number > 2'000'000'000)
        return std::unexpected{fault("MSG_SEQ_NUM: MsgSeqNum(34) must be a number from 1 to 2000000000")};
    const auto sent_at = read_utc(field("52"));
    const auto skew = sent_at ? std::llabs(sent_at->value() - rules.now.value()) : 0;
    if (!sent_at || skew > rules.most_skew_seconds * 1'000'000'000)
        return std::unexpected{LogonFault{
            .text = fmt::format("SENDING_TIME: SendingTime(52) must be within {} s of the venue's clock",
                                rules.most_skew_seconds),
            .session_reject = 10,
            .ref_tag = "52"}};
    if (field("98") != "0") return std::unexpected{fault("ENCRYPT_METHOD: EncryptMethod(98) must be 0")};
    const auto heart_bt_int = read_number(field("108"));
    if (!heart_bt_int || *heart_bt_int < static_cast<unsigned>(rules.options.least_heart_bt_int) ||
        *heart_bt_int > static_cast<unsigned>(rules.options.most_heart_bt_int))
        return std::unexpected{
            fault(fmt::format("HEART_BT_INT: HeartBtInt(108) must be from {} to {}",
                              rules.options.least_heart_bt_int, rules.options.most_heart_bt_int))};
    const bool reset = field("141") == "Y";
    if (reset && *number != 1)
        return std::unexpected{fault("MSG_SEQ_NUM: a Logon with ResetSeqNumFlag(141)=Y has MsgSeqNum 1")};

    LogonRequest request;
    request.version = *version;
    request.sender_comp_id = field("49");
    request.username = field("553").substr(0, most_credential_bytes);
    if (rules.options.sender_is_username) request.username = request.sender_comp_id;
    request.password = field("554").substr(0, most_credential_bytes);
    request.code = field("20101").substr(0, most_credential_bytes);
    request.heart_bt_int = static_cast<int>(*heart_bt_int);
    request.reset = reset;
    request.number = *number;
    if (!field("789").empty()) {
        request.next_expected = read_number(field("789"));
        if (!request.next_expected || *request.next_expected < 1)
            return std::unexpected{
                fault("MSG_SEQ_NUM: NextExpectedMsgSeqNum(789) must be a number from 1 up")};
    }
    const auto cancel = field("8013");
    if (cancel == "N")
        request.cancel_on_disconnect = CancelOnDisconnect::none;
    else if (cancel == "S")
        request.cancel_on_disconnect = CancelOnDisconnect::session;
    else if (cancel == "Y")
        request.cancel_on_disconnect = CancelOnDisconnect::account;
    else if (!cancel.empty())
        return std::unexpected{fault("CANCEL_ON_DISCONNECT: 8013 must be N, S or Y")};
    return request;
}

std::string logout_message(const MessageHeader& header, std::string_view text) {
    return enveloped(header.version, header_fields("5", header) + session_status(header, text) +
                                         fmt::format("58={}\x01", text));
}

std::string reject_message(const MessageHeader& header, std::string_view ref_number, int reason,
                           std::string_view ref_tag) {
    return enveloped(header.version, header_fields("3", header) + fmt::format("45={}\x01"
                                                                              "371={}\x01"
                                                                              "372=A\x01"
                                                                              "373={}\x01",
                                                                              ref_number, ref_tag, reason));
}

std::string header_fields(std::string_view msg_type, const MessageHeader& header) {
    return fmt::format("35={}\x01"
                       "34={}\x01"
                       "49={}\x01"
                       "52={}\x01"
                       "56={}\x01",
                       msg_type, header.number, header.sender, utc_text(header.now), header.target);
}

std::string enveloped(FixVersion version, std::string_view body) {
    std::string message = fmt::format("8={}\x01"
                                      "9={}\x01{}",
                                      begin_string(version), body.size(), body);
    message += fmt::format("10={:03}\x01", checksum_of(message));
    return message;
}

std::string utc_text(Timestamp time) {
    using namespace std::chrono;
    const sys_time<nanoseconds> point{nanoseconds{time.value()}};
    const auto day = floor<days>(point);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<milliseconds>(point - day)};
    return fmt::format("{:04}{:02}{:02}-{:02}:{:02}:{:02}.{:03}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

std::optional<Timestamp> read_utc(std::string_view text) {
    using namespace std::chrono;
    if (text.size() < 17 || text[8] != '-' || text[11] != ':' || text[14] != ':') return std::nullopt;
    const auto part = [&](std::size_t at, std::size_t size) -> std::int64_t {
        std::int64_t value{};
        for (const char digit : text.substr(at, size)) {
            if (digit < '0' || digit > '9') return -1;
            value = value * 10 + (digit - '0');
        }
        return value;
    };
    const auto year_part = part(0, 4);
    const auto month_part = part(4, 2);
    const auto day_part = part(6, 2);
    const auto hour_part = part(9, 2);
    const auto minute_part = part(12, 2);
    const auto second_part = part(15, 2);
    if (year_part < 1970 || year_part > 2261 || month_part < 1 || day_part < 1 || hour_part < 0 ||
        hour_part > 23 || minute_part < 0 || minute_part > 59 || second_part < 0 || second_part > 60)
        return std::nullopt;
    const year_month_day date{year{static_cast<int>(year_part)}, month{static_cast<unsigned>(month_part)},
                              day{static_cast<unsigned>(day_part)}};
    if (!date.ok()) return std::nullopt;
    std::int64_t nanos{};
    if (text.size() > 17) {
        const auto decimals = text.substr(18);
        if (text[17] != '.' || decimals.empty() || decimals.size() > 9) return std::nullopt;
        nanos = part(18, decimals.size());
        if (nanos < 0) return std::nullopt;
        for (auto count = decimals.size(); count < 9; ++count)
            nanos *= 10;
    }
    const auto point = sys_days{date} + hours{hour_part} + minutes{minute_part} + seconds{second_part};
    return Timestamp{duration_cast<nanoseconds>(point.time_since_epoch()).count() + nanos};
}

} // namespace tradehive::acceptor
