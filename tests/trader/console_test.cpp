#include "tests/temporary_folder.hpp"
#include "tests/trader/model_venue.hpp"
#include "trader/console.hpp"
#include "trader/open_orders_file.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::trader {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

template <class T>
T parsed(std::string_view line) {
    auto result = parse_console_line(line);
    if (!result) {
        ADD_FAILURE() << line << ": " << result.error();
        return {};
    }
    if (!std::holds_alternative<T>(*result)) {
        ADD_FAILURE() << line << " is another kind of line";
        return {};
    }
    return std::get<T>(*result);
}

std::string wrong(std::string_view line) {
    const auto result = parse_console_line(line);
    return result ? "nothing is wrong" : result.error();
}

TEST(ConsoleLineTest, limit_orders) {
    const auto line = parsed<EnterLine>("buy 0.5 BTC-USD @ 50000");
    EXPECT_EQ(line.side, Side::buy);
    EXPECT_EQ(line.ord_type, OrdType::limit);
    EXPECT_EQ(line.time_in_force, TimeInForce::day);
    EXPECT_EQ(line.order_qty, "0.5");
    EXPECT_EQ(line.symbol, "BTC-USD");
    EXPECT_EQ(line.price, "50000");
    EXPECT_EQ(parsed<EnterLine>("SELL 1 BTC-USD @49999.5 ioc").side, Side::sell);
    EXPECT_EQ(parsed<EnterLine>("sell 1 BTC-USD@49999.5 gtc").time_in_force, TimeInForce::good_till_cancel);
    EXPECT_EQ(parsed<EnterLine>("sell 1 BTC-USD @ 49999.5 fok").price, "49999.5");
}

TEST(ConsoleLineTest, market_orders) {
    const auto line = parsed<EnterLine>("sell 1 BTC-USD market");
    EXPECT_EQ(line.ord_type, OrdType::market);
    EXPECT_EQ(line.time_in_force, TimeInForce::immediate_or_cancel);
    EXPECT_TRUE(line.price.empty());
    EXPECT_EQ(parsed<EnterLine>("sell 1 BTC-USD market FOK").time_in_force, TimeInForce::fill_or_kill);
}

TEST(ConsoleLineTest, the_other_commands) {
    EXPECT_EQ(parsed<CancelLine>("cancel #3").id, "3");
    EXPECT_EQ(parsed<CancelLine>(" cancel  c17-2 ").id, "c17-2");
    EXPECT_EQ(parsed<StatusLine>("status 3").id, "3");
    const auto replace = parsed<ReplaceLine>("replace 3 0.4 @ 50001");
    EXPECT_EQ(replace.id, "3");
    EXPECT_EQ(replace.order_qty, "0.4");
    EXPECT_EQ(replace.price, "50001");
    EXPECT_EQ(parsed<BookLine>("book BTC-USD").depth, 10);
    EXPECT_EQ(parsed<BookLine>("book BTC-USD 1").depth, 1);
    static_cast<void>(parsed<OrdersLine>("orders"));
    static_cast<void>(parsed<HelpLine>("help"));
    static_cast<void>(parsed<QuitLine>("quit"));
    static_cast<void>(parsed<QuitLine>("exit"));
    static_cast<void>(parsed<EmptyLine>("   "));
    static_cast<void>(parsed<EmptyLine>("// said to nobody"));
}

