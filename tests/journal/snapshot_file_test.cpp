// A snapshot's file: what was written is read, and any damage at all is seen.
#include "journal/snapshot_file.hpp"

#include "tests/journal/commands.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradehive::journal {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryDirectory;

std::vector<std::byte> some_state(std::size_t size) {
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::byte>(i * 31 + i / 255);
    return bytes;
}

class SnapshotFileTest : public ::testing::Test {
protected:
    SnapshotName write(std::span<const std::byte> state, std::uint64_t sequence = 42) const {
        SnapshotHeader about;
        about.rules = 3;
        about.sequence = Sequence{sequence};
        about.next_event = EventNumber{99};
        about.time = Timestamp{1'700'000'000'000'000'000};
        about.journal_content = 4'000;
        about.journal_sha256 = sha256(state);
        about.layout = 1;
        SnapshotWriter writer{directory_.path(), about};
        for (std::size_t at = 0; at < state.size(); at += 1'000)
            writer.write(state.subspan(at, std::min<std::size_t>(1'000, state.size() - at)));
        (void)writer.finish();
        return writer.give_name();
    }
    static std::vector<std::byte> read(const SnapshotName& name) {
        SnapshotReader reader{name};
        std::vector<std::byte> state(1 << 20);
        state.resize(reader.read(state));
        reader.finish();
        return state;
    }
    static void overwrite(const SnapshotName& name, std::span<const std::byte> bytes) {
        std::ofstream file{name.path, std::ios::binary | std::ios::trunc};
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
    static std::string refusal(const SnapshotName& name) {
        try {
            check_snapshot(name);
        } catch (const JournalError& error) {
            return error.what();
        }
        return "good";
    }

    TemporaryDirectory directory_{TemporaryDirectory::On::memory};
};

TEST_F(SnapshotFileTest, gives_back_what_was_written_whatever_its_size) {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, snapshot_piece_bytes - 1, snapshot_piece_bytes,
          snapshot_piece_bytes + 1, 5 * snapshot_piece_bytes}) {
        const auto state = some_state(size);
        const auto name = write(state);
        EXPECT_EQ(read(name), state) << size;
        SnapshotReader reader{name};
        EXPECT_EQ(reader.header().next_event, EventNumber{99});
        EXPECT_EQ(reader.finish().state_sha256, sha256(state));
    }
}

TEST_F(SnapshotFileTest, has_its_name_only_when_it_is_whole) {
    SnapshotHeader about;
    about.sequence = Sequence{7};
    {
        SnapshotWriter writer{directory_.path(), about};
        writer.write(some_state(100'000));
        EXPECT_EQ(refusal(writer.finish()), "good");
    }
    EXPECT_TRUE(list_snapshots(directory_.path()).empty());
    write(some_state(10), 8);
    write(some_state(10), 9);
    const auto names = list_snapshots(directory_.path());
    ASSERT_EQ(names.size(), 2U);
    EXPECT_EQ(names.back().sequence, Sequence{9});
    EXPECT_TRUE(list_snapshots(directory_.path() / "none").empty());
}

TEST_F(SnapshotFileTest, every_flipped_byte_is_seen) {
    const auto name = write(some_state(700));
    const auto whole = read_whole(name.path);
    ASSERT_EQ(refusal(name), "good");
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (const auto mask : {std::byte{0x01}, std::byte{0x80}, std::byte{0xFF}}) {
            auto bytes = whole;
            bytes[at] ^= mask;
            overwrite(name, bytes);
            ASSERT_NE(refusal(name), "good") << "byte " << at;
        }
}

TEST_F(SnapshotFileTest, every_cut_is_seen_and_so_is_something_behind_the_end) {
    const auto name = write(some_state(700));
    auto whole = read_whole(name.path);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        overwrite(name, std::span{whole}.first(size));
        ASSERT_NE(refusal(name), "good") << size;
    }
    whole.push_back({});
    overwrite(name, whole);
    EXPECT_THAT(refusal(name), HasSubstr("behind the end"));
}

TEST_F(SnapshotFileTest, another_ones_name_is_refused) {
    const auto name = write(some_state(10), 8);
    const SnapshotName other{directory_.path() / "00000000000000000009.snapshot", Sequence{9}};
    std::filesystem::rename(name.path, other.path);
    EXPECT_THAT(refusal(other), HasSubstr("another sequence"));
}

} // namespace
} // namespace tradehive::journal
