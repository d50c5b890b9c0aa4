#include "journal/journal_tools.hpp"

#include "journal/describe.hpp"
#include "journal/event_log.hpp"
#include "journal/local_journal.hpp"
#include "tests/journal/commands.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace tradehive::journal {
namespace {

using testing::command;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::TemporaryDirectory;

class ToolsTest : public ::testing::Test {
protected:
    ToolsTest() {
        options_.directory = directory_.path() / "journal";
        options_.segment_bytes = least_segment_bytes;
        journal_ = LocalJournal::open(options_);
        for (std::uint64_t sequence = 1; sequence <= 100; ++sequence) {
            journal_->append(command(sequence));
            journal_->sync();
        }
    }

    [[nodiscard]] std::vector<std::string> dumped(const DumpOptions& options) const {
        std::stringstream out;
        dump(options_.directory, out, options);
        std::vector<std::string> lines;
        for (std::string line; std::getline(out, line);)
            lines.push_back(line);
        return lines;
    }

    void turn_bit(const std::filesystem::path& path, std::uint64_t offset) const {
        std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
        file.seekg(static_cast<std::streamoff>(offset));
        const auto byte = static_cast<char>(file.get() ^ 1);
        file.seekp(static_cast<std::streamoff>(offset));
        file.put(byte);
    }

    TemporaryDirectory directory_;
    LocalJournal::Options options_;
    std::unique_ptr<LocalJournal> journal_;
};

TEST_F(ToolsTest, dumps_beside_a_running_venue) {
    const auto lines = dumped({});
    ASSERT_THAT(lines, SizeIs(100));
    EXPECT_EQ(lines[4],
              "5 2023-11-14T22:13:20.000000005Z EnterOrder version=2 from=fix from_session=1 from_number=5 "
              "correlation=35 account=2 instrument=1 price=5 order_qty=10 cl_ord_id=5 side=buy "
              "ord_type=limit time_in_force=day expire_time=72340172838076673");
    EXPECT_EQ(lines[5], "6 2023-11-14T22:13:20.000000006Z CancelOrder from=fix from_session=1 from_number=6 "
                        "correlation=42 order=5 orig_cl_ord_id=O cl_ord_id=C6 account=2 instrument=1");
}

TEST_F(ToolsTest, dumps_a_part_of_it) {
    const auto lines = dumped({.json = false, .from = Sequence{41}, .to = Sequence{43}});
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_THAT(lines.front(), HasSubstr("41 "));
    EXPECT_THAT(lines.back(), HasSubstr("43 "));
}

TEST_F(ToolsTest, dumps_json_that_reads_back) {
    const auto lines = dumped({.json = true, .from = Sequence{7}, .to = Sequence{7}});
    ASSERT_THAT(lines, SizeIs(1));
    const auto object = boost::json::parse(lines[0]).as_object();
    EXPECT_EQ(object.at("sequence").to_number<int>(), 7);
    EXPECT_EQ(object.at("kind").as_string(), "EnterOrder");
    EXPECT_EQ(object.at("price").to_number<int>(), 7);
    EXPECT_EQ(object.at("side").as_string(), "buy");
}

TEST_F(ToolsTest, prints_every_kind_by_its_fields) {
    for (unsigned kind = 1; kind < 64; ++kind) {
        Command body{};
        body.header.kind = static_cast<CommandKind>(kind);
        body.header.version = body_version(body.header.kind);
        body.header.body_size = static_cast<std::uint32_t>(body_size(body.header.kind));
        if (body.header.body_size == 0) continue;
        EXPECT_THAT(describe(body), HasSubstr(name(body.header.kind)));
        EXPECT_THAT(to_json(body), ::testing::Not(HasSubstr("\"bytes\""))) << name(body.header.kind);
    }
    for (unsigned kind = 1; kind < 64; ++kind) {
        Event body;
        body.body.fill(std::byte{});
        body.header.kind = static_cast<EventKind>(kind);
        body.header.version = body_version(body.header.kind);
        body.header.body_size = static_cast<std::uint32_t>(body_size(body.header.kind));
        if (body.header.body_size == 0) continue;
        EXPECT_THAT(describe(body), HasSubstr(name(body.header.kind)));
        EXPECT_THAT(to_json(body), ::testing::Not(HasSubstr("\"bytes\""))) << name(body.header.kind);
    }
}

TEST_F(ToolsTest, prints_what_it_does_not_know_as_bytes) {
    auto unknown = command(1);
    unknown.header.version = 9;
    EXPECT_THAT(describe(unknown), HasSubstr("version=9"));
    EXPECT_THAT(describe(unknown), HasSubstr("bytes=02000000"));
    unknown.header.kind = static_cast<CommandKind>(999);
    EXPECT_THAT(describe(unknown), HasSubstr("Unknown version=9 kind_number=999"));
}

TEST_F(ToolsTest, quotes_what_a_peer_sent_in_odd_bytes) {
    MessageRefused body;
    body.cl_ord_id = ClOrdID::cut("a b\x1b[2J\xff");
    EXPECT_THAT(describe(make_command({}, body)), HasSubstr(R"(cl_ord_id="a b\u001b[2J?")"));
}

TEST_F(ToolsTest, dumps_events) {
    EventLog::Options options;
    options.directory = directory_.path() / "events";
    const auto log = EventLog::open(options);
    log->publish(std::vector{testing::event(1), testing::event(2)});
    std::stringstream out;
    dump_events(options.directory, out, {});
    EXPECT_THAT(out.str(), HasSubstr("1 1-0 2023-11-14T22:13:20.000000001Z OrderAccepted"));
    EXPECT_THAT(out.str(), HasSubstr("2 1-1 2023-11-14T22:13:20.000000002Z BalanceChanged"));
}

TEST_F(ToolsTest, finds_a_whole_journal_whole) {
    const auto report = check(options_.directory);
    EXPECT_TRUE(report.whole());
    EXPECT_THAT(report.notes, IsEmpty());
    EXPECT_EQ(report.commands, 100U);
    EXPECT_EQ(report.first, Sequence{1});
    EXPECT_EQ(report.last, Sequence{100});
    EXPECT_EQ(report.rules_version, 1U);
    EXPECT_EQ(report.segments, list_segments(options_.directory).size());
}

TEST_F(ToolsTest, names_every_damage) {
    const auto names = list_segments(options_.directory);
    ASSERT_GE(names.size(), 4U);
    turn_bit(names[0].path, 300);
    turn_bit(names[2].path, 40);
    const auto report = check(options_.directory);
    EXPECT_THAT(report.damages, ::testing::Contains(HasSubstr(names[0].path.string())));
    EXPECT_THAT(report.damages, ::testing::Contains(HasSubstr(names[2].path.string())));
    EXPECT_THROW(static_cast<void>(dumped({})), JournalError);
}

TEST_F(ToolsTest, takes_an_unfinished_tail_for_no_damage) {
    const auto names = list_segments(options_.directory);
    turn_bit(names.back().path, least_segment_bytes - 1);
    const auto report = check(options_.directory);
    EXPECT_TRUE(report.whole());
    EXPECT_THAT(report.notes, ElementsAre(HasSubstr("unfinished")));
    EXPECT_THAT(dumped({}), SizeIs(100));
}

} // namespace
} // namespace tradehive::journal
