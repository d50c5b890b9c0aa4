#include "tests/bench/echo_venue.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string>

namespace tradehive::bench {
namespace {

Instrument bitcoin() {
    Instrument instrument;
    instrument.instrument = InstrumentId{1};
    instrument.symbol = Symbol::cut("BTC-USD");
    instrument.base = AssetId{2};
    instrument.quote = AssetId{1};
    instrument.tick = *parse_decimal("0.01");
    instrument.lot = *parse_decimal("0.0001");
    instrument.base_units_per_lot = 10'000;
    instrument.units_per_tick_lot = 1;
    instrument.least_quantity = Quantity{1};
    instrument.most_quantity = Quantity{1'000'000'000};
    return instrument;
}

std::shared_ptr<const ReferenceData> names(std::uint32_t sessions) {
    auto names = std::make_shared<ReferenceData>();
    names->firms = {{FirmId{1}, Code::cut("VENUE")}, {FirmId{2}, Code::cut("BENCH")}};
    AccountView fees;
    fees.account = AccountId{1};
    fees.firm = FirmId{1};
    fees.code = Code::cut("FEES");
    names->accounts.push_back(fees);
    for (std::uint32_t i = 1; i <= sessions; ++i) {
        AccountView account;
        account.account = AccountId{i + 1};
        account.firm = FirmId{2};
        account.code = Code::cut("BENCH-" + std::to_string(i));
        names->accounts.push_back(account);
        FixSessionView session;
        session.session = FixSessionId{i};
        session.firm = FirmId{2};
        session.comp_id = CompID::cut("BENCH" + std::to_string(i));
        session.resend_max_age = 10;
        session.accounts = {account.account};
        names->sessions.push_back(session);
    }
    names->assets = {{AssetId{1}, Code::cut("USD"), 6}, {AssetId{2}, Code::cut("BTC"), 8}};
    names->instruments = {bitcoin()};
    names->index();
    return names;
}

Timestamp now() {
    return Timestamp{std::chrono::duration_cast<std::chrono::nanoseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count()};
}

} // namespace

EchoVenue::EchoVenue(std::uint32_t sessions)
    : reference_{names(sessions)} {}

Submitted EchoVenue::submit(const Command& command) {
    {
        const std::lock_guard lock{mutex_};
        answer(command);
    }
    const std::lock_guard lock{wake_mutex_};
    for (const auto& [number, wake] : wakes_)
        wake();
    return Submitted::taken;
}

EventNumber EchoVenue::begin() const {
    const std::lock_guard lock{mutex_};
    return EventNumber{end_ > kept ? end_ - kept : 1};
}

EventNumber EchoVenue::end() const {
    const std::lock_guard lock{mutex_};
    return EventNumber{end_};
}

std::size_t EchoVenue::read(EventNumber from, std::span<Event> into) const {
    const std::lock_guard lock{mutex_};
    if (from.value() + kept < end_) throw std::out_of_range{"the echo no longer keeps that event"};
    const std::size_t count = std::min<std::size_t>(into.size(), end_ - from.value());
    for (std::size_t i = 0; i < count; ++i)
        into[i] = ring_[(from.value() + i) % kept];
    return count;
}

std::shared_ptr<void> EchoVenue::on_publish(std::function<void()> wake) {
    const std::lock_guard lock{wake_mutex_};
    const auto number = ++last_wake_;
    wakes_.emplace(number, std::move(wake));
    return {this, [number](EchoVenue* venue) {
                const std::lock_guard unsubscribing{venue->wake_mutex_};
                venue->wakes_.erase(number);
            }};
}

credentials::Verdict EchoVenue::verify(const credentials::Offer& offer, Timestamp) const {
    if (const auto* session = reference_->session(offer.username))
        return credentials::Verified{.session = session->session};
    return std::unexpected{
        credentials::Refused{credentials::RefusedBecause::unknown_username, FixSessionId{}}};
}

template <EventBody Body>
void EchoVenue::emit(const Command& command, const Body& body) {
    Event& event = ring_[end_ % kept];
    event = {};
    event.header.number = EventNumber{end_};
    event.header.sequence = Sequence{end_};
    event.header.time = now();
    event.header.origin = command.header.origin;
    set_body(event, body);
    ++end_;
}

void EchoVenue::answer(const Command& command) {
    switch (command.header.kind) {
    case CommandKind::enter_order: {
        const auto body = command.as<EnterOrder>();
        OrderAccepted accepted{};
        accepted.order.order = OrderId{end_};
        accepted.order.account = body.account;
        accepted.order.instrument = body.instrument;
        accepted.order.session = command.header.origin.session;
        accepted.order.side = body.side;
        accepted.order.ord_type = body.ord_type;
        accepted.order.time_in_force = body.time_in_force;
        accepted.order.ord_status = OrdStatus::new_;
        accepted.order.price = body.price;
        accepted.order.order_qty = body.order_qty;
        accepted.order.leaves_qty = body.order_qty;
        accepted.order.cl_ord_id = body.cl_ord_id;
        emit(command, accepted);
        return;
    }
    case CommandKind::log_on_session: {
        SessionLoggedOn logged_on{};
        logged_on.session = command.as<LogOnSession>().session;
        logged_on.epoch = Epoch{1};
        logged_on.next_in = MsgSeqNum{1};
        logged_on.first_out = MsgSeqNum{1};
        emit(command, logged_on);
        return;
    }
    case CommandKind::session_disconnected: {
        const auto body = command.as<SessionDisconnected>();
        emit(command, SessionEnded{body.session, body.cause, {}});
        return;
    }
    case CommandKind::message_refused: // the load generator takes the reply as its failure
        emit(command, MessageWasRefused{command.as<MessageRefused>()});
        return;
    default:
        return;
    }
}

} // namespace tradehive::bench
