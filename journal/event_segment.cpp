#include "journal/event_segment.hpp"

#include "journal/checksum.hpp"
#include "journal/numbered_files.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <utility>

namespace tradehive::journal {

namespace {

constexpr NumberedKind event_files{".events", "an event log file, which is its first event number"};

std::filesystem::path doubt_in(const std::filesystem::path& directory) {
    return directory / "not-synced";
}

} // namespace

std::array<std::byte, sizeof(EventSegmentHeader)> encode(EventSegmentHeader header) noexcept {
    std::array<std::byte, sizeof header> bytes{};
    std::memcpy(bytes.data(), &header, sizeof header);
    header.crc32c = crc32c(std::span{bytes}.first(sizeof header - sizeof header.crc32c));
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes;
}

void encode_event(const Event& event, std::vector<std::byte>& into) {
    assert(event.header.body_size % 8 == 0 && event.header.body_size <= greatest_event_body);
    const auto begin = into.size();
    into.resize(begin + least_event_record_bytes + event.header.body_size);
    EventRecordPrefix prefix{
        .crc32c = 0, .length = static_cast<std::uint32_t>(sizeof(EventHeader)) + event.header.body_size};
    auto* const to = into.data() + begin;
    std::memcpy(to + sizeof prefix, &event.header, sizeof event.header);
    std::memcpy(to + least_event_record_bytes, event.body.data(), event.header.body_size);
    std::memcpy(to, &prefix, sizeof prefix);
    prefix.crc32c = crc32c(std::span{into}.subspan(begin + sizeof prefix.crc32c));
    std::memcpy(to, &prefix.crc32c, sizeof prefix.crc32c);
}

std::size_t decode_event(std::span<const std::byte> bytes, Event& into) noexcept {
    if (bytes.size() < least_event_record_bytes) return 0;
    EventRecordPrefix prefix;
    std::memcpy(&prefix, bytes.data(), sizeof prefix);
    const std::size_t whole = sizeof prefix + prefix.length;
    if (prefix.length < sizeof(EventHeader) || prefix.length % 8 != 0) return 0;
    if (whole > greatest_event_record_bytes || whole > bytes.size()) return 0;
    if (crc32c(bytes.first(whole).subspan(sizeof prefix.crc32c)) != prefix.crc32c) return 0;
    std::memcpy(&into.header, bytes.data() + sizeof prefix, sizeof into.header);
    if (sizeof into.header + into.header.body_size != prefix.length) return 0;
    std::memcpy(into.body.data(), bytes.data() + least_event_record_bytes, into.header.body_size);
    bring_up_to_date(into);
    return whole;
}

std::filesystem::path event_segment_path(const std::filesystem::path& directory, EventNumber first) {
    return numbered_path(directory, event_files, first.value());
}

std::vector<EventSegmentName> list_event_segments(const std::filesystem::path& directory) {
    std::vector<EventSegmentName> names;
    for (auto& file : list_numbered(directory, event_files))
        names.push_back({std::move(file.path), EventNumber{file.number}});
    return names;
}

void sync_event_segments(const std::filesystem::path& directory, EventNumber before,
                         FileOperations& operations) {
    refuse_unsynced_events(directory);
    EventNumber in_doubt{1};
    try {
        for (const auto& name : list_event_segments(directory)) {
            if (name.first >= before) break;
            in_doubt = name.first;
            File{name.path, File::Mode::read, operations}.sync();
        }
        in_doubt = EventNumber{1}; // any of the names
        sync_directory(directory, operations);
    } catch (const JournalError&) {
        std::ofstream{doubt_in(directory)} << in_doubt.value() << '\n';
        throw;
    }
}

void refuse_unsynced_events(const std::filesystem::path& directory) {
    if (!std::filesystem::exists(doubt_in(directory))) return;
    throw JournalError{
        fmt::format("{}: a sync of the event log has failed, and none is believed any more: the disk "
                    "is failing. Look after it and start the venue again, which writes anew what is "
                    "in doubt",
                    doubt_in(directory).string())};
}

void mend_unsynced_events(const std::filesystem::path& directory, FileOperations& operations) {
    std::uint64_t first{};
    if (std::ifstream file{doubt_in(directory)}; !file)
        return;
    else if (!(file >> first))
        first = 0; // cut short: any of them
    for (const auto& name : list_event_segments(directory)) {
        if (name.first.value() < first) continue;
        File copy{directory / "rewritten", File::Mode::create_empty, operations};
        copy.write_at(read_whole(name.path), 0);
        copy.sync();
        copy.rename_to(name.path);
    }
    sync_directory(directory, operations);
    std::filesystem::remove(doubt_in(directory));
}

EventSegmentContent scan_event_segment(const EventSegmentName& name,
                                       const std::function<void(const Event&)>& visit) {
    const auto bytes = read_whole(name.path);
    EventSegmentContent content{};
    content.end = name.first;
    content.file_bytes = bytes.size();
    EventSegmentHeader header;
    std::uint64_t offset = sizeof header;
    bool in_order = false;
    if (bytes.size() >= sizeof header) {
        std::memcpy(&header, bytes.data(), sizeof header);
        const bool whole =
            crc32c(std::span{bytes}.first(sizeof header - sizeof header.crc32c)) == header.crc32c;
        if (whole && header.format != event_segment_format)
            throw JournalError{fmt::format("{}: event log format {}, but this program reads format {}. Use "
                                           "the program that wrote it, or a newer one.",
                                           name.path.string(), header.format, event_segment_format)};
        in_order = whole && header.magic == EventSegmentHeader{}.magic && header.first == name.first;
    }
    if (in_order) content.good_bytes = sizeof header;

    Event event; // NOLINT(*-member-init): filled by decode_event
    while (offset + least_event_record_bytes <= bytes.size()) {
        const auto record = decode_event(std::span{bytes}.subspan(offset), event);
        in_order = in_order && record != 0 && event.header.number == content.end;
        if (record == 0) {
            offset += 8;
            continue;
        }
        content.highest = std::max(content.highest, event.header.sequence);
        if (in_order) {
            if ((event.header.number.value() - name.first.value()) % events_between_marks == 0)
                content.marks.push_back({event.header.number, offset});
            content.end = EventNumber{event.header.number.value() + 1};
            content.newest = event.header.time;
            content.good_bytes = offset + record;
            if (visit) visit(event);
        }
        offset += record;
    }
    return content;
}

} // namespace tradehive::journal
