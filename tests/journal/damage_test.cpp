// A journal whose bytes were changed: it opens with the longest beginning that nothing contradicts, or is
// refused by file and offset; never anything else.
#include "journal/local_journal.hpp"

#include "tests/journal/commands.hpp"
#include "tests/journal/faulty_files.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::journal {
namespace {

using testing::command;
using ::testing::HasSubstr;
using testing::TemporaryDirectory;

constexpr std::uint64_t batches[] = {1, 3, 5, 9, 7, 4, 4, 5}; // the first four fill the first segment
constexpr std::uint64_t last_batch = 5;
constexpr std::uint64_t commands = 38;

class DamageTest : public ::testing::Test {
protected:
    DamageTest() {
        options_.directory = directory_.path() / "journal";
        options_.segment_bytes = least_segment_bytes;
        options_.operations = &unsynced_;
        {
            const auto journal = LocalJournal::open(options_);
            for (const auto batch : batches) {
                for (std::uint64_t i = 0; i < batch; ++i)
                    journal->append(command(journal->last().value() + 1));
                journal->sync();
            }
            EXPECT_EQ(journal->last(), Sequence{commands});
        }
        for (const auto& name : list_segments(options_.directory)) {
            names_.push_back(name);
            original_.push_back(read_whole(name.path));
        }
        content_ =
            scan_segment(original_.back(), names_.back(), [this](const Record& record, std::uint64_t at) {
                offsets_.push_back(at);
                sequences_.push_back(record.command.header.sequence.value());
            });
        EXPECT_EQ(names_.size(), 2U);
        EXPECT_LT(sequences_.front(), commands - last_batch) << "the last segment must hold an earlier batch";
    }

    void put(std::size_t segment, std::span<const std::byte> bytes) const {
        std::ofstream file{names_[segment].path, std::ios::binary | std::ios::trunc};
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }

    void put_back() const {
        for (std::size_t i = 0; i < original_.size(); ++i)
            put(i, original_[i]);
    }

    // "" when it opened and holds exactly the first `count` commands and takes the next one; else the
    // refusal.
    [[nodiscard]] std::string opened(std::uint64_t count, std::uint64_t known_elsewhere = 0) const {
        auto options = options_;
        options.highest_known_elsewhere = Sequence{known_elsewhere};
        try {
            const auto journal = LocalJournal::open(options);
            std::uint64_t seen = 0;
            journal->replay(Sequence{1}, [&](const Command& read) {
                ++seen;
                if (!testing::same(read, command(seen))) ADD_FAILURE() << "a wrong command " << seen;
            });
            if (journal->last() != Sequence{seen}) ADD_FAILURE() << "last is not last";
            if (seen != count) return "opened with " + std::to_string(seen);
            journal->append(command(count + 1));
            journal->sync();
        } catch (const JournalError& error) {
            return error.what();
        }
        return "";
    }

    // Refused, naming the file and that offset, and every byte as before.
    void expect_refused(std::size_t segment, std::uint64_t offset, std::span<const std::byte> bytes,
                        const std::string& what, std::uint64_t known_elsewhere = 0) const {
        put(segment, bytes);
        const auto refusal = opened(commands, known_elsewhere);
        EXPECT_THAT(refusal,
                    HasSubstr(names_[segment].path.string() + ", offset " + std::to_string(offset) + ":"))
            << what;
        const auto after = read_whole(names_[segment].path);
        EXPECT_TRUE(std::ranges::equal(after, bytes)) << what << ": a refusal must not change the file";
    }

    void expect_opened(std::span<const std::byte> last, std::uint64_t count, const std::string& what) const {
        put(names_.size() - 1, last);
        EXPECT_EQ(opened(count), "") << what;
        // the other segments are untouched, the last one was rewritten
    }

    // How many commands stand wholly before that offset of the last segment.
    [[nodiscard]] std::uint64_t commands_before(std::uint64_t offset) const {
        std::uint64_t count = names_.back().first.value() - 1;
        for (std::size_t i = 0; i < offsets_.size(); ++i) {
            const auto end = i + 1 < offsets_.size() ? offsets_[i + 1] : content_.content_bytes;
            if (end <= offset) count = sequences_[i];
        }
        return count;
    }

    TemporaryDirectory directory_{TemporaryDirectory::On::memory};
    testing::Unsynced unsynced_;
    LocalJournal::Options options_;
    std::vector<SegmentName> names_;
    std::vector<std::vector<std::byte>> original_;
    SegmentContent content_; // of the last segment
    std::vector<std::uint64_t> offsets_;
    std::vector<std::uint64_t> sequences_;
};

TEST_F(DamageTest, unfinished_from_any_byte_on_gives_the_commands_before_it) {
    for (auto cut = sizeof(SegmentHeader); cut <= content_.content_bytes; ++cut) {
        auto bytes = original_.back();
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(cut), bytes.end(), std::byte{0});
        // A record's own last bytes may be zero: then nothing is lost by making them zero.
        const auto whole = bytes == original_.back() ? commands : commands_before(cut);
        auto count = whole;
        for (std::size_t i = 0; i < offsets_.size(); ++i)
            if (sequences_[i] == count + 1 && decode_record(std::span{bytes}.subspan(offsets_[i]))) ++count;
        expect_opened(bytes, count, "zeros from " + std::to_string(cut));
    }
}

