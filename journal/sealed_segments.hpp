// Reading the journal beside the venue that writes it: only sealed segments, which never change again.
#pragma once

#include "journal/segment.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace tradehive::journal {

// Where a sealed segment ends; the one after it proves by its header that it goes on from here. All zero:
// where the first segment begins.
struct SegmentEnd {
    Sequence sequence; // of its last command
    std::uint64_t content_bytes{};
    Digest sha256{}; // of those bytes

    friend bool operator==(const SegmentEnd&, const SegmentEnd&) = default;
};

// As the predecessor that check_chain() asks for.
[[nodiscard]] SegmentContent predecessor_of(const SegmentEnd& end);

// Hands over each command of the sealed segments that follow, in order, and says where the last one ends.
// Holds one segment in memory at a time. Throws JournalError at damage, at a gap, and at a segment of other
// rules than the given ones.
[[nodiscard]] SegmentEnd replay_sealed(const std::filesystem::path& directory, const SegmentEnd& from,
                                       std::uint32_t rules, const std::function<void(const Command&)>& visit);

// And then those of the last segment, as far as they are good: an unfinished tail is passed over. For looking
// on; what is handed over last need not be durable.
void replay_all(const std::filesystem::path& directory, const SegmentEnd& from, std::uint32_t rules,
                const std::function<void(const Command&)>& visit);

// For everybody who replays. Throws JournalError, saying what to do, when the segment is of other rules.
void refuse_other_rules(const SegmentName& name, const SegmentHeader& header, std::uint32_t rules);

} // namespace tradehive::journal
