// FIX sessions: names, credentials, connections.
#include "control/desk.hpp"

#include "credentials/issue.hpp"
#include "credentials/password_field.hpp"

#include <boost/json/array.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace tradehive::control {

namespace json = boost::json;

namespace {

template <class Value>
using Word = std::pair<std::string_view, Value>;

constexpr std::array<Word<SessionKind>, 3> kinds{{{"order-entry", SessionKind::order_entry},
                                                  {"market-data", SessionKind::market_data},
                                                  {"drop-copy", SessionKind::drop_copy}}};
constexpr std::array<Word<CancelOnDisconnect>, 3> modes{{{"none", CancelOnDisconnect::none},
                                                         {"session", CancelOnDisconnect::session},
                                                         {"account", CancelOnDisconnect::account}}};
constexpr std::array<Word<SelfMatch>, 4> self_match_rules{{{"cancel-incoming", SelfMatch::cancel_incoming},
                                                           {"cancel-resting", SelfMatch::cancel_resting},
                                                           {"cancel-both", SelfMatch::cancel_both},
                                                           {"decrement", SelfMatch::decrement}}};
constexpr std::array<Word<TotpRule>, 3> totp_rules{
    {{"none", TotpRule::none}, {"every-logon", TotpRule::every_logon}, {"fresh", TotpRule::fresh}}};

template <class Value, std::size_t Count>
Value choice(const Given& given, std::string_view field, const std::array<Word<Value>, Count>& words,
             Value otherwise) {
    const auto text = given.text(field);
    if (text.empty()) return otherwise;
    std::string known;
    for (const auto& [word, value] : words) {
        if (word == text) return value;
        known += fmt::format("{}{}", known.empty() ? "" : ", ", word);
    }
    throw Refused{"BAD_FIELD", fmt::format("{}: \"{}\": must be one of {}", field, text, known)};
}

template <class Value, std::size_t Count>
std::string_view word_of(Value value, const std::array<Word<Value>, Count>& words) {
    const auto found = std::ranges::find(words, value, &Word<Value>::second);
    return found == words.end() ? std::string_view{"?"} : found->first;
}

std::string_view username_of(const Given& given) {
    const auto name = given.text("username").empty() ? given.text("comp-id") : given.text("username");
    const bool printable = std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
    if (!printable || name.size() > credentials::greatest_username)
        throw Refused{"BAD_FIELD", fmt::format("username: 1 to {} printable characters without spaces",
                                               credentials::greatest_username)};
    return name;
}

// The key by which the same session is found when its creation is asked for again.
Key key_of_session(std::string_view comp_id) {
    return fixed_text<Key>("comp-id", fmt::format("fix:{}", comp_id));
}

std::vector<AccountId> accounts_of(const Given& given, const ReferenceData& names, FirmId firm) {
    std::vector<AccountId> accounts;
    auto rest = given.text("accounts");
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const auto& account = need_account(names, rest.substr(0, comma));
        if (account.firm != firm)
            throw Refused{"UNKNOWN_ACCOUNT",
                          fmt::format("accounts: {} is not of that firm", account.code.view())};
        accounts.push_back(account.account);
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    }
    return accounts;
}

} // namespace

json::object Desk::give_credential(const Given& given, FixSessionId session, std::string_view username) {
    const auto rule = choice(given, "totp", totp_rules, TotpRule::every_logon);
    const auto password = given.text("password");
    const auto issued = [&] {
        try {
            return password.empty() ? credentials::issue(venue_.keys, username, session, rule)
                                    : credentials::issue_with_password(venue_.keys, username, session, rule,
                                                                       password, options_.cost);
        } catch (const std::invalid_argument& wrong) {
            throw Refused{"BAD_PASSWORD", wrong.what()};
        }
    }();
    venue_.credentials.put(issued.credential);
    json::object shown{{"username", username}};
    if (!issued.password.empty()) shown["secret"] = issued.password.view();
    if (!issued.totp_secret.empty()) {
        shown["totp_secret"] = issued.totp_secret.view();
        shown["otpauth_uri"] = issued.otpauth_uri.view();
    }
    return shown;
}

json::object Desk::create_fix_session(const Given& given) {
    const auto names = reference();
    const auto comp_id = given.text("comp-id");
    const auto& firm = need_firm(*names, given.text("firm"));
    CreateFixSession body;
    body.key = key_of_session(comp_id);
    body.comp_id = fixed_text<CompID>("comp-id", comp_id);
    body.firm = firm.firm;
    body.resend_max_age =
        given.has("resend-max-age")
            ? static_cast<std::uint32_t>(count_of(given, "resend-max-age", 0, std::uint64_t{7} * 24 * 3600))
            : 10;
    body.session_kind = choice(given, "kind", kinds, SessionKind::order_entry);
    body.cancel_on_disconnect = choice(given, "cancel-on-disconnect", modes, CancelOnDisconnect::session);
    body.self_match = choice(given, "self-match", self_match_rules, SelfMatch::cancel_incoming);
    const auto username = username_of(given);
    const auto accounts = accounts_of(given, *names, firm.firm);

    const auto known = venue_.credentials.find(username);
    const auto* existing = names->session(comp_id);
    if (known && (existing == nullptr || known->session != existing->session))
        throw Refused{"USERNAME_TAKEN",
                      fmt::format("username \"{}\" belongs to another FIX session", username)};
    if (known || (existing != nullptr && venue_.credentials.find(existing->session)))
        throw Refused{"ALREADY_EXISTS",
                      "the FIX session and its credential exist; fix-session renew gives it a new secret"};
    if (existing != nullptr && (existing->firm != firm.firm || existing->revoked))
        throw Refused{"ALREADY_EXISTS", "that COMPID is taken, by another firm or by a revoked session"};

    const auto outcome = done(body);
    const FixSessionId session{static_cast<std::uint32_t>(outcome.done.made)};
    for (const auto account : accounts)
        done(EntitleSession{session, account});
    auto result = describe(outcome);
    result["comp_id"] = comp_id;
    for (auto& [name, value] : give_credential(given, session, username))
        result[name] = value;
    return result;
}

