// FIX's one-character values in words, as the client prints them.
#pragma once

#include "domain/terms.hpp"

#include <string>
#include <string_view>

namespace tradehive::trader {

[[nodiscard]] constexpr std::string_view status_word(char ord_status) { // OrdStatus(39)
    switch (ord_status) {
    case '0':
        return "new";
    case '1':
        return "partially-filled";
    case '2':
        return "filled";
    case '3':
        return "done-for-day";
    case '4':
        return "canceled";
    case '6':
        return "pending-cancel";
    case '8':
        return "rejected";
    case 'A':
        return "pending-new";
    case 'C':
        return "expired";
    case 'E':
        return "pending-replace";
    default:
        return "unknown";
    }
}

[[nodiscard]] inline std::string exec_word(char exec_type) { // ExecType(150)
    switch (exec_type) {
    case '0':
        return "new";
    case '4':
        return "canceled";
    case '5':
        return "replaced";
    case '8':
        return "rejected";
    case 'C':
        return "expired";
    case 'F':
        return "trade";
    case 'I':
        return "status";
    default:
        return std::string("exec type ") + exec_type;
    }
}

[[nodiscard]] constexpr std::string_view side_word(Side side) {
    return side == Side::buy ? "buy" : "sell";
}

} // namespace tradehive::trader
