// What happened: everything that anybody sees of the venue is made from events.
//
// Like commands, events are flat, versioned and without padding, and are written byte for byte to the
// EventLog. An event carries all that a report of it needs, names and steps of instruments excepted, which
// never change and are looked up in ReferenceData. The same journal gives the same bytes of events.
#pragma once

#include "domain/command.hpp"

namespace tradehive {

enum class EventKind : std::uint16_t {
    order_accepted = 1,
    order_rejected = 2,
    order_traded = 3,
    order_canceled = 4,
    order_replaced = 5,
    cancel_rejected = 6,
    order_status = 7,
    message_was_refused = 8,
    order_restated = 9,
    mass_canceled = 10,
    session_logged_on = 16,
    log_on_refused = 17,
    session_ended = 18,
    next_numbers_set = 19,
    code_used = 20,
    user_answered = 21,
    day_ended = 33,
    command_done = 47,
    firm_created = 48,
    account_changed = 49,
    fix_session_changed = 50,
    session_entitled = 51,
    asset_created = 52,
    instrument_changed = 53,
    balance_changed = 54,
    firm_changed = 55,
};

// An order as it stands after the event.
//   version 2 of the events that have one: from stop_px on
struct OrderImage {
    OrderId order;
    AccountId account;
    InstrumentId instrument;
    FixSessionId session; // that entered it; zero when none did
    Side side{};
    OrdType ord_type{};
    TimeInForce time_in_force{};
    OrdStatus ord_status{};
    Price price; // as the owner gave it: zero on a market order; the price at which it rests, once it does
    Quantity order_qty;
    Quantity leaves_qty;
    Quantity cum_qty;
    std::int64_t cum_tick_lots{}; // sum of LastPx × LastQty in ticks × lots: AvgPx before its division
    ClOrdID cl_ord_id;            // of the last accepted D or G
    Price stop_px{};
    Quantity display_qty{}; // what the book may show of it; zero: all
    Quantity shown_qty{};   // what the book shows of it; zero: nothing, it does not rest
    Quantity min_qty{};
    Amount cash_order_qty{};
    Timestamp expire_time{};
    ExecInst exec_inst{};
    SelfMatch self_match{};
    std::uint8_t triggered{}; // 1: its StopPx has been reached
    std::array<std::uint8_t, 5> reserved{};
};
static_assert(sizeof(OrderImage) == 160);
inline constexpr std::uint16_t order_image_version = 2;

// --- orders. Each goes to header.origin's session as the answer, and to order.session. -------------------

struct OrderAccepted { // 150=0
    static constexpr auto kind = EventKind::order_accepted;
    OrderImage order;
};

struct OrderRejected { // 150=8; order.order is the OrderID that the refused order would have had
    static constexpr auto kind = EventKind::order_rejected;
    OrderImage order;
    std::int64_t bound{}; // the limit that it ran into, in the unit that the reason states
    RejectReason reason{};
    std::array<std::uint8_t, 7> reserved{};
};

struct OrderTraded { // 150=F, one for each side of a trade: first the taker's, then the maker's
    static constexpr auto kind = EventKind::order_traded;
    OrderImage order;
    TradeId trade;
    Price last_px;
    Quantity last_qty;
    Amount notional;      // of this fill, in minor units of the quote asset
    Amount fee;           // in the quote asset; negative: a rebate
    std::uint8_t maker{}; // 1: rested before the trade
    std::uint8_t
        unasked{}; // 1: the command was not about this order: it is a taker that had waited for its StopPx
    std::array<std::uint8_t, 6> reserved{};
};

struct OrderCanceled { // 150=4, or 150=C when why is expired
    static constexpr auto kind = EventKind::order_canceled;
    OrderImage order;
    ClOrdID request; // the F's ClOrdID, empty when nobody asked
    Unsolicited why{};
    std::uint8_t unasked{}; // 1: the command was not about this order
    std::array<std::uint8_t, 6> reserved{};
};

struct OrderReplaced { // 150=5; order.cl_ord_id is the G's ClOrdID
    static constexpr auto kind = EventKind::order_replaced;
    OrderImage order;
    ClOrdID orig_cl_ord_id;
    std::uint8_t kept_place{};
    std::array<std::uint8_t, 7> reserved{};
};

struct CancelRejected { // 9
    static constexpr auto kind = EventKind::cancel_rejected;
    OrderId order; // zero: unknown
    ClOrdID cl_ord_id;
    ClOrdID orig_cl_ord_id;
    std::int64_t bound{};
    AccountId account; // zero: none that the asker may see
    RejectReason reason{};
    OrdStatus ord_status{OrdStatus::rejected};
    std::uint8_t of_replace{}; // 434: 0 → 1 (F), 1 → 2 (G)
    std::uint8_t reserved{};
};

// 150=D: triggered; rests_as_limit; or self_match, which has lowered OrderQty. The order is open.
struct OrderRestated {
    static constexpr auto kind = EventKind::order_restated;
    OrderImage order;
    Unsolicited why{};
    std::array<std::uint8_t, 7> reserved{};
};

// r, before the OrderCanceled of each.
struct MassCanceled {
    static constexpr auto kind = EventKind::mass_canceled;
    ClOrdID cl_ord_id;         // of the q
    InstrumentId instrument{}; // zero: all
    std::uint32_t orders{};    // 533
    RejectReason reason{};     // none: done
    std::array<std::uint8_t, 7> reserved{};
};

struct OrderStatusReport { // 150=I in answer to a D with 97=Y
    static constexpr auto kind = EventKind::order_status;
    OrderImage order;
};

struct MessageWasRefused {
    static constexpr auto kind = EventKind::message_was_refused;
    MessageRefused refusal;
};

// --- sessions ------------------------------------------------------------------------------------------

struct SessionLoggedOn {
    static constexpr auto kind = EventKind::session_logged_on;
    FixSessionId session;
    Epoch epoch;
    MsgSeqNum next_in;   // what the venue expects from the client
    MsgSeqNum first_out; // where the venue's own numbers of this epoch begin
    CancelOnDisconnect cancel_on_disconnect{};
    std::array<std::uint8_t, 7> reserved{};
};

struct LogOnRefused {
    static constexpr auto kind = EventKind::log_on_refused;
    FixSessionId session;
    RejectReason reason{};
    std::array<std::uint8_t, 3> reserved{};
};

struct SessionEnded {
    static constexpr auto kind = EventKind::session_ended;
    FixSessionId session;
    DisconnectCause cause{};
    std::array<std::uint8_t, 3> reserved{};
};

// By an operator, or, when the command came from the venue itself, for all sessions.
struct NextNumbersSet { // a live connection of the session must end: its numbers are of an old epoch
    static constexpr auto kind = EventKind::next_numbers_set;
    FixSessionId session;
    Epoch epoch;
    MsgSeqNum next_in;
    MsgSeqNum next_out;
};

struct CodeUsed { // the answer to UseCode
    static constexpr auto kind = EventKind::code_used;
    FixSessionId session;
    RejectReason reason{}; // none: it counted
    std::array<std::uint8_t, 3> reserved{};
};

struct UserAnswered { // BF
    static constexpr auto kind = EventKind::user_answered;
    AnswerUser answer;
};

// --- the venue and its back office ---------------------------------------------------------------------

struct DayEnded {
    static constexpr auto kind = EventKind::day_ended;
    std::uint32_t day{};
    std::uint32_t reserved{};
};

struct CommandDone { // the answer to every command from the control or REST channel, last of its events
    static constexpr auto kind = EventKind::command_done;
    std::uint64_t made{}; // id of what was created, 0 otherwise
    std::int64_t bound{};
    RejectReason reason{};   // none: done
    std::uint8_t repeated{}; // 1: the key was known, nothing was done again
    std::array<std::uint8_t, 6> reserved{};
};

struct FirmCreated {
    static constexpr auto kind = EventKind::firm_created;
    Code code;
    FirmId firm;
    std::uint32_t reserved{};
};

struct AccountChanged { // created, or something of it changed: always the whole
    static constexpr auto kind = EventKind::account_changed;
    Code code;
    AccountId account;
    FirmId firm;
    Quantity most_order_qty;
    Amount most_notional;
    std::uint32_t most_open_orders{};
    FeeRate maker_fee;
    FeeRate taker_fee;
    std::uint8_t frozen{};
    std::uint8_t killed{};
    std::array<std::uint8_t, 2> reserved{};
};

//   version 2  from self_match on
struct FixSessionChanged { // created, killed or revoked
    static constexpr auto kind = EventKind::fix_session_changed;
    static constexpr std::uint16_t version = 2;
    CompID comp_id;
    FixSessionId session;
    FirmId firm;
    std::uint32_t resend_max_age{};
    SessionKind session_kind{};
    CancelOnDisconnect cancel_on_disconnect{};
    std::uint8_t revoked{};
    std::uint8_t killed{};
    SelfMatch self_match{};
    std::array<std::uint8_t, 7> reserved{};
};

struct FirmChanged { // killed, or no longer
    static constexpr auto kind = EventKind::firm_changed;
    Code code;
    FirmId firm;
    std::uint8_t killed{};
    std::array<std::uint8_t, 3> reserved{};
};

struct SessionEntitled {
    static constexpr auto kind = EventKind::session_entitled;
    FixSessionId session;
    AccountId account;
};

struct AssetCreated {
    static constexpr auto kind = EventKind::asset_created;
    Code code;
    AssetId asset;
    std::uint8_t scale{};
    std::array<std::uint8_t, 3> reserved{};
};

//   version 2  from lowest_price on
struct InstrumentChanged { // created, or its state or price band changed
    static constexpr auto kind = EventKind::instrument_changed;
    static constexpr std::uint16_t version = 2;
    Symbol symbol;
    InstrumentId instrument;
    AssetId base;
    AssetId quote;
    std::int32_t market_protection{};
    std::int64_t tick_mantissa{};
    std::int64_t lot_mantissa{};
    Quantity least_quantity;
    Quantity most_quantity;
    Amount least_notional;
    std::uint8_t tick_scale{};
    std::uint8_t lot_scale{};
    InstrumentState state{};
    std::array<std::uint8_t, 5> reserved{};
    Price lowest_price{}; // zero: no bound
    Price highest_price{};
};

enum class BalanceCause : std::uint8_t { hold, release, trade, fee, deposit, withdrawal };

struct BalanceChanged { // available = total − held
    static constexpr auto kind = EventKind::balance_changed;
    AccountId account;
    AssetId asset;
    Amount total;
    Amount held;
    Amount change; // of total
    BalanceCause cause{};
    std::array<std::uint8_t, 7> reserved{};
};

// --- the envelope --------------------------------------------------------------------------------------

struct EventHeader {
    EventNumber number;
    Sequence sequence;     // of the command
    Timestamp time;        // of the command
    Origin origin;         // of the command: who is to be answered
    std::uint32_t index{}; // among the command's events, from 0; ExecID is made of sequence and index
    EventKind kind{};
    std::uint16_t version{1};
    std::uint32_t body_size{};
    std::uint32_t reserved{};
};
static_assert(sizeof(EventHeader) == 72 && std::has_unique_object_representations_v<EventHeader>);

inline constexpr std::size_t greatest_event_body = 288;

template <class Body>
concept EventBody = std::is_trivially_copyable_v<Body> && std::has_unique_object_representations_v<Body> &&
                    sizeof(Body) <= greatest_event_body && sizeof(Body) % 8 == 0 && requires {
                        { Body::kind } -> std::convertible_to<EventKind>;
                    };

template <class Body>
    requires std::same_as<decltype(Body::order), OrderImage>
inline constexpr std::uint16_t version_of<Body> = order_image_version;

struct Event {
    EventHeader header;
    alignas(8) std::array<std::byte, greatest_event_body> body;

