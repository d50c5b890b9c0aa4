#include "acceptor/translation/refusal.hpp"
#include "acceptor/translation/report_fields.hpp"

#include <algorithm>

namespace tradehive::acceptor {

namespace {

// Of an answer that no event carries: one inbound message gets one, whatever happens.
std::string exec_id(const Origin& asker) {
    return "H" + std::to_string(asker.session.value()) + "-" + std::to_string(asker.epoch.value()) + "-" +
           std::to_string(asker.number.value());
}

OutboundFields status(const Origin& asker, const OrderAnswer& answer, const ReferenceData& reference,
                      const RequestEcho& echo) {
    OutboundFields fields{.msg_type = "8", .poss_resend = false, .fields = {}};
    fields.add(17, exec_id(asker));
    fields.add(150, 'I');
    if (!echo.request_id.empty()) fields.add(790, echo.request_id.view());
    if (answer.reason == RejectReason::none) {
        add_order(fields, answer.order, reference);
        if (!answer.order.cl_ord_id.empty()) fields.add(11, answer.order.cl_ord_id.view());
        return fields;
    }
    fields.add(37, no_order);
    fields.add(39, '8');
    if (!echo.cl_ord_id.empty()) fields.add(11, echo.cl_ord_id.view());
    fields.add(55, echo.symbol.empty() ? no_symbol : echo.symbol.view());
    fields.add(54, static_cast<char>(echo.side));
    fields.add(151, '0');
    fields.add(14, '0');
    fields.add(6, '0');
    fields.add(58, refusal_text(answer.reason));
    return fields;
}

// One report an order, counted; a report of none when there is none.
std::vector<OutboundFields> mass_status(const Origin& asker, const OpenOrdersAnswer& answer,
                                        const ReferenceData& reference, const RequestEcho& echo) {
    std::vector<OutboundFields> messages;
    const std::size_t count = answer.orders.size();
    messages.reserve(std::max<std::size_t>(count, 1));
    for (const OrderImage& order : answer.orders) {
        auto& fields =
            messages.emplace_back(OutboundFields{.msg_type = "8", .poss_resend = false, .fields = {}});
        fields.add(17, exec_id(asker) + "-" + std::to_string(messages.size()));
        fields.add(150, 'I');
        fields.add(584, echo.request_id.view());
        fields.add(911, std::uint64_t{count});
        fields.add(912, messages.size() == count ? 'Y' : 'N');
        add_order(fields, order, reference);
        if (!order.cl_ord_id.empty()) fields.add(11, order.cl_ord_id.view());
    }
    if (count == 0) messages.push_back(no_orders(exec_id(asker), echo.request_id.view(), echo.symbol));
    return messages;
}

} // namespace

std::vector<OutboundFields> reports(const Answer& answer, const ReferenceData& reference,
                                    const RequestEcho& echo) {
    if (const auto* const order = std::get_if<OrderAnswer>(&answer.what))
        return {status(answer.asker, *order, reference, echo)};
    if (const auto* const orders = std::get_if<OpenOrdersAnswer>(&answer.what))
        return mass_status(answer.asker, *orders, reference, echo);
    return {};
}

} // namespace tradehive::acceptor
