#include "acceptor/gateway_session.hpp"

#include "acceptor/fix_log.hpp"
#include "acceptor/framing.hpp"
#include "acceptor/logon.hpp"
#include "acceptor/router.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace tradehive::acceptor {
namespace {

constexpr std::size_t piece_events = 256;
constexpr std::size_t resend_bytes = std::size_t{64} * 1024;
// Above this the session waits for the peer before it reads more events or goes on with a resend.
constexpr std::size_t enough_outbound = std::size_t{256} * 1024;
constexpr std::size_t most_asked = 256;   // questions under way; more are refused with BUSY
constexpr std::size_t most_queued = 1024; // messages behind a gap; more are passed over and asked for again
constexpr std::uint64_t most_number = 2'000'000'000;
constexpr std::uint64_t most_events_at_join = 4096;

// All day, every day: a range that begins one nanosecond after it ended. (00:00 to 00:00 would mean that
// the session ends at each midnight.)
FIX::TimeRange always() {
    return {FIX::UtcTimeOnly(0, 0, 0, 1, 9), FIX::UtcTimeOnly(0, 0, 0, 0, 9)};
}

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number{};
    const auto [parsed_to, error] = std::from_chars(text.begin(), text.end(), number);
    if (error != std::errc{} || parsed_to != text.end() || number > most_number) return std::nullopt;
    return number;
}

ReferenceSession::News news_for(const ReferenceData& reference, FixSessionId session) {
    const auto* const view = reference.session(session);
    const bool copies = view != nullptr && view->kind == SessionKind::drop_copy;
    return copies ? ReferenceSession::News::untold : ReferenceSession::News::told;
}

// Whether FIX::Session gets the value right: a number in our range, or nothing that it takes for a number
// (missing, empty, "one"), which the dictionary refuses.
bool read_as_meant(std::string_view number) {
    return number_in(number) || number.find_first_not_of("-0123456789") != std::string_view::npos ||
           number.empty();
}

// A Reject of FIX::Session's own leaves the tag out where the reason can only mean one.
void name_the_tag(FIX::Message& reject) {
    if (!reject.isSetField(FIX::FIELD::SessionRejectReason) || reject.isSetField(FIX::FIELD::RefTagID))
        return;
    const auto& reason = reject.getField(FIX::FIELD::SessionRejectReason);
    if (reason == "10") reject.setField(FIX::RefTagID{FIX::FIELD::SendingTime});
    if (reason == "5" && reject.isSetField(FIX::FIELD::RefMsgType) &&
        reject.getField(FIX::FIELD::RefMsgType) == FIX::MsgType_SequenceReset)
        reject.setField(FIX::RefTagID{FIX::FIELD::NewSeqNo});
}

} // namespace

GatewaySession::GatewaySession(SessionSurroundings surroundings, const SessionLoggedOn& logged_on,
                               Client client, std::unique_ptr<SessionStore> store, EventNumber logged_on_at,
                               OutboundQueue& outbound)
    : surroundings_{std::move(surroundings)}
    , session_{logged_on.session}
    , epoch_{logged_on.epoch}
    , logged_on_at_{logged_on_at}
    , client_{std::move(client.comp_id)}
    , version_{client.version}
    , outbound_{outbound}
    , store_{std::move(store)}
    , reference_{surroundings_.reference.current()}
    , position_{std::max(store_->position(), surroundings_.events.begin())}
    , market_data_{{.commands = surroundings_.commands,
                    .reference = surroundings_.reference,
                    .feed = surroundings_.feed,
                    .inbox = surroundings_.inbox,
                    .most_subscriptions = surroundings_.most_subscriptions,
                    .most_body_bytes = surroundings_.most_outbound_bytes / 2,
                    .correlation = surroundings_.correlation,
                    .send = [this](const MDReqID& request,
                                   const auto& body) { send_market_data(request, body); },
                    .refuse =
                        [this](const MDReqID& request, RejectReason why) {
                            send_report(market_data_reject_message(request, why));
                        }}}
    , requests_{surroundings_.most_subscriptions, news_for(*reference_, session_), *reference_}
    , user_{user_ports()} {
    surroundings_.terms.cancel_on_disconnect = logged_on.cancel_on_disconnect;
    piece_.resize(piece_events);
    fix_ = std::make_unique<FIX::Session>(
        static_cast<FIX::Application&>(*this), static_cast<FIX::MessageStoreFactory&>(*this),
        FIX::SessionID{std::string{begin_string(version_)}, surroundings_.comp_id, client_},
        surroundings_.dictionaries.provider(), always(), 0, nullptr);
    fix_->setSenderDefaultApplVerID(std::string{fix50sp2_appl_ver_id}); // not sent in FIX.4.4
    fix_->setMaxLatency(surroundings_.most_skew_seconds);
    fix_->setResponder(this);
    state_ = dynamic_cast<FIX::SessionState*>(fix_->getLog());
    if (state_ == nullptr)
        throw StoreError{"this QuickFIX hides its SessionState: build with version 1.15.1"};
}

