#include "journal/local_journal.hpp"

#include "tests/journal/commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::journal {
namespace {

using ::testing::AllOf;
using testing::command;
using ::testing::HasSubstr;
using testing::TemporaryDirectory;

class LocalJournalTest : public ::testing::Test {
protected:
    [[nodiscard]] LocalJournal::Options options() const {
        LocalJournal::Options result;
        result.directory = directory_.path() / "journal";
        result.segment_bytes = least_segment_bytes;
        return result;
    }

    [[nodiscard]] static std::string refusal(const LocalJournal::Options& options) {
        try {
            static_cast<void>(LocalJournal::open(options));
        } catch (const JournalError& error) {
            return error.what();
        }
        return "opened";
    }

    static void write(LocalJournal& journal, std::uint64_t count, std::uint64_t batch = 1) {
        for (std::uint64_t i = 1; i <= count; ++i) {
            journal.append(command(journal.last().value() + 1));
            if (i % batch == 0 || i == count) journal.sync();
        }
    }

    static void expect_exactly(const LocalJournal& journal, std::uint64_t count, std::uint64_t from = 1) {
        std::uint64_t next = from;
        journal.replay(Sequence{from}, [&](const Command& read) {
            ASSERT_TRUE(testing::same(read, command(next))) << "sequence " << next;
            ++next;
        });
        EXPECT_EQ(next, count + 1);
        EXPECT_EQ(journal.last(), Sequence{count});
    }

    TemporaryDirectory directory_;
};

TEST_F(LocalJournalTest, anew_is_empty) {
    const auto journal = LocalJournal::open(options());
    EXPECT_EQ(journal->last(), Sequence{0});
    expect_exactly(*journal, 0);
}

TEST_F(LocalJournalTest, gives_back_what_was_synced_over_many_segments_and_four_openings) {
    for (std::uint64_t opening = 0; opening < 4; ++opening) {
        const auto journal = LocalJournal::open(options());
        expect_exactly(*journal, opening * 200);
        write(*journal, 200, opening + 1);
        expect_exactly(*journal, opening * 200 + 200);
    }
    EXPECT_GT(list_segments(options().directory).size(), 20U);
    expect_exactly(*LocalJournal::open(options()), 800);
}

TEST_F(LocalJournalTest, replays_from_any_sequence) {
    const auto journal = LocalJournal::open(options());
    write(*journal, 100);
    for (std::uint64_t from = 1; from <= 101; ++from)
        expect_exactly(*journal, 100, from);
}

TEST_F(LocalJournalTest, does_not_replay_what_is_not_synced) {
    const auto journal = LocalJournal::open(options());
    write(*journal, 5);
    journal->append(command(6));
    std::uint64_t seen = 0;
    journal->replay(Sequence{1}, [&](const Command&) { ++seen; });
    EXPECT_EQ(seen, 5U);
    EXPECT_EQ(journal->last(), Sequence{6});
}

TEST_F(LocalJournalTest, forgets_what_was_never_synced) {
    {
        const auto journal = LocalJournal::open(options());
        write(*journal, 5);
        journal->append(command(6));
    }
    expect_exactly(*LocalJournal::open(options()), 5);
}

TEST_F(LocalJournalTest, takes_commands_in_order_only) {
    const auto journal = LocalJournal::open(options());
    EXPECT_THROW(journal->append(command(2)), std::logic_error);
    write(*journal, 1);
    EXPECT_THROW(journal->append(command(1)), std::logic_error);
    EXPECT_THROW(journal->append(command(3)), std::logic_error);
    write(*journal, 1);
    expect_exactly(*journal, 2);
}

TEST_F(LocalJournalTest, refuses_a_second_venue_by_name) {
    const auto journal = LocalJournal::open(options());
    EXPECT_THAT(refusal(options()), AllOf(HasSubstr("in use by another venue"),
                                          HasSubstr("process " + std::to_string(::getpid()))));
}

TEST_F(LocalJournalTest, refuses_another_rules_version_by_name) {
    write(*LocalJournal::open(options()), 5);
    auto newer = options();
    newer.rules_version = 2;
    EXPECT_THAT(refusal(newer), AllOf(HasSubstr("rules version 1"), HasSubstr("rules version 2")));
    expect_exactly(*LocalJournal::open(options()), 5);
}

TEST_F(LocalJournalTest, refuses_when_other_files_know_more) {
    auto knowing = options();
    knowing.highest_known_elsewhere = Sequence{1};
    EXPECT_THAT(refusal(knowing), HasSubstr("is empty"));
    write(*LocalJournal::open(options()), 5);
    knowing.highest_known_elsewhere = Sequence{6};
    EXPECT_THAT(refusal(knowing),
                AllOf(HasSubstr("ends here with sequence 5"), HasSubstr("know sequence 6")));
    knowing.highest_known_elsewhere = Sequence{5};
    expect_exactly(*LocalJournal::open(knowing), 5);
}

} // namespace
} // namespace tradehive::journal
