// A file of the journal: a header of 128 bytes, records end to end, zeros up to its fixed size.
//
//   0    char[8]   magic           "THJOURNL"
//   8    u32       format          1
//   12   u32       rules           version of the rules that its commands were applied under
//   16   u64       first           sequence of its first record
//   24   u64       bytes           size of the file
//   32   u64       predecessor_content   bytes of the predecessor up to the end of its last record; 0: none
//   40   byte[32]  predecessor_sha256    of those bytes; zeros when there is none
//   72   u64       snapshot        last sequence of the snapshot that this journal goes on from; 0: none
//   80   byte[40]  reserved        zeros
//   120  u32       reserved        zero
//   124  u32       crc32c          of the 124 bytes before
//
// Invariants: a segment that has a successor is sealed: full, whole, and followed by nothing but zeros. Only
// the last one may have a torn tail. A segment gets its name, <first sequence, 20 digits>.segment, only after
// its header and all its zeros are durable; so a bad header or a short file is never a torn write.
#pragma once

#include "journal/checksum.hpp"
#include "journal/file.hpp"
#include "journal/record.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tradehive::journal {

inline constexpr std::uint32_t segment_format = 1;
inline constexpr std::size_t least_segment_bytes = 4096;
inline constexpr std::size_t greatest_segment_bytes = std::size_t{1} << 30U; // read whole at recovery

struct SegmentHeader {
    std::array<char, 8> magic{'T', 'H', 'J', 'O', 'U', 'R', 'N', 'L'};
    std::uint32_t format{segment_format};
    std::uint32_t rules{};
    Sequence first{};
    std::uint64_t bytes{};
    std::uint64_t predecessor_content{};
    Digest predecessor_sha256{};
    Sequence snapshot{};
    std::array<std::byte, 40> reserved{};
    std::uint32_t reserved_too{};
    std::uint32_t crc32c{};
};
static_assert(sizeof(SegmentHeader) == 128 && std::has_unique_object_representations_v<SegmentHeader>);

// Its 128 bytes, CRC set.
[[nodiscard]] std::array<std::byte, sizeof(SegmentHeader)> encode(SegmentHeader header) noexcept;

struct SegmentName {
    std::filesystem::path path;
    Sequence first{};
};

[[nodiscard]] std::filesystem::path segment_path(const std::filesystem::path& directory, Sequence first);

// By first sequence. Throws JournalError for a name ending in .segment that is not a number.
[[nodiscard]] std::vector<SegmentName> list_segments(const std::filesystem::path& directory);

// Of the file. Throws JournalError when it is not good.
[[nodiscard]] SegmentHeader read_segment_header(const SegmentName& name);

// What a segment holds, as far as it is good.
struct SegmentContent {
    SegmentHeader header;
    std::uint64_t content_bytes{}; // header and good records
    Sequence last;                 // of its records; first − 1 when it has none
    Digest sha256{};               // of content_bytes
    // Something other than zeros follows the content.
    struct Remainder {
        std::uint64_t offset{}; // of the first byte that is neither content nor zero
        // What proves that it is damage and no torn tail; empty: nothing contradicts that it is a tail.
        std::string contradiction;
    };
    std::optional<Remainder> remainder;
};

using RecordVisitor = std::function<void(const Record&, std::uint64_t offset)>;

// Header and records of a segment whose bytes are given; visit, when there is one, sees each good record.
// Neither hash nor remainder are filled in. Throws JournalError when header or size are wrong.
[[nodiscard]] SegmentContent read_segment(std::span<const std::byte> bytes, const SegmentName& name,
                                          const RecordVisitor& visit = {});

// The same, with hash and remainder.
[[nodiscard]] SegmentContent scan_segment(std::span<const std::byte> bytes, const SegmentName& name,
                                          const RecordVisitor& visit = {});

// The segment goes on where its predecessor ends, and says so. Throws JournalError naming the file.
void check_chain(const SegmentName& name, const SegmentHeader& header, const SegmentContent* predecessor);

// A sealed segment has nothing but zeros behind its records. Throws JournalError naming file and offset.
void check_sealed(const SegmentName& name, const SegmentContent& content);

} // namespace tradehive::journal