GatewaySession::~GatewaySession() = default;

// --- from the peer -------------------------------------------------------------------------------------

void GatewaySession::log_on(std::string_view logon, std::optional<std::uint64_t> next_expected) {
    const auto first_number = next_out();
    if (next_expected && *next_expected > first_number) {
        outbound_.push(logout_message(
            header(first_number), "MSG_SEQ_NUM: NextExpectedMsgSeqNum(789) is higher than what was sent: " +
                                      std::to_string(first_number) + " comes next"));
        over_ = true;
        return;
    }
    next(logon);
    if (!fix_->isLoggedOn()) over_ = true;
    if (next_expected && *next_expected < first_number && !over_) resend(*next_expected, first_number - 1);
}

void GatewaySession::receive(std::string_view frame) {
    heard_ = true;
    surroundings_.log.received(client_, frame);
    if (over_ || disconnected_) return;
    if (leaving_ && field_of(frame, "35") != "5") return;
    if (!acceptable(frame)) return;
    next(frame);
}

void GatewaySession::next(std::string_view frame) {
    static_cast<void>(store_->take_used());
    const auto expected = next_in();
    try {
        auto message = surroundings_.dictionaries.parse(version_, frame);
        if (!surroundings_.application) strip_untaken(message);
        fix_->next(message, FIX::UtcTimeStamp{});
    } catch (const FIX::InvalidMessage&) { // garbled: ignored, its number is not used up
        surroundings_.log.note(client_, "a garbled message was ignored");
    } catch (const std::exception& error) {
        surroundings_.log.note(client_, std::string{"the session ends: "} + error.what());
        over_ = true;
    }
    // FIX::Session counts a Logout whatever its number is. What was passed over before it, or is missing,
    // must be asked for at the next logon.
    if (field_of(frame, "35") == "5" && number_in(field_of(frame, "34")) != expected)
        store_->setNextTargetMsgSeqNum(static_cast<int>(expected));
    if (field_of(frame, "35") == "2" && resend_)
        missing_below_ = std::max(missing_below_, number_in(field_of(frame, "34")).value_or(0));
    drop_gap_fill_ = false;
    hold_for_ = 0;
    forget_queued();
    check_bounds();
    if (sends_too_much_) log_out("THROTTLE: the session sends faster than it may, and goes on");
}

