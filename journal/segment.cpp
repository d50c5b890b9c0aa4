#include "journal/segment.hpp"

#include "journal/numbered_files.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <utility>

namespace tradehive::journal {

namespace {

constexpr NumberedKind segment_files{".segment", "a journal segment, which is its first sequence"};
constexpr std::string_view restore_advice =
    "Restore this file from a copy of the journal; do not delete or shorten anything.";

[[noreturn]] void damaged(const SegmentName& name, std::uint64_t offset, std::string_view what) {
    throw JournalError{
        fmt::format("{}, offset {}: {}. {}", name.path.string(), offset, what, restore_advice)};
}

SegmentHeader decode_header_alone(std::span<const std::byte> bytes, const SegmentName& name) {
    SegmentHeader header;
    if (bytes.size() < sizeof header)
        damaged(name, bytes.size(), "the file ends within its header of 128 bytes");
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.magic != SegmentHeader{}.magic) damaged(name, 0, "this is not a journal segment");
    if (crc32c(bytes.first(sizeof header - sizeof header.crc32c)) != header.crc32c)
        damaged(name, 0, "the header's checksum is wrong");
    if (header.format != segment_format)
        throw JournalError{fmt::format("{}: journal format {}, but this program reads format {}. Use the "
                                       "program that wrote it, or a newer one.",
                                       name.path.string(), header.format, segment_format)};
    if (header.first != name.first)
        damaged(name, 16,
                fmt::format("the header begins with sequence {}, the name with {}", header.first.value(),
                            name.first.value()));
    return header;
}

SegmentHeader decode_header(std::span<const std::byte> bytes, const SegmentName& name) {
    const auto header = decode_header_alone(bytes, name);
    if (bytes.size() < header.bytes)
        throw JournalError{fmt::format(
            "{}, offset {}: the file ends here, but was made with {} bytes, and a segment never shrinks: "
            "something cut it. Restore it from a copy. Only if there is none, and what was acknowledged from "
            "here on may be lost: truncate --size {} {}",
            name.path.string(), bytes.size(), header.bytes, header.bytes, name.path.string())};
    if (bytes.size() > header.bytes)
        damaged(name, header.bytes, fmt::format("the file should end here, but has {} bytes", bytes.size()));
    return header;
}

std::optional<std::uint64_t> first_nonzero(std::span<const std::byte> bytes, std::uint64_t from) {
    const auto rest = bytes.subspan(from);
    // memcmp of a range with itself, one byte on, finds quickly that all are equal.
    if (rest.empty()) return std::nullopt;
    if (rest[0] == std::byte{0} &&
        (rest.size() == 1 || std::memcmp(rest.data(), rest.data() + 1, rest.size() - 1) == 0))
        return std::nullopt;
    const auto found = std::ranges::find_if(rest, [](std::byte byte) { return byte != std::byte{0}; });
    return from + static_cast<std::uint64_t>(found - rest.begin());
}

// Looks behind the end of the content for a record that could not be there if the end were a torn tail.
std::string find_contradiction(std::span<const std::byte> bytes, std::uint64_t from, Sequence last) {
    for (std::uint64_t offset = from; offset + least_record_bytes <= bytes.size();) {
        const auto record = decode_record(bytes.subspan(offset));
        if (!record) {
            offset += 8;
            continue;
        }
        const auto sequence = record->command.header.sequence;
        if (record->durable > last)
            return fmt::format("a good record of sequence {} at offset {} says that everything up to {} was "
                               "durable, but sequence {} is not readable here",
                               sequence.value(), offset, record->durable.value(), last.value() + 1);
        if (sequence <= last)
            return fmt::format("a good record at offset {} repeats sequence {}", offset, sequence.value());
        if (offset == from)
            return fmt::format("a good record of sequence {} stands where {} should", sequence.value(),
                               last.value() + 1);
        offset += record->bytes;
    }
    return {};
}

} // namespace

std::array<std::byte, sizeof(SegmentHeader)> encode(SegmentHeader header) noexcept {
    std::array<std::byte, sizeof header> bytes{};
    std::memcpy(bytes.data(), &header, sizeof header);
    header.crc32c = crc32c(std::span{bytes}.first(sizeof header - sizeof header.crc32c));
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes;
}

std::filesystem::path segment_path(const std::filesystem::path& directory, Sequence first) {
    return numbered_path(directory, segment_files, first.value());
}

std::vector<SegmentName> list_segments(const std::filesystem::path& directory) {
    std::vector<SegmentName> names;
    for (auto& file : list_numbered(directory, segment_files))
        names.push_back({std::move(file.path), Sequence{file.number}});
    return names;
}

SegmentHeader read_segment_header(const SegmentName& name) {
    std::array<std::byte, sizeof(SegmentHeader)> bytes{};
    const auto count = File{name.path, File::Mode::read}.read_at(bytes, 0);
    return decode_header_alone(std::span{bytes}.first(count), name);
}

SegmentContent read_segment(std::span<const std::byte> bytes, const SegmentName& name,
                            const RecordVisitor& visit) {
    SegmentContent content;
    content.header = decode_header(bytes, name);
    content.content_bytes = sizeof(SegmentHeader);
    content.last = Sequence{content.header.first.value() - 1};
    while (const auto record = decode_record(bytes.subspan(content.content_bytes))) {
        const Sequence expected{content.last.value() + 1};
        if (record->command.header.sequence != expected || record->durable >= expected) break;
        if (visit) visit(*record, content.content_bytes);
        content.content_bytes += record->bytes;
        content.last = expected;
    }
    return content;
}

SegmentContent scan_segment(std::span<const std::byte> bytes, const SegmentName& name,
                            const RecordVisitor& visit) {
    auto content = read_segment(bytes, name, visit);
    content.sha256 = sha256(bytes.first(content.content_bytes));
    if (const auto offset = first_nonzero(bytes, content.content_bytes))
        content.remainder = {*offset, find_contradiction(bytes, content.content_bytes, content.last)};
    return content;
}

void check_chain(const SegmentName& name, const SegmentHeader& header, const SegmentContent* predecessor) {
    if (predecessor == nullptr) {
        if (header.predecessor_content != 0 || header.first != Sequence{header.snapshot.value() + 1})
            damaged(name, 16,
                    fmt::format("the journal begins with sequence {}: the segments before it are missing, "
                                "and there is no snapshot to go on from instead",
                                header.first.value()));
        return;
    }
    if (header.first != Sequence{predecessor->last.value() + 1})
        damaged(name, 16,
                fmt::format("the segment begins with sequence {}, but the one before it ends with {}: a "
                            "segment between them is missing, or the one before is damaged at offset {}",
                            header.first.value(), predecessor->last.value(), predecessor->content_bytes));
    if (header.predecessor_content != predecessor->content_bytes ||
        header.predecessor_sha256 != predecessor->sha256)
        damaged(name, 32,
                "the segment before this one is not the one that it was sealed with: one of the two comes "
                "from elsewhere or was changed");
}

void check_sealed(const SegmentName& name, const SegmentContent& content) {
    if (!content.remainder) return;
    damaged(name, content.content_bytes,
            fmt::format("sequence {} is not readable here, or something was written behind the end (first "
                        "byte that is not zero: {}), but the segment is sealed",
                        content.last.value() + 1, content.remainder->offset));
}

} // namespace tradehive::journal
