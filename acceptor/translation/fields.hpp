// What stands between a FIX message and the venue's own words: flat lists of fields as text.
//
// Inbound: the fields that matter, as views into the message's own text; empty means absent (an empty value
// is malformed FIX and never gets this far). Decimals stay text until domain/decimal.hpp reads them.
// Both versions of FIX are in it: what one of them does not know is absent. Outbound: OutboundFields.
//
// Whoever can fill the one and write the other can speak for the venue: today QuickFIX's Message
// (quickfix_messages.cpp).
#pragma once

#include "acceptor/translation.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tradehive::acceptor {

// Fields of D and G that would change what the order means, and that the venue cannot keep yet. Any of them
// refuses the order; every other field that is not read is harmless and ignored.
inline constexpr std::array tags_that_change_an_order{
    78,   // NoAllocs
    168,  // EffectiveTime
    211,  // PegOffsetValue
    388,  // DiscretionInst
    516,  // OrderPercent
    544,  // CashMargin
    711,  // NoUnderlyings
    847,  // TargetStrategy
    1082, // SecondaryDisplayQty
    1083, // DisplayWhen
    1084, // DisplayMethod
    1085, // DisplayLowQty
    1086, // DisplayHighQty
    1087, // DisplayMinIncr
    1088, // RefreshQty
    1089, // MatchIncrement
    1090, // MaxPriceLevels
    1092, // PriceProtectionScope
    1094, // PegPriceType
    1103, // TriggerSymbol
    1104, // TriggerSecurityID
    1108, // TriggerPriceTypeScope
    1110, // TriggerNewPrice
    1111, // TriggerOrderType
    1112, // TriggerNewQty
    1113, // TriggerTradingSessionID
    1629, // ExposureDuration
};

struct InboundFields {
    std::string_view msg_type;
    std::string_view appl_ver_id;       // 1128
    std::string_view poss_dup;          // 43
    std::string_view poss_resend;       // 97
    std::string_view orig_sending_time; // 122

    std::string_view account;                // 1
    std::string_view cl_ord_id;              // 11
    std::string_view order_id;               // 37
    std::string_view order_qty;              // 38
    std::string_view ord_type;               // 40
    std::string_view orig_cl_ord_id;         // 41
    std::string_view price;                  // 44
    std::string_view side;                   // 54
    std::string_view symbol;                 // 55
    std::string_view time_in_force;          // 59
    std::string_view price_type;             // 423
    std::string_view qty_type;               // 854
    std::string_view exec_inst;              // 18
    std::string_view stop_px;                // 99
    std::string_view min_qty;                // 110
    std::string_view max_floor;              // 111, 210 or 1138
    std::string_view expire_time;            // 126
    std::string_view cash_order_qty;         // 152
    std::string_view expire_date;            // 432
    std::string_view self_match;             // 20122
    std::string_view trigger_type;           // 1100
    std::string_view trigger_action;         // 1101
    std::string_view trigger_price;          // 1102
    std::string_view trigger_price_type;     // 1107
    std::string_view trigger_direction;      // 1109
    std::string_view self_match_instruction; // 2964
    bool names_parties{};                    // 453 or 1461, of q
    std::string_view mass_type;              // 530, 585
    int unsupported_tag{};                   // the first of tags_that_change_an_order that is there; 0: none

    std::string_view request_id;           // 262, 320, 324, 335, 584, 790, 923
    std::string_view subscription;         // 263
    std::string_view depth;                // 264
    std::string_view update_type;          // 265
    std::string_view aggregated_book;      // 266
    std::vector<std::string_view> symbols; // 55 of the entries of 146
    market_data::EntryTypes entry_types;   // 269 of the entries of 267
    bool other_entry_types{};              // any 269 that we do not know
    std::string_view list_type;            // 559
    std::string_view trading_session;      // 336

    std::string_view user_request_type; // 924; this and what follows of BE only
    std::string_view username;          // 553
    std::string_view password;          // 554
    std::string_view code;              // 20101
    std::string_view new_password;      // 925
};

// TradingSessionID(336) is a date, and in 5.0 SP2, which has a list of values for it, its word for a day.
inline constexpr std::string_view trading_session_of_fix50sp2 = "1";

// What of it a session of that version gets, in that version's words.
[[nodiscard]] OutboundFields in_version(OutboundFields message, FixVersion version);

// --- the message view ------------------------------------------------------------------------------------

[[nodiscard]] InboundFields view(const FIX::Message& message);

// --- between ---------------------------------------------------------------------------------------------

[[nodiscard]] Translated decode(const InboundFields& fields, const InboundContext& context);
[[nodiscard]] Translated decode_new_order(const InboundFields& fields, const InboundContext& context);
[[nodiscard]] Translated decode_cancel(const InboundFields& fields, const InboundContext& context);
[[nodiscard]] Translated decode_replace(const InboundFields& fields, const InboundContext& context);
[[nodiscard]] Translated decode_mass_cancel(const InboundFields& fields, const InboundContext& context);
[[nodiscard]] Translated decode_mass_status(const InboundFields& fields, const InboundContext& context);
[[nodiscard]] Translated decode_status_request(const InboundFields& fields, const InboundContext& context);
[[nodiscard]] Translated decode_market_data_request(const InboundFields& fields,
                                                    const InboundContext& context);
[[nodiscard]] Translated decode_reference_request(const InboundFields& fields, const InboundContext& context);
[[nodiscard]] Translated decode_user_request(const InboundFields& fields, const InboundContext& context);

[[nodiscard]] OutboundFields encode(const UserAnswered& event);
[[nodiscard]] std::optional<OutboundFields> encode(const Event& event, const ReferenceData& reference);

// An OrderID as the venue writes it; nothing for anything else.
[[nodiscard]] std::optional<OrderId> parse_order_id(std::string_view text) noexcept;

// OrdType(40) as far as the venue takes it.
[[nodiscard]] std::optional<OrdType> parse_ord_type(std::string_view text) noexcept;

// UTCTimestamp: "YYYYMMDD-HH:MM:SS" with up to nine decimals ⇄ Timestamp; written with milliseconds, which is
// what FIX 4.4 knows.
[[nodiscard]] std::optional<Timestamp> parse_utc_timestamp(std::string_view text) noexcept;
[[nodiscard]] std::string format_utc_timestamp(Timestamp time);
// "YYYYMMDD" → the moment at which that UTC day is over.
[[nodiscard]] std::optional<Timestamp> parse_end_of_day(std::string_view text) noexcept;

} // namespace tradehive::acceptor