// What FIX::Session would take the wrong way is stopped here. True: hand it over.
bool GatewaySession::acceptable(std::string_view frame) {
    const auto type = field_of(frame, "35");
    const auto number = number_in(field_of(frame, "34"));
    if (field_of(frame, "8") != begin_string(version_)) {
        log_out("BEGIN_STRING: the session speaks " + std::string{begin_string(version_)});
        return false;
    }
    if (!number || *number < 1) {
        log_out("MSG_SEQ_NUM: MsgSeqNum(34) must be a number from 1 to 2000000000");
        return false;
    }
    if (field_of(frame, "49").empty() || field_of(frame, "56").empty() || field_of(frame, "52").empty()) {
        log_out("HEADER: SenderCompID(49), TargetCompID(56) and SendingTime(52) are required");
        return false;
    }
    const bool numbers_fit =
        (type != "4" || read_as_meant(field_of(frame, "36"))) &&
        (type != "2" || (read_as_meant(field_of(frame, "7")) && read_as_meant(field_of(frame, "16"))));
    if (!numbers_fit) {
        log_out("MSG_SEQ_NUM: BeginSeqNo(7), EndSeqNo(16) and NewSeqNo(36) must be numbers that were or will "
                "be used");
        return false;
    }
    if (type == "A") {
        log_out("LOGON: already logged on");
        return false;
    }
    const bool resets = type == "4" && field_of(frame, "123") != "Y";
    const bool may_be_queued = type != "2" && !resets && type != "5";
    if (*number > next_in() && may_be_queued) {
        // FIX::Session would count it in place of the message that is missing; it comes again as a gap fill.
        if (type == "3") return false;
        if (queued_ >= most_queued) return false;
        ++queued_;
        highest_queued_ = std::max(highest_queued_, *number);
    }
    return true;
}

// FIX::Session takes a queued message out when its turn comes, but not when it came again by resend.
void GatewaySession::forget_queued() {
    if (queued_ == 0 || next_in() <= highest_queued_) return;
    state_->clearQueue();
    queued_ = 0;
}

void GatewaySession::fromAdmin(const FIX::Message& message, const FIX::SessionID&) {
    const auto& type = message.getHeader().getField(FIX::FIELD::MsgType);
    if (type == FIX::MsgType_TestRequest || type == FIX::MsgType_ResendRequest)
        count(type); // they are answered whatever the rate
    if (type == FIX::MsgType_Logout) {
        if (!leaving_) cause_ = DisconnectCause::logout;
        if (!leaving_ && message.isSetField(20102)) keep_orders_ = message.getField(20102) == "N";
    } else if (type == FIX::MsgType_ResendRequest) {
        const auto first = number_in(message.getField(FIX::FIELD::BeginSeqNo)).value_or(1);
        const auto last = number_in(message.getField(FIX::FIELD::EndSeqNo)).value_or(0);
        const auto newest = next_out() - 1;
        drop_gap_fill_ = true;
        resend(std::max<std::uint64_t>(first, 1), last == 0 ? newest : std::min(last, newest));
        joined_ = false; // events wait in the EventLog until the resend is done, so that order is kept
    }
}

void GatewaySession::fromApp(const FIX::Message& message, const FIX::SessionID&) {
    if (surroundings_.application) {
        for (FIX::Message& answer : surroundings_.application(message))
            send_message(answer);
        return;
    }
    reference_ = surroundings_.reference.current();
    const FixSessionView* const view = reference_->session(session_);
    const auto number = number_in(message.getHeader().getField(FIX::FIELD::MsgSeqNum));
    if (view == nullptr || !number) { // neither can be, and a command must not be lost
        over_ = true;
        return;
    }
    const InboundContext context{
        .reference = *reference_, .session = *view, .origin = origin(*number), .now = surroundings_.now()};
    auto made = translate(message, context);
    const auto* const command = std::get_if<Command>(&made);
    const auto& type = message.getHeader().getField(FIX::FIELD::MsgType);
    if (command != nullptr && !within(surroundings_.rates->of(type)))
        made = refuse(*command, RejectReason::throttled, *reference_);
    std::visit([this](const auto& taken) { submit(taken); }, made);
}

