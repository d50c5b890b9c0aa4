#include "journal/record.hpp"

#include "journal/checksum.hpp"

#include <cassert>
#include <cstring>

namespace tradehive::journal {

void encode_record(const Command& command, Sequence durable, std::vector<std::byte>& into) {
    assert(command.header.body_size % 8 == 0 && command.header.body_size <= greatest_command_body);
    const auto begin = into.size();
    into.resize(begin + record_bytes(command));
    RecordPrefix prefix{.crc32c = 0,
                        .length =
                            static_cast<std::uint32_t>(sizeof(CommandHeader)) + command.header.body_size,
                        .sequence = command.header.sequence,
                        .durable = durable};
    auto* const to = into.data() + begin;
    std::memcpy(to + sizeof prefix, &command.header, sizeof command.header);
    std::memcpy(to + least_record_bytes, command.body.data(), command.header.body_size);
    std::memcpy(to, &prefix, sizeof prefix);
    prefix.crc32c = crc32c(std::span{into}.subspan(begin + sizeof prefix.crc32c));
    std::memcpy(to, &prefix.crc32c, sizeof prefix.crc32c);
}

std::optional<Record> decode_record(std::span<const std::byte> bytes) noexcept {
    if (bytes.size() < least_record_bytes) return std::nullopt;
    RecordPrefix prefix;
    std::memcpy(&prefix, bytes.data(), sizeof prefix);
    const std::size_t whole = sizeof prefix + prefix.length;
    if (prefix.length < sizeof(CommandHeader) || prefix.length % 8 != 0) return std::nullopt;
    if (whole > greatest_record_bytes || whole > bytes.size()) return std::nullopt;
    if (crc32c(bytes.first(whole).subspan(sizeof prefix.crc32c)) != prefix.crc32c) return std::nullopt;

    Record record; // NOLINT(*-member-init): body bytes past body_size are never read
    record.durable = prefix.durable;
    record.bytes = whole;
    std::memcpy(&record.command.header, bytes.data() + sizeof prefix, sizeof record.command.header);
    const auto& header = record.command.header;
    if (header.sequence != prefix.sequence || sizeof header + header.body_size != prefix.length)
        return std::nullopt;
    std::memcpy(record.command.body.data(), bytes.data() + least_record_bytes, header.body_size);
    return record;
}

} // namespace tradehive::journal
