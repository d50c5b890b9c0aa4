// SecurityList (y), SecurityStatus (f), TradingSessionStatus (h) and News (B).
#include "acceptor/translation/refusal.hpp"
#include "acceptor/translation/report_fields.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace tradehive::acceptor {

namespace {

OutboundFields of_type(std::string_view msg_type) {
    return {.msg_type = std::string{msg_type}, .poss_resend = false, .fields = {}};
}

// "<epoch>-<number of the request>-<which of its messages>"
std::string response_id(const Origin& origin, std::uint64_t message) {
    return std::to_string(origin.epoch.value()) + "-" + std::to_string(origin.number.value()) + "-" +
           std::to_string(message);
}

OutboundFields security_list(const ReferenceRequest& request, std::uint64_t message, char result) {
    auto fields = of_type("y");
    fields.add(320, request.request_id.view());
    fields.add(322, response_id(request.origin, message));
    fields.add(560, result);
    return fields;
}

void add_security(OutboundFields& fields, const Instrument& instrument, const ReferenceData& reference) {
    fields.add(55, instrument.symbol.view());
    fields.add(15, asset_of(reference, instrument.quote).code.view());
    fields.add(561, format_units(1, instrument.lot).view());
    fields.add(562, format_units(instrument.least_quantity.value(), instrument.lot).view());
    fields.add(969, format_units(1, instrument.tick).view());
    fields.add(1140, format_units(instrument.most_quantity.value(), instrument.lot).view());
}

std::string day_text(std::uint32_t day) {
    using namespace std::chrono;
    const year_month_day date{sys_days{days{day}}};
    std::array<char, 16> text{};
    const int length = std::snprintf(text.data(), text.size(), "%04d%02u%02u", static_cast<int>(date.year()),
                                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return {text.data(), static_cast<std::size_t>(length)};
}

} // namespace

OutboundFields security_list_page(const ReferenceRequest& request, std::span<const Instrument> on_page,
                                  const ReferenceData& reference, const SecurityListPage& page) {
    auto fields = security_list(request, page.message, '0');
    fields.add(393, page.of_all);
    fields.add(893, page.last ? 'Y' : 'N');
    if (!on_page.empty()) fields.add(146, on_page.size());
    for (const Instrument& instrument : on_page)
        add_security(fields, instrument, reference);
    return fields;
}

// There is no Text(58) in it: the result alone says why.
OutboundFields security_list_refused(const ReferenceRequest& request, RejectReason why) {
    const bool none_found = why == RejectReason::unknown_instrument;
    return security_list(request, 1, none_found ? '2' : '1');
}

namespace {

// SecurityTradingStatus(326), and why orders are refused.
std::pair<std::string_view, RejectReason> trading_status(InstrumentState state) noexcept {
    switch (state) {
    case InstrumentState::open:
        return {"17", RejectReason::none}; // ready to trade
    case InstrumentState::halted:
        return {"2", RejectReason::instrument_halted};
    case InstrumentState::cancel_only:
        return {"18", RejectReason::cancel_only}; // not available for trading
    case InstrumentState::delisted:
        break;
    }
    return {"18", RejectReason::delisted};
}

struct News {
    std::string_view headline;
    bool urgent{};
    std::string_view what;
};

News news_of(InstrumentState state) noexcept {
    switch (state) {
    case InstrumentState::open:
        return {"RESUME", false, " is open again: orders are taken"};
    case InstrumentState::halted:
        return {"HALT", true, " is halted: cancels are taken, orders and replaces are not"};
    case InstrumentState::cancel_only:
        return {"CANCEL_ONLY", true, " is not available for trading: only cancels are taken"};
    case InstrumentState::delisted:
        break;
    }
    return {"DELIST", true, " is no longer traded: its orders are cancelled"};
}

} // namespace

OutboundFields instrument_news(const Instrument& instrument, Timestamp now) {
    const auto [headline, urgent, what] = news_of(instrument.state);
    const std::string symbol{instrument.symbol.view()};
    auto fields = of_type("B");
    fields.add(42, format_utc_timestamp(now));
    fields.add(61, urgent ? '1' : '0'); // flash, normal
    fields.add(148, std::string{headline} + ": " + symbol);
    fields.add(146, '1');
    fields.add(55, symbol);
    fields.add(33, '1');
    fields.add(58, symbol + std::string{what});
    return fields;
}

OutboundFields reset_news(Timestamp at, Timestamp now) {
    const auto moment = format_utc_timestamp(at).substr(0, std::string_view{"20260110-22:00:00"}.size());
    auto fields = of_type("B");
    fields.add(42, format_utc_timestamp(now));
    fields.add(61, '0'); // normal
    fields.add(148, "RESET: sequence numbers begin anew at " + moment);
    fields.add(33, '1');
    fields.add(58, "at " + moment +
                       " UTC every session is logged out; its next Logon is number 1 on both sides, and "
                       "open orders stay");
    return fields;
}

OutboundFields security_status(const ReferenceRequest& request, InstrumentState state, Timestamp now,
                               bool unsolicited) {
    auto fields = of_type("f");
    fields.add(324, request.request_id.view());
    fields.add(55, request.symbol.view());
    fields.add(325, unsolicited ? 'Y' : 'N');
    const auto [status, why] = trading_status(state);
    fields.add(326, status);
    fields.add(60, format_utc_timestamp(now));
    if (why != RejectReason::none) fields.add(58, refusal_text(why));
    return fields;
}

OutboundFields security_status_refused(const ReferenceRequest& request, RejectReason why) {
    auto fields = of_type("f");
    fields.add(324, request.request_id.view());
    fields.add(55, request.symbol.empty() ? no_symbol : request.symbol.view());
    fields.add(326, "20"); // unknown or invalid
    fields.add(58, refusal_text(why));
    return fields;
}

OutboundFields trading_session_status(const ReferenceRequest& request, std::uint32_t day, bool unsolicited) {
    auto fields = of_type("h");
    fields.add(335, request.request_id.view());
    fields.add(336, day_text(day));
    fields.add(325, unsolicited ? 'Y' : 'N');
    fields.add(340, '2');
    fields.add(341, day_text(day) + "-00:00:00.000");
    return fields;
}

OutboundFields trading_session_refused(const ReferenceRequest& request, std::uint32_t day, RejectReason why) {
    auto fields = of_type("h");
    fields.add(335, request.request_id.view());
    fields.add(336, day_text(day));
    fields.add(340, '6');
    fields.add(567, why == RejectReason::unknown_trading_session ? "1" : "99");
    fields.add(58, refusal_text(why));
    return fields;
}

bool is_trading_session(std::string_view id, std::uint32_t day) {
    return id == trading_session_of_fix50sp2 || id == day_text(day);
}

} // namespace tradehive::acceptor