Origin GatewaySession::origin(std::uint64_t number) {
    Origin origin;
    origin.correlation = surroundings_.correlation();
    origin.number = MsgSeqNum{number};
    origin.session = session_;
    origin.epoch = epoch_;
    origin.channel = Channel::fix;
    return origin;
}

// --- to the venue --------------------------------------------------------------------------------------

void GatewaySession::submit(const Command& command) {
    if (unsent_.empty()) {
        const auto result = surroundings_.commands.submit(command);
        if (result != Submitted::full) return; // taken; or stopping: nobody answers any more
        const auto kind = command.header.kind;
        if (kind == CommandKind::enter_order || kind == CommandKind::replace_order) {
            submit(refuse(command, RejectReason::busy, *reference_));
            return;
        }
    }
    unsent_.push_back(command);
}

void GatewaySession::submit(const Asked& asked) {
    if (!within(surroundings_.rates->questions)) {
        submit(refuse(asked, RejectReason::throttled, *reference_));
        return;
    }
    const bool room = unsent_.empty() && asked_.size() < most_asked;
    if (!room || surroundings_.commands.ask(asked.question) == Submitted::full) {
        submit(refuse(asked, RejectReason::busy, *reference_));
        return;
    }
    asked_.emplace(asked.question.origin.correlation, asked.echo);
}

// False: over it.
bool GatewaySession::within(RequestRate& rate, std::size_t cost) {
    const auto verdict = rate.ask(cost);
    if (verdict == RequestRate::Verdict::too_much) sends_too_much_ = true;
    return verdict == RequestRate::Verdict::taken;
}

void GatewaySession::submit(const MarketDataRequest& request) {
    auto refused = unsent_.empty() ? RejectReason::none : RejectReason::busy;
    if (refused == RejectReason::none && !market_data_.ends(request) &&
        !within(surroundings_.rates->questions, std::max<std::size_t>(1, request.instruments.size())))
        refused = RejectReason::throttled;
    if (refused == RejectReason::none) refused = market_data_.request(request);
    if (refused != RejectReason::none) submit(refuse(request, refused));
}

void GatewaySession::submit(const ReferenceRequest& request) {
    const bool ends = requests_.ends(request);
    const bool no_room = request.kind == ReferenceRequest::Kind::security_list && requests_.full();
    if (!ends && (no_room || !within(surroundings_.rates->questions))) {
        submit(refuse(request, RejectReason::throttled));
        return;
    }
    for (const auto& message : requests_.answer(request, now()))
        send_report(message);
}

// The day goes on from the last one that the venue has ended, whatever the clock says.
ReferenceSession::Now GatewaySession::now() {
    reference_ = surroundings_.reference.current();
    const auto time = surroundings_.now();
    const std::chrono::sys_time<std::chrono::nanoseconds> at{std::chrono::nanoseconds{time.value()}};
    const auto today =
        static_cast<std::uint32_t>(std::chrono::floor<std::chrono::days>(at).time_since_epoch().count());
    return {.reference = *reference_, .day = std::max(today, reference_->last_day_ended + 1), .time = time};
}

void GatewaySession::reference_changed() {
    if (over_ || leaving_ || disconnected_ || resend_) return; // behind a resend it is looked at again
    for (const auto& message : requests_.changes(now()))
        send_report(message);
    if (const auto at = std::exchange(reset_to_tell_, std::nullopt)) {
        auto news = reset_news(*at, surroundings_.now());
        send_report(news);
    }
}

bool GatewaySession::submit_waiting() {
    while (!unsent_.empty()) {
        if (surroundings_.commands.submit(unsent_.front()) == Submitted::full) return false;
        unsent_.pop_front();
    }
    return true;
}

void GatewaySession::disconnected(DisconnectCause cause) {
    if (disconnected_) return;
    SessionDisconnected command{};
    command.session = session_;
    command.epoch = epoch_;
    command.next_in = MsgSeqNum{next_in()};
    command.cause = cause_.value_or(cause);
    command.keep_orders = keep_orders_ ? 1 : 0;
    store_->considered(position_);
    over_ = true;
    disconnected_ = true;
    market_data_.end();
    submit(make_command(origin(0), command));
    fix_.reset();
    store_.reset();
}

