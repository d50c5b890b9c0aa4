// What makes an instrument acceptable: a trade in it can never need rounding.
//
// One lot is a whole number of minor units of the base asset, one tick × one lot of the quote asset. Bounds
// are not negative (most_quantity zero: none) and the least is not above the most; market protection is at
// most 100 %.
#pragma once

#include "domain/command.hpp"
#include "domain/reference_data.hpp"

#include <expected>

namespace tradehive::venue {

inline constexpr std::uint8_t greatest_asset_scale = 9;

// The instrument, without its id; or unknown_asset (also when base and quote are the same), bad_step,
// bad_limit.
[[nodiscard]] std::expected<Instrument, RejectReason> make_instrument(const CreateInstrument& request,
                                                                      const ReferenceData& names);

} // namespace tradehive::venue
