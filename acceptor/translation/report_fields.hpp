// The fields that reports share.
#pragma once

#include "acceptor/translation/fields.hpp"

namespace tradehive::acceptor {

// Look-ups that must succeed: an event or answer only speaks of what exists. Throw std::out_of_range when the
// view is too old to know it.
[[nodiscard]] const Instrument& instrument_of(const ReferenceData& reference, InstrumentId id);
[[nodiscard]] const AccountView& account_of(const ReferenceData& reference, AccountId id);
[[nodiscard]] const Asset& asset_of(const ReferenceData& reference, AssetId id);

// 37, 1, 55, 54, 38, 40, 44, 59, 39, 151, 14, 6 of the order as it stands, and what it has of 18, 99, 110,
// 111, 126, 152.
void add_order(OutboundFields& fields, const OrderImage& order, const ReferenceData& reference);

// ExecutionReports must carry 55 and 54 even where nothing is known to put there.
inline constexpr std::string_view no_symbol = "[N/A]";
inline constexpr char side_undisclosed = '7';
inline constexpr std::string_view no_order = "NONE";

// 8 with 150=I: there is no order that the MassStatusReqID(584) asks for.
[[nodiscard]] OutboundFields no_orders(std::string_view exec_id, std::string_view request_id,
                                       const Symbol& symbol);

} // namespace tradehive::acceptor
