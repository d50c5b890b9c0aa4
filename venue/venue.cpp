#include "venue/venue.hpp"

#include "venue/administration.hpp"
#include "venue/invariants.hpp"
#include "venue/order_entry.hpp"
#include "venue/outcome.hpp"
#include "venue/questions.hpp"
#include "venue/sessions.hpp"
#include "venue/state.hpp"
#include "venue/state_bytes.hpp"
#include "venue/trading_states.hpp"

#include <cassert>
#include <span>

namespace tradehive::venue {

namespace {

// What moved, in one event a balance; what came back to where it was is not told.
void write_balances(State& state, Outcome& outcome) {
    for (const risk::BalanceChange& change : state.ledger.changes()) {
        const risk::Balance& now = state.ledger.balance(change.account, change.asset);
        if (now == change.before) continue;
        const bool released = change.cause == BalanceCause::hold && now.held < change.before.held;
        outcome.write(BalanceChanged{.account = change.account,
                                     .asset = change.asset,
                                     .total = now.total,
                                     .held = now.held,
                                     .change = now.total - change.before.total,
                                     .cause = released ? BalanceCause::release : change.cause});
    }
    state.ledger.forget_changes();
}

bool is_answered(Channel channel) noexcept {
    return channel == Channel::control || channel == Channel::rest;
}

// FNV-1a over the bytes, of which each body has no padding.
template <class Request>
std::uint64_t fingerprint(const Request& request) noexcept {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const std::byte byte : std::as_bytes(std::span{&request, 1}))
        hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001B3ULL;
    return hash;
}

// Does what the command asks, unless its key has been seen.
template <class Request>
void apply_once(State& state, const Request& request, Outcome& outcome) {
    Administration administration{state};
    if constexpr (requires { request.key; }) {
        if (!request.key.empty()) {
            const AnsweredKeys::Name name{Request::kind, request.key};
            const auto body = fingerprint(request);
            if (const auto* earlier = state.keys.find(name)) {
                if (earlier->body != body) return outcome.refuse({RejectReason::key_reused});
                return outcome.answer_like(earlier->answer);
            }
            administration.apply(request, outcome);
            if (outcome.answer().reason == RejectReason::none)
                state.keys.remember(name, {outcome.answer(), body});
            return;
        }
    }
    administration.apply(request, outcome);
}

void end_day(State& state, OrderEntry& orders, const EndDay& request, Outcome& outcome) {
    if (request.day <= state.last_day_ended) return;
    state.last_day_ended = request.day;
    orders.end_day(request.day, outcome);
    for (Market& market : state.markets)
        market.trades.end_day();
    outcome.write(DayEnded{.day = request.day});
}

bool carries_fix_message(const Command& command) noexcept {
    switch (command.header.kind) {
    case CommandKind::enter_order:
    case CommandKind::cancel_order:
    case CommandKind::replace_order:
    case CommandKind::message_refused:
    case CommandKind::mass_cancel:
        return true;
    case CommandKind::answer_user:
        return command.as<AnswerUser>().late == 0;
    default:
        return false;
    }
}

void dispatch(State& state, const Command& command, Outcome& outcome) {
    OrderEntry orders{state};
    Sessions sessions{state, orders};
    const Origin& origin = command.header.origin;
    if (carries_fix_message(command) && origin.channel == Channel::fix && !sessions.is_new_message(origin))
        return;

    switch (command.header.kind) {
    case CommandKind::enter_order:
        return orders.enter(command.as<EnterOrder>(), outcome);
    case CommandKind::cancel_order:
        return orders.cancel(command.as<CancelOrder>(), outcome);
    case CommandKind::replace_order:
        return orders.replace(command.as<ReplaceOrder>(), outcome);
    case CommandKind::mass_cancel:
        return orders.mass_cancel(command.as<MassCancel>(), outcome);
    case CommandKind::message_refused:
        return outcome.write(MessageWasRefused{command.as<MessageRefused>()});

    case CommandKind::log_on_session:
        return sessions.log_on(command.as<LogOnSession>(), outcome);
    case CommandKind::session_disconnected:
        return sessions.disconnected(command.as<SessionDisconnected>(), outcome);
    case CommandKind::set_next_numbers:
        return sessions.set_next_numbers(command.as<SetNextNumbers>(), outcome);
    case CommandKind::use_code:
        return sessions.use_code(command.as<UseCode>(), outcome);
    case CommandKind::answer_user:
        return outcome.write(UserAnswered{command.as<AnswerUser>()});
    case CommandKind::reset_numbers:
        return sessions.reset_numbers(command.as<ResetNumbers>(), outcome);
    case CommandKind::revoke_session:
        return sessions.revoke(command.as<RevokeSession>(), outcome);
    case CommandKind::venue_started:
        sessions.venue_started(outcome);
        return orders.expire_due(outcome);

    case CommandKind::end_day:
        return end_day(state, orders, command.as<EndDay>(), outcome);
    case CommandKind::expire_orders:
        return orders.expire_due(outcome);
    case CommandKind::create_firm:
        return apply_once(state, command.as<CreateFirm>(), outcome);
    case CommandKind::create_account:
        return apply_once(state, command.as<CreateAccount>(), outcome);
    case CommandKind::set_account_limits:
        return apply_once(state, command.as<SetAccountLimits>(), outcome);
    case CommandKind::set_account_frozen:
        return apply_once(state, command.as<SetAccountFrozen>(), outcome);
    case CommandKind::set_account_fees:
        return apply_once(state, command.as<SetAccountFees>(), outcome);
    case CommandKind::create_fix_session:
        return apply_once(state, command.as<CreateFixSession>(), outcome);
    case CommandKind::entitle_session:
        return apply_once(state, command.as<EntitleSession>(), outcome);
    case CommandKind::create_asset:
        return apply_once(state, command.as<CreateAsset>(), outcome);
    case CommandKind::create_instrument:
        return apply_once(state, command.as<CreateInstrument>(), outcome);
    case CommandKind::set_instrument_state:
        return TradingStates{state, orders}.apply(command.as<SetInstrumentState>(), outcome);
    case CommandKind::set_price_band:
        return TradingStates{state, orders}.apply(command.as<SetPriceBand>(), outcome);
    case CommandKind::set_kill_switch:
        return TradingStates{state, orders}.apply(command.as<SetKillSwitch>(), outcome);
    case CommandKind::deposit:
        return apply_once(state, command.as<Deposit>(), outcome);
    case CommandKind::withdraw:
        return apply_once(state, command.as<Withdraw>(), outcome);
    }
}

} // namespace

