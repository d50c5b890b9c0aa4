// What a state saves is what it loads; bytes that no state saves are refused and never a crash.
#include "venue/state_bytes.hpp"

#include "tests/venue/bytes_in_memory.hpp"
#include "tests/venue/market_fixture.hpp"

#include <optional>

namespace tradehive::venue::tests {
namespace {

using tradehive::tests::BytesInMemory;

// Something of everything that a state keeps.
class StateBytesTest : public VenueTest {
protected:
    StateBytesTest() {
        market.add_session("FEED", 3, {}, SessionKind::market_data, CancelOnDisconnect::account);
        market.control(SetAccountLimits{.account = Market::a2,
                                        .most_open_orders = 7,
                                        .most_order_qty = Quantity{100},
                                        .most_notional = Amount{100'000}});
        market.control(
            SetAccountFees{.account = Market::b1, .maker_fee = FeeRate{-100}, .taker_fee = FeeRate{2'500}});
        market.control(deposit);
        market.disconnect(Market::beta);
        LogOnSession log_on{.session = Market::beta};
        log_on.code = CodeOffered::current;
        log_on.totp_step = 58'000'000;
        market.send({}, log_on);
        market.enter(Market::alpha, Market::a1, Side::buy, 10, 100, "a");
        market.enter(Market::alpha, Market::a2, Side::buy, 10, 100, "b", TimeInForce::good_till_cancel);
        market.enter(Market::alpha, Market::a1, Side::buy, 5, 98, "c");
        market.enter(Market::beta, Market::b1, Side::sell, 12, 100, "d");
        market.enter(Market::beta, Market::b1, Side::sell, 3, 105, "e");
        market.fix(Market::alpha, market.replace("c", "c2", 6, 99));
        market.enter(Market::alpha, Market::a2, Side::sell, 1, 104, "f");
        market.fix(Market::alpha, market.cancel("f", "f2"));
        market.control(EndDay{.day = 19'000});
    }

    [[nodiscard]] std::vector<std::byte> saved() const {
        BytesInMemory sink;
        market.venue.save(sink);
        return sink.bytes;
    }
    // What the bytes save again as, unless they are refused.
    static std::optional<std::vector<std::byte>> again(std::vector<std::byte> bytes) {
        BytesInMemory source{std::move(bytes)};
        Venue venue{Capacity{16}};
        try {
            (void)venue.load(source, state_layout);
        } catch (const StateError&) {
            EXPECT_EQ(venue.state_hash(), Venue{Capacity{16}}.state_hash()) << "changed though refused";
            return std::nullopt;
        }
        BytesInMemory sink;
        venue.save(sink);
        return sink.bytes;
    }

    const Deposit deposit{
        .key = Key::cut("once"), .account = Market::b1, .asset = Market::coin, .amount = Amount{77}};
};

TEST_F(StateBytesTest, ALoadedVenueIsTheSame) {
    BytesInMemory bytes{saved()};
    Venue loaded{Capacity{16}};
    (void)loaded.load(bytes, state_layout);
    EXPECT_EQ(loaded.state_hash(), market.venue.state_hash());
    EXPECT_EQ(loaded.last_sequence(), market.venue.last_sequence());
    EXPECT_EQ(loaded.last_time(), market.venue.last_time());
    EXPECT_EQ(loaded.next_event(), market.venue.next_event());
    EXPECT_EQ(loaded.reference_data()->sessions.size(), 3U);
}

TEST_F(StateBytesTest, AKeyThatWasAnsweredBeforeStandsForItsCommandAfterwards) {
    BytesInMemory bytes{saved()};
    (void)market.venue.load(bytes, state_layout);
    market.control(deposit);
    EXPECT_EQ(market.done().repeated, 1);
    EXPECT_EQ(market.balance(Market::b1, Market::coin).total, Amount{1'000 + 77 - 12});
}

TEST_F(StateBytesTest, ATotpCodeThatWasUsedBeforeIsUsedAfterwards) {
    BytesInMemory bytes{saved()};
    (void)market.venue.load(bytes, state_layout);
    market.disconnect(Market::beta);
    LogOnSession log_on{.session = Market::beta};
    log_on.code = CodeOffered::current;
    log_on.totp_step = 58'000'000;
    market.send({}, log_on);
    EXPECT_EQ(market.only<LogOnRefused>().reason, RejectReason::code_already_used);
}

TEST_F(StateBytesTest, ADayThatHasEndedStaysEndedForThoseOutside) {
    EXPECT_EQ(market.venue.reference_data()->last_day_ended, 19'000U);
    const auto version = market.venue.names_version();
    market.control(EndDay{.day = 19'001});
    EXPECT_GT(market.venue.names_version(), version);
    BytesInMemory bytes{saved()};
    (void)market.venue.load(bytes, state_layout);
    EXPECT_EQ(market.venue.reference_data()->last_day_ended, 19'001U);
}

TEST_F(StateBytesTest, CutAtAnyByteItIsRefused) {
    const auto whole = saved();
    for (std::size_t size = 0; size < whole.size(); ++size)
        ASSERT_FALSE(again({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)})) << size;
    auto longer = whole;
    longer.push_back({});
    EXPECT_FALSE(again(longer));
}

// A snapshot's checksums see a changed byte; who changes them too gets a state that holds together, or
// nothing.
TEST_F(StateBytesTest, AnyChangedByteIsRefusedOrAnotherState) {
    const auto whole = saved();
    std::size_t refused = 0;
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (const unsigned mask : {0x01U, 0x80U, 0xFFU}) {
            auto bytes = whole;
            bytes[at] ^= std::byte{static_cast<unsigned char>(mask)};
            const auto result = again(bytes);
            if (result)
                ASSERT_EQ(*result, bytes) << at;
            else
                ++refused;
        }
    EXPECT_GT(refused, whole.size());
}

TEST_F(StateBytesTest, AnotherLayoutIsRefusedByName) {
    BytesInMemory bytes{saved()};
    EXPECT_THROW((void)market.venue.load(bytes, state_layout + 1), StateError);
    EXPECT_THROW((void)market.venue.load(bytes, 0), StateError);
}

} // namespace
} // namespace tradehive::venue::tests
