#include "tests/acceptor/fake_venue.hpp"

#include <gtest/gtest.h>

#include <charconv>

namespace tradehive::acceptor {
namespace {

std::shared_ptr<const ReferenceData> small_world() {
    auto world = std::make_shared<ReferenceData>();
    world->firms = {{FirmId{1}, Code::cut("VENUE")}, {FirmId{2}, Code::cut("FIRM")}};
    for (const auto& [id, code] : {std::pair{1U, "FEES"}, {2U, "ALICE"}, {3U, "BOB"}}) {
        AccountView account;
        account.account = AccountId{id};
        account.firm = FirmId{id == 1 ? 1U : 2U};
        account.code = Code::cut(code);
        world->accounts.push_back(account);
    }
    for (const auto& [id, comp_id] : {std::pair{1U, "ALICE"}, {2U, "BOB"}, {3U, "MARK"}}) {
        FixSessionView session;
        session.session = FixSessionId{id};
        session.firm = FirmId{2};
        session.comp_id = CompID::cut(comp_id);
        session.resend_max_age = 10;
        session.revoked = id == 3;
        session.accounts = {AccountId{id == 2 ? 3U : 2U}};
        world->sessions.push_back(session);
    }
    world->assets = {{AssetId{1}, Code::cut("USD"), 6}, {AssetId{2}, Code::cut("X"), 0}};
    Instrument instrument;
    instrument.instrument = InstrumentId{1};
    instrument.symbol = Symbol::cut("X-USD");
    instrument.base = AssetId{2};
    instrument.quote = AssetId{1};
    instrument.tick = *parse_decimal("0.01");
    instrument.lot = *parse_decimal("1");
    instrument.base_units_per_lot = 1;
    instrument.units_per_tick_lot = 10'000;
    instrument.least_quantity = Quantity{1};
    instrument.most_quantity = Quantity{1'000'000};
    world->instruments = {instrument};
    world->index();
    return world;
}

} // namespace

FakeVenue::FakeVenue(AnswerSink* answers)
    : reference_{small_world()}
    , answers_{answers} {}

Submitted FakeVenue::submit(const Command& command) {
    {
        const std::lock_guard lock{mutex_};
        const auto kind = command.header.kind;
        const bool order = kind == CommandKind::enter_order || kind == CommandKind::replace_order;
        if (all_full_ || (orders_full_ && order)) return Submitted::full;
        commands_.push_back(command);
        if (holding_)
            held_.push_back(command);
        else
            apply(command);
    }
    changed_.notify_all();
    publish();
    return Submitted::taken;
}

Submitted FakeVenue::ask(const Question& question) {
    auto answer = std::make_shared<Answer>();
    {
        const std::lock_guard lock{mutex_};
        if (orders_full_) return Submitted::full;
        answer->asker = question.origin;
        answer->after = EventNumber{events_.size() + 1};
        if (const auto* book = std::get_if<AskBook>(&question.what)) {
            ++books_asked_;
            BookAnswer what{.instrument = book->instrument, .bids = {}, .offers = {}};
            for (const auto& [id, order] : orders_) { // a level an order, and all as if at one price
                if (order.ord_status == OrdStatus::filled) continue;
                const bool buys = order.side == Side::buy;
                (buys ? what.bids : what.offers).push_back({order.price, order.leaves_qty, 1});
                (buys ? what.bid_orders : what.offer_orders)
                    .push_back({OrderId{id}, order.price, order.leaves_qty});
            }
            answer->what = std::move(what);
        } else if (const auto* asked = std::get_if<AskOrder>(&question.what)) {
            OrderAnswer what{.asked = *asked, .reason = RejectReason::unknown_order, .order = {}};
            for (const auto& [id, order] : orders_)
                if (order.cl_ord_id == asked->cl_ord_id) what = {*asked, RejectReason::none, order};
            answer->what = what;
        } else if (const auto* logon = std::get_if<AskLogOn>(&question.what)) {
            answer->what = LogOnAnswer{code_counts(logon->request) ? RejectReason::none
                                                                   : RejectReason::code_already_used};
        }
    }
    answers_->take(std::move(answer));
    return Submitted::taken;
}

EventNumber FakeVenue::end() const {
    const std::lock_guard lock{mutex_};
    return EventNumber{events_.size() + 1};
}

std::size_t FakeVenue::read(EventNumber from, std::span<Event> into) const {
    const std::lock_guard lock{mutex_};
    const auto first = from.value() - 1;
    if (first >= events_.size()) return 0;
    const auto count = std::min(into.size(), events_.size() - first);
    std::copy_n(events_.begin() + static_cast<std::ptrdiff_t>(first), count, into.begin());
    return count;
}

std::shared_ptr<void> FakeVenue::on_publish(std::function<void()> wake) {
    const std::lock_guard lock{wake_mutex_};
    const auto place = wakes_.insert(wakes_.end(), std::move(wake));
    return {this, [place](FakeVenue* venue) {
                const std::lock_guard unsubscribing{venue->wake_mutex_};
                venue->wakes_.erase(place);
            }};
}

void FakeVenue::publish() {
    const std::lock_guard lock{wake_mutex_};
    for (const auto& wake : wakes_)
        wake();
}

void FakeVenue::hold() {
    const std::lock_guard lock{mutex_};
    holding_ = true;
}

void FakeVenue::release() {
    {
        const std::lock_guard lock{mutex_};
        holding_ = false;
        for (const Command& command : held_)
            apply(command);
        held_.clear();
    }
    publish();
}

void FakeVenue::full(bool orders, bool all) {
    const std::lock_guard lock{mutex_};
    orders_full_ = orders;
    all_full_ = all;
}

void FakeVenue::fill(OrderId order) {
    {
        const std::lock_guard lock{mutex_};
        CommandHeader cause{};
        cause.sequence = Sequence{++sequence_};
        index_ = 0;
        OrderTraded traded{};
        traded.order = orders_.at(order.value());
        traded.order.ord_status = OrdStatus::filled;
        traded.order.cum_qty = traded.order.order_qty;
        traded.order.leaves_qty = Quantity{0};
        traded.trade = TradeId{order.value()};
        traded.last_px = traded.order.price;
        traded.last_qty = traded.order.order_qty;
        orders_.at(order.value()) = traded.order;
        emit(cause, traded);
    }
    publish();
}

void FakeVenue::send_events(FixSessionId to, int count) {
    {
        const std::lock_guard lock{mutex_};
        CommandHeader cause{};
        for (int i = 0; i < count; ++i) {
            cause.sequence = Sequence{++sequence_};
            index_ = 0;
            OrderAccepted accepted{};
            accepted.order.order = OrderId{sequence_};
            accepted.order.account = AccountId{2};
            accepted.order.instrument = InstrumentId{1};
            accepted.order.session = to;
            accepted.order.side = Side::buy;
            accepted.order.ord_type = OrdType::limit;
            accepted.order.ord_status = OrdStatus::new_;
            accepted.order.price = Price{100};
            accepted.order.order_qty = Quantity{1};
            accepted.order.leaves_qty = accepted.order.shown_qty = Quantity{1};
            accepted.order.cl_ord_id = ClOrdID::cut("made-" + std::to_string(i));
            emit(cause, accepted);
        }
    }
    publish();
}

void FakeVenue::raise_epoch(FixSessionId session, std::uint64_t next_in, std::uint64_t next_out) {
    {
        const std::lock_guard lock{mutex_};
        SessionState& state = sessions_[session.value()];
        state.epoch = Epoch{state.epoch.value() + 1};
        state.next_in = next_in;
        state.first_out = next_out;
        CommandHeader cause{};
        cause.sequence = Sequence{++sequence_};
        index_ = 0;
        emit(cause, NextNumbersSet{session, state.epoch, MsgSeqNum{next_in}, MsgSeqNum{next_out}});
    }
    publish();
}

void FakeVenue::raise_epoch_behind_next_logon() {
    const std::lock_guard lock{mutex_};
    raise_behind_logon_ = true;
}

void FakeVenue::use_up_code(std::uint64_t step) {
    const std::lock_guard lock{mutex_};
    used_steps_.insert(step);
}

void FakeVenue::need_no_code() {
    const std::lock_guard lock{mutex_};
    in_grace_ = true;
}

void FakeVenue::list_instruments(std::size_t count) {
    auto world = std::make_shared<ReferenceData>(*current());
    while (world->instruments.size() < count) {
        auto instrument = world->instruments.front();
        instrument.instrument = InstrumentId{static_cast<std::uint32_t>(world->instruments.size() + 1)};
        instrument.symbol = Symbol::cut("X-" + std::to_string(world->instruments.size()));
        world->instruments.push_back(instrument);
    }
    world->index();
    const std::lock_guard lock{mutex_};
    reference_ = std::move(world);
}

std::size_t FakeVenue::books_asked() const {
    const std::lock_guard lock{mutex_};
    return books_asked_;
}

bool FakeVenue::code_counts(const LogOnSession& request) const {
    if (request.code == CodeOffered::absent) return in_grace_;
    return request.code == CodeOffered::not_asked || !used_steps_.contains(request.totp_step);
}

std::vector<Command> FakeVenue::commands() const {
    const std::lock_guard lock{mutex_};
    return commands_;
}

Command FakeVenue::await(CommandKind kind, std::size_t count) {
    std::unique_lock lock{mutex_};
    Command last{};
    const auto enough = [&] {
        std::size_t found = 0;
        for (const Command& command : commands_)
            if (command.header.kind == kind && ++found == count) last = command;
        return found >= count;
    };
    if (!changed_.wait_for(lock, std::chrono::seconds{30}, enough))
        ADD_FAILURE() << "no " << count << ". " << name(kind) << " came";
    return last;
}

template <EventBody Body>
void FakeVenue::emit(const CommandHeader& cause, const Body& body) {
    Event event{};
    event.header.number = EventNumber{events_.size() + 1};
    event.header.sequence = cause.sequence;
    event.header.origin = cause.origin;
    event.header.time = Timestamp{1'767'268'800'000'000'000};
    event.header.index = index_++;
    set_body(event, body);
    events_.push_back(event);
}

void FakeVenue::apply(const Command& command) {
    CommandHeader cause = command.header;
    cause.sequence = Sequence{++sequence_};
    index_ = 0;
    SessionState& session = sessions_[cause.origin.session.value()];
    const bool counted_before =
        cause.kind == CommandKind::use_code ||
        (cause.kind == CommandKind::answer_user && command.as<AnswerUser>().late != 0);
    if (counted_before && cause.origin.number.value() >= session.next_in)
        ADD_FAILURE() << name(cause.kind) << " came before its number was counted";
    if (cause.origin.number.value() != 0 && !counted_before) {
        if (cause.origin.epoch != session.epoch || cause.origin.number.value() < session.next_in) return;
        session.next_in = cause.origin.number.value() + 1;
    }
    switch (cause.kind) {
    case CommandKind::log_on_session: {
        const auto body = command.as<LogOnSession>();
        if (!code_counts(body)) {
            emit(cause, LogOnRefused{body.session, RejectReason::code_already_used, {}});
            return;
        }
        if (body.code == CodeOffered::current) used_steps_.insert(body.totp_step);
        EXPECT_FALSE(session.logged_on) << "a second logon came before the end of the first";
        session.logged_on = true;
        if (body.reset_numbers != 0) {
            session.epoch = Epoch{session.epoch.value() + 1};
            session.next_in = 1;
            session.first_out = 1;
        }
        SessionLoggedOn logged_on{};
        logged_on.session = body.session;
        logged_on.epoch = session.epoch;
        logged_on.next_in = MsgSeqNum{session.next_in};
        logged_on.first_out = MsgSeqNum{session.first_out};
        emit(cause, logged_on);
        if (std::exchange(raise_behind_logon_, false)) {
            session.epoch = Epoch{session.epoch.value() + 1};
            emit(cause, NextNumbersSet{body.session, session.epoch, MsgSeqNum{1}, MsgSeqNum{1}});
        }
        return;
    }
    case CommandKind::session_disconnected: {
        const auto body = command.as<SessionDisconnected>();
        session.logged_on = false;
        if (body.epoch == session.epoch) session.next_in = std::max(session.next_in, body.next_in.value());
        emit(cause, SessionEnded{body.session, body.cause, {}});
        return;
    }
    case CommandKind::enter_order: {
        const auto body = command.as<EnterOrder>();
        OrderAccepted accepted{};
        accepted.order.order = OrderId{cause.sequence.value()};
        accepted.order.account = body.account;
        accepted.order.instrument = body.instrument;
        accepted.order.session = cause.origin.session;
        accepted.order.side = body.side;
        accepted.order.ord_type = body.ord_type;
        accepted.order.time_in_force = body.time_in_force;
        accepted.order.ord_status = OrdStatus::new_;
        accepted.order.price = body.price;
        accepted.order.order_qty = body.order_qty;
        accepted.order.leaves_qty = accepted.order.shown_qty = body.order_qty;
        accepted.order.cl_ord_id = body.cl_ord_id;
        orders_[cause.sequence.value()] = accepted.order;
        emit(cause, accepted);
        return;
    }
    case CommandKind::cancel_order: {
        const auto body = command.as<CancelOrder>();
        CancelRejected rejected{};
        rejected.cl_ord_id = body.cl_ord_id;
        rejected.orig_cl_ord_id = body.orig_cl_ord_id;
        rejected.reason = RejectReason::unknown_order;
        emit(cause, rejected);
        return;
    }
    case CommandKind::message_refused:
        emit(cause, MessageWasRefused{command.as<MessageRefused>()});
        return;
    case CommandKind::use_code: {
        const auto body = command.as<UseCode>();
        const bool counts = used_steps_.insert(body.totp_step).second;
        emit(cause,
             CodeUsed{body.session, counts ? RejectReason::none : RejectReason::code_already_used, {}});
        return;
    }
    case CommandKind::answer_user:
        emit(cause, UserAnswered{command.as<AnswerUser>()});
        return;
    default:
        ADD_FAILURE() << "the acceptor submitted " << name(cause.kind);
    }
}

credentials::Verdict FakeVerifier::verify(const credentials::Offer& offer, Timestamp) const {
    using credentials::Refused;
    using credentials::RefusedBecause;
    const std::map<std::string_view, std::uint32_t> sessions{{"ALICE", 1}, {"BOB", 2}, {"MARK", 3}};
    const auto found = sessions.find(offer.username);
    if (found == sessions.end()) return std::unexpected{Refused{RefusedBecause::unknown_username, {}}};
    const FixSessionId session{found->second};
    if (offer.password == "right") return credentials::Verified{.session = session};
    if (!offer.password.starts_with("right:"))
        return std::unexpected{Refused{RefusedBecause::wrong_password, session}};
    const auto digits = offer.password.substr(6);
    if (digits.empty()) return credentials::Verified{.session = session, .code = CodeOffered::absent};
    std::uint64_t step{};
    std::from_chars(digits.data(), digits.data() + digits.size(), step);
    return credentials::Verified{.session = session, .code = CodeOffered::current, .totp_step = step};
}

std::expected<credentials::PreparedChange, credentials::NotChanged>
FakeChanger::prepare(const credentials::PasswordWish& wish, Timestamp now) const {
    ++prepared_count;
    const auto verdict = verifier_.verify(wish.offer, now);
    if (wish.new_password == "weak") return std::unexpected{credentials::NotChanged::weak};
    if (!verdict || verdict->session != wish.session)
        return std::unexpected{credentials::NotChanged::incorrect};
    return credentials::PreparedChange{
        .before = {}, .after = {}, .code = verdict->code, .totp_step = verdict->totp_step};
}

std::expected<void, credentials::NotChanged> FakeChanger::store(const credentials::PreparedChange&) {
    if (before_storing) before_storing();
    if (database_away) return std::unexpected{credentials::NotChanged::not_stored};
    ++stored_count;
    return {};
}

} // namespace tradehive::acceptor
