#include "journal/local_journal.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace tradehive::journal {

namespace {

const std::filesystem::path& made(const LocalJournal::Options& options) {
    if (options.segment_bytes < least_segment_bytes || options.segment_bytes > greatest_segment_bytes ||
        options.segment_bytes % least_segment_bytes != 0)
        throw JournalError{fmt::format("journal segments of {} bytes: must be a multiple of {}, at most {}",
                                       options.segment_bytes, least_segment_bytes, greatest_segment_bytes)};
    make_directory(options.directory, *options.operations);
    return options.directory;
}

std::string segments_of(const std::filesystem::path& directory) {
    return fmt::format("The journal in {}", directory.string());
}

} // namespace

std::unique_ptr<LocalJournal> LocalJournal::open(const Options& options) {
    std::unique_ptr<LocalJournal> journal{new LocalJournal{options}};
    journal->segments_ = list_segments(options.directory);
    if (journal->segments_.empty())
        journal->begin_new();
    else
        journal->recover();
    journal->spare_.start();
    return journal;
}

LocalJournal::LocalJournal(const Options& options)
    : options_{options}
    , lock_{made(options), "journal"}
    , spare_{options.directory / "spare", options.segment_bytes, *options.operations} {}

// --- recovery ------------------------------------------------------------------------------------------

void LocalJournal::begin_new() {
    if (options_.highest_known_elsewhere.value() != 0)
        throw JournalError{fmt::format(
            "{} is empty, but other files of this venue know sequence {}: the journal was lost or the venue "
            "looks in the wrong place. Put the journal back; for a venue that begins anew, move the other "
            "files away as well.",
            segments_of(options_.directory), options_.highest_known_elsewhere.value())};
    header_ = {.rules = options_.rules_version, .first = Sequence{1}, .bytes = options_.segment_bytes};
    const auto bytes = encode(header_);
    file_ = File{options_.directory / "recovered", File::Mode::create_empty, *options_.operations};
    file_.write_at(bytes, 0);
    file_.write_zeros(bytes.size(), header_.bytes);
    file_.sync();
    file_.rename_to(segment_path(options_.directory, header_.first));
    hash_.add(bytes);
    written_ = bytes.size();
    segments_.push_back({file_.path(), header_.first});
    recovery_ = {
        .last = {}, .segments = 1, .file = file_.path(), .content_bytes = written_, .tail_cut = false};
}

void LocalJournal::recover() {
    auto content = check_all();
    refuse_if_known_elsewhere(content);
    rewrite_tail(content);
    header_ = content.header;
    written_ = content.content_bytes;
    last_ = durable_ = content.last;
    recovery_ = {.last = last_,
                 .segments = segments_.size(),
                 .file = file_.path(),
                 .content_bytes = written_,
                 .tail_cut = content.remainder.has_value()};
}

// The content of the last segment, after everything before it has been found whole.
SegmentContent LocalJournal::check_all() {
    std::optional<SegmentContent> before;
    if (options_.snapshot.sequence != Sequence{}) before = predecessor_of(options_.snapshot);
    if (segments_.back().first <= options_.snapshot.sequence)
        throw JournalError{fmt::format(
            "{} ends before its snapshot of sequence {}: segments are missing. Restore them from a copy.",
            segments_of(options_.directory), options_.snapshot.sequence.value())};
    for (const auto& name : segments_) {
        if (name.first <= options_.snapshot.sequence) continue;
        auto content = scan_segment(read_whole(name.path), name);
        if (!may_take_over(content)) refuse_other_rules(name, content.header, options_.rules_version);
        check_chain(name, content.header, before ? &*before : nullptr);
        if (&name != &segments_.back()) check_sealed(name, content);
        before = std::move(content);
    }
    const auto& remainder = before->remainder;
    if (remainder && !remainder->contradiction.empty())
        throw JournalError{fmt::format(
            "{}, offset {}: the journal is damaged here, this is no torn tail: {}. Restore the file from a "
            "copy; do not delete or shorten anything.",
            segments_.back().path.string(), before->content_bytes, remainder->contradiction)};
    return *std::move(before);
}

// Nothing was applied under the other rules since the snapshot.
bool LocalJournal::may_take_over(const SegmentContent& content) const {
    return options_.take_over && options_.snapshot.sequence != Sequence{} &&
           content.last == options_.snapshot.sequence && content.header.first == segments_.back().first;
}

void LocalJournal::refuse_if_known_elsewhere(const SegmentContent& content) const {
    if (content.last >= options_.highest_known_elsewhere) return;
    throw JournalError{fmt::format(
        "{}, offset {}: the journal ends here with sequence {}, but other files of this venue know sequence "
        "{}: acknowledged commands are missing. Restore the journal from a copy that has them. Only if there "
        "is none: move the event log and the message stores away, knowing that those commands are lost.",
        segments_.back().path.string(), content.content_bytes, content.last.value(),
        options_.highest_known_elsewhere.value())};
}

// What was read may be in the page cache only. So it is written again, to a file of another name, and takes
// the old one's place when it is durable: whenever this is cut short, the one or the other is there, whole.
void LocalJournal::rewrite_tail(SegmentContent& content) {
    const auto name = segments_.back();
    auto bytes = read_whole(name.path);
    bytes.resize(content.content_bytes);
    if (sha256(bytes) != content.sha256)
        throw JournalError{fmt::format("{}: reading it twice gave different bytes. The disk or the memory of "
                                       "this machine is failing.",
                                       name.path.string())};
    if (content.header.rules != options_.rules_version) { // may_take_over(): it is a header and nothing more
        content.header.rules = options_.rules_version;
        content.header.snapshot = options_.snapshot.sequence;
        std::ranges::copy(encode(content.header), bytes.begin());
    }
    file_ = File{options_.directory / "recovered", File::Mode::create_empty, *options_.operations};
    file_.write_at(bytes, 0);
    file_.write_zeros(bytes.size(), content.header.bytes);
    file_.sync();
    file_.rename_to(name.path);
    hash_.add(bytes);
}

