// The real venue's events in the naive venue's words.
#include "domain/words.hpp"
#include "tests/property/naive_venue.hpp"
#include "tests/property/naive_words.hpp"

namespace tradehive::tests {

namespace {

std::string line(const std::string& what, const OrderImage& order, const std::string& more = {}) {
    return what + " " + std::to_string(order.order.value()) + " " + std::string{order.cl_ord_id.view()} +
           " 39=" + static_cast<char>(order.ord_status) + " 38=" + text(order.order_qty.value()) +
           " 151=" + text(order.leaves_qty.value()) + " 14=" + text(order.cum_qty.value()) +
           " 44=" + text(order.price.value()) + " turnover=" + text(order.cum_tick_lots) +
           " 99=" + text(order.stop_px.value()) + " shown=" + text(order.shown_qty.value()) +
           (more.empty() ? "" : " ") + more;
}

std::string line(const OrderTraded& traded) {
    return line("traded", traded.order,
                std::to_string(traded.trade.value()) + " " + text(traded.last_qty.value()) + "@" +
                    text(traded.last_px.value()) + " fee " + text(traded.fee.value()) +
                    (traded.maker ? " maker" : " taker"));
}

} // namespace

Lines lines_of(std::span<const Event> events) {
    Lines lines;
    for (const Event& event : events) {
        switch (event.header.kind) {
        case EventKind::order_accepted:
            lines.push_back(line("accepted", event.as<OrderAccepted>().order));
            break;
        case EventKind::order_rejected: {
            const auto rejected = event.as<OrderRejected>();
            lines.push_back(line("rejected", rejected.order, word(rejected.reason)));
            break;
        }
        case EventKind::order_traded:
            lines.push_back(line(event.as<OrderTraded>()));
            break;
        case EventKind::order_canceled: {
            const auto canceled = event.as<OrderCanceled>();
            lines.push_back(line("ended", canceled.order, std::string{word(canceled.why)}));
            break;
        }
        case EventKind::order_replaced: {
            const auto replaced = event.as<OrderReplaced>();
            lines.push_back(line("replaced", replaced.order, replaced.kept_place ? "kept" : "lost"));
            break;
        }
        case EventKind::order_restated: {
            const auto restated = event.as<OrderRestated>();
            lines.push_back(line("restated", restated.order, std::string{word(restated.why)}));
            break;
        }
        case EventKind::mass_canceled: {
            const auto report = event.as<MassCanceled>();
            lines.push_back("mass " + std::to_string(report.orders) + " " + word(report.reason));
            break;
        }
        case EventKind::cancel_rejected: {
            const auto rejected = event.as<CancelRejected>();
            lines.push_back(std::string{rejected.of_replace ? "replace" : "cancel"} + " refused " +
                            std::to_string(rejected.order.value()) + " " + word(rejected.reason));
            break;
        }
        case EventKind::order_status:
            lines.push_back(line("status", event.as<OrderStatusReport>().order));
            break;
        case EventKind::session_logged_on:
            lines.emplace_back("logon");
            break;
        case EventKind::log_on_refused:
            lines.emplace_back("logon refused");
            break;
        case EventKind::session_ended:
            lines.emplace_back("logoff");
            break;
        case EventKind::command_done:
            lines.push_back("done " + word(event.as<CommandDone>().reason));
            break;
        default:
            break;
        }
    }
    return lines;
}

} // namespace tradehive::tests
