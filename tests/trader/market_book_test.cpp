#include "trader/client_options.hpp"
#include "trader/fix_fields.hpp"
#include "trader/ladder_view.hpp"
#include "trader/market_book.hpp"
#include "trader/market_prices.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::trader {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

FIX::Message message_of(std::string fields) {
    static const FIX::DataDictionary dictionary(find_dictionary({}));
    fields = "8=FIX.4.4|9=0|" + fields + "10=000|";
    std::ranges::replace(fields, '|', '\x01');
    return {fields, dictionary, false};
}
BookSnapshot snapshot(const std::string& fields) {
    return read_snapshot(message_of("35=W|34=1|262=m|" + fields));
}
BookChange change(const std::string& fields) {
    return read_book_change(message_of("35=X|34=2|262=m|" + fields));
}

const BookSnapshot begin =
    snapshot("55=X|268=6|269=0|270=99.50|271=3.0|346=2|290=1|269=0|270=99.00|271=1.0|346=1|290=2|"
             "269=1|270=100.50|271=2.0|346=1|290=1|269=2|270=99.75|271=0.5|272=20260105|"
             "273=09:00:00.000|269=7|270=101.00|269=B|271=12.0|");

std::vector<std::string> rows_of(const auto& side) {
    std::vector<std::string> rows;
    for (const auto& [price, row] : side)
        rows.push_back(row.quantity + "@" + row.price);
    return rows;
}

TEST(MarketBookTest, w_begins_it_best_first) {
    MarketBook book;
    book.replace(begin);
    EXPECT_EQ(book.symbol(), "X");
    EXPECT_THAT(rows_of(book.bids()), ElementsAre("3.0@99.50", "1.0@99.00"));
    EXPECT_THAT(rows_of(book.offers()), ElementsAre("2.0@100.50"));
    EXPECT_EQ(book.trades().front().price, "99.75");
    EXPECT_EQ(book.statistic('7'), "101.00");
    EXPECT_EQ(book.statistic('B'), "12.0");
    EXPECT_EQ(book.statistic('8'), "");
}

TEST(MarketBookTest, x_adds_changes_and_deletes_by_side_and_price) {
    MarketBook book;
    book.replace(begin);
    EXPECT_TRUE(book.apply(
        change("268=6|279=0|269=2|278=8|55=X|270=100.50|271=1.0|272=20260105|273=09:00:01.000|"
               "279=2|269=0|278=B99.00|55=X|270=99.00|279=1|269=1|278=O100.50|55=X|270=100.50|271=1.0|"
               "346=1|279=0|269=0|278=B99.60|55=X|270=99.60|271=4.0|346=1|279=1|269=B|278=VOLUME|55=X|"
               "271=13.0|279=0|269=0|278=B1|55=OTHER|270=1|271=1|346=1|")));
    EXPECT_THAT(rows_of(book.bids()), ElementsAre("4.0@99.60", "3.0@99.50"));
    EXPECT_THAT(rows_of(book.offers()), ElementsAre("1.0@100.50"));
    EXPECT_EQ(book.trades().front().price, "100.50");
    EXPECT_EQ(book.trades().front().direction, 1);
    EXPECT_EQ(book.statistic('B'), "13.0");
}

TEST(MarketBookTest, what_does_not_fit_is_a_gap_and_a_new_w_mends_it) {
    const char* const wrong[] = {
        "268=1|279=0|269=0|278=B|55=X|270=99.50|271=1.0|346=1|", // there already, whatever its decimals
        "268=1|279=0|269=0|278=B|55=X|270=99.5|271=1.0|346=1|",
        "268=1|279=1|269=1|278=O|55=X|270=99.50|271=1.0|346=1|", // the other side
        "268=1|279=2|269=0|278=B|55=X|270=98.00|",
        "268=1|279=0|269=0|278=B|55=X|270=98.00|271=0|346=1|",
        "268=1|279=0|269=0|278=B|55=X|270=x|271=1|346=1|",
    };
    for (const auto* fields : wrong) {
        MarketBook book;
        book.replace(begin);
        EXPECT_FALSE(book.apply(change(fields))) << fields;
        book.replace(begin);
        EXPECT_THAT(rows_of(book.bids()), ElementsAre("3.0@99.50", "1.0@99.00"));
        EXPECT_EQ(book.trades().size(), 1U) << "the last trade is known already";
    }
}

