// The disk fails, the process stops, the power goes: at every single step. What was synced is there, what is
// there was appended, and a journal that saw an error does nothing more.
#include "journal/local_journal.hpp"

#include "tests/journal/commands.hpp"
#include "tests/journal/faulty_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::journal {
namespace {

using testing::command;
using testing::Faulty;
using ::testing::HasSubstr;
using testing::PowerLoss;
using testing::Stopped;
using testing::TemporaryDirectory;
using testing::Unsynced;

class FaultTest : public ::testing::Test {
protected:
    // What a venue had been told when it ended.
    struct Told {
        std::uint64_t durable{};
        std::uint64_t appended{};
        bool failed{};
    };

    [[nodiscard]] static LocalJournal::Options options(const std::filesystem::path& directory,
                                                       FileOperations& operations) {
        LocalJournal::Options result;
        result.directory = directory;
        result.segment_bytes = least_segment_bytes;
        result.operations = &operations;
        return result;
    }

    // A venue that starts, writes some batches over more than one segment, and ends whenever something fails.
    static void live(const LocalJournal::Options& options, Told& told) {
        std::unique_ptr<LocalJournal> journal;
        try {
            journal = LocalJournal::open(options);
            for (std::uint64_t batch = 1; batch <= 12; ++batch) {
                for (std::uint64_t i = 0; i < 1 + batch % 5; ++i) {
                    told.appended = std::max(told.appended, journal->last().value() + 1);
                    journal->append(command(journal->last().value() + 1));
                }
                journal->sync();
                told.durable = journal->last().value();
            }
        } catch (const Stopped&) {
            told.failed = true;
        } catch (const JournalError&) {
            told.failed = true;
            if (journal) expect_useless(*journal);
        }
    }

    static void expect_useless(LocalJournal& journal) {
        EXPECT_THROW(journal.append(command(journal.last().value() + 1)), JournalError);
        EXPECT_THROW(journal.sync(), JournalError);
        EXPECT_THROW(journal.replay(Sequence{1}, [](const Command&) {}), JournalError);
    }

    // Everything durable is there, and nothing that was not appended.
    static void expect_true_to(const Told& told, const std::filesystem::path& directory,
                               const std::string& what) {
        Unsynced unsynced;
        auto opening = options(directory, unsynced);
        opening.highest_known_elsewhere = Sequence{told.durable};
        const auto journal = LocalJournal::open(opening);
        std::uint64_t seen = 0;
        journal->replay(Sequence{1}, [&](const Command& read) {
            ++seen;
            EXPECT_TRUE(testing::same(read, command(seen))) << what;
        });
        EXPECT_GE(seen, told.durable) << what;
        EXPECT_LE(seen, told.appended) << what;
    }

    // Each step of a life that follows another one.
    static void at_every_step(Faulty::How how) {
        for (std::uint64_t step = 1;; ++step) {
            const TemporaryDirectory directory{TemporaryDirectory::On::memory};
            Unsynced unsynced;
            Told told;
            live(options(directory.path(), unsynced), told);
            ASSERT_FALSE(told.failed);
            Faulty faulty{how, step};
            live(options(directory.path(), faulty), told);
            expect_true_to(told, directory.path(), "step " + std::to_string(step));
            if (!faulty.happened()) {
                EXPECT_GT(step, 20U) << "the steps are counted wrong";
                return;
            }
        }
    }

    // Three lives that lose power, the first one at that step, the later ones perhaps while they recover.
    // False when the first one ended before the step came.
    [[nodiscard]] static bool power_goes(std::uint64_t seed, std::uint64_t step) {
        const TemporaryDirectory directory{TemporaryDirectory::On::memory};
        std::mt19937_64 random{seed * 1000 + step};
        Told told;
        bool happened = false;
        for (int life = 0; life < 3; ++life) {
            PowerLoss power{directory.path(), random(), life == 0 ? step : 1 + random() % 60};
            live(options(directory.path(), power), told);
            if (power.happened()) power.lose_power();
            if (life == 0) happened = power.happened();
        }
        expect_true_to(told, directory.path(),
                       "seed " + std::to_string(seed) + " step " + std::to_string(step));
        return happened;
    }
};

TEST_F(FaultTest, stopped_at_every_step) {
    at_every_step(Faulty::How::stop);
}

TEST_F(FaultTest, stopped_within_every_write) {
    at_every_step(Faulty::How::stop_within_write);
}

TEST_F(FaultTest, the_disk_fails_at_every_step) {
    at_every_step(Faulty::How::fail);
}

TEST_F(FaultTest, the_power_goes_at_every_step) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        std::uint64_t step = 1;
        while (power_goes(seed, step))
            ++step;
        EXPECT_GT(step, 20U) << "the steps are counted wrong";
    }
}

TEST_F(FaultTest, says_that_the_disk_is_full_before_and_when_it_matters) {
    const TemporaryDirectory directory{TemporaryDirectory::On::memory};
    class FullForSpares : public Unsynced {
    public:
        ssize_t write_at(int descriptor, std::span<const std::byte> bytes, std::uint64_t offset) override {
            if (bytes.size() != least_segment_bytes)
                return FileOperations::write_at(descriptor, bytes, offset);
            errno = ENOSPC;
            return -1;
        }
    } full;
    const auto journal = LocalJournal::open(options(directory.path(), full));
    std::string refusal;
    try {
        for (std::uint64_t sequence = 1; sequence <= 40; ++sequence) {
            journal->append(command(sequence));
            journal->sync();
        }
    } catch (const JournalError& error) {
        refusal = error.what();
    }
    EXPECT_THAT(refusal, HasSubstr("The next journal segment could not be prepared"));
    EXPECT_THAT(refusal, HasSubstr("No space left on device"));
    EXPECT_THAT(refusal, HasSubstr("Make room on the disk"));
    EXPECT_THAT(journal->warning(), HasSubstr("No space left on device"));
    EXPECT_GT(journal->last(), Sequence{10});
    expect_useless(*journal);
}

} // namespace
} // namespace tradehive::journal
