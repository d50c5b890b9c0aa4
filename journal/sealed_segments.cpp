#include "journal/sealed_segments.hpp"

#include <fmt/format.h>
#include <optional>
#include <utility>

namespace tradehive::journal {

SegmentContent predecessor_of(const SegmentEnd& end) {
    SegmentContent content;
    content.content_bytes = end.content_bytes;
    content.last = end.sequence;
    content.sha256 = end.sha256;
    return content;
}

SegmentEnd replay_sealed(const std::filesystem::path& directory, const SegmentEnd& from, std::uint32_t rules,
                         const std::function<void(const Command&)>& visit) {
    std::optional<SegmentContent> before;
    if (from.sequence != Sequence{}) before = predecessor_of(from);
    SegmentEnd end = from;
    const auto names = list_segments(directory);
    for (std::size_t i = 0; i + 1 < names.size(); ++i) {
        const auto& name = names[i];
        if (name.first <= from.sequence) continue;
        const auto bytes = read_whole(name.path);
        auto content = scan_segment(bytes, name); // the whole is proved before any of it is handed over
        check_chain(name, content.header, before ? &*before : nullptr);
        check_sealed(name, content);
        refuse_other_rules(name, content.header, rules);
        (void)read_segment(bytes, name, [&](const Record& record, std::uint64_t) { visit(record.command); });
        end = {content.last, content.content_bytes, content.sha256};
        before = std::move(content);
    }
    return end;
}

void replay_all(const std::filesystem::path& directory, const SegmentEnd& from, std::uint32_t rules,
                const std::function<void(const Command&)>& visit) {
    const auto end = replay_sealed(directory, from, rules, visit);
    for (const auto& name : list_segments(directory)) { // one more than the last, if a venue runs
        if (name.first <= end.sequence) continue;
        const auto bytes = read_whole(name.path);
        const auto before = predecessor_of(end);
        const auto content = read_segment(bytes, name);
        check_chain(name, content.header, end.sequence == Sequence{} ? nullptr : &before);
        if (content.last < content.header.first) return; // nothing in it yet: of whatever rules
        refuse_other_rules(name, content.header, rules);
        (void)read_segment(bytes, name, [&](const Record& record, std::uint64_t) { visit(record.command); });
        return;
    }
}

void refuse_other_rules(const SegmentName& name, const SegmentHeader& header, std::uint32_t rules) {
    if (header.rules == rules) return;
    throw JournalError{fmt::format(
        "{} was written under rules version {}, but this program applies rules version {}: replaying it "
        "could "
        "change what happened. Stop the venue, let the program that wrote it do `tradehive upgrade prepare`, "
        "and this one `tradehive upgrade take-over`.",
        name.path.string(), header.rules, rules)};
}

} // namespace tradehive::journal
