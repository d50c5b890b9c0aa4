#include "venue/order_rules.hpp"

#include <gtest/gtest.h>

namespace tradehive::venue {
namespace {

Instrument protected_by(std::int32_t protection) {
    Instrument instrument;
    instrument.base = AssetId{1};
    instrument.quote = AssetId{2};
    instrument.base_units_per_lot = 10;
    instrument.units_per_tick_lot = 3;
    instrument.market_protection = protection;
    return instrument;
}

TEST(ProtectionPrice, IsRoundedTowardsTheReference) {
    EXPECT_EQ(protection_price(protected_by(50'000), Side::buy, Price{101}), Price{106});
    EXPECT_EQ(protection_price(protected_by(50'000), Side::sell, Price{101}), Price{96});
    EXPECT_EQ(protection_price(protected_by(0), Side::buy, Price{101}), Price{101});
    EXPECT_EQ(protection_price(protected_by(0), Side::sell, Price{101}), Price{101});
}

TEST(ProtectionPrice, IsAtLeastOneTickAndInRange) {
    EXPECT_EQ(protection_price(protected_by(1'000'000), Side::sell, Price{101}), Price{1});
    EXPECT_EQ(protection_price(protected_by(1), Side::buy, Price{INT64_MAX}), std::nullopt);
    EXPECT_EQ(protection_price(protected_by(1'000'000), Side::sell, Price{INT64_MAX}), Price{1});
    EXPECT_EQ(protection_price(protected_by(0), Side::sell, Price{INT64_MAX}), Price{INT64_MAX});
}

TEST(NeededHold, IsOfTheAssetThatTheSidePaysWith) {
    const Instrument instrument = protected_by(0);
    const risk::FeeRates rates{FeeRate{0}, FeeRate{100'000}};
    EXPECT_EQ(needed_hold(instrument, Side::buy, Price{10}, Quantity{4}, rates), Amount{132});
    EXPECT_EQ(needed_hold(instrument, Side::sell, Price{10}, Quantity{4}, rates), Amount{40});
    EXPECT_EQ(paying_asset(instrument, Side::buy), AssetId{2});
    EXPECT_EQ(paying_asset(instrument, Side::sell), AssetId{1});
    EXPECT_EQ(needed_hold(instrument, Side::buy, Price{INT64_MAX}, Quantity{4}, rates), std::nullopt);
    EXPECT_EQ(needed_hold(instrument, Side::sell, Price{1}, Quantity{INT64_MAX}, rates), std::nullopt);
}

} // namespace
} // namespace tradehive::venue