json::object Desk::renew_fix_session(const Given& given) {
    const auto names = reference();
    const auto& session = need_session(*names, given.text("comp-id"));
    if (session.revoked) throw Refused{"REVOKED", "the FIX session has been revoked"};
    const auto username = username_of(given);
    if (const auto known = venue_.credentials.find(username); known && known->session != session.session)
        throw Refused{"USERNAME_TAKEN",
                      fmt::format("username \"{}\" belongs to another FIX session", username)};
    auto result = give_credential(given, session.session, username);
    result["comp_id"] = session.comp_id.view();
    return result;
}

json::object Desk::entitle_fix_session(const Given& given) {
    const auto names = reference();
    const auto& session = need_session(*names, given.text("comp-id"));
    const auto& account = need_account(*names, given.text("account"));
    return describe(done(EntitleSession{session.session, account.account}));
}

json::object Desk::revoke_fix_session(const Given& given) {
    const auto names = reference();
    const auto& session = need_session(*names, given.text("comp-id"));
    const auto outcome = done(RevokeSession{session.session, 0});
    // Its event logs the session out, behind the reports of its cancelled orders, and the venue refuses it
    // from now on. What is left is not to keep what nobody needs.
    venue_.credentials.remove(session.session);
    return describe(outcome);
}

json::object Desk::list_fix_sessions(const Given&) {
    const auto names = reference();
    json::array rows;
    for (const auto& session : names->sessions) {
        json::array accounts;
        for (const auto id : session.accounts)
            if (const auto* account = names->account(id)) accounts.emplace_back(account->code.view());
        const auto* firm = names->firm(session.firm);
        rows.push_back(json::object{{"comp_id", session.comp_id.view()},
                                    {"firm", firm == nullptr ? std::string_view{} : firm->code.view()},
                                    {"kind", word_of(session.kind, kinds)},
                                    {"accounts", std::move(accounts)},
                                    {"cancel_on_disconnect", word_of(session.cancel_on_disconnect, modes)},
                                    {"self_match", word_of(session.self_match, self_match_rules)},
                                    {"killed", session.killed},
                                    {"resend_max_age", session.resend_max_age},
                                    {"revoked", session.revoked},
                                    {"id", session.session.value()}});
    }
    return {{"rows", std::move(rows)}};
}

json::object Desk::list_sessions(const Given&) {
    const auto live = venue_.sessions.sessions();
    const auto names = reference();
    json::array rows;
    for (const auto& status : live) {
        const auto* session = names->session(status.session);
        const std::chrono::sys_seconds since{std::chrono::seconds{
            status.since.value() / std::chrono::nanoseconds{std::chrono::seconds{1}}.count()}};
        rows.push_back(json::object{
            {"comp_id", session == nullptr ? std::string_view{} : session->comp_id.view()},
            {"connected", status.connected},
            {"address", status.address},
            {"since", status.connected ? fmt::format("{:%FT%TZ}", fmt::gmtime(since)) : std::string{}},
            {"next_in", status.next_in.value()},
            {"next_out", status.next_out.value()},
            {"bytes_waiting", status.bytes_waiting}});
    }
    return {{"rows", std::move(rows)}};
}

json::object Desk::disconnect_session(const Given& given) {
    const auto names = reference();
    const auto& session = need_session(*names, given.text("comp-id"));
    const auto text =
        given.has("text") ? given.text("text") : std::string_view{"DISCONNECTED: by the operator"};
    const bool printable = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
    if (!printable || text.size() > Reason::capacity)
        throw Refused{"BAD_FIELD",
                      fmt::format("text: at most {} printable ASCII characters", Reason::capacity)};
    if (!venue_.sessions.disconnect(session.session, text))
        throw Refused{"NOT_LOGGED_ON", "the session has no live connection"};
    return {{"disconnected", session.comp_id.view()}};
}

json::object Desk::set_next_numbers(FixSessionId session, std::uint64_t in, std::uint64_t out) {
    return describe(done(SetNextNumbers{session, 0, MsgSeqNum{in}, MsgSeqNum{out}}));
}

json::object Desk::set_next(const Given& given) {
    const auto names = reference();
    constexpr std::uint64_t most = 999'999'999;
    return set_next_numbers(need_session(*names, given.text("comp-id")).session,
                            count_of(given, "in", 1, most), count_of(given, "out", 1, most));
}

json::object Desk::reset_session(const Given& given) {
    const auto names = reference();
    return set_next_numbers(need_session(*names, given.text("comp-id")).session, 1, 1);
}

} // namespace tradehive::control
