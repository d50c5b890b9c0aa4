#include "domain/words.hpp"

namespace tradehive {

// Switches without a default: the compiler names an enumerator that has no word.

std::string_view word(Side side) noexcept {
    switch (side) {
    case Side::buy:
        return "buy";
    case Side::sell:
        return "sell";
    }
    return unknown_word;
}

std::string_view word(OrdType type) noexcept {
    switch (type) {
    case OrdType::market:
        return "market";
    case OrdType::limit:
        return "limit";
    case OrdType::stop:
        return "stop";
    case OrdType::stop_limit:
        return "stop_limit";
    case OrdType::market_to_limit:
        return "market_to_limit";
    case OrdType::take_profit:
        return "take_profit";
    }
    return unknown_word;
}

std::string_view word(TimeInForce time) noexcept {
    switch (time) {
    case TimeInForce::day:
        return "day";
    case TimeInForce::good_till_cancel:
        return "good_till_cancel";
    case TimeInForce::immediate_or_cancel:
        return "immediate_or_cancel";
    case TimeInForce::fill_or_kill:
        return "fill_or_kill";
    case TimeInForce::good_till_date:
        return "good_till_date";
    }
    return unknown_word;
}

std::string_view word(OrdStatus status) noexcept {
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
    return unknown_word;
}

std::string_view word(Unsolicited why) noexcept {
    switch (why) {
    case Unsolicited::none:
        return "none";
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
    case Unsolicited::mass_cancel:
        return "mass_cancel";
    case Unsolicited::halted:
        return "halted";
    case Unsolicited::delisted:
        return "delisted";
    case Unsolicited::killed:
        return "killed";
    case Unsolicited::triggered:
        return "triggered";
    case Unsolicited::rests_as_limit:
        return "rests_as_limit";
    }
    return unknown_word;
}

std::string_view word(ExecInst set) noexcept {
    if (set == ExecInst::none) return "none";
    if (set == ExecInst::post_only) return "post_only";
    if (set == ExecInst::cancel_on_halt) return "cancel_on_halt";
    if (set == (ExecInst::post_only | ExecInst::cancel_on_halt)) return "post_only+cancel_on_halt";
    return unknown_word;
}

std::string_view word(SelfMatch rule) noexcept {
    switch (rule) {
    case SelfMatch::cancel_incoming:
        return "cancel_incoming";
    case SelfMatch::cancel_resting:
        return "cancel_resting";
    case SelfMatch::cancel_both:
        return "cancel_both";
    case SelfMatch::decrement:
        return "decrement";
    }
    return unknown_word;
}

std::string_view word(KillScope scope) noexcept {
    switch (scope) {
    case KillScope::account:
        return "account";
    case KillScope::firm:
        return "firm";
    case KillScope::session:
        return "session";
    }
    return unknown_word;
}

std::string_view word(InstrumentState state) noexcept {
    switch (state) {
    case InstrumentState::open:
        return "open";
    case InstrumentState::halted:
        return "halted";
    case InstrumentState::cancel_only:
        return "cancel_only";
    case InstrumentState::delisted:
        return "delisted";
    }
    return unknown_word;
}

std::string_view word(SessionKind kind) noexcept {
    switch (kind) {
    case SessionKind::order_entry:
        return "order_entry";
    case SessionKind::market_data:
        return "market_data";
    case SessionKind::drop_copy:
        return "drop_copy";
    }
    return unknown_word;
}

std::string_view word(CancelOnDisconnect rule) noexcept {
    switch (rule) {
    case CancelOnDisconnect::none:
        return "none";
    case CancelOnDisconnect::session:
        return "session";
    case CancelOnDisconnect::account:
        return "account";
    }
    return unknown_word;
}

std::string_view word(DisconnectCause cause) noexcept {
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
    return unknown_word;
}

std::string_view word(Channel channel) noexcept {
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
    return unknown_word;
}

std::string_view word(RefusalChannel channel) noexcept {
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
    case RefusalChannel::mass_cancel_report:
        return "mass_cancel_report";
    case RefusalChannel::mass_status:
        return "mass_status";
    }
    return unknown_word;
}

std::string_view word(BalanceCause cause) noexcept {
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
    return unknown_word;
}

std::string_view word(PasswordScheme scheme) noexcept {
    switch (scheme) {
    case PasswordScheme::argon2id:
        return "argon2id";
    case PasswordScheme::keyed_hash:
        return "keyed_hash";
    }
    return unknown_word;
}

std::string_view word(CodeOffered code) noexcept {
    switch (code) {
    case CodeOffered::not_asked:
        return "not_asked";
    case CodeOffered::current:
        return "current";
    case CodeOffered::other:
        return "other";
    case CodeOffered::absent:
        return "absent";
    }
    return unknown_word;
}

std::string_view word(TotpRule rule) noexcept {
    switch (rule) {
    case TotpRule::none:
        return "none";
    case TotpRule::every_logon:
        return "every_logon";
    case TotpRule::fresh:
        return "fresh";
    }
    return unknown_word;
}

} // namespace tradehive
