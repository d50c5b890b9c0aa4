// The bytes of the example in docs/journal-format.md: whoever changes them changes the format.
#include "journal/local_journal.hpp"

#include "journal/event_segment.hpp"
#include "tests/journal/commands.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace tradehive::journal {
namespace {

std::string hexadecimal(std::span<const std::byte> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
        text += digits[static_cast<std::size_t>(byte) >> 4U];
        text += digits[static_cast<std::size_t>(byte) & 15U];
    }
    return text;
}

std::string zeros(std::size_t bytes) {
    return std::string(bytes * 2, '0');
}

TEST(JournalFormat, is_what_its_page_shows) {
    const testing::TemporaryDirectory directory;
    LocalJournal::Options options;
    options.directory = directory.path();
    options.segment_bytes = 4096;
    {
        const auto journal = LocalJournal::open(options);
        auto started = make_command({}, VenueStarted{});
        started.header.sequence = Sequence{1};
        started.header.time = Timestamp{1'700'000'000'000'000'000};
        journal->append(started);
        journal->sync();

        Origin origin;
        origin.number = MsgSeqNum{2};
        origin.session = FixSessionId{1};
        origin.epoch = Epoch{1};
        origin.channel = Channel::fix;
        EnterOrder order;
        order.account = AccountId{2};
        order.instrument = InstrumentId{1};
        order.price = Price{10'050};
        order.order_qty = Quantity{300};
        order.cl_ord_id = ClOrdID::cut("A-1");
        order.side = Side::buy;
        order.ord_type = OrdType::limit;
        auto entered = make_command(origin, order);
        entered.header.sequence = Sequence{2};
        entered.header.time = Timestamp{1'700'000'001'000'000'000};
        journal->append(entered);
        journal->sync();
    }
    const auto bytes = read_whole(directory.path() / "00000000000000000001.segment");
    EXPECT_EQ(hexadecimal(bytes), "54484a4f55524e4c" // header
                                  "0100000001000000"
                                  "0100000000000000"
                                  "0010000000000000" +
                                      zeros(0x5c) +
                                      "243276da"
                                      "a070dc4040000000" // VenueStarted
                                      "0100000000000000"
                                      "0000000000000000"
                                      "0100000000000000"
                                      "00002a36fe9c9717" +
                                      zeros(0x20) +
                                      "2000010008000000"
                                      "0000000000000000"
                                      "e9ce1b57a8000000" // EnterOrder
                                      "0200000000000000"
                                      "0100000000000000"
                                      "0200000000000000"
                                      "00cac471fe9c9717"
                                      "0000000000000000"
                                      "0200000000000000"
                                      "0100000001000000"
                                      "0100000000000000"
                                      "0100020070000000"
                                      "0200000001000000"
                                      "4227000000000000"
                                      "2c01000000000000"
                                      "412d31" +
                                      zeros(36) + "03" + "3132300000000000" + zeros(4096 - 0x170));
}

TEST(EventLogFormat, is_what_its_page_says) {
    EventSegmentHeader header;
    header.first = EventNumber{5};
    const auto bytes = encode(header);
    EXPECT_EQ(hexadecimal(std::span{bytes}.first(24)), "54484556454e5453"
                                                       "0100000000000000"
                                                       "0500000000000000");
    std::vector<std::byte> record;
    encode_event(testing::event(2), record);
    EXPECT_EQ(record.size(), 8 + 72 + sizeof(BalanceChanged));
    EXPECT_EQ(hexadecimal(std::span{record}.subspan(4, 20)), "70000000"
                                                             "0200000000000000"
                                                             "0100000000000000");
}

} // namespace
} // namespace tradehive::journal