// --- writing -------------------------------------------------------------------------------------------

void LocalJournal::append(const Command& command) {
    refuse_if_broken();
    if (command.header.sequence.value() != last_.value() + 1)
        throw std::logic_error{fmt::format("journal: command {} appended after {}",
                                           command.header.sequence.value(), last_.value())};
    if (command.header.body_size > greatest_command_body || command.header.body_size % 8 != 0)
        throw std::logic_error{"journal: a command's body of a size that cannot be"};
    if (written_ + pending_.size() + record_bytes(command) > header_.bytes) go_on_in_next_segment();
    encode_record(command, durable_, pending_);
    last_ = command.header.sequence;
}

void LocalJournal::sync() {
    refuse_if_broken();
    if (pending_.empty()) return;
    write_and_sync();
}

void LocalJournal::write_and_sync() {
    try {
        file_.write_at(pending_, written_);
        file_.sync();
    } catch (const std::exception& error) {
        broken_ = error.what();
        throw;
    }
    hash_.add(pending_);
    written_ += pending_.size();
    pending_.clear();
    durable_ = last_;
}

// The full segment is durable before its successor, which seals it, gets its name.
void LocalJournal::go_on_in_next_segment() {
    if (!pending_.empty()) write_and_sync();
    try {
        auto next = spare_.take(options_.longest_wait);
        header_ = {.rules = options_.rules_version,
                   .first = Sequence{last_.value() + 1},
                   .bytes = options_.segment_bytes,
                   .predecessor_content = written_,
                   .predecessor_sha256 = hash_.digest()};
        const auto bytes = encode(header_);
        next.write_at(bytes, 0);
        next.sync();
        next.rename_to(segment_path(options_.directory, header_.first));
        file_ = std::move(next);
        hash_ = {};
        hash_.add(bytes);
        written_ = bytes.size();
        const std::scoped_lock lock{segments_mutex_};
        segments_.push_back({file_.path(), header_.first});
    } catch (const std::exception& error) {
        broken_ = error.what();
        throw;
    }
    spare_.start();
}

void LocalJournal::seal() {
    refuse_if_broken();
    if (written_ + pending_.size() > sizeof(SegmentHeader)) go_on_in_next_segment();
}

// The files go without the lock, which the venue's thread may want for its next segment.
std::size_t LocalJournal::drop_through(Sequence sequence, const std::filesystem::path& archive,
                                       std::size_t most) {
    if (!archive.empty()) make_directory(archive, *options_.operations);
    std::vector<SegmentName> dropping;
    {
        const std::scoped_lock lock{segments_mutex_};
        const auto keep = std::ranges::find_if(segments_, [&](const auto& each) {
            return &each == &segments_.back() || (&each + 1)->first.value() > sequence.value() + 1 ||
                   most-- == 0;
        });
        dropping.assign(segments_.begin(), keep);
        segments_.erase(segments_.begin(), keep);
    }
    for (std::size_t done = 0; done < dropping.size(); ++done) {
        const auto& oldest = dropping[done].path;
        try {
            if (archive.empty())
                std::filesystem::remove(oldest);
            else
                move_file(oldest, archive / oldest.filename(), *options_.operations);
        } catch (...) { // the rest is still there, without a gap
            const std::scoped_lock lock{segments_mutex_};
            segments_.insert(segments_.begin(), dropping.begin() + static_cast<std::ptrdiff_t>(done),
                             dropping.end());
            throw;
        }
    }
    return dropping.size();
}

std::size_t LocalJournal::sealed_after(Sequence sequence) const {
    const std::scoped_lock lock{segments_mutex_};
    const auto after = std::ranges::upper_bound(segments_, sequence, {}, &SegmentName::first);
    return after == segments_.end() ? 0 : static_cast<std::size_t>(segments_.end() - after) - 1;
}

void LocalJournal::refuse_if_broken() const {
    if (!broken_.empty())
        throw JournalError{"The journal takes nothing any more, after this failed: " + broken_};
}

// --- reading -------------------------------------------------------------------------------------------

void LocalJournal::replay(Sequence from, const std::function<void(const Command&)>& visit) const {
    refuse_if_broken();
    const auto segments = [this] {
        const std::scoped_lock lock{segments_mutex_};
        return segments_;
    }();
    if (from < segments.front().first)
        throw JournalError{fmt::format("{} begins with sequence {}, but {} is asked for",
                                       segments_of(options_.directory), segments.front().first.value(),
                                       from.value())};
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (i + 1 < segments.size() && segments[i + 1].first <= from) continue;
        const auto& name = segments[i];
        const auto content =
            read_segment(read_whole(name.path), name, [&](const Record& record, std::uint64_t) {
                const auto sequence = record.command.header.sequence;
                if (sequence >= from && sequence <= durable_) visit(record.command);
            });
        const auto expected =
            i + 1 < segments.size() ? Sequence{segments[i + 1].first.value() - 1} : durable_;
        if (content.last < expected)
            throw JournalError{fmt::format("{}, offset {}: sequence {} cannot be read any more, though it "
                                           "could when the venue started. The disk is failing.",
                                           name.path.string(), content.content_bytes,
                                           content.last.value() + 1)};
    }
}

} // namespace tradehive::journal
