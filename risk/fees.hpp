// What a trade costs, and what an order must set aside for it.
//
// Rates are in millionths of the notional, in the quote asset, and are fixed when the order enters. |rate| ≤
// 1,000,000 and maker + taker ≥ 0 are checked where rates are set (acceptable). A negative rate is a rebate.
//
//   fee of a fill    floor(rate × notional)
//   rebate           floor(|rate| × notional), but never more than the other side of that fill pays, so that
//                    no trade takes anything from the venue
//   hold of a buy    notional at the limit + floor(max(maker, taker, 0) × notional at the limit)
//   hold of a sell   the quantity, in minor units of the base asset
//
// A buy's hold always suffices: let n be the notional at the limit of what a fill takes, m ≤ n what it really
// costs, N the notional at the limit of what is left, r = max(maker, taker, 0). The fill pays at most
// m + floor(r·m), and floor(r·n) + floor(r·N) ≤ floor(r·(n + N)), so
//   (n + N) + floor(r·(n + N)) − (m + floor(r·m)) ≥ N + floor(r·N),
// which is the hold by formula for what is left. A seller pays its fee out of what it is paid.
//
// Values only; any thread.
#pragma once

#include "domain/numbers.hpp"

#include <algorithm>
#include <optional>

namespace tradehive::risk {

struct FeeRates {
    FeeRate maker;
    FeeRate taker;

    friend constexpr bool operator==(const FeeRates&, const FeeRates&) = default;
};

[[nodiscard]] constexpr bool acceptable(const FeeRates& rates) noexcept {
    const auto in_range = [](FeeRate rate) {
        return rate.value() >= -millionths && rate.value() <= millionths;
    };
    return in_range(rates.maker) && in_range(rates.taker) && rates.maker.value() + rates.taker.value() >= 0;
}

// Negative: a rebate.
struct FillFees {
    Amount maker;
    Amount taker;
};

// The maker's rate is that of the order that rested.
[[nodiscard]] constexpr FillFees fees_of_fill(Amount notional, FeeRate maker, FeeRate taker) noexcept {
    // Dividing truncates towards zero: down for a fee, down in magnitude for a rebate.
    FillFees fees{fee_rounded_down(notional, maker), fee_rounded_down(notional, taker)};
    const auto paid_to_venue = [](Amount fee) { return std::max(fee, Amount{0}); };
    const Amount most_maker_rebate = paid_to_venue(fees.taker);
    const Amount most_taker_rebate = paid_to_venue(fees.maker);
    fees.maker = std::max(fees.maker, Amount{0} - most_maker_rebate);
    fees.taker = std::max(fees.taker, Amount{0} - most_taker_rebate);
    return fees;
}

// nullopt: beyond the venue's range.
[[nodiscard]] constexpr std::optional<Amount> hold_of_buy(Amount notional_at_limit,
                                                          const FeeRates& rates) noexcept {
    const FeeRate dearest = std::max({rates.maker, rates.taker, FeeRate{0}});
    return checked_add(notional_at_limit, fee_rounded_down(notional_at_limit, dearest));
}

[[nodiscard]] constexpr std::optional<Amount> hold_of_sell(Quantity quantity,
                                                           std::int64_t base_units_per_lot) noexcept {
    const auto units = narrow(Wide{quantity.value()} * base_units_per_lot);
    if (!units) return std::nullopt;
    return Amount{*units};
}

} // namespace tradehive::risk