// --- from the venue ------------------------------------------------------------------------------------

// False: not now; the event stays to be read again.
bool GatewaySession::give(const Event& event) {
    release_held(event);
    // The router says so too, unless it happened before this session was attached to it.
    if (const auto end = end_of_session(event); end.session == session_) {
        if (event.header.number > logged_on_at_) this->end(end);
        return true;
    }
    const bool poss_resend = event.header.number < store_->poss_resend_below();
    std::optional<OutboundFields> message;
    try {
        message = report(event, *reference_, session_, poss_resend);
    } catch (const std::out_of_range&) {
        reference_ = surroundings_.reference.current();
        try {
            message = report(event, *reference_, session_, poss_resend);
        } catch (const std::out_of_range&) {
            return false;
        }
    }
    if (!message) return true;
    if (leaving_) return false; // nothing goes out behind our Logout: it waits for the next logon
    store_->sending(event.header.number, event.header.sequence);
    send_report(*message);
    return true;
}

void GatewaySession::send_report(const OutboundFields& report) {
    auto message = write(report, version_);
    send_message(message);
}

void GatewaySession::send_message(FIX::Message& message) {
    sending_ = true;
    if (!fix_->send(message)) over_ = true; // the store failed: nothing may go out that it does not know
    sending_ = false;
    check_bounds();
}

MessageHeader GatewaySession::header(std::uint64_t number) const {
    return {.version = version_,
            .sender = surroundings_.comp_id,
            .target = client_,
            .number = number,
            .now = surroundings_.now()};
}

void GatewaySession::resend(std::uint64_t first, std::uint64_t last) {
    resend_.emplace(first, last, version_, surroundings_.comp_id, client_);
}

// FIX::Session never sees it, but its number and its time are where it looks for them.
void GatewaySession::send_market_data(const MDReqID& request, const market_data::Body& body) {
    if (over_ || leaving_ || disconnected_) return;
    try {
        const auto number = store_->use_without_record();
        outbound_.push(market_data_message(body, request, header(number)));
    } catch (const FIX::IOException& error) {
        surroundings_.log.note(client_, error.what());
        over_ = true;
        return;
    }
    state_->lastSentTime(FIX::UtcTimeStamp{});
    check_bounds();
}

void GatewaySession::take_market_data() {
    using enum MarketDataSession::Deliver;
    market_data_.deliver(resend_ ? forget : send);
}

void GatewaySession::joined(EventNumber below) {
    join_asked_ = false;
    if (resend_) return; // what is new comes behind it
    if (over_ || below.value() - position_.value() > most_events_at_join) return;
    while (position_ < below) {
        const auto wanted = std::min<std::size_t>(below.value() - position_.value(), piece_.size());
        const auto count = surroundings_.events.read(position_, {piece_.data(), wanted});
        for (std::size_t i = 0; i < count; ++i) {
            const auto to = concerned_by(piece_[i]);
            if (std::ranges::find(to, session_) != to.end() && !give(piece_[i])) return;
            position_ = EventNumber{piece_[i].header.number.value() + 1};
        }
    }
    joined_ = true;
    give_answers();
    reference_changed(); // while it was on its way in
}

void GatewaySession::take(EventNumber from, EventNumber to, const std::vector<Event>& events) {
    for (const Event& event : events)
        release_held(event); // even if nothing more is given: a last answer may wait for it
    if (!joined_ || over_) return;
    joined_ = from == position_;
    for (const Event& event : events) {
        if (!joined_ || over_) return;
        joined_ = give(event);
        if (joined_) position_ = EventNumber{event.header.number.value() + 1};
    }
    if (!joined_) return;
    position_ = to;
    give_answers();
    if (outbound_.waiting() > enough_outbound && !outbound_.held()) joined_ = false; // a slow peer
}