    // Leaves the body as it is: what is past body_size is never read, and events are made by the million.
    Event() noexcept {} // NOLINT(*-member-init, modernize-use-equals-default)

    template <EventBody Body>
    [[nodiscard]] Body as() const noexcept {
        assert(header.kind == Body::kind && header.body_size == sizeof(Body));
        Body result;
        std::memcpy(&result, body.data(), sizeof(Body));
        return result;
    }

    [[nodiscard]] std::span<const std::byte> body_bytes() const noexcept {
        return {body.data(), header.body_size};
    }
};

// Kind, version, size and body.
template <EventBody Body>
void set_body(Event& event, const Body& body) noexcept {
    event.header.kind = Body::kind;
    event.header.version = version_of<Body>;
    event.header.body_size = sizeof(Body);
    std::memcpy(event.body.data(), &body, sizeof(Body));
}

// The size that a body of that kind has in this version; 0 for a kind that nobody knows.
[[nodiscard]] std::size_t body_size(EventKind kind) noexcept;

// Its version, in this program; 0 for a kind that nobody knows.
[[nodiscard]] std::uint16_t body_version(EventKind kind) noexcept;

// An event that an earlier program wrote, as this one would have: fields that it did not have are as they
// were for all orders, sessions and instruments then. One of this version, or of no known one, stays as it
// is.
void bring_up_to_date(Event& event) noexcept;

[[nodiscard]] const char* name(EventKind kind) noexcept;

} // namespace tradehive
