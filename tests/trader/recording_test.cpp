#include "tests/temporary_folder.hpp"
#include "trader/client_options.hpp"
#include "trader/message_view.hpp"
#include "trader/recording.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::trader {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string on_the_wire(std::string text) {
    std::ranges::replace(text, '|', '\x01');
    return text;
}

TEST(FixTextTest, fields_keep_their_order_and_a_part_without_a_tag_belongs_to_the_value_before) {
    const auto message = FixText::parse(on_the_wire("8=FIX.4.4|35=D|58=a=b|no tag|55=X|"));
    ASSERT_EQ(message.fields.size(), 4U);
    EXPECT_EQ(message[58], "a=b\x01no tag");
    EXPECT_EQ(message[55], "X");
    EXPECT_EQ(message.msg_type(), "D");
    EXPECT_TRUE(FixText::parse("not a message").empty());
    EXPECT_EQ(FixText::parse("0=x|=y|-1=z|1=ok", '|').fields.size(), 1U);
}

TEST(FixTextTest, secrets_are_hidden_whatever_is_in_them) {
    const auto logon = FixText::parse(
        on_the_wire("35=A|553=me|554=topsecret|925=topsecret|20101=123456|95=13|96=top|55=secret|58=ok|"));
    EXPECT_THAT(logon.line(), Not(HasSubstr("secret")));
    EXPECT_THAT(logon.line(), Not(HasSubstr("123456")));
    EXPECT_EQ(logon[554], "***");
    EXPECT_EQ(logon[96], "***");
    EXPECT_FALSE(logon.has(55)) << "what looks like a field inside RawData is data";
    EXPECT_EQ(logon[58], "ok");
    EXPECT_EQ(FixText::parse(on_the_wire("95=999999|96=topsecret|58=x|"))[96], "***");
    EXPECT_FALSE(FixText::parse(on_the_wire("95=999999|96=topsecret|58=x|")).has(58));
}

TEST(FixTextTest, a_line_gives_the_same_fields_back_and_moves_no_cursor) {
    FixText message;
    message.fields = {
        {.tag = 35, .value = "B"}, {.tag = 148, .value = "a|b\\c\x1b[31m\nd\\x7c"}, {.tag = 58, .value = ""}};
    const auto line = message.line();
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(FixText::parse_line(line).fields, message.fields);
}

TEST(RecordedTimeTest, there_and_back) {
    for (const auto* text :
         {"1970-01-01T00:00:00.000000", "2026-01-05T09:00:05.000123", "2024-02-29T23:59:59.999999"})
        EXPECT_EQ(recorded_time(parse_recorded_time(text).value()), text);
    EXPECT_EQ(parse_recorded_time("1970-01-01T00:00:01.5").has_value(), false);
    EXPECT_EQ(parse_recorded_time("1970-01-01T00:00:01.500"), 1'500'000);
    for (const auto* text : {"", "2026-01-05", "2026-13-05T09:00:05.000123", "2026-02-30T09:00:05.000123",
                             "2026-01-05 09:00:05.000123", "2026-01-05T24:00:05.000123",
                             "2026-01-05T09:00:05.00012x", "2026-01-05T09:00:05.0001234"})
        EXPECT_FALSE(parse_recorded_time(text)) << text;
}

TEST(RecordedLineTest, our_own_and_the_venues) {
    const RecordedMessage ours{.microseconds = 1'500'000,
                               .session = "ME",
                               .direction = Direction::from_venue,
                               .message = FixText::parse("35=8|58=a", '|')};
    const auto line = recorded_line(ours);
    EXPECT_EQ(line, "1970-01-01T00:00:01.500000 ME <- 35=8|58=a|");
    const auto again = parse_recorded_line(line);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->direction, Direction::from_venue);
    EXPECT_EQ(again->message.fields, ours.message.fields);

    const auto venues = parse_recorded_line("2026-01-05T09:00:05.000123 ME < 8=FIX.4.4|35=D|11=a|");
    ASSERT_TRUE(venues);
    EXPECT_EQ(venues->direction, Direction::to_venue);
    EXPECT_EQ(parse_recorded_line("2026-01-05T09:00:05.000123 ME > 35=8|")->direction, Direction::from_venue);
    EXPECT_FALSE(parse_recorded_line("2026-01-05T09:00:05.000123 ME - closed: why"));
    EXPECT_FALSE(parse_recorded_line("# a remark"));
    EXPECT_FALSE(parse_recorded_line(""));
    for (const auto* wrong : {"yesterday ME -> 35=D|", "2026-01-05T09:00:05.000123 ME => 35=D|",
                              "2026-01-05T09:00:05.000123 ME -> 11=a|", "2026-01-05T09:00:05.000123"})
        EXPECT_THROW(static_cast<void>(parse_recorded_line(wrong)), std::runtime_error) << wrong;
}

