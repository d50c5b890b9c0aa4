#include "venue/instrument_rules.hpp"

#include <optional>

namespace tradehive::venue {

namespace {

constexpr std::uint8_t greatest_step_scale = 18;

// tick × lot in minor units of the quote asset, when that is a whole number above zero.
std::optional<std::int64_t> units_per_tick_lot(Decimal tick, Decimal lot, std::uint8_t quote_scale) noexcept {
    Wide units = Wide{tick.mantissa} * lot.mantissa;
    int decimals = tick.scale + lot.scale - quote_scale;
    for (; decimals > 0; --decimals) {
        if (units % 10 != 0) return std::nullopt;
        units /= 10;
    }
    for (; decimals < 0; ++decimals)
        if (__builtin_mul_overflow(units, Wide{10}, &units)) return std::nullopt;
    return narrow(units);
}

bool bounds_are_good(const CreateInstrument& request) noexcept {
    if (request.least_quantity < Quantity{0} || request.most_quantity < Quantity{0} ||
        request.least_notional < Amount{0})
        return false;
    if (request.most_quantity != Quantity{0} && request.least_quantity > request.most_quantity) return false;
    return request.market_protection >= 0 && request.market_protection <= millionths;
}

} // namespace

std::expected<Instrument, RejectReason> make_instrument(const CreateInstrument& request,
                                                        const ReferenceData& names) {
    const Asset* base = names.asset(request.base);
    const Asset* quote = names.asset(request.quote);
    if (!base || !quote || base == quote) return std::unexpected{RejectReason::unknown_asset};
    const Decimal tick{request.tick_mantissa, request.tick_scale};
    const Decimal lot{request.lot_mantissa, request.lot_scale};
    if (tick.mantissa <= 0 || lot.mantissa <= 0 || tick.scale > greatest_step_scale ||
        lot.scale > greatest_step_scale)
        return std::unexpected{RejectReason::bad_step};
    const auto base_units = count_units(lot, minor_unit(base->scale));
    const auto quote_units = units_per_tick_lot(tick, lot, quote->scale);
    if (!base_units || !quote_units) return std::unexpected{RejectReason::bad_step};
    if (!bounds_are_good(request)) return std::unexpected{RejectReason::bad_limit};

    Instrument instrument;
    instrument.symbol = request.symbol;
    instrument.base = request.base;
    instrument.quote = request.quote;
    instrument.tick = tick;
    instrument.lot = lot;
    instrument.base_units_per_lot = *base_units;
    instrument.units_per_tick_lot = *quote_units;
    instrument.least_quantity = request.least_quantity;
    instrument.most_quantity = request.most_quantity;
    instrument.least_notional = request.least_notional;
    instrument.market_protection = request.market_protection;
    return instrument;
}

} // namespace tradehive::venue