TEST(ExactNumberTest, compares_by_value) {
    EXPECT_EQ(exact_number("1.50"), exact_number("1.5"));
    EXPECT_TRUE(exact_number("9999999999.99") < exact_number("10000000000"));
    EXPECT_FALSE(exact_number("abc"));
    EXPECT_EQ(difference_text("100.5", "99.75"), "0.75");
    EXPECT_EQ(difference_text("100", "99"), "1");
    EXPECT_EQ(difference_text("0.00010", "0.00009"), "0.00001");
    EXPECT_EQ(difference_text("1.0", "2.5"), "-1.5");
    EXPECT_EQ(difference_text("x", "2.5"), "?");
}

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

MarketBook large_book() {
    MarketBook book;
    BookSnapshot full{.md_req_id = {}, .symbol = "X", .bids = {}, .offers = {}};
    for (int level = 0; level < 50; ++level) {
        full.entries.push_back(
            {.type = '0', .symbol = "X", .price = std::to_string(1000 - level), .quantity = "5.00"});
        full.entries.push_back(
            {.type = '1', .symbol = "X", .price = std::to_string(1001 + level), .quantity = "10.00"});
        full.entries.push_back({.type = '2',
                                .symbol = "X",
                                .price = std::to_string(1000 + level % 2),
                                .quantity = "1.00",
                                .time = "09:00:00.000"});
    }
    book.replace(full);
    return book;
}

TEST(LadderViewTest, fits_every_window) {
    const auto book = large_book();
    for (int columns = 1; columns < 140; ++columns)
        for (const int rows : {1, 2, 5, 6, 24, 60, 200}) {
            const auto lines =
                ladder_lines(book, {.symbol = "X", .note = "a note", .colours = false}, {columns, rows});
            EXPECT_LE(lines.size(), static_cast<std::size_t>(rows));
            for (const auto& line : lines)
                EXPECT_LE(characters(line), static_cast<std::size_t>(columns)) << line;
        }
}

TEST(LadderViewTest, offers_stand_above_bids_the_best_next_to_the_spread) {
    const auto lines = ladder_lines(large_book(), {.symbol = "X", .note = {}, .colours = false}, {100, 12});
    ASSERT_EQ(lines.size(), 12U);
    EXPECT_THAT(lines[0], HasSubstr("X  last 1001 ▲"));
    EXPECT_THAT(lines[2], HasSubstr("trades"));
    EXPECT_THAT(lines[6], HasSubstr("1001"));
    EXPECT_THAT(lines[7], HasSubstr("spread 1"));
    EXPECT_THAT(lines[8], HasSubstr("1000"));
    EXPECT_THAT(lines[8], HasSubstr("5.00"));
    EXPECT_THAT(lines[11], HasSubstr("997"));
    // A bar is as long as its quantity, compared with the largest that is shown.
    EXPECT_EQ(std::ranges::count(lines[6], '\x88') / 2, std::ranges::count(lines[8], '\x88'));
}

TEST(LadderViewTest, an_empty_or_half_empty_book_says_so) {
    EXPECT_THAT(ladder_lines({}, {.symbol = "X", .note = {}, .colours = false}, {80, 24})[13],
                HasSubstr("no orders"));
    MarketBook book;
    book.replace(snapshot("55=X|268=1|269=0|270=99.50|271=3.0|346=2|290=1|"));
    EXPECT_THAT(ladder_lines(book, {.symbol = "X", .note = {}, .colours = false}, {80, 24})[13],
                HasSubstr("no offers"));
}

TEST(LadderViewTest, colours_only_when_asked_for) {
    const auto book = large_book();
    const auto text_of = [&](bool colours) {
        std::string text;
        for (const auto& line : ladder_lines(book, {.symbol = "X", .note = {}, .colours = colours}, {80, 24}))
            text += line;
        return text;
    };
    EXPECT_THAT(text_of(false), Not(HasSubstr("\033")));
    EXPECT_THAT(text_of(true), HasSubstr("\033[32m"));
    EXPECT_THAT(ladder_lines(book, {.symbol = "\033[2J", .note = "\033", .colours = false}, {80, 24})[0],
                Not(HasSubstr("\033")));
}

} // namespace
} // namespace tradehive::trader