class RecordingFileTest : public testing::Test {
protected:
    TemporaryFolder folder_;
};

TEST_F(RecordingFileTest, what_is_added_is_read_back_and_nothing_is_overwritten) {
    const auto path = (folder_ / "a").string();
    {
        RecordingFile file(path);
        file.add({.microseconds = 1,
                  .session = "ME",
                  .direction = Direction::to_venue,
                  .message = FixText::parse("35=D|11=a", '|')});
        file.add({.microseconds = 2,
                  .session = "YOU",
                  .direction = Direction::from_venue,
                  .message = FixText::parse("35=8|11=a", '|')});
        EXPECT_EQ(read_recording(path).size(), 2U) << "each line is in the file when add() returns";
    }
    EXPECT_EQ(read_recording(path, "YOU").at(0).message[11], "a");
    EXPECT_EQ(std::filesystem::status(path).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_THROW(RecordingFile{path}, std::runtime_error);
    std::ofstream(path, std::ios::app) << "rubbish\n";
    try {
        static_cast<void>(read_recording(path));
        ADD_FAILURE() << "rubbish was taken";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr(path + ":4: "));
    }
}

TEST_F(RecordingFileTest, a_line_that_is_still_being_written_is_left_out) {
    const auto path = (folder_ / "log").string();
    const std::string line = recorded_line({.microseconds = 1,
                                            .session = "ME",
                                            .direction = Direction::to_venue,
                                            .message = FixText::parse("8=FIX.4.4|9=9|35=0|10=123|", '|')});
    for (std::size_t written = 0; written <= line.size(); ++written) {
        std::ofstream(path) << line << '\n' << line.substr(0, written);
        EXPECT_EQ(read_recording(path).size(), written == line.size() ? 2U : 1U) << written;
    }
}

class MessageViewTest : public testing::Test {
protected:
    static RecordedMessage message(const std::string& fields) {
        return {.microseconds = 1'500'000,
                .session = "ME",
                .direction = Direction::to_venue,
                .message = FixText::parse("8=FIX.4.4|49=ME|34=7|" + fields, '|')};
    }
    FixNames names_{find_dictionary({})};
};

TEST_F(MessageViewTest, names_and_words_stand_for_numbers) {
    MessageView view(names_, {});
    EXPECT_EQ(view.show(message("35=D|11=a|54=1|99999=x")),
              "00:00:01.500000 ME -> #7 NewOrderSingle  ClOrdID=a  Side=1 (buy)  99999=x");
    MessageView lines(names_, {.colours = false, .field_lines = true});
    EXPECT_EQ(lines.show(message("35=D|11=a")), "00:00:01.500000 ME -> #7 NewOrderSingle\n    ClOrdID(11)=a");
    EXPECT_THAT(view.show(message("35=zz|11=a")), HasSubstr("35=zz"));
}

TEST_F(MessageViewTest, colours_show_what_differs_from_the_message_of_the_same_kind_before) {
    MessageView view(names_, {.colours = true, .field_lines = false});
    EXPECT_THAT(view.show(message("35=D|11=a|54=1|58=x")), Not(HasSubstr("\033[3")));
    const auto of_another_kind = view.show(message("35=F|11=b"));
    EXPECT_THAT(of_another_kind, Not(HasSubstr("\033[3")));
    const auto second = view.show(message("35=D|11=b|54=1|44=5"));
    EXPECT_THAT(second, HasSubstr("\033[33mClOrdID=b\033[0m"));
    EXPECT_THAT(second, HasSubstr("  Side=1 (buy)  "));
    EXPECT_THAT(second, HasSubstr("\033[32mPrice=5\033[0m"));
    EXPECT_THAT(second, HasSubstr("\033[31m-Text\033[0m"));
}

TEST_F(MessageViewTest, in_a_group_each_entry_is_compared_with_the_same_place_before) {
    MessageView view(names_, {.colours = true, .field_lines = false});
    static_cast<void>(view.show(message("35=W|268=2|269=0|270=5|269=1|270=6")));
    const auto second = view.show(message("35=W|268=2|269=0|270=5|269=1|270=7"));
    EXPECT_THAT(second, HasSubstr("\033[33mMDEntryPx=7\033[0m"));
    EXPECT_THAT(second, Not(HasSubstr("\033[33mMDEntryPx=5")));
}

TEST_F(MessageViewTest, what_comes_from_elsewhere_moves_no_cursor) {
    MessageView view(names_, {});
    EXPECT_EQ(view.show(message("35=D|58=\033[2J\n|1=\x07")).find_first_of("\033\n\x07"), std::string::npos);
}

} // namespace
} // namespace tradehive::trader