void GatewaySession::take(std::shared_ptr<const Answer> answer) {
    if (over_) return;
    answers_.push_back(std::move(answer));
    give_answers();
}

void GatewaySession::give_answers() {
    while (!answers_.empty() && answers_.front()->after <= position_ && !over_) {
        const auto answer = std::move(answers_.front());
        answers_.pop_front();
        if (market_data_.answer(*answer)) continue;
        const auto found = asked_.find(answer->asker.correlation);
        if (found == asked_.end()) continue; // asked on an earlier connection
        const RequestEcho echo = found->second;
        asked_.erase(found);
        reference_ = surroundings_.reference.current();
        const auto messages = reports(*answer, *reference_, echo);
        if (!messages.empty()) // the first one is paid for
            surroundings_.rates->questions.charge_reports(messages.size() - 1);
        for (const auto& message : messages)
            send_report(message);
    }
}

// --- out -----------------------------------------------------------------------------------------------

void GatewaySession::toAdmin(FIX::Message& message, const FIX::SessionID&) {
    if (sending_ || message.getHeader().getField(FIX::FIELD::MsgType) != FIX::MsgType_Reject) return;
    name_the_tag(message);
    note_refusal(message);
}

void GatewaySession::toApp(FIX::Message& message, const FIX::SessionID&) {
    message.removeField(FIX::FIELD::DefaultApplVerID); // FIX::Session puts it into its own j
    if (!sending_) note_refusal(message);
}

// FIX::Session has just used up the number of a message and writes its refusal.
void GatewaySession::note_refusal(const FIX::Message& refusal) {
    if (!refusal.isSetField(FIX::FIELD::RefSeqNum) || !refusal.isSetField(FIX::FIELD::RefMsgType)) return;
    const auto number = number_in(refusal.getField(FIX::FIELD::RefSeqNum)).value_or(0);
    const auto& type = refusal.getField(FIX::FIELD::RefMsgType);
    count(type);
    if (number == 0 || store_->take_used() != number) return; // it comes again by resend, or has come before
    if (FIX::Message::isAdminMsgType(FIX::MsgType{type})) return;
    hold_for_ = number;
    submit(refused_by_session(origin(number), type));
}

bool GatewaySession::send(const std::string& bytes) {
    if (drop_gap_fill_ && field_of(bytes, "35") == "4") {
        drop_gap_fill_ = false;
        return true;
    }
    outbound_.push(bytes, std::exchange(hold_for_, 0));
    surroundings_.log.sent(client_, bytes);
    return true;
}

void GatewaySession::check_bounds() {
    if (store_->failed() && !over_) {
        surroundings_.log.note(client_, "the message store failed; the connection is closed");
        over_ = true;
    }
    if (outbound_.waiting() > surroundings_.most_outbound_bytes && !over_) {
        surroundings_.log.note(client_, "the peer does not read; the connection is closed");
        over_ = true;
    }
}

// --- by itself -----------------------------------------------------------------------------------------

void GatewaySession::tick() {
    if (over_ || disconnected_) return;
    if (state_->heartBtInt() != 0 && state_->timedOut() && !leaving_) {
        cause_ = DisconnectCause::heartbeat_lost;
        leaving_ = true;
        fix_->logout("HEARTBEAT: nothing was heard for 2.4 times HeartBtInt");
    }
    fix_->next(FIX::UtcTimeStamp{});
    check_bounds();
    if (next_out() > most_number)
        log_out("NUMBERS: the session's sequence numbers are used up; log on with ResetSeqNumFlag(141)=Y");
}

void GatewaySession::log_out(std::string_view text) {
    if (over_ || leaving_ || disconnected_) return;
    if (!cause_) cause_ = DisconnectCause::forced;
    leaving_ = true;
    fix_->logout(std::string{text});
    fix_->next(FIX::UtcTimeStamp{}); // writes the Logout
}

