// A small venue to translate for, and messages written as "35=D|11=A|…".
#pragma once

#include "acceptor/translation.hpp"

#include <string>
#include <string_view>

namespace tradehive::acceptor {

// Firm 2 has accounts ALICE (2) and BOB (3); firm 3 has EVE (4). BTC-USD: tick 0.01, lot 0.001. AAPL: tick
// 0.01, lot 1. USD has 6 decimals.
[[nodiscard]] const ReferenceData& world();

inline constexpr AccountId alice{2};
inline constexpr AccountId bob{3};
inline constexpr InstrumentId btc_usd{1};
inline constexpr InstrumentId aapl{2};
inline constexpr FixSessionId trader_session{1};            // ALICE only, resend_max_age 10 s
inline constexpr FixSessionId broker_session{2};            // ALICE and BOB
inline constexpr FixSessionId prices_session{3};            // market data
inline constexpr FixSessionId copy_session{4};              // drop copy
inline constexpr Timestamp noon{1'767'268'800'123'456'789}; // 2026-01-01 12:00:00.123456789

[[nodiscard]] const FIX::DataDictionary& dictionary();

// A complete message of these fields ("35=…" first): header, BodyLength and CheckSum are put around them.
[[nodiscard]] std::string framed(std::string_view fields);
[[nodiscard]] FIX::Message parsed(std::string_view fields);

// "35=8|37=1|…": the message as it stands on the wire, without 8, 9 and 10.
[[nodiscard]] std::string text(const FIX::Message& message);

[[nodiscard]] std::string wire_text(std::string_view bytes);

// text(), after proving that a stock FIX 4.4 engine can take the message: our dictionary validates it, it
// comes back from its own bytes unchanged, and it carries no tag that FIX 4.4 does not give that message.
[[nodiscard]] std::string stock_text(const FIX::Message& message);
[[nodiscard]] inline std::string text(const OutboundFields& message) {
    return text(write(message, FixVersion::fix44));
}
[[nodiscard]] std::string stock_text(const OutboundFields& message);
// As FIX 5.0 SP2 gets it, after proving that our dictionaries validate it.
[[nodiscard]] std::string text_in_fix50sp2(const OutboundFields& message);
// The same of bytes that were written without QuickFIX.
[[nodiscard]] std::string stock_wire_text(const std::string& wire);

[[nodiscard]] Origin origin_of(FixSessionId session);
[[nodiscard]] Translated translated(std::string_view fields, FixSessionId session = trader_session);
// What the client sees of the refusal that this message leads to; "taken" when there is none.
[[nodiscard]] std::string refusal_of(std::string_view fields, FixSessionId session = trader_session);

template <EventBody Body>
[[nodiscard]] Event event_of(const Body& body, const Origin& origin = origin_of(trader_session)) {
    Event event{};
    event.header.number = EventNumber{900};
    event.header.sequence = Sequence{77};
    event.header.time = noon;
    event.header.origin = origin;
    event.header.index = 3;
    set_body(event, body);
    return event;
}

} // namespace tradehive::acceptor
