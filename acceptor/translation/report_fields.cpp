#include "acceptor/translation/report_fields.hpp"

#include <stdexcept>

namespace tradehive::acceptor {

namespace {

template <class T>
const T& known(const T* found, const char* what) {
    if (found == nullptr) throw std::out_of_range{what};
    return *found;
}

std::string_view exec_inst_text(ExecInst set) noexcept {
    const bool post_only = has(set, ExecInst::post_only);
    if (!has(set, ExecInst::cancel_on_halt)) return post_only ? "6" : "";
    return post_only ? "6 K" : "K";
}

} // namespace

const Instrument& instrument_of(const ReferenceData& reference, InstrumentId id) {
    return known(reference.instrument(id), "the reference data does not know the instrument yet");
}

const AccountView& account_of(const ReferenceData& reference, AccountId id) {
    return known(reference.account(id), "the reference data does not know the account yet");
}

const Asset& asset_of(const ReferenceData& reference, AssetId id) {
    return known(reference.asset(id), "the reference data does not know the asset yet");
}

void add_order(OutboundFields& fields, const OrderImage& order, const ReferenceData& reference) {
    const auto& instrument = instrument_of(reference, order.instrument);
    const auto quantity = [&](Quantity lots) { return format_units(lots.value(), instrument.lot); };
    fields.add(37, order.order.value());
    fields.add(39, static_cast<char>(order.ord_status));
    fields.add(1, account_of(reference, order.account).code.view());
    fields.add(55, instrument.symbol.view());
    fields.add(54, static_cast<char>(order.side));
    fields.add(38, quantity(order.order_qty).view());
    fields.add(40, static_cast<char>(order.ord_type));
    if (order.price != Price{}) fields.add(44, format_units(order.price.value(), instrument.tick).view());
    if (order.stop_px != Price{}) fields.add(99, format_units(order.stop_px.value(), instrument.tick).view());
    if (order.display_qty != Quantity{}) fields.add(111, quantity(order.display_qty).view());
    if (order.min_qty != Quantity{}) fields.add(110, quantity(order.min_qty).view());
    if (order.cash_order_qty != Amount{})
        fields.add(152, format_units(order.cash_order_qty.value(),
                                     minor_unit(asset_of(reference, instrument.quote).scale))
                            .view());
    if (order.expire_time != Timestamp{}) fields.add(126, format_utc_timestamp(order.expire_time));
    if (order.exec_inst != ExecInst::none) fields.add(18, exec_inst_text(order.exec_inst));
    if (order.time_in_force != TimeInForce{}) fields.add(59, static_cast<char>(order.time_in_force));
    fields.add(151, quantity(order.leaves_qty).view());
    fields.add(14, quantity(order.cum_qty).view());
    fields.add(6, format_average_price(order.cum_tick_lots, order.cum_qty, instrument.tick).view());
}

OutboundFields no_orders(std::string_view exec_id, std::string_view request_id, const Symbol& symbol) {
    OutboundFields fields{.msg_type = "8", .poss_resend = false, .fields = {}};
    fields.add(37, no_order);
    fields.add(584, request_id);
    fields.add(911, '0');
    fields.add(912, 'Y');
    fields.add(17, exec_id);
    fields.add(150, 'I');
    fields.add(39, '8');
    fields.add(55, symbol.empty() ? no_symbol : symbol.view());
    fields.add(54, side_undisclosed);
    fields.add(151, '0');
    fields.add(14, '0');
    fields.add(6, '0');
    return fields;
}

} // namespace tradehive::acceptor
