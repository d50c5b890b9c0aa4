// Does what an operator asks: one request in, one answer out, as JSON (requests.hpp).
//
// Each change is a command and is answered when its events have been published; each question goes through
// the venue's queue. The desk keeps nothing of its own. Threads: any number may ask at once.
//
// A FIX session is made in two places, in this order: the venue (which decides its id), then the credential
// store. A crash between the two leaves a session that nobody can log on to; the same `fix-session create`
// sent again finds the session by its key and stores the credential that is missing. When both are there it
// refuses, and `fix-session renew` replaces a secret that was lost.
#pragma once

#include "control/caller.hpp"
#include "credentials/keys.hpp"
#include "domain/ports.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tradehive::control {

// What an asker is told: a stable word and a sentence.
class Refused : public std::runtime_error {
public:
    Refused(std::string_view word, const std::string& text)
        : std::runtime_error{text}
        , word_{word} {}

    [[nodiscard]] const std::string& word() const noexcept { return word_; }

private:
    std::string word_;
};

// The fields of one request, checked against its shape: known, of the right type, required ones there.
// Throws Refused.
class Given {
public:
    explicit Given(const boost::json::object& request);

    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    // Empty when not given.
    [[nodiscard]] std::string_view text(std::string_view field) const;
    [[nodiscard]] bool has(std::string_view field) const { return fields_.contains(field); }

private:
    const boost::json::object& fields_;
    std::string_view name_;
};

class Desk {
public:
    struct Venue {
        Caller& caller;
        EventReader& events;
        const ReferenceDataSource& reference;
        CredentialStore& credentials;
        const credentials::Keys& keys;
        SessionControl& sessions;
    };
    struct Options {
        std::vector<std::string> followers; // whose lag behind the EventLog is told
        // What `status` says of the database; any thread.
        std::function<boost::json::object()> database_status;
        credentials::PasswordCost cost; // of chosen passwords
    };

    Desk(const Venue& venue, Options options);

    // Never throws for what was asked: a refusal is an answer.
    [[nodiscard]] boost::json::object serve(const boost::json::object& request);

private:
    using Object = boost::json::object;
    using Handler = Object (Desk::*)(const Given&);

    [[nodiscard]] static Handler find_handler(std::string_view name);

    // desk.cpp
    Object deposit(const Given& given);
    Object withdraw(const Given& given);
    Object balances(const Given& given);
    Object orders(const Given& given);
    Object end_day(const Given& given);
    Object status(const Given& given);
    Object check(const Given& given);

    // desk_reference.cpp
    Object create_firm(const Given& given);
    Object list_firms(const Given& given);
    Object create_account(const Given& given);
    Object list_accounts(const Given& given);
    Object limit_account(const Given& given);
    Object charge_account(const Given& given);
    Object freeze_account(const Given& given);
    Object unfreeze_account(const Given& given);
    Object create_asset(const Given& given);
    Object list_assets(const Given& given);
    Object create_instrument(const Given& given);
    Object list_instruments(const Given& given);
    Object halt_instrument(const Given& given);
    Object resume_instrument(const Given& given);
    Object let_instrument_cancel_only(const Given& given);
    Object delist_instrument(const Given& given);
    Object set_price_band(const Given& given);
    Object kill(const Given& given);
    Object revive(const Given& given);

    // desk_sessions.cpp
    Object create_fix_session(const Given& given);
    Object renew_fix_session(const Given& given);
    Object entitle_fix_session(const Given& given);
    Object revoke_fix_session(const Given& given);
    Object list_fix_sessions(const Given& given);
    Object list_sessions(const Given& given);
    Object disconnect_session(const Given& given);
    Object set_next(const Given& given);
    Object reset_session(const Given& given);

    Object give_credential(const Given& given, FixSessionId session, std::string_view username);
    Object move_money(const Given& given, bool in);
    Object set_frozen(const Given& given, bool frozen);
    Object set_instrument_state(const Given& given, InstrumentState state);
    Object set_kill_switch(const Given& given, bool killed);
    Object set_next_numbers(FixSessionId session, std::uint64_t in, std::uint64_t out);

    [[nodiscard]] std::shared_ptr<const ReferenceData> reference() const {
        return venue_.reference.current();
    }

    // Waits until it is done. Throws Refused with the venue's reason.
    template <CommandBody Body>
    Caller::Outcome done(const Body& body, std::optional<Decimal> bound_unit = std::nullopt) {
        return accepted(venue_.caller.command(body), bound_unit);
    }
    // The unit of the bound that a refusal tells, when it is one that can be shown as a decimal.
    static Caller::Outcome accepted(const std::expected<Caller::Outcome, NoReply>& reply,
                                    std::optional<Decimal> bound_unit);

    template <class What>
    Caller::Reply ask(const What& what) {
        return answered(venue_.caller.question(what));
    }
    static Caller::Reply answered(std::expected<Caller::Reply, NoReply> reply);

    const Venue venue_;
    const Options options_;
    const std::chrono::steady_clock::time_point started_{std::chrono::steady_clock::now()};
};

// --- reading and writing fields, shared by the desk's files. Each throws Refused, naming the field.
// ----------

[[nodiscard]] std::string to_text(std::int64_t units, Decimal unit);

[[nodiscard]] const FirmView& need_firm(const ReferenceData& reference, std::string_view code);
[[nodiscard]] const AccountView& need_account(const ReferenceData& reference, std::string_view code);
[[nodiscard]] const Asset& need_asset(const ReferenceData& reference, std::string_view code);
[[nodiscard]] const Instrument& need_instrument(const ReferenceData& reference, std::string_view symbol);
[[nodiscard]] const FixSessionView& need_session(const ReferenceData& reference, std::string_view comp_id);

// A decimal field as a count of the unit.
[[nodiscard]] std::int64_t units_of(const Given& given, std::string_view field, Decimal unit);
[[nodiscard]] std::uint64_t count_of(const Given& given, std::string_view field, std::uint64_t least,
                                     std::uint64_t most);

template <class Text>
[[nodiscard]] Text fixed_text(std::string_view field, std::string_view value) {
    const auto text = Text::from(value);
    if (!text)
        throw Refused{"TOO_LONG",
                      std::string{field} + ": at most " + std::to_string(Text::capacity) + " characters"};
    return *text;
}

[[nodiscard]] inline Key key_of(const Given& given) {
    return fixed_text<Key>("key", given.text("key"));
}

// {"made": id, "sequence": …, "repeated": true when the key was known}
[[nodiscard]] boost::json::object describe(const Caller::Outcome& outcome);

inline constexpr Decimal rate_unit{1, 6}; // millionths

} // namespace tradehive::control