void GatewaySession::end(const EndOfSession& why) {
    if (over_ || leaving_ || disconnected_) return;
    keep_orders_ = why.keeps_orders;
    log_out(why.text);
}

void GatewaySession::probe() {
    if (over_ || disconnected_) return;
    heard_ = false;
    FIX::Message test_request;
    test_request.getHeader().setField(FIX::MsgType{FIX::MsgType_TestRequest});
    test_request.setField(FIX::FIELD::TestReqID, "PROBE");
    fix_->send(test_request);
}

GatewaySession::Progress GatewaySession::proceed() {
    const bool all_submitted = submit_waiting();
    auto progress = Progress::waits;
    if (!over_ && !disconnected_) {
        if (resend_ && !outbound_.held())
            progress = resend_piece();
        else if (!joined_ && !join_asked_)
            progress = catch_up_piece();
        if (list_page()) progress = Progress::more;
    }
    if (progress == Progress::waits && !all_submitted) return Progress::not_yet;
    return progress;
}

// A list goes on when the peer has taken most of what it got.
bool GatewaySession::list_page() {
    if (over_ || leaving_ || resend_ || !requests_.has_pages() || outbound_.waiting() > enough_outbound)
        return false;
    reference_ = surroundings_.reference.current();
    const auto before = outbound_.waiting();
    send_report(requests_.next_page(*reference_));
    surroundings_.rates->questions.charge_bytes(outbound_.waiting() - before);
    if (!requests_.has_pages()) reference_changed(); // what had no room for its list
    return true;
}

// FIX::Session answers a ResendRequest that came behind a gap, and would ask for the gap only when another
// message comes.
void GatewaySession::ask_for_what_is_missing() {
    const auto expected = next_in();
    const auto below = std::exchange(missing_below_, 0);
    if (below <= expected || state_->resendRequested() || leaving_) return;
    FIX::Message request;
    request.getHeader().setField(FIX::MsgType{FIX::MsgType_ResendRequest});
    request.setField(FIX::FIELD::BeginSeqNo, std::to_string(expected));
    request.setField(FIX::FIELD::EndSeqNo, "0");
    fix_->send(request);
    state_->resendRange(static_cast<int>(expected), static_cast<int>(below - 1));
}

GatewaySession::Progress GatewaySession::resend_piece() {
    if (outbound_.waiting() > enough_outbound) return Progress::waits;
    try {
        resend_->proceed(resend_bytes, *store_, surroundings_.now(), [this](std::string_view message) {
            outbound_.push(message);
            surroundings_.log.sent(client_, message);
        });
    } catch (const FIX::IOException& error) {
        surroundings_.log.note(client_, error.what());
        over_ = true;
        return Progress::waits;
    }
    if (resend_->done()) {
        resend_.reset();
        ask_for_what_is_missing();
        market_data_.resynchronize(); // what was missed is not sent again
        reference_changed();
    }
    return Progress::more;
}

// While bytes are held for an event, events are read on however much waits: one of them releases it.
GatewaySession::Progress GatewaySession::catch_up_piece() {
    if (outbound_.waiting() > enough_outbound && !outbound_.held()) return Progress::waits;
    position_ = std::max(position_, surroundings_.events.begin());
    const auto count = surroundings_.events.read(position_, piece_);
    for (std::size_t i = 0; i < count; ++i) {
        const auto to = concerned_by(piece_[i]);
        if (std::ranges::find(to, session_) != to.end() && !give(piece_[i])) return Progress::not_yet;
        if (over_) return Progress::waits;
        position_ = EventNumber{piece_[i].header.number.value() + 1};
    }
    store_->considered(position_);
    give_answers();
    if (count > 0) return Progress::more;
    join_asked_ = true;
    surroundings_.join(position_);
    return Progress::waits;
}

} // namespace tradehive::acceptor
