// Everything that changes the venue: a header and one flat body.
//
// A command is written to the journal byte for byte as it lies in memory here (little-endian), so each
// body has no padding and a pinned size, and a changed body gets a new version number and keeps its old
// reader. Immutable once submitted.
//
// The venue loop stamps header.sequence and header.time; whoever submits leaves them zero. apply() takes
// time and ids from the command only.
#pragma once

#include "domain/ids.hpp"
#include "domain/numbers.hpp"
#include "domain/reject_reason.hpp"
#include "domain/terms.hpp"
#include "domain/text.hpp"

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace tradehive {

// Numbers are written in the journal: never reuse one.
enum class CommandKind : std::uint16_t {
    enter_order = 1,
    cancel_order = 2,
    replace_order = 3,
    message_refused = 4,
    mass_cancel = 5,
    log_on_session = 16,
    session_disconnected = 17,
    set_next_numbers = 18,
    use_code = 19,
    answer_user = 20,
    venue_started = 32,
    end_day = 33,
    expire_orders = 34,
    reset_numbers = 35,
    create_firm = 48,
    create_account = 49,
    set_account_limits = 50,
    set_account_frozen = 51,
    set_account_fees = 52,
    create_fix_session = 53,
    entitle_session = 54,
    revoke_session = 55,
    create_asset = 56,
    create_instrument = 57,
    set_instrument_state = 58,
    deposit = 59,
    withdraw = 60,
    set_price_band = 61,
    set_kill_switch = 62,
};

// Who sent it. A FIX message is named by (session, epoch, number) for ever; number is 0 for commands that
// no FIX message carried.
struct Origin {
    Correlation correlation;
    MsgSeqNum number;
    FixSessionId session;
    Epoch epoch;
    Channel channel{Channel::venue};
    std::array<std::uint8_t, 7> reserved{};

    friend constexpr bool operator==(const Origin&, const Origin&) = default;
};
static_assert(sizeof(Origin) == 32);

// --- from FIX messages ---------------------------------------------------------------------------------

// D. Everything is checked by apply(). Zero where the message has no such field.
//   version 2  all types of order: from stop_px on
struct EnterOrder {
    static constexpr auto kind = CommandKind::enter_order;
    static constexpr std::uint16_t version = 2;
    AccountId account;
    InstrumentId instrument;
    Price price;        // of a limit
    Quantity order_qty; // or cash_order_qty
    ClOrdID cl_ord_id;
    Side side{};
    OrdType ord_type{};
    TimeInForce time_in_force{TimeInForce::day};
    std::uint8_t poss_resend{}; // 97=Y: a known ClOrdID is answered with its state, no second order
    ExecInst exec_inst{};
    std::uint8_t self_match_given{}; // 0: self_match is the session's own
    SelfMatch self_match{};
    std::uint8_t reserved{};
    Price stop_px{};
    Quantity display_qty{};  // what the book shows of it; zero: all
    Quantity min_qty{};      // trades at least so much at once, or nothing
    Amount cash_order_qty{}; // minor units of the quote asset, fees included
    Timestamp expire_time{}; // of good_till_date
};

struct CancelOrder { // F
    static constexpr auto kind = CommandKind::cancel_order;
    OrderId order;          // zero when not given
    ClOrdID orig_cl_ord_id; // empty when not given; at least one of the two is
    ClOrdID cl_ord_id;
    AccountId account;       // zero when not given: any account of the session
    InstrumentId instrument; // zero when not given
    Side side{};             // zero when not given
    std::array<std::uint8_t, 7> reserved{};
};

// G. What is zero stays as it is, but for order_qty and display_qty.
//   version 2  all types of order: from stop_px on
struct ReplaceOrder {
    static constexpr auto kind = CommandKind::replace_order;
    static constexpr std::uint16_t version = 2;
    OrderId order;
    ClOrdID orig_cl_ord_id;
    ClOrdID cl_ord_id;
    AccountId account; // zero when not given
    InstrumentId instrument;
    Price price;
    Quantity order_qty; // the whole order's: what is filled counts
    Side side{};
    OrdType ord_type{};
    TimeInForce time_in_force{}; // zero when not given
    ExecInst exec_inst{};
    std::uint8_t exec_inst_given{}; // then it must be the order's
    std::array<std::uint8_t, 3> reserved{};
    Price stop_px{};
    Quantity display_qty{}; // zero: all
    Timestamp expire_time{};
};

struct MassCancel { // q: the open orders of the session that asks
    static constexpr auto kind = CommandKind::mass_cancel;
    ClOrdID cl_ord_id;
    InstrumentId instrument{}; // zero: of all
    std::uint32_t reserved{};
};

// An inbound number whose message the gateway refused, and all that the answer needs.
struct MessageRefused {
    static constexpr auto kind = CommandKind::message_refused;
    OrderId order;
    ClOrdID cl_ord_id;
    ClOrdID orig_cl_ord_id;
    Symbol symbol;
    Code account;
    Reason text;             // what is sent as Text(58), word first
    std::uint32_t ref_tag{}; // 371
    std::uint16_t code{};    // 103, 102, 373 or 380, by channel
    RefusalChannel channel{};
    Side side{};
    std::array<char, 4> ref_msg_type{}; // 372, padded with zeros
    OrdType ord_type{};
    char request_type{}; // 530 of a q
    std::array<std::uint8_t, 2> reserved{};
};

// --- sessions ------------------------------------------------------------------------------------------

struct LogOnSession { // the credential has been verified; apply() decides on TOTP step and reset
    static constexpr auto kind = CommandKind::log_on_session;
    FixSessionId session;
    CancelOnDisconnect cancel_on_disconnect{}; // for this logon
    std::uint8_t override_cancel_on_disconnect{};
    std::uint8_t reset_numbers{}; // 141=Y: raises the epoch
    CodeOffered code{};
    std::uint64_t totp_step{}; // the step whose code was given
    // Of the rule `fresh`: for so long after a code that counted, and from the same address, a Logon needs no
    // new one. Zero: each Logon does.
    std::uint32_t otp_grace_seconds{};
    std::uint32_t reserved{};
    std::uint64_t address{};   // keyed hash of the peer's
    std::uint64_t code_mark{}; // keyed hash of the code
};

struct SessionDisconnected {
    static constexpr auto kind = CommandKind::session_disconnected;
    FixSessionId session;
    Epoch epoch;
    MsgSeqNum next_in; // what the gateway expects next; never lowers the journaled number
    DisconnectCause cause{};
    std::uint8_t keep_orders{}; // 20102=N on the client's Logout
    std::array<std::uint8_t, 6> reserved{};
};

struct SetNextNumbers { // by an operator; raises the epoch. 1 and 1 is a reset.
    static constexpr auto kind = CommandKind::set_next_numbers;
    FixSessionId session;
    std::uint32_t reserved{};
    MsgSeqNum next_in;
    MsgSeqNum next_out;
};

// A one-time code that a session gave in a message of its live connection: it counts once, here and at logon.
struct UseCode {
    static constexpr auto kind = CommandKind::use_code;
    FixSessionId session;
    std::uint32_t reserved{};
    std::uint64_t totp_step{};
};

// BF, the answer to a BE that the gateway has dealt with.
struct AnswerUser {
    static constexpr auto kind = CommandKind::answer_user;
    FixedText<39> request_id; // 923
    FixedText<71> username;   // 553
    RejectReason reason{};    // none: the password is changed
    std::uint8_t late{};      // 1: the number of the BE was journaled before; 0: it is with this
    std::array<std::uint8_t, 6> reserved{};
};

// --- the venue -----------------------------------------------------------------------------------------

struct VenueStarted { // the first command after recovery: every session counts as disconnected
    static constexpr auto kind = CommandKind::venue_started;
    std::uint64_t reserved{};
};

struct EndDay { // the Day orders that entered before its end expire
    static constexpr auto kind = CommandKind::end_day;
    std::uint32_t day{}; // days since 1970-01-01; a day ends once
    std::uint32_t reserved{};
};

struct ExpireOrders { // those whose expire_time is not after the command's time
    static constexpr auto kind = CommandKind::expire_orders;
    std::uint64_t reserved{};
};

struct ResetNumbers { // of all FIX sessions: each begins a new epoch at 1 and 1
    static constexpr auto kind = CommandKind::reset_numbers;
    Timestamp moment; // that it was due at; what is not later than the last one changes nothing
};

// --- back office. A key, when not empty, makes the command idempotent: the second one changes nothing and
// is answered like the first. -----------------------------------------------------------------------------

struct CreateFirm {
    static constexpr auto kind = CommandKind::create_firm;
    Key key;
    Code code;
};

struct CreateAccount {
    static constexpr auto kind = CommandKind::create_account;
    Key key;
    Code code; // unique in the venue: what Account(1) carries
    FirmId firm;
    FeeRate maker_fee;
    FeeRate taker_fee;
    std::uint32_t reserved{};
};

struct SetAccountLimits { // zero: no limit
    static constexpr auto kind = CommandKind::set_account_limits;
    AccountId account;
    std::uint32_t most_open_orders{};
    Quantity most_order_qty; // in lots of whatever instrument
    Amount most_notional;    // of one order, in minor units of whatever quote asset
};

struct SetAccountFrozen {
    static constexpr auto kind = CommandKind::set_account_frozen;
    AccountId account;
    std::uint8_t frozen{};
    std::array<std::uint8_t, 3> reserved{};
};

struct SetAccountFees { // for orders that enter from now on
    static constexpr auto kind = CommandKind::set_account_fees;
    AccountId account;
    FeeRate maker_fee;
    FeeRate taker_fee;
    std::uint32_t reserved{};
};

struct CreateFixSession {
    static constexpr auto kind = CommandKind::create_fix_session;
    Key key;
    CompID comp_id; // the client's SenderCompID(49); unique in the venue
    FirmId firm;
    std::uint32_t resend_max_age{}; // seconds
    SessionKind session_kind{};
    CancelOnDisconnect cancel_on_disconnect{CancelOnDisconnect::session};
    SelfMatch self_match{}; // of orders that do not say
    std::array<std::uint8_t, 5> reserved{};
};

struct EntitleSession { // the session may act for the account, which must be of its firm
    static constexpr auto kind = CommandKind::entitle_session;
    FixSessionId session;
    AccountId account;
};

struct RevokeSession { // ends its logon and cancels its orders, for ever
    static constexpr auto kind = CommandKind::revoke_session;
    FixSessionId session;
    std::uint32_t reserved{};
};

struct CreateAsset {
    static constexpr auto kind = CommandKind::create_asset;
    Key key;
    Code code;
    std::uint8_t scale{};
    std::array<std::uint8_t, 7> reserved{};
};

struct CreateInstrument {
    static constexpr auto kind = CommandKind::create_instrument;
    Key key;
    Symbol symbol;
    AssetId base;
    AssetId quote;
    std::int64_t tick_mantissa{};
    std::int64_t lot_mantissa{};
    Quantity least_quantity;
    Quantity most_quantity;
    Amount least_notional;
    std::int32_t market_protection{}; // millionths
    std::uint8_t tick_scale{};
    std::uint8_t lot_scale{};
    std::array<std::uint8_t, 2> reserved{};
};

struct SetInstrumentState {
    static constexpr auto kind = CommandKind::set_instrument_state;
    InstrumentId instrument;
    InstrumentState state{};
    std::array<std::uint8_t, 3> reserved{};
};

struct Deposit {
    static constexpr auto kind = CommandKind::deposit;
    Key key;
    AccountId account;
    AssetId asset;
    Amount amount;
};

struct Withdraw {
    static constexpr auto kind = CommandKind::withdraw;
    Key key;
    AccountId account;
    AssetId asset;
    Amount amount;
};

struct SetPriceBand { // where orders may be priced from now on; zero: no bound
    static constexpr auto kind = CommandKind::set_price_band;
    InstrumentId instrument;
    std::uint32_t reserved{};
    Price lowest;
    Price highest;
};

// Cancels all open orders in its scope and refuses new ones and replaces until it is switched off.
struct SetKillSwitch {
    static constexpr auto kind = CommandKind::set_kill_switch;
    std::uint32_t id{}; // an AccountId, FirmId or FixSessionId
    KillScope scope{};
    std::uint8_t killed{};
    std::array<std::uint8_t, 2> reserved{};
};

// --- the envelope --------------------------------------------------------------------------------------

struct CommandHeader {
    Sequence sequence;
    Timestamp time;
    Origin origin;
    CommandKind kind{};
    std::uint16_t version{1};
    std::uint32_t body_size{};
};
static_assert(sizeof(CommandHeader) == 56 && std::has_unique_object_representations_v<CommandHeader>);

inline constexpr std::size_t greatest_command_body = 288;

template <class Body>
concept CommandBody = std::is_trivially_copyable_v<Body> && std::has_unique_object_representations_v<Body> &&
                      sizeof(Body) <= greatest_command_body && sizeof(Body) % 8 == 0 && requires {
                          { Body::kind } -> std::convertible_to<CommandKind>;
                      };

// Of the body as this program writes it.
template <class Body>
inline constexpr std::uint16_t version_of = 1;
template <class Body>
    requires requires { Body::version; }
inline constexpr std::uint16_t version_of<Body> = Body::version;

struct Command {
    CommandHeader header;
    alignas(8) std::array<std::byte, greatest_command_body> body;

    // The body is of this kind; anything else is a programming error.
    template <CommandBody Body>
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

template <CommandBody Body>
[[nodiscard]] Command make_command(const Origin& origin, const Body& body) noexcept {
    Command command; // NOLINT(*-member-init): bytes past body_size are never read
    command.header = {};
    command.header.origin = origin;
    command.header.kind = Body::kind;
    command.header.version = version_of<Body>;
    command.header.body_size = sizeof(Body);
    std::memcpy(command.body.data(), &body, sizeof(Body));
    return command;
}

static_assert(sizeof(EnterOrder) == 112 && sizeof(CancelOrder) == 104 && sizeof(ReplaceOrder) == 144);
static_assert(sizeof(MessageRefused) == 256);
static_assert(sizeof(LogOnSession) == 40 && sizeof(SessionDisconnected) == 24 &&
              sizeof(SetNextNumbers) == 24);
static_assert(sizeof(UseCode) == 16 && sizeof(AnswerUser) == 120);
static_assert(sizeof(CreateFirm) == 56 && sizeof(CreateAccount) == 72 && sizeof(CreateFixSession) == 88);
static_assert(sizeof(CreateAsset) == 64 && sizeof(CreateInstrument) == 112);
static_assert(sizeof(Deposit) == 56 && sizeof(Withdraw) == 56);

// The size that a body of that kind has in this version; 0 for a kind that nobody knows.
[[nodiscard]] std::size_t body_size(CommandKind kind) noexcept;

[[nodiscard]] inline bool is_known(CommandKind kind) noexcept {
    return body_size(kind) != 0;
}

// A command that an earlier program wrote, as this one would have; see the event's. Bodies have grown at
// their end only, where zero is what was meant before. For reading: commands of other rules are not applied.
void bring_up_to_date(Command& command) noexcept;

// Its version, in this program; 0 for a kind that nobody knows.
[[nodiscard]] std::uint16_t body_version(CommandKind kind) noexcept;

// "EnterOrder", "Deposit"…; "Unknown" for a kind that nobody knows.
[[nodiscard]] const char* name(CommandKind kind) noexcept;

} // namespace tradehive