TEST_F(DamageTest, rubbish_from_any_byte_on_gives_the_commands_before_it) {
    std::mt19937_64 random{7};
    for (auto cut = sizeof(SegmentHeader); cut <= content_.content_bytes; ++cut) {
        auto bytes = original_.back();
        for (auto at = cut; at < std::min<std::uint64_t>(bytes.size(), cut + 700); ++at)
            bytes[at] = ~original_.back()[at] ^ static_cast<std::byte>(random() & 0x7FU);
        std::fill(bytes.begin() +
                      static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(bytes.size(), cut + 700)),
                  bytes.end(), std::byte{0});
        expect_opened(bytes, commands_before(cut), "rubbish from " + std::to_string(cut));
    }
}

TEST_F(DamageTest, cut_at_any_byte_is_refused) {
    for (std::uint64_t cut = 0; cut < original_.back().size(); ++cut)
        expect_refused(1, cut, std::span{original_.back()}.first(cut), "cut at " + std::to_string(cut));
    put_back();
    for (std::uint64_t cut = 0; cut < original_.front().size(); cut += 13)
        expect_refused(0, cut, std::span{original_.front()}.first(cut), "cut at " + std::to_string(cut));
}

TEST_F(DamageTest, lost_commands_that_others_know_are_refused) {
    for (std::size_t i = 0; i < offsets_.size(); ++i) {
        auto bytes = original_.back();
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(offsets_[i]), bytes.end(), std::byte{0});
        expect_refused(1, offsets_[i], bytes, "known elsewhere", sequences_[i]);
    }
}

TEST_F(DamageTest, a_turned_bit_in_the_last_segment) {
    const auto first_of_last_batch = commands - last_batch + 1;
    for (std::uint64_t bit = 0; bit < least_segment_bytes * 8; ++bit) {
        const auto byte = bit / 8;
        // In the zeros behind the content every 61st bit has to do.
        if (byte > content_.content_bytes + 400 && bit % 61 != 0) continue;
        auto bytes = original_.back();
        bytes[byte] ^= static_cast<std::byte>(1U << (bit % 8));
        const auto what = "bit " + std::to_string(bit);
        if (byte < sizeof(SegmentHeader)) {
            expect_refused(1, 0, bytes, what);
            continue;
        }
        if (byte >= content_.content_bytes) {
            expect_opened(bytes, commands, what);
            continue;
        }
        const auto record =
            static_cast<std::size_t>(std::ranges::upper_bound(offsets_, byte) - offsets_.begin() - 1);
        if (sequences_[record] >= first_of_last_batch)
            expect_opened(bytes, sequences_[record] - 1, what); // nothing says that it was ever durable
        else
            expect_refused(1, offsets_[record], bytes, what); // the batch after it does
    }
}

TEST_F(DamageTest, a_turned_bit_in_a_sealed_segment_is_refused) {
    const auto content = scan_segment(original_.front(), names_.front());
    for (std::uint64_t bit = 0; bit < least_segment_bytes * 8; ++bit) {
        if (bit / 8 > content.content_bytes + 32 && bit % 61 != 0) continue;
        auto bytes = original_.front();
        bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        put(0, bytes);
        const auto refusal = opened(commands);
        ASSERT_THAT(refusal, HasSubstr("offset")) << "bit " << bit;
        ASSERT_THAT(refusal, HasSubstr(".segment")) << "bit " << bit;
        ASSERT_TRUE(read_whole(names_.front().path) == bytes) << "bit " << bit;
    }
}

TEST_F(DamageTest, a_hole_is_a_tail_only_within_the_last_batch) {
    for (std::size_t i = 0; i < offsets_.size(); ++i) {
        auto bytes = original_.back();
        const auto end = i + 1 < offsets_.size() ? offsets_[i + 1] : content_.content_bytes;
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(offsets_[i]),
                  bytes.begin() + static_cast<std::ptrdiff_t>(end), std::byte{0});
        if (sequences_[i] > commands - last_batch)
            expect_opened(bytes, sequences_[i] - 1, "hole at " + std::to_string(sequences_[i]));
        else
            expect_refused(1, offsets_[i], bytes, "hole at " + std::to_string(sequences_[i]));
    }
}

TEST_F(DamageTest, missing_and_foreign_segments_are_refused) {
    std::filesystem::remove(names_[0].path);
    EXPECT_THAT(opened(commands), HasSubstr("the segments before it are missing"));

    // Good in itself, but not the predecessor that the last segment was made after.
    auto other = options_;
    other.directory = directory_.path() / "other";
    {
        const auto journal = LocalJournal::open(other);
        for (std::uint64_t sequence = 1; sequence <= commands; ++sequence) {
            journal->append(command(sequence)); // one batch: other `durable`, so other bytes
        }
        journal->sync();
    }
    std::filesystem::copy_file(list_segments(other.directory).front().path, names_[0].path);
    EXPECT_THAT(opened(commands), HasSubstr("is not the one that it was sealed with"));
}

TEST_F(DamageTest, another_format_is_refused_by_name) {
    auto bytes = original_.back();
    auto header = content_.header;
    header.format = 2;
    std::ranges::copy(encode(header), bytes.begin());
    put(1, bytes);
    EXPECT_THAT(opened(commands), HasSubstr("journal format 2, but this program reads format 1"));
}

TEST_F(DamageTest, leftovers_of_a_recovery_cut_short_do_not_matter) {
    put(1, original_.back());
    std::ofstream{options_.directory / "recovered"} << "half a segment";
    std::ofstream{options_.directory / "spare"} << "half a spare";
    EXPECT_EQ(opened(commands), "");
    std::filesystem::copy_file(names_[1].path, options_.directory / "recovered",
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(opened(commands + 1), "");
}

} // namespace
} // namespace tradehive::journal
