// UserResponse (BF).
#include "acceptor/translation/fields.hpp"
#include "acceptor/translation/refusal.hpp"
#include "acceptor/translation/report_fields.hpp"

#include <algorithm>

namespace tradehive::acceptor {

namespace {

constexpr std::size_t most_accounts = 64; // that are told in one message
constexpr char logged_in = '1';
constexpr char not_recognised = '3';
constexpr char password_incorrect = '4';
constexpr char password_changed = '5';
constexpr char other = '6';

char user_status_of(RejectReason reason) noexcept {
    if (reason == RejectReason::none) return password_changed;
    if (reason == RejectReason::not_own_username) return not_recognised;
    return reason == RejectReason::password_incorrect ? password_incorrect : other;
}

// Username(553) is always the session's own: what was asked with may be a password in the wrong place.
OutboundFields user_response(std::string_view request_id, std::string_view username, char status,
                             std::string_view text) {
    OutboundFields fields{.msg_type = "BF", .poss_resend = false, .fields = {}};
    fields.add(553, username);
    fields.add(923, request_id);
    fields.add(926, status);
    fields.add(927, text);
    return fields;
}

// "KEY=value; KEY=value"
class Terms {
public:
    void add(std::string_view key, std::string_view value) {
        if (!text_.empty()) text_ += "; ";
        text_ += key;
        text_ += '=';
        text_ += value;
    }
    void add(std::string_view key, std::uint64_t value) { add(key, std::to_string(value)); }
    // Zero: there is none.
    void add_limit(std::string_view key, std::int64_t value) {
        add(key, value == 0 ? std::string{"none"} : std::to_string(value));
    }
    void add_flag(std::string_view key, bool value) { add(key, value ? "Y" : "N"); }

    [[nodiscard]] std::string_view text() const noexcept { return text_; }

private:
    std::string text_;
};

std::string_view word(SessionKind kind) noexcept {
    switch (kind) {
    case SessionKind::order_entry:
        return "order-entry";
    case SessionKind::market_data:
        return "market-data";
    case SessionKind::drop_copy:
        break;
    }
    return "drop-copy";
}

std::string_view word(CancelOnDisconnect mode) noexcept {
    switch (mode) {
    case CancelOnDisconnect::none:
        return "none";
    case CancelOnDisconnect::session:
        return "session";
    case CancelOnDisconnect::account:
        break;
    }
    return "account";
}

void add_rate(Terms& terms, const std::string& of, const SessionTerms::Rate& rate) {
    terms.add(of + "_PER_SECOND", rate.per_second);
    terms.add(of + "_AT_ONCE", rate.at_once);
}

void add_account(Terms& terms, const AccountView& account) {
    terms.add("ACCOUNT", account.code.view());
    terms.add_limit("OPEN_ORDERS", account.most_open_orders);
    terms.add_limit("ORDER_QTY_LOTS", account.most_order_qty.value());
    terms.add_limit("NOTIONAL_MINOR_UNITS", account.most_notional.value());
    terms.add_flag("FROZEN", account.frozen);
    terms.add_flag("KILLED", account.killed);
}

} // namespace

OutboundFields encode(const UserAnswered& event) {
    const AnswerUser& answer = event.answer;
    const auto text = answer.reason == RejectReason::none
                          ? std::string{"PASSWORD_CHANGED: from now on only the new one counts"}
                          : refusal_text(answer.reason);
    return user_response(answer.request_id.view(), answer.username.view(), user_status_of(answer.reason),
                         text);
}

OutboundFields user_status(const RequestID& request_id, std::string_view username,
                           const FixSessionView& session, const ReferenceData& reference,
                           const SessionTerms& agreed) {
    Terms terms;
    terms.add("KIND", word(session.kind));
    terms.add("CANCEL_ON_DISCONNECT", word(agreed.cancel_on_disconnect));
    terms.add("RESEND_MAX_AGE", session.resend_max_age);
    terms.add("MESSAGE_BYTES", agreed.message_bytes);
    add_rate(terms, "REQUESTS", agreed.questions);
    add_rate(terms, "ORDERS", agreed.orders);
    add_rate(terms, "CANCELS", agreed.cancels);
    terms.add("SUBSCRIPTIONS", agreed.subscriptions);
    terms.add_flag("KILLED", session.killed);
    terms.add("ACCOUNTS", session.accounts.size());
    const auto told = std::min(session.accounts.size(), most_accounts);
    for (std::size_t i = 0; i < told; ++i)
        add_account(terms, account_of(reference, session.accounts[i]));
    return user_response(request_id.view(), username, logged_in, terms.text());
}

} // namespace tradehive::acceptor
