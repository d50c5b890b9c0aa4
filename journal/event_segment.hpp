// A file of the EventLog: a header of 64 bytes, then records end to end. It grows; nothing is synced.
//
//   0   char[8]   magic    "THEVENTS"
//   8   u32       format   1
//   12  u32       reserved zero
//   16  u64       first    number of its first event
//   24  byte[32]  reserved zeros
//   56  u32       reserved zero
//   60  u32       crc32c   of the 60 bytes before
//
// A record: u32 crc32c of all that follows in it; u32 length of EventHeader and body, 72..360, a multiple of
// 8; EventHeader; body, as they lie in memory (little-endian).
#pragma once

#include "domain/event.hpp"
#include "journal/file.hpp"

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace tradehive::journal {

inline constexpr std::uint32_t event_segment_format = 1;

struct EventSegmentHeader {
    std::array<char, 8> magic{'T', 'H', 'E', 'V', 'E', 'N', 'T', 'S'};
    std::uint32_t format{event_segment_format};
    std::uint32_t reserved{};
    EventNumber first{};
    std::array<std::byte, 32> reserved_too{};
    std::uint32_t reserved_three{};
    std::uint32_t crc32c{};
};
static_assert(sizeof(EventSegmentHeader) == 64 &&
              std::has_unique_object_representations_v<EventSegmentHeader>);

struct EventRecordPrefix {
    std::uint32_t crc32c{};
    std::uint32_t length{};
};

inline constexpr std::size_t least_event_record_bytes = sizeof(EventRecordPrefix) + sizeof(EventHeader);
inline constexpr std::size_t greatest_event_record_bytes = least_event_record_bytes + greatest_event_body;

[[nodiscard]] std::array<std::byte, sizeof(EventSegmentHeader)> encode(EventSegmentHeader header) noexcept;

void encode_event(const Event& event, std::vector<std::byte>& into);

// How many bytes the record that begins with the first byte has; 0 when there is no whole and unhurt one.
[[nodiscard]] std::size_t decode_event(std::span<const std::byte> bytes, Event& into) noexcept;

// Where every so many events begins, so that a reader need not begin at the file's start.
struct EventMark {
    EventNumber number;
    std::uint64_t offset{};
};
inline constexpr std::uint64_t events_between_marks = 64;

struct EventSegmentName {
    std::filesystem::path path;
    EventNumber first;
};

[[nodiscard]] std::filesystem::path event_segment_path(const std::filesystem::path& directory,
                                                       EventNumber first);
[[nodiscard]] std::vector<EventSegmentName> list_event_segments(const std::filesystem::path& directory);

// All files that begin before the event are on the disk itself when this returns. Throws JournalError.
//
// A sync that failed is never tried again: the kernel may have dropped what it could not write, and the next
// sync would go well without it. The file `not-synced`, which holds the event that the first file in doubt
// begins with, stands for that, and with it every further sync is refused. It is of use as long as the page
// cache is: what is read after a power loss is what the disk has.
void sync_event_segments(const std::filesystem::path& directory, EventNumber before,
                         FileOperations& operations = FileOperations::system());
// Throws JournalError when a sync has failed.
void refuse_unsynced_events(const std::filesystem::path& directory);
// Of a log that nobody has open: where a sync has failed, the files in doubt are written again from what can
// be read of them, each to a new file that takes its place when it is durable. Throws JournalError; then they
// are in doubt still.
void mend_unsynced_events(const std::filesystem::path& directory,
                          FileOperations& operations = FileOperations::system());

struct EventSegmentContent {
    EventNumber end;              // one past its last good event in order
    std::uint64_t good_bytes{};   // header and those events; 0: not even the header is good
    std::uint64_t file_bytes{};   // more than good_bytes: the rest is not good
    Sequence highest;             // of any good event, also of those that stand behind damage
    Timestamp newest;             // time of the last good event in order
    std::vector<EventMark> marks; // of the good events in order
};

// Throws JournalError for a format that this program does not know, and for a file that cannot be read.
// visit, when there is one, sees each good event in order.
[[nodiscard]] EventSegmentContent scan_event_segment(const EventSegmentName& name,
                                                     const std::function<void(const Event&)>& visit = {});

} // namespace tradehive::journal
