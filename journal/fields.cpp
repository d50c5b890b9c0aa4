#include "journal/fields.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace tradehive::journal {

namespace {

template <class Enum>
std::string number(Enum value) {
    return fmt::format("{}", static_cast<int>(value));
}

bool is_zero(const boost::json::value& value) {
    return value.is_uint64() ? value.get_uint64() == 0 : value.get_int64() == 0;
}

} // namespace

std::string word(Side side) {
    switch (side) {
    case Side::buy:
        return "buy";
    case Side::sell:
        return "sell";
    }
    return number(side);
}

std::string word(OrdType type) {
    switch (type) {
    case OrdType::market:
        return "market";
    case OrdType::limit:
        return "limit";
    }
    return number(type);
}

std::string word(TimeInForce time) {
    switch (time) {
    case TimeInForce::day:
        return "day";
    case TimeInForce::good_till_cancel:
        return "good_till_cancel";
    case TimeInForce::immediate_or_cancel:
        return "immediate_or_cancel";
    case TimeInForce::fill_or_kill:
        return "fill_or_kill";
    }
    return number(time);
}

std::string word(OrdStatus status) {
    switch (status) {
    case OrdStatus::new_:
        return "new";
    case OrdStatus::partially_filled:
        return "partially_filled";
    case OrdStatus::filled:
        return "filled";
    case OrdStatus::canceled:
        return "canceled";
    case OrdStatus::rejected:
        return "rejected";
    case OrdStatus::expired:
        return "expired";
    }
    return number(status);
}

std::string word(Unsolicited why) {
    switch (why) {
    case Unsolicited::none:
        return "";
    case Unsolicited::disconnect:
        return "disconnect";
    case Unsolicited::self_match:
        return "self_match";
    case Unsolicited::expired:
        return "expired";
    case Unsolicited::operator_:
        return "operator";
    case Unsolicited::session_revoked:
        return "session_revoked";
    }
    return number(why);
}

std::string word(InstrumentState state) {
    switch (state) {
    case InstrumentState::open:
        return "open";
    case InstrumentState::halted:
        return "halted";
    }
    return number(state);
}

std::string word(SessionKind kind) {
    switch (kind) {
    case SessionKind::order_entry:
        return "order_entry";
    case SessionKind::market_data:
        return "market_data";
    case SessionKind::drop_copy:
        return "drop_copy";
    }
    return number(kind);
}

std::string word(CancelOnDisconnect rule) {
    switch (rule) {
    case CancelOnDisconnect::none:
        return "none";
    case CancelOnDisconnect::session:
        return "session";
    case CancelOnDisconnect::account:
        return "account";
    }
    return number(rule);
}

std::string word(DisconnectCause cause) {
    switch (cause) {
    case DisconnectCause::connection_lost:
        return "connection_lost";
    case DisconnectCause::heartbeat_lost:
        return "heartbeat_lost";
    case DisconnectCause::logout:
        return "logout";
    case DisconnectCause::forced:
        return "forced";
    case DisconnectCause::venue_restart:
        return "venue_restart";
    }
    return number(cause);
}

std::string word(Channel channel) {
    switch (channel) {
    case Channel::venue:
        return "venue";
    case Channel::fix:
        return "fix";
    case Channel::control:
        return "control";
    case Channel::rest:
        return "rest";
    }
    return number(channel);
}

std::string word(RefusalChannel channel) {
    switch (channel) {
    case RefusalChannel::execution_report:
        return "execution_report";
    case RefusalChannel::cancel_reject:
        return "cancel_reject";
    case RefusalChannel::session_reject:
        return "session_reject";
    case RefusalChannel::business_reject:
        return "business_reject";
    case RefusalChannel::by_session:
        return "by_session";
    case RefusalChannel::market_data_reject:
        return "market_data_reject";
    }
    return number(channel);
}

std::string word(RejectReason reason) {
    if (reason == RejectReason::none) return "";
    if (static_cast<std::uint8_t>(reason) >= reject_reason_count) return number(reason);
    return std::string{describe(reason).word};
}

std::string word(BalanceCause cause) {
    switch (cause) {
    case BalanceCause::hold:
        return "hold";
    case BalanceCause::release:
        return "release";
    case BalanceCause::trade:
        return "trade";
    case BalanceCause::fee:
        return "fee";
    case BalanceCause::deposit:
        return "deposit";
    case BalanceCause::withdrawal:
        return "withdrawal";
    }
    return number(cause);
}

void Fields::add(std::string_view name, std::string_view value) {
    std::string ascii{value};
    std::ranges::replace_if(ascii, [](char letter) { return static_cast<unsigned char>(letter) > 126; }, '?');
    object_[name] = ascii;
}

std::string Fields::text() const {
    std::string result;
    for (const auto& [name, value] : object_) {
        const auto shown = value.is_string() ? std::string_view{value.get_string()} : std::string_view{};
        if (value.is_string() ? shown.empty() : is_zero(value)) continue;
        result += ' ';
        result += std::string_view{name};
        result += '=';
        // Words stand bare; what could be taken for two fields, or holds anything odd, is quoted as in JSON.
        const bool bare = shown.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                                  "0123456789._:-/+") == std::string_view::npos;
        result += value.is_string() && bare ? std::string{shown} : boost::json::serialize(value);
    }
    return result;
}

std::string Fields::json() const {
    return boost::json::serialize(object_);
}

void add_hexadecimal(std::span<const std::byte> bytes, Fields& fields) {
    std::string text;
    for (const auto byte : bytes)
        text += fmt::format("{:02x}", static_cast<unsigned>(byte));
    fields.add("bytes", text);
}

} // namespace tradehive::journal
