// What a message looks like in one version of FIX: the one place where what is sent differs between them.
//
// encode() makes the fields once, with what is new in 5.0 SP2 among them. FIX 4.4 gets nothing that its stock
// dictionary does not know; neither does FIX 5.0 SP2, as stock engines have it: so ExecRestatementReason(378)
// stays at the values of both, and the word in Text(58) says more.
#include "acceptor/translation/fields.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace tradehive::acceptor {

namespace {

constexpr std::array new_in_fix50sp2{
    880,  // TrdMatchID
    969,  // MinPriceIncrement
    1057, // AggressorIndicator
    1140, // MaxTradeVol
    1369, // MassActionReportID
};

struct Value {
    int tag;
    std::string_view in_fix50sp2;
    std::string_view in_fix44;
};
constexpr std::array values{
    Value{103, "16", "99"}, // OrdRejReason: price exceeds current price band
    Value{103, "18", "99"}, // OrdRejReason: invalid price increment
    Value{150, "L", "D"},   // ExecType: triggered by the system
};

bool is_new(const OutboundField& field) noexcept {
    return std::ranges::find(new_in_fix50sp2, field.tag) != new_in_fix50sp2.end();
}

void into_fix44(std::vector<OutboundField>& fields) {
    std::erase_if(fields, is_new);
    for (auto& field : fields)
        for (const auto& value : values)
            if (field.tag == value.tag && field.text == value.in_fix50sp2) field.text = value.in_fix44;
}

// DisplayQty stands in the place of MaxFloor; ExecType L says by itself why; which day it is says
// TradSesStartTime(341).
void into_fix50sp2(std::vector<OutboundField>& fields) {
    constexpr int exec_type = 150;
    constexpr int exec_restatement_reason = 378;
    constexpr int max_floor = 111;
    constexpr int trading_session_id = 336;
    constexpr int display_qty = 1138;
    const bool triggered = std::ranges::any_of(
        fields, [](const OutboundField& field) { return field.tag == exec_type && field.text == "L"; });
    std::erase_if(fields, [&](const OutboundField& field) {
        return triggered && field.tag == exec_restatement_reason;
    });
    for (auto& field : fields) {
        if (field.tag == max_floor) field.tag = display_qty;
        if (field.tag == trading_session_id) field.text = trading_session_of_fix50sp2;
    }
}

} // namespace

OutboundFields in_version(OutboundFields message, FixVersion version) {
    if (version == FixVersion::fix44)
        into_fix44(message.fields);
    else
        into_fix50sp2(message.fields);
    return message;
}

} // namespace tradehive::acceptor
