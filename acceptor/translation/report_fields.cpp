#include "acceptor/translation/report_fields.hpp"

#include <stdexcept>

namespace tradehive::acceptor {

namespace {

template <class T>
const T& known(const T* found, const char* what) {
    if (found == nullptr) throw std::out_of_range{what};
    return *found;
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
    if (order.time_in_force != TimeInForce{}) fields.add(59, static_cast<char>(order.time_in_force));
    fields.add(151, quantity(order.leaves_qty).view());
    fields.add(14, quantity(order.cum_qty).view());
    fields.add(6, format_average_price(order.cum_tick_lots, order.cum_qty, instrument.tick).view());
}

} // namespace tradehive::acceptor
