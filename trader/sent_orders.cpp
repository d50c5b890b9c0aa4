#include "trader/sent_orders.hpp"

#include <functional>
#include <utility>

namespace tradehive::trader {
namespace {

bool is_final(char ord_status) {
    return ord_status == '2' || ord_status == '4' || ord_status == '8' || ord_status == 'C' ||
           ord_status == '3';
}

} // namespace

OrderNumber SentOrders::entered(OrderEntry entry, std::int64_t ticks, std::int64_t lots) {
    const OrderNumber number = orders_.size();
    const auto cl_ord_id = entry.cl_ord_id;
    orders_.push_back({.entry = std::move(entry),
                       .cl_ord_id = cl_ord_id,
                       .ticks = ticks,
                       .order_qty = lots,
                       .leaves_qty = lots});
    ask(number, cl_ord_id, {.kind = Kind::enter, .order = number, .expected_leaves = {}});
    return number;
}

void SentOrders::cancel_asked(OrderNumber order, const std::string& cl_ord_id,
                              std::optional<std::int64_t> expected) {
    orders_.at(order).cancel_asked = true;
    ask(order, cl_ord_id, {.kind = Kind::cancel, .order = order, .expected_leaves = expected});
}

void SentOrders::replace_asked(OrderNumber order, const std::string& cl_ord_id) {
    orders_.at(order).cl_ord_id = cl_ord_id;
    ask(order, cl_ord_id, {.kind = Kind::replace, .order = order, .expected_leaves = {}});
}

void SentOrders::ask(OrderNumber order, const std::string& cl_ord_id, Request request) {
    requests_.insert_or_assign(cl_ord_id, request);
    ++orders_.at(order).unanswered;
    ++unanswered_;
}

void SentOrders::answer(Request& request) {
    if (std::exchange(request.answered, true)) return;
    --orders_.at(request.order).unanswered;
    --unanswered_;
}

bool SentOrders::seen_before(const Report& report) {
    const auto said = report.order_id + '|' + report.cl_ord_id + '|' + report.exec_type + report.ord_status +
                      '|' + report.cum_qty + '|' + report.leaves_qty + '|' + report.last_qty + '|' +
                      report.last_px + '|' + report.trade_id;
    const auto hash = std::hash<std::string>{}(said);
    const auto [known, is_new] = execs_.try_emplace(report.exec_id, hash);
    if (is_new) return false;
    ++repeats_;
    if (known->second != hash) ++conflicts_;
    return true;
}

bool SentOrders::read_quantities(const Report& report, SentOrder& order, Heard& heard) const {
    const auto order_qty = parse_units(report.order_qty, steps_.lot);
    const auto cum_qty = parse_units(report.cum_qty, steps_.lot);
    const auto leaves_qty = parse_units(report.leaves_qty, steps_.lot);
    if (!order_qty || !cum_qty || !leaves_qty) {
        heard.fault = "OrderQty, CumQty or LeavesQty is missing or not a whole number of lots";
        return false;
    }
    order.order_qty = *order_qty;
    order.cum_qty = *cum_qty;
    order.leaves_qty = *leaves_qty;
    order.ord_status = report.ord_status;
    const bool open = !is_final(report.ord_status);
    if (open && *cum_qty + *leaves_qty != *order_qty) heard.fault = "CumQty + LeavesQty is not OrderQty";
    if (!open && *leaves_qty != 0) heard.fault = "an ended order has LeavesQty";
    return true;
}

Heard SentOrders::hear(const Report& report) {
    Heard heard;
    if (report.exec_type == 'I') return heard; // the answer to a question changes nothing
    if (seen_before(report)) {
        heard.repeat = true;
        return heard;
    }
    const auto found = requests_.find(report.cl_ord_id);
    if (found == requests_.end()) {
        heard.unknown = true;
        return heard;
    }
    auto& request = found->second;
    auto& order = orders_.at(request.order);
    heard.order = request.order;
    if (report.exec_type == '8') {
        heard.refused = report.text;
        order.leaves_qty = 0;
        order.ord_status = report.ord_status;
        answer(request);
        return heard;
    }
    if (!read_quantities(report, order, heard)) return heard;

    switch (report.exec_type) {
    case 'F': {
        const auto ticks = parse_units(report.last_px, steps_.tick);
        const auto lots = parse_units(report.last_qty, steps_.lot);
        if (ticks && lots)
            heard.fill = OrderFill{
                .order = request.order, .ticks = *ticks, .lots = *lots, .trade_id = report.trade_id};
        else
            heard.fault = "LastPx or LastQty is missing or not a whole number";
        break;
    }
    case '4':
        heard.leaves_ended = order.order_qty - order.cum_qty;
        heard.leaves_expected = request.expected_leaves;
        break;
    default:
        break;
    }
    // An IOC order is answered when it is over, any other request by its first report.
    const bool rests = order.entry.time_in_force != TimeInForce::immediate_or_cancel;
    if (request.kind != Kind::enter || rests || is_final(report.ord_status)) answer(request);
    return heard;
}

Heard SentOrders::hear(const CancelRefusal& refusal) {
    Heard heard;
    const auto found = requests_.find(refusal.cl_ord_id);
    if (found == requests_.end()) {
        heard.unknown = true;
        return heard;
    }
    heard.order = found->second.order;
    if (found->second.answered) {
        heard.repeat = true;
        ++repeats_;
        return heard;
    }
    heard.refused = refusal.text;
    heard.leaves_expected = found->second.expected_leaves;
    if (found->second.kind == Kind::cancel) orders_.at(found->second.order).cancel_asked = false;
    answer(found->second);
    return heard;
}

} // namespace tradehive::trader