TEST(ConsoleLineTest, what_is_wrong_is_said_with_what_would_be_right) {
    EXPECT_THAT(wrong("buy"), HasSubstr("buy|sell QTY SYMBOL @ PRICE"));
    EXPECT_THAT(wrong("buy 1 BTC-USD 50000"), HasSubstr("@ PRICE"));
    EXPECT_THAT(wrong("buy 1 BTC-USD @"), HasSubstr("@ PRICE"));
    EXPECT_THAT(wrong("buy x BTC-USD @ 5"), HasSubstr("quantity must be a decimal above zero, but is 'x'"));
    EXPECT_THAT(wrong("buy 0 BTC-USD @ 5"), HasSubstr("above zero"));
    EXPECT_THAT(wrong("buy 1 BTC-USD @ -5"), HasSubstr("price must be a decimal above zero"));
    EXPECT_THAT(wrong("buy 1e3 BTC-USD @ 5"), HasSubstr("quantity"));
    EXPECT_THAT(wrong("buy 1 BTC-USD @ 5 later"), HasSubstr("day|gtc|ioc|fok"));
    EXPECT_THAT(wrong("buy 1 BTC-USD @ 5 ioc now"), HasSubstr("day|gtc|ioc|fok"));
    EXPECT_THAT(wrong("replace 3 4 5"), HasSubstr("replace ID QTY @ PRICE"));
    EXPECT_THAT(wrong("cancel"), HasSubstr("cancel ID"));
    EXPECT_THAT(wrong("book"), HasSubstr("book SYMBOL"));
    EXPECT_THAT(wrong("book BTC-USD deep"), HasSubstr("book SYMBOL"));
    EXPECT_THAT(wrong("sellout 5"), HasSubstr("type help"));
    EXPECT_THAT(wrong("orders please"), HasSubstr("type help"));
}

TEST(ConsoleCompletionTest, what_may_stand_at_each_place) {
    const ConsoleVocabulary vocabulary{.symbols = {"ETH-USD", "BTC-USD", "BTC-USD"},
                                       .open_orders = {"c1-2", "c1-7"}};
    const auto complete = [&](std::string_view before, std::string_view word) {
        return complete_console_word(before, word, vocabulary);
    };
    EXPECT_THAT(complete("", "b"), ElementsAre("book", "buy"));
    EXPECT_THAT(complete("", "CAN"), ElementsAre("cancel"));
    EXPECT_THAT(complete("book ", ""), ElementsAre("BTC-USD", "ETH-USD"));
    EXPECT_THAT(complete("book BTC-USD ", "5"), ElementsAre("5", "50"));
    EXPECT_THAT(complete("buy ", ""), IsEmpty());
    EXPECT_THAT(complete("buy 1 ", "eth"), ElementsAre("ETH-USD"));
    EXPECT_THAT(complete("SELL 1 ETH-USD ", ""), ElementsAre("@", "market"));
    EXPECT_THAT(complete("buy 1 ETH-USD @ ", ""), IsEmpty());
    EXPECT_THAT(complete("buy 1 ETH-USD @5 ", "i"), ElementsAre("ioc"));
    EXPECT_THAT(complete("buy 1 ETH-USD market ", "f"), ElementsAre("fok"));
    EXPECT_THAT(complete("cancel ", "c1-"), ElementsAre("c1-2", "c1-7"));
    EXPECT_THAT(complete("replace c1-2 5 ", ""), ElementsAre("@"));
    EXPECT_THAT(complete("cancel c1-2 ", ""), IsEmpty());
    EXPECT_THAT(complete("nonsense ", ""), IsEmpty());
}

class ConsoleTest : public testing::Test {
protected:
    ConsoleTest() { venue_.listener(console_); }

    void type(const char* line) { EXPECT_TRUE(console_.take_line(line, venue_)); }

    std::vector<std::string> lines_;
    Console console_{"c-", "ME", [this](const std::string& line) { lines_.push_back(line); }};
    ModelVenue venue_{Steps{}};
};

TEST_F(ConsoleTest, an_order_its_replace_and_its_cancel) {
    type("buy 10 AAPL @ 5.00");
    EXPECT_THAT(lines_.back(), StartsWith("#1 new: buy 10 AAPL @ 5.00, new, filled 0, leaves 10"));
    type("replace 1 8 @ 5.01");
    EXPECT_THAT(lines_.back(), StartsWith("#1 replaced: buy 8 AAPL @ 5.01"));
    type("status #1");
    EXPECT_THAT(lines_.back(), StartsWith("#1 status: buy 8 AAPL @ 5.01"));
    type("cancel 1");
    EXPECT_THAT(lines_.back(), StartsWith("#1 canceled: buy 8 AAPL @ 5.01, canceled, filled 0, leaves 0"));
    type("cancel 1");
    EXPECT_THAT(lines_.back(), StartsWith("#1 refused: TOO_LATE"));
    EXPECT_TRUE(console_.wait_for_answers(std::chrono::seconds(0)));
    EXPECT_THAT(console_.open_orders(), IsEmpty());
}

