#include "domain/command.hpp"
#include "domain/event.hpp"

#include <gtest/gtest.h>

namespace tradehive {
namespace {

TEST(Command, KeepsItsBodyByteForByte) {
    EnterOrder order{};
    order.account = AccountId{7};
    order.price = Price{-3};
    order.cl_ord_id = *ClOrdID::from("A-1");
    order.side = Side::sell;
    const auto command = make_command(Origin{}, order);
    EXPECT_EQ(command.header.body_size, sizeof(EnterOrder));
    EXPECT_EQ(std::memcmp(command.body_bytes().data(), &order, sizeof order), 0);
    EXPECT_EQ(command.as<EnterOrder>().cl_ord_id.view(), "A-1");
}

TEST(Command, KnowsTheSizeOfEachKind) {
    EXPECT_EQ(body_size(CommandKind::enter_order), sizeof(EnterOrder));
    EXPECT_EQ(body_size(CommandKind::withdraw), sizeof(Withdraw));
    EXPECT_EQ(body_size(static_cast<CommandKind>(9999)), 0U);
    EXPECT_EQ(body_size(EventKind::order_traded), sizeof(OrderTraded));
    EXPECT_EQ(body_size(static_cast<EventKind>(9999)), 0U);
}

TEST(FixedText, IsNeverCutSilently) {
    EXPECT_FALSE(Symbol::from("1234567890123456"));
    EXPECT_EQ(Symbol::from("123456789012345")->view(), "123456789012345");
    EXPECT_TRUE(Symbol::from("")->empty());
}

} // namespace
} // namespace tradehive
