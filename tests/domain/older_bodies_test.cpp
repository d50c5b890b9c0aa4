// What earlier programs wrote is read as this one would have written it.
#include "domain/event.hpp"

#include <gtest/gtest.h>

#include <cstddef>

namespace tradehive {
namespace {

template <class Body>
Event event_of(const Body& body) {
    Event event{};
    set_body(event, body);
    return event;
}

// Without the bytes of version 2.
Event as_version_1(Event event, std::size_t at, std::size_t by) {
    std::memmove(event.body.data() + at, event.body.data() + at + by, event.header.body_size - at - by);
    event.header.body_size -= static_cast<std::uint32_t>(by);
    event.header.version = 1;
    return event;
}

OrderImage limit_order() {
    OrderImage image;
    image.order = OrderId{7};
    image.ord_type = OrdType::limit;
    image.time_in_force = TimeInForce::good_till_cancel;
    image.order_qty = Quantity{9};
    image.leaves_qty = Quantity{5};
    image.shown_qty = Quantity{5};
    image.cl_ord_id = ClOrdID::cut("A-1");
    return image;
}

TEST(OlderBodies, AnOrderThatRestedWasShownWhole) {
    constexpr std::size_t image_then = 104;
    const OrderTraded traded{.order = limit_order(),
                             .trade = TradeId{3},
                             .last_px = Price{100},
                             .last_qty = Quantity{4},
                             .notional = Amount{400},
                             .fee = Amount{-1},
                             .maker = 1};
    Event event = as_version_1(event_of(traded), image_then, sizeof(OrderImage) - image_then);
    ASSERT_EQ(event.header.body_size, 152U);
    bring_up_to_date(event);
    EXPECT_EQ(event.header.version, version_of<OrderTraded>);
    ASSERT_EQ(event.header.body_size, sizeof traded);
    EXPECT_EQ(std::memcmp(event.body.data(), &traded, sizeof traded), 0);
}

TEST(OlderBodies, AnOrderThatNeverRestsShowsNothing) {
    OrderAccepted accepted{limit_order()};
    accepted.order.time_in_force = TimeInForce::immediate_or_cancel;
    accepted.order.shown_qty = {};
    Event event = as_version_1(event_of(accepted), 104, sizeof(OrderImage) - 104);
    bring_up_to_date(event);
    ASSERT_EQ(event.header.body_size, sizeof accepted);
    EXPECT_EQ(std::memcmp(event.body.data(), &accepted, sizeof accepted), 0);
}

TEST(OlderBodies, NamesHaveGrownAtTheirEnd) {
    InstrumentChanged instrument{};
    instrument.symbol = Symbol::cut("BTC-USD");
    instrument.state = InstrumentState::halted;
    Event event = as_version_1(event_of(instrument), sizeof instrument - 16, 16);
    bring_up_to_date(event);
    ASSERT_EQ(event.header.body_size, sizeof instrument);
    EXPECT_EQ(event.as<InstrumentChanged>().symbol.view(), "BTC-USD");

    FixSessionChanged session{};
    session.comp_id = CompID::cut("ALPHA");
    event = as_version_1(event_of(session), sizeof session - 8, 8);
    bring_up_to_date(event);
    EXPECT_EQ(event.as<FixSessionChanged>().comp_id.view(), "ALPHA");
}

TEST(OlderBodies, WhatIsOfThisVersionOrOfNoKnownOneStaysAsItIs) {
    Event event = event_of(OrderAccepted{limit_order()});
    const Event before = event;
    bring_up_to_date(event);
    EXPECT_EQ(std::memcmp(&event, &before, sizeof event), 0);

    event.header.version = 1; // its size is not that of version 1
    bring_up_to_date(event);
    EXPECT_EQ(event.header.body_size, before.header.body_size);
}

TEST(OlderBodies, AnOrderOfACommandHadNoneOfTheLaterFields) {
    EnterOrder order;
    order.account = AccountId{2};
    order.cl_ord_id = ClOrdID::cut("A-1");
    order.price = Price{100};
    Command command = make_command({}, order);
    command.header.version = 1;
    command.header.body_size = 72;
    std::memset(command.body.data() + 72, 0xff, command.body.size() - 72);
    bring_up_to_date(command);
    ASSERT_EQ(command.header.body_size, sizeof order);
    EXPECT_EQ(std::memcmp(command.body.data(), &order, sizeof order), 0);
}

} // namespace
} // namespace tradehive
