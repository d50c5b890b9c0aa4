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

TEST_F(LocalJournalTest, seals_what_there_is_and_goes_on_in_a_segment_of_its_own) {
    {
        const auto journal = LocalJournal::open(options());
        journal->seal(); // of nothing: nothing
        write(*journal, 3);
        journal->append(command(4));
        journal->seal();
        journal->seal();
        expect_exactly(*journal, 4);
        write(*journal, 2);
    }
    EXPECT_EQ(list_segments(options().directory).size(), 2U);
    EXPECT_EQ(list_segments(options().directory).back().first, Sequence{5});
    expect_exactly(*LocalJournal::open(options()), 6);
}

TEST_F(LocalJournalTest, drops_what_a_snapshot_stands_for_and_never_the_last_segment) {
    auto journal = LocalJournal::open(options());
    write(*journal, 200);
    const auto before = list_segments(options().directory);
    ASSERT_GT(before.size(), 4U);
    EXPECT_EQ(journal->drop_through(Sequence{before[2].first.value() - 2}), 1U)
        << "the second is still needed";
    EXPECT_EQ(journal->drop_through(Sequence{before[2].first.value() - 1}), 1U);
    EXPECT_EQ(list_segments(options().directory).front().first, before[2].first);
    expect_exactly(*journal, 200, before[2].first.value());
    EXPECT_THROW(journal->replay(Sequence{1}, [](const Command&) {}), JournalError);
    EXPECT_EQ(journal->drop_through(Sequence{1'000'000}), before.size() - 3);
    EXPECT_EQ(list_segments(options().directory).size(), 1U);
    write(*journal, 100);
    EXPECT_EQ(journal->last(), Sequence{300});
    journal.reset();
    EXPECT_THAT(refusal(options()), HasSubstr("segments before it are missing"));
}

TEST_F(LocalJournalTest, the_archive_may_be_on_another_disk) {
    const auto journal = LocalJournal::open(options());
    write(*journal, 60);
    const auto first = list_segments(options().directory).front();
    const auto bytes = read_whole(first.path);
    const TemporaryDirectory elsewhere{TemporaryDirectory::On::memory};
    ASSERT_GT(journal->drop_through(journal->last(), elsewhere.path()), 1U);
    EXPECT_FALSE(std::filesystem::exists(first.path));
    EXPECT_EQ(read_whole(elsewhere.path() / first.path.filename()), bytes);
    for (const auto& entry : std::filesystem::directory_iterator{elsewhere.path()})
        EXPECT_EQ(entry.path().extension(), ".segment");
}

TEST_F(LocalJournalTest, drops_so_many_at_a_time_and_knows_how_many_are_left) {
    const auto journal = LocalJournal::open(options());
    write(*journal, 200);
    const auto before = list_segments(options().directory);
    EXPECT_EQ(journal->sealed_after(Sequence{0}), before.size() - 1);
    EXPECT_EQ(journal->sealed_after(before[2].first), before.size() - 4);
    EXPECT_EQ(journal->sealed_after(Sequence{before[2].first.value() - 1}), before.size() - 3);
    EXPECT_EQ(journal->sealed_after(journal->last()), 0U);
    for (std::size_t left = before.size(); left > 1; --left) {
        EXPECT_EQ(journal->sealed_after(Sequence{0}), left - 1);
        EXPECT_EQ(journal->drop_through(journal->last(), {}, 1), 1U);
        EXPECT_EQ(list_segments(options().directory).front().first, before[before.size() - left + 1].first);
    }
    EXPECT_EQ(journal->drop_through(journal->last(), {}, 1), 0U);
    EXPECT_EQ(journal->sealed_after(Sequence{0}), 0U);
}

TEST_F(LocalJournalTest, the_archive_is_never_written_over) {
    const auto journal = LocalJournal::open(options());
    write(*journal, 200);
    const auto segments = list_segments(options().directory);
    const TemporaryDirectory near;
    const TemporaryDirectory far{TemporaryDirectory::On::memory};
    for (std::size_t i = 0; const auto* archive : {&near, &far}) {
        const auto& name = segments[i++];
        const auto there = archive->path() / name.path.filename();
        std::filesystem::copy(name.path, there);
        auto other = read_whole(there);
        other.back() ^= std::byte{1};
        File{there, File::Mode::write}.write_at(other, 0);
        try {
            journal->drop_through(journal->last(), archive->path(), 1);
            ADD_FAILURE() << "the other one is gone";
        } catch (const JournalError& error) {
            EXPECT_THAT(error.what(), HasSubstr("another file of that name is there"));
        }
        EXPECT_TRUE(std::filesystem::exists(name.path));
        EXPECT_EQ(read_whole(there), other);
        // An equal one: a move that was cut short between the copy and the removal.
        other.back() ^= std::byte{1};
        File{there, File::Mode::write}.write_at(other, 0);
        EXPECT_EQ(journal->drop_through(journal->last(), archive->path(), 1), 1U);
        EXPECT_FALSE(std::filesystem::exists(name.path));
        EXPECT_EQ(read_whole(there), other);
    }
}

TEST_F(LocalJournalTest, what_cannot_be_archived_stays) {
    const auto journal = LocalJournal::open(options());
    write(*journal, 200);
    const auto before = list_segments(options().directory).size();
    const auto archive = directory_.path() / "archive";
    std::filesystem::create_directories(archive / list_segments(options().directory)[1].path.filename() /
                                        "in the way");
    EXPECT_THROW(journal->drop_through(journal->last(), archive), JournalError);
    EXPECT_EQ(list_segments(options().directory).size(), before - 1);
    std::filesystem::remove_all(archive);
    EXPECT_EQ(journal->drop_through(journal->last(), archive), before - 2);
    EXPECT_EQ(list_segments(options().directory).size(), 1U);
}

TEST_F(LocalJournalTest, other_rules_take_over_where_the_snapshot_stands_and_nowhere_else) {
    auto old_rules = options();
    {
        const auto journal = LocalJournal::open(old_rules);
        write(*journal, 100);
        journal->seal();
    }
    auto new_rules = options();
    new_rules.rules_version = 2;
    new_rules.take_over = true;
    EXPECT_THAT(refusal(new_rules), HasSubstr("upgrade prepare")) << "there is no snapshot";
    new_rules.snapshot = replay_sealed(options().directory, {}, 1, [](const Command&) {});
    ASSERT_EQ(new_rules.snapshot.sequence, Sequence{100});
    new_rules.take_over = false;
    EXPECT_THAT(refusal(new_rules), HasSubstr("upgrade take-over"));
    new_rules.take_over = true;
    for (std::uint64_t last = 100; last <= 101; ++last) { // done twice it is the same
        const auto journal = LocalJournal::open(new_rules);
        EXPECT_EQ(journal->last(), Sequence{last});
        if (last == 100) write(*journal, 1);
    }
    const auto header = read_segment_header(list_segments(options().directory).back());
    EXPECT_EQ(header.rules, 2U);
    EXPECT_EQ(header.snapshot, Sequence{100});
    new_rules.take_over = false;
    expect_exactly(*LocalJournal::open(new_rules), 101, 101);
    EXPECT_THAT(refusal(old_rules), HasSubstr("rules version 2"));
    old_rules.snapshot = new_rules.snapshot;
    old_rules.take_over = true;
    EXPECT_THAT(refusal(old_rules), HasSubstr("upgrade prepare")) << "a command stands behind the snapshot";
}

} // namespace
} // namespace tradehive::journal
