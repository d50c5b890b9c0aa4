#include "tests/temporary_folder.hpp"
#include "trader/lobster_file.hpp"
#include "trader/order_flow.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lzma.h>

namespace tradehive::trader {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LobsterFile : public testing::Test {
protected:
    std::string write(const std::string& name, const std::string& bytes) {
        auto path = (folder_ / name).string();
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }

    static std::string packed(const std::string& text) {
        std::vector<std::uint8_t> bytes(lzma_stream_buffer_bound(text.size()));
        std::size_t used = 0;
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
        const auto* in = reinterpret_cast<const std::uint8_t*>(text.data());
        EXPECT_EQ(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr, in, text.size(), bytes.data(), &used,
                                          bytes.size()),
                  LZMA_OK);
        return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(used)};
    }

    static std::string refusal(const std::function<void()>& action) {
        try {
            action();
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "nothing was refused";
    }

    TemporaryFolder folder_;
    Steps steps_;
};

constexpr const char* two_lines = "34200.004241176,1,16113575,18,5853300,1\n"
                                  "34200.00426064,5,16113584,18,5853250,-1\n";

TEST_F(LobsterFile, messages_are_read_into_ticks_and_lots) {
    const auto rows = read_messages(write("m.csv", two_lines), steps_);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].seconds, "34200.004241176");
    EXPECT_EQ(rows[0].type, FlowType::enter);
    EXPECT_EQ(rows[0].order, 16113575);
    EXPECT_EQ(rows[0].lots, 18);
    EXPECT_EQ(rows[0].ticks, 58533);
    EXPECT_EQ(rows[0].side, Side::buy);
    EXPECT_EQ(rows[1].type, FlowType::execute_hidden); // between two ticks, and no harm
}

TEST_F(LobsterFile, a_compressed_file_reads_the_same) {
    EXPECT_EQ(read_text(write("m.csv.xz", packed(two_lines))), two_lines);
    EXPECT_EQ(read_messages(write("n.csv.xz", packed(two_lines)), steps_).size(), 2U);
}

TEST_F(LobsterFile, a_cut_compressed_file_is_refused) {
    auto bytes = packed(two_lines);
    bytes.resize(bytes.size() / 2);
    const auto path = write("m.csv.xz", bytes);
    EXPECT_THAT(refusal([&] { static_cast<void>(read_messages(path, steps_)); }),
                HasSubstr("not a whole xz file"));
}

TEST_F(LobsterFile, a_missing_file_is_named) {
    const auto path = (folder_ / "none.csv").string();
    EXPECT_THAT(refusal([&] { static_cast<void>(read_messages(path, steps_)); }), HasSubstr(path));
}

TEST_F(LobsterFile, a_damaged_line_is_named_with_its_number_and_what_would_be_right) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"x,1,2,18,5853300,1", ":2: seconds"},
        {"1,8,2,18,5853300,1", ":2: type must be 1 to 7"},
        {"1,1,2,,5853300,1", ":2: size must be a whole number"},
        {"1,1,2,0,5853300,1", ":2: size 0 must be above zero"},
        {"1,1,2,18,5853350,1", ":2: price 5853350"},
        {"1,1,2,18,5853300,2", ":2: side must be 1 or -1"},
        {"1,1,2,18,5853300,1,9", ":2: a line has six cells"},
        {"1,1,2", ":2: size"},
        {"", ":2: seconds"},
    };
    for (const auto& [line, expected] : cases) {
        const auto path = write("m.csv", "1,1,2,18,5853300,1\n" + line + "\n");
        EXPECT_THAT(refusal([&] { static_cast<void>(read_messages(path, steps_)); }),
                    HasSubstr(path + expected));
    }
}

TEST_F(LobsterFile, book_rows_leave_out_empty_levels_and_stop_where_asked) {
    const auto path = write("b.csv", "5859400,200,5853300,18,9999999999,0,5853000,150\n5859400,100,-"
                                     "9999999999,0,5860000,7,-9999999999,0\n");
    const auto rows = read_book_rows(path, steps_, 50, 10);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_THAT(rows[0].offers, ElementsAre(Level{58594, 200}));
    EXPECT_THAT(rows[0].bids, ElementsAre(Level{58533, 18}, Level{58530, 150}));
    EXPECT_THAT(rows[1].offers, ElementsAre(Level{58594, 100}, Level{58600, 7}));
    EXPECT_TRUE(rows[1].bids.empty());
    EXPECT_EQ(read_book_rows(path, steps_, 1, 1), (std::vector<BookRow>{{{{58533, 18}}, {{58594, 200}}}}));
}

TEST_F(LobsterFile, half_a_level_is_refused) {
    const auto path = write("b.csv", "5859400,200\n");
    EXPECT_THAT(refusal([&] { static_cast<void>(read_book_rows(path, steps_, 1, 1)); }),
                HasSubstr(":1: a level has four cells"));
}

FlowRow execution(const char* seconds, Side side, std::int64_t ticks, std::int64_t lots) {
    return {.seconds = seconds,
            .type = FlowType::execute,
            .order = 1,
            .lots = lots,
            .ticks = ticks,
            .side = side};
}

TEST(OrderFlowTest, executions_of_one_moment_and_side_are_a_group) {
    const auto flow = group_executions({
        execution("1.5", Side::sell, 100, 5), FlowRow{.seconds = "1.5", .type = FlowType::execute_hidden},
        execution("1.5", Side::sell, 102, 7), execution("1.5", Side::buy, 90, 1),
        execution("1.50", Side::sell, 103, 2), // written otherwise: another moment
    });
    ASSERT_EQ(flow.groups.size(), 3U);
    EXPECT_THAT(flow.groups[0].rows, ElementsAre(0U, 2U));
    EXPECT_EQ(flow.groups[0].lots, 12);
    EXPECT_EQ(flow.groups[0].worst_ticks, 102);
    EXPECT_EQ(flow.groups[0].resting, Side::sell);
    EXPECT_THAT(flow.groups[1].rows, ElementsAre(3U));
    EXPECT_THAT(flow.groups[2].rows, ElementsAre(4U));
    EXPECT_EQ(flow.steps[0].group, 0);
    EXPECT_TRUE(flow.steps[2].in_group);
    EXPECT_FALSE(flow.steps[0].observable);
    EXPECT_FALSE(flow.steps[1].observable);
    EXPECT_TRUE(flow.steps[2].observable);
    EXPECT_TRUE(flow.steps[3].observable);
}

TEST(OrderFlowTest, the_worst_price_of_bought_bids_is_the_lowest) {
    const auto flow = group_executions({execution("1", Side::buy, 100, 5), execution("1", Side::buy, 98, 7)});
    EXPECT_EQ(flow.groups.at(0).worst_ticks, 98);
}

TEST(OrderFlowTest, the_book_before_the_first_message_lacks_its_order) {
    const FlowRow first{
        .seconds = "1", .type = FlowType::enter, .order = 1, .lots = 18, .ticks = 99, .side = Side::buy};
    EXPECT_EQ(book_before({{{99, 18}, {98, 5}}, {{101, 18}}}, first), (BookRow{{{98, 5}}, {{101, 18}}}));
    EXPECT_EQ(book_before({{{99, 20}, {98, 5}}, {}}, first), (BookRow{{{99, 2}, {98, 5}}, {}}));
}

} // namespace
} // namespace tradehive::trader
