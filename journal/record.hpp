// One command in a segment: a prefix of 24 bytes, then CommandHeader and body as they lie in memory
// (little-endian). All sizes are multiples of 8, so a record always begins at a multiple of 8.
//
//   0   u32  crc32c    of all that follows in the record
//   4   u32  length    of CommandHeader and body, 56..344
//   8   u64  sequence  the same as in the CommandHeader
//   16  u64  durable   the last sequence that had been synced when this record was written
//   24       CommandHeader, body
//
// `durable` is what tells a torn tail from damage. A batch is written at once and synced once; after a power
// loss its pages may be on disk in any order, so a hole followed by good records can be a tail. But a good
// record whose `durable` covers the hole proves that the hole was on disk once.
#pragma once

#include "domain/command.hpp"

#include <optional>
#include <span>
#include <vector>

namespace tradehive::journal {

struct RecordPrefix {
    std::uint32_t crc32c{};
    std::uint32_t length{};
    Sequence sequence;
    Sequence durable;
};
static_assert(sizeof(RecordPrefix) == 24 && std::has_unique_object_representations_v<RecordPrefix>);

inline constexpr std::size_t least_record_bytes = sizeof(RecordPrefix) + sizeof(CommandHeader);
inline constexpr std::size_t greatest_record_bytes = least_record_bytes + greatest_command_body;

struct Record {
    Sequence durable;
    std::size_t bytes{}; // prefix included
    Command command;
};

[[nodiscard]] constexpr std::size_t record_bytes(const Command& command) noexcept {
    return least_record_bytes + command.header.body_size;
}

// Adds the record to the end of the bytes. body_size is a multiple of 8 and at most greatest_command_body.
void encode_record(const Command& command, Sequence durable, std::vector<std::byte>& into);

// The record that begins with the first byte; none when there is no whole and unhurt one.
[[nodiscard]] std::optional<Record> decode_record(std::span<const std::byte> bytes) noexcept;

} // namespace tradehive::journal
