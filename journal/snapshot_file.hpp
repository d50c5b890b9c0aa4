// A snapshot in a file: the venue's state after the last command of a sealed segment, as bytes that only the
// venue understands.
//
//   <sequence of that command, 20 digits>.snapshot
//
// Header, 128 bytes:
//   0    char[8]   magic            "THSNAPSH"
//   8    u32       format           1
//   12   u32       rules            version of the rules that its commands were applied under
//   16   u64       sequence         of the last command applied
//   24   u64       next_event       number of the event that comes after it
//   32   i64       time             of that command
//   40   u64       journal_content  bytes of the segment that ends with that command, and
//   48   byte[32]  journal_sha256   their SHA-256: what the segment after it names as its predecessor
//   80   u32       layout           of the state's bytes (venue/state_bytes.hpp)
//   84   byte[40]  reserved         zeros
//   124  u32       crc32c           of the 124 bytes before
// The state's bytes, in pieces: u32 crc32c of what follows in the piece, u32 length 1..65536, the bytes.
// End mark, 88 bytes:
//   0    char[8]   magic            "THSNPEND"
//   8    u64       bytes            of the whole file
//   16   u64       state_bytes      of the state
//   24   byte[32]  state_sha256     of them
//   56   byte[32]  sha256           of all bytes of the file before these 32
//
// A file is written under another name, synced, and gets its own only then. Without a good end mark it is no
// snapshot. Threads: one owner.
#pragma once

#include "journal/byte_stream.hpp"
#include "journal/checksum.hpp"
#include "journal/file.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace tradehive::journal {

inline constexpr std::uint32_t snapshot_format = 1;
inline constexpr std::size_t snapshot_piece_bytes = std::size_t{64} << 10U;

struct SnapshotHeader {
    std::array<char, 8> magic{'T', 'H', 'S', 'N', 'A', 'P', 'S', 'H'};
    std::uint32_t format{snapshot_format};
    std::uint32_t rules{};
    Sequence sequence{};
    EventNumber next_event{};
    Timestamp time{};
    std::uint64_t journal_content{};
    Digest journal_sha256{};
    std::uint32_t layout{};
    std::array<std::byte, 40> reserved{};
    std::uint32_t crc32c{};
};
static_assert(sizeof(SnapshotHeader) == 128 && std::has_unique_object_representations_v<SnapshotHeader>);

struct SnapshotEnd {
    std::array<char, 8> magic{'T', 'H', 'S', 'N', 'P', 'E', 'N', 'D'};
    std::uint64_t bytes{};
    std::uint64_t state_bytes{};
    Digest state_sha256{};
    Digest sha256{};
};
static_assert(sizeof(SnapshotEnd) == 88 && std::has_unique_object_representations_v<SnapshotEnd>);

struct SnapshotName {
    std::filesystem::path path;
    Sequence sequence;
};

// By sequence; none when there is no such directory. Throws JournalError for a name that is no number.
[[nodiscard]] std::vector<SnapshotName> list_snapshots(const std::filesystem::path& directory);

// Takes the state's bytes by write(), into a file "unfinished" until it has its name.
class SnapshotWriter final : public ByteSink {
public:
    // Fields that describe the format are filled in. Throws JournalError, as all of these.
    SnapshotWriter(std::filesystem::path directory, const SnapshotHeader& about,
                   FileOperations& operations = FileOperations::system());
    SnapshotWriter(const SnapshotWriter&) = delete;
    SnapshotWriter& operator=(const SnapshotWriter&) = delete;
    // Removes a file that has got no name: on a full disk it would be in the venue's way.
    ~SnapshotWriter() override;

    void write(std::span<const std::byte> bytes) override;
    // The file is whole and durable when this returns; this is where to read it until it has its name.
    [[nodiscard]] SnapshotName finish();
    // It is a snapshot from now on, durably.
    SnapshotName give_name();

private:
    void put(std::span<const std::byte> bytes);
    void put_piece();

    const std::filesystem::path directory_;
    const SnapshotHeader about_;
    File file_;
    std::uint64_t written_{};
    std::uint64_t state_bytes_{};
    Sha256 hash_;
    Sha256 state_hash_;
    std::vector<std::byte> piece_;
    bool named_{};
};

// Gives the state's bytes by read(); each piece is checked before it is handed out, the whole by finish().
class SnapshotReader final : public ByteSource {
public:
    // Throws JournalError naming file and offset for whatever is not good, as all of these.
    explicit SnapshotReader(const SnapshotName& name);

    [[nodiscard]] const SnapshotHeader& header() const noexcept { return header_; }
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override;
    // Passes over what has not been read and proves the whole file.
    SnapshotEnd finish();

private:
    [[noreturn]] void damaged(std::uint64_t offset, std::string_view what) const;
    void take(std::span<std::byte> into);
    [[nodiscard]] bool next_piece();
    void read_end(std::span<const std::byte> begin);

    const SnapshotName name_;
    const File file_;
    SnapshotHeader header_;
    SnapshotEnd end_{};
    bool ended_{};
    std::uint64_t offset_{};
    std::uint64_t state_bytes_{};
    Sha256 hash_;
    Sha256 state_hash_;
    std::vector<std::byte> piece_;
    std::size_t taken_{}; // of piece_
};

// Reads it whole and proves it, without understanding the state.
SnapshotHeader check_snapshot(const SnapshotName& name);

} // namespace tradehive::journal