Venue::Venue()
    : Venue{Capacity{}} {}

Venue::Venue(const Capacity& capacity)
    : capacity_{capacity}
    , state_{std::make_unique<State>(capacity.orders)} {}

Venue::Venue(Venue&&) noexcept = default;
Venue& Venue::operator=(Venue&&) noexcept = default;
Venue::~Venue() = default;

void Venue::apply(const Command& command, std::vector<Event>& out) {
    assert(command.header.sequence.value() == state_->sequence.value() + 1);
    state_->sequence = command.header.sequence;
    state_->time = command.header.time;
    state_->orders.forget(state_->time);

    Outcome outcome{command.header, state_->next_event, out};
    dispatch(*state_, command, outcome);
    write_balances(*state_, outcome);
    if (is_answered(command.header.origin.channel)) outcome.write(outcome.answer());
}

Answer Venue::answer(const Question& question) const {
    return venue::answer(*state_, question);
}

Sequence Venue::last_sequence() const noexcept {
    return state_->sequence;
}

Timestamp Venue::last_time() const noexcept {
    return state_->time;
}

EventNumber Venue::next_event() const noexcept {
    return state_->next_event;
}

std::optional<Timestamp> Venue::next_expiry() const noexcept {
    return state_->expiries.next();
}

std::uint64_t Venue::names_version() const noexcept {
    return state_->registry.version() + state_->last_day_ended; // neither ever falls
}

std::shared_ptr<const ReferenceData> Venue::reference_data() const {
    const auto data = state_->registry.published();
    data->last_day_ended = state_->last_day_ended;
    return data;
}

void Venue::save(journal::ByteSink& sink) const {
    venue::save(*state_, sink);
}

journal::Digest Venue::load(journal::ByteSource& source, std::uint32_t layout) {
    auto loaded = venue::load(source, layout, capacity_.orders);
    state_ = std::move(loaded.state);
    return loaded.bytes;
}

std::uint64_t Venue::state_hash() const {
    return venue::state_hash(*state_);
}

std::string Venue::violation() const {
    return venue::violation(*state_);
}

} // namespace tradehive::venue
