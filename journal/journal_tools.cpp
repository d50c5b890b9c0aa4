#include "journal/journal_tools.hpp"

#include "journal/describe.hpp"
#include "journal/event_segment.hpp"
#include "journal/segment.hpp"

#include <fmt/format.h>
#include <optional>
#include <ostream>

namespace tradehive::journal {

namespace {

std::vector<SegmentName> segments_in(const std::filesystem::path& directory) {
    if (!std::filesystem::is_directory(directory))
        throw JournalError{fmt::format("{}: there is no such directory", directory.string())};
    return list_segments(directory);
}

// A venue may be writing the last segment while it is read here, and a page that was read before its batch
// arrived looks like damage before a later one. Read again, it is whole.
std::vector<std::byte> read_settled(const SegmentName& name, bool may_be_written) {
    auto bytes = read_whole(name.path);
    for (int again = 0; may_be_written && again < 5; ++again) {
        const auto content = scan_segment(bytes, name);
        if (!content.remainder || content.remainder->contradiction.empty()) break;
        bytes = read_whole(name.path);
    }
    return bytes;
}

[[noreturn]] void refuse(const SegmentName& name, const SegmentContent& content) {
    throw JournalError{fmt::format("{}, offset {}: damaged: {}", name.path.string(), content.content_bytes,
                                   content.remainder->contradiction)};
}

void collect(std::vector<std::string>& damages, const std::function<void()>& check_one) {
    try {
        check_one();
    } catch (const JournalError& error) {
        damages.emplace_back(error.what());
    }
}

void add_rules(CheckReport& report, const SegmentHeader& header) {
    if (report.rules_version != 0 && report.rules_version != header.rules)
        report.notes.push_back(fmt::format("from sequence {} on, rules version {} after {}",
                                           header.first.value(), header.rules, report.rules_version));
    report.rules_version = header.rules;
}

void note_tail(CheckReport& report, const SegmentName& name, const SegmentContent& content) {
    if (!content.remainder) return;
    if (!content.remainder->contradiction.empty())
        report.damages.push_back(fmt::format("{}, offset {}: {}", name.path.string(), content.content_bytes,
                                             content.remainder->contradiction));
    else
        report.notes.push_back(
            fmt::format("{}, offset {}: something unfinished stands behind the last command; "
                        "the next start cuts it off",
                        name.path.string(), content.content_bytes));
}

} // namespace

void dump(const std::filesystem::path& directory, std::ostream& out, const DumpOptions& options) {
    const auto names = segments_in(directory);
    std::optional<SegmentContent> before;
    for (const auto& name : names) {
        const bool last = &name == &names.back();
        if (!last && (&name + 1)->first <= options.from) continue;
        if (name.first > options.to) break;
        auto content = scan_segment(read_settled(name, last), name, [&](const Record& record, std::uint64_t) {
            const auto sequence = record.command.header.sequence;
            if (sequence < options.from || sequence > options.to) return;
            out << (options.json ? to_json(record.command) : describe(record.command)) << '\n';
        });
        if (before) check_chain(name, content.header, &*before);
        if (!last) check_sealed(name, content);
        if (content.remainder && !content.remainder->contradiction.empty()) refuse(name, content);
        before = std::move(content);
    }
}

void dump_events(const std::filesystem::path& directory, std::ostream& out, const EventDumpOptions& options) {
    if (!std::filesystem::is_directory(directory))
        throw JournalError{fmt::format("{}: there is no such directory", directory.string())};
    const auto names = list_event_segments(directory);
    for (const auto& name : names) {
        if (&name != &names.back() && (&name + 1)->first <= options.from) continue;
        if (name.first > options.to) break;
        const auto content = scan_event_segment(name, [&](const Event& event) {
            const auto number = event.header.number;
            if (number < options.from || number > options.to) return;
            out << (options.json ? to_json(event) : describe(event)) << '\n';
        });
        if (content.good_bytes != content.file_bytes && &name != &names.back())
            throw JournalError{fmt::format("{}, offset {}: event {} is not readable; the next start makes it "
                                           "again from the journal",
                                           name.path.string(), content.good_bytes, content.end.value())};
    }
}

CheckReport check(const std::filesystem::path& directory, Sequence oldest_snapshot) {
    CheckReport report;
    const auto names = segments_in(directory);
    const bool begins_later = !names.empty() && names.front().first > Sequence{1} &&
                              names.front().first.value() <= oldest_snapshot.value() + 1;
    if (begins_later)
        report.notes.push_back(fmt::format("the journal begins with sequence {}; a snapshot of {} stands for "
                                           "what came before",
                                           names.front().first.value(), oldest_snapshot.value()));
    std::optional<SegmentContent> before;
    for (const auto& name : names) {
        const bool last = &name == &names.back();
        ++report.segments;
        std::optional<SegmentContent> content;
        collect(report.damages, [&] {
            content = scan_segment(read_settled(name, last), name);
            report.commands += content->last.value() + 1 - content->header.first.value();
            if (report.first.value() == 0 && content->last >= content->header.first)
                report.first = content->header.first;
            report.last = content->last;
            add_rules(report, content->header);
        });
        // Behind a segment that cannot be read the chain begins anew: its damage has been told.
        if (content && (before || (&name == &names.front() && !begins_later)))
            collect(report.damages, [&] { check_chain(name, content->header, before ? &*before : nullptr); });
        if (content && !last) collect(report.damages, [&] { check_sealed(name, *content); });
        if (content && last) note_tail(report, name, *content);
        before = std::move(content);
    }
    return report;
}

} // namespace tradehive::journal