TEST_F(ConsoleTest, completion_knows_open_orders_and_what_the_venue_has_answered_about) {
    console_.know_symbol("BTC-USD");
    type("buy 10 AAPL @ 5.00");
    type("buy 10 AAPL @ 5.01");
    type("cancel 2");
    type("book IBM");
    EXPECT_THAT(console_.vocabulary().open_orders, ElementsAre("c-1"));
    EXPECT_THAT(console_.vocabulary().symbols, ElementsAre("AAPL", "BTC-USD", "IBM"));
}

TEST_F(ConsoleTest, trades_and_the_book) {
    type("book AAPL");
    EXPECT_EQ(lines_.back(), "book AAPL: empty");
    type("sell 10 AAPL @ 5.00");
    type("buy 4 AAPL @ 5.00 ioc");
    EXPECT_THAT(lines_, Contains(StartsWith("#2 trade: 4 @ 5.00, trade 1, filled, filled 4, leaves 0")));
    EXPECT_THAT(lines_,
                Contains(StartsWith("#1 trade: 4 @ 5.00, trade 1, partially-filled, filled 4, leaves 6")));
    type("book AAPL");
    EXPECT_EQ(lines_.back(), "  offer 6 @ 5.00");
    type("orders");
    EXPECT_THAT(lines_[lines_.size() - 2],
                StartsWith("#1 sell 10 AAPL @ 5.00, partially-filled, filled 4, leaves 6"));
    EXPECT_THAT(lines_.back(), StartsWith("#2 buy 4 AAPL @ 5.00, filled"));
}

TEST_F(ConsoleTest, an_order_that_nobody_gave_is_not_cancelled) {
    type("cancel 1");
    EXPECT_EQ(lines_.back(), "? no order 1; type orders");
    type("nonsense");
    EXPECT_THAT(lines_.back(), StartsWith("? 'nonsense' is not a command"));
    EXPECT_FALSE(console_.take_line("quit", venue_));
}

TEST_F(ConsoleTest, a_message_refused_by_its_number_alone_ends_the_waiting) {
    SilentVenue silence;
    EXPECT_TRUE(console_.take_line("buy 1 AAPL @ 1", silence));
    EXPECT_FALSE(console_.wait_for_answers(std::chrono::seconds(0)));
    console_.on_message_refused(
        {.msg_type = "3", .ref_msg_type = "D", .ref_id = {}, .ref_seq_num = "2", .text = "no"});
    EXPECT_TRUE(console_.wait_for_answers(std::chrono::seconds(0)));
}

TEST_F(ConsoleTest, open_orders_of_an_earlier_run_are_asked_about) {
    type("buy 10 AAPL @ 5.00 gtc");
    type("buy 20 AAPL @ 4.00");
    type("cancel 2");
    const auto left = console_.open_orders();
    ASSERT_EQ(left.size(), 1U);

    const TemporaryFolder folder;
    const auto path = open_orders_path(folder.path.string(), "ME");
    const OpenOrdersFile file(path);
    EXPECT_THAT(file.read(), IsEmpty());
    file.write(left);
    std::ofstream(path, std::ios::app) << "half a line\n";
    const auto read = file.read();
    ASSERT_EQ(read.size(), 1U);

    std::vector<std::string> lines;
    Console later("d-", "ME", [&](const std::string& line) { lines.push_back(line); });
    venue_.listener(later);
    later.recall(read, venue_);
    EXPECT_THAT(lines, testing::ElementsAre(StartsWith("#1 status: buy 10 AAPL @ 5.00")));
    EXPECT_TRUE(later.take_line("orders", venue_));
    EXPECT_THAT(lines.back(), HasSubstr("buy 10 AAPL @ 5.00"));
    EXPECT_TRUE(later.take_line("cancel 1", venue_));
    EXPECT_THAT(later.open_orders(), IsEmpty());

    lines.clear();
    Console too_late("e-", "ME", [&](const std::string& line) { lines.push_back(line); });
    venue_.listener(too_late);
    too_late.recall(read, venue_);
    EXPECT_TRUE(too_late.take_line("orders", venue_));
    EXPECT_THAT(lines, testing::ElementsAre("no orders yet"));
}

} // namespace
} // namespace tradehive::trader
