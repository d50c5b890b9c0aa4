// The EventLog in files (event_segment.hpp):
//
//   <first event number, 20 digits>.events   the events
//   positions                                how far each follower has come
//   lock                                     held by the one venue that uses it
//   not-synced                               a sync has failed (event_segment.hpp); mended by open()
//   rewritten                                a file being mended; worthless when nobody runs
//
// Nothing is synced, so after a power loss any part that was not yet on the disk may be missing, not only the
// end. Every record is therefore checked at open(). From the first bad one on everything counts as missing:
// replaying the journal makes it again. What stands behind the damage still says how far the venue had come,
// so highest_sequence() counts it; and it is removed only with the first restore() or publish(), when a
// journal that reaches that far has been opened.
//
// Threads: mutex_ guards the list of segments and their marks; a reader holds it only to find where to read.
#include "journal/event_log.hpp"
#include "journal/event_memory.hpp"
#include "journal/event_segment.hpp"
#include "journal/follower_positions.hpp"
#include "journal/journal.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <list>
#include <mutex>
#include <utility>

namespace tradehive::journal {

namespace {

// So many of the newest events are read into memory at open, and compared with what replay makes.
constexpr std::size_t events_compared = 8192;

bool same(const Event& left, const Event& right) noexcept {
    return std::memcmp(&left.header, &right.header, sizeof left.header) == 0 &&
           std::memcmp(left.body.data(), right.body.data(), left.header.body_size) == 0;
}

EventNumber next(EventNumber number) noexcept {
    return EventNumber{number.value() + 1};
}

const std::filesystem::path& made(const EventLog::Options& options) {
    if (options.segment_bytes < 4096)
        throw JournalError{
            fmt::format("event log segments of {} bytes: must be at least 4096", options.segment_bytes)};
    make_directory(options.directory, FileOperations::system());
    return options.directory;
}

// --- who is woken --------------------------------------------------------------------------------------

class Wakers {
public:
    using Entry = std::list<std::function<void()>>::iterator;

    [[nodiscard]] Entry add(std::function<void()> wake) {
        const std::scoped_lock lock{mutex_};
        return wakers_.insert(wakers_.end(), std::move(wake));
    }
    void remove(Entry entry) noexcept {
        const std::scoped_lock lock{mutex_}; // waits for a call under way
        wakers_.erase(entry);
    }
    void wake_all() {
        const std::scoped_lock lock{mutex_};
        for (const auto& wake : wakers_)
            wake();
    }

private:
    std::mutex mutex_;
    std::list<std::function<void()>> wakers_;
};

// Removes the waker when the last copy goes; may outlive the log.
class WakeHandle {
public:
    WakeHandle(std::shared_ptr<Wakers> wakers, std::function<void()> wake)
        : wakers_{std::move(wakers)}
        , entry_{wakers_->add(std::move(wake))} {}
    WakeHandle(const WakeHandle&) = delete;
    WakeHandle& operator=(const WakeHandle&) = delete;
    ~WakeHandle() { wakers_->remove(entry_); }

private:
    std::shared_ptr<Wakers> wakers_;
    Wakers::Entry entry_;
};

// --- the log -------------------------------------------------------------------------------------------

struct Segment {
    EventNumber first;
    File file;
    std::uint64_t bytes{}; // header and good events
    Timestamp newest;
    std::vector<EventMark> marks;
};

class FileEventLog final : public EventLog {
public:
    explicit FileEventLog(const Options& options);

    [[nodiscard]] EventNumber begin() const override;
    [[nodiscard]] EventNumber end() const override { return memory_->end(); }
    [[nodiscard]] std::size_t read(EventNumber from, std::span<Event> into) const override;
    [[nodiscard]] std::shared_ptr<void> on_publish(std::function<void()> wake) override;
    [[nodiscard]] EventNumber position(std::string_view follower) const override;
    void set_position(std::string_view follower, EventNumber position) override;

    [[nodiscard]] Sequence highest_sequence() const override { return highest_; }
    void restore(std::span<const Event> events) override;
    void publish(std::span<const Event> events) override;
    void drop_passed(std::chrono::seconds age, Timestamp now) override;

private:
    [[nodiscard]] EventNumber open_segments();
    void read_newest_into_memory(EventNumber end);
    [[nodiscard]] std::size_t read_from_file(EventNumber from, EventNumber end, std::span<Event> into) const;

    void append(std::span<const Event> events);
    void write_buffer(Segment& segment, std::vector<EventMark>& marks);
    void begin_segment(EventNumber first);
    void remove_what_is_not_good();
    void compare(std::span<const Event> events) const;

    const Options options_;
    const DirectoryLock lock_;
    FollowerPositions positions_;
    const std::shared_ptr<Wakers> wakers_{std::make_shared<Wakers>()};
    std::unique_ptr<EventMemory> memory_;

    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Segment>> segments_; // by first number; the last one is being written

    // The writer's own.
    Sequence highest_;
    std::vector<std::filesystem::path> not_good_; // whole files behind the first bad record
    bool end_not_good_{};                         // the last segment goes on with something bad
    std::vector<std::byte> buffer_;
    std::string broken_;
};

FileEventLog::FileEventLog(const Options& options)
    : options_{options}
    , lock_{made(options), "event log"}
    , positions_{options.directory / "positions"} {
    mend_unsynced_events(options.directory);
    read_newest_into_memory(open_segments());
}

// One past the last event of the good beginning.
EventNumber FileEventLog::open_segments() {
    EventNumber end{1};
    bool good = true;
    for (const auto& name : list_event_segments(options_.directory)) {
        auto content = scan_event_segment(name);
        highest_ = std::max(highest_, content.highest);
        good = good && content.good_bytes != 0 && (segments_.empty() || name.first == end);
        if (!good) {
            if (segments_.empty() && not_good_.empty()) end = name.first;
            not_good_.push_back(name.path);
            continue;
        }
        segments_.push_back(std::make_shared<Segment>(Segment{.first = name.first,
                                                              .file = File{name.path, File::Mode::write},
                                                              .bytes = content.good_bytes,
                                                              .newest = content.newest,
                                                              .marks = std::move(content.marks)}));
        end = content.end;
        good = content.good_bytes == content.file_bytes;
        end_not_good_ = !good;
    }
    return end;
}

void FileEventLog::read_newest_into_memory(EventNumber end) {
    const auto oldest = segments_.empty() ? end : segments_.front()->first;
    const auto count =
        std::min<std::uint64_t>({options_.events_in_memory, events_compared, end.value() - oldest.value()});
    memory_ = std::make_unique<EventMemory>(EventNumber{end.value() - count}, options_.events_in_memory);
    std::vector<Event> events(std::min<std::uint64_t>(count, 512));
    while (memory_->end() < end) {
        const auto read = read_from_file(memory_->end(), end, events);
        memory_->add(std::span{events}.first(read));
    }
}

// --- reading -------------------------------------------------------------------------------------------

EventNumber FileEventLog::begin() const {
    const std::scoped_lock lock{mutex_};
    return segments_.empty() ? memory_->begin() : segments_.front()->first;
}

std::size_t FileEventLog::read(EventNumber from, std::span<Event> into) const {
    const auto end = memory_->end();
    if (into.empty() || from >= end) return 0;
    if (from < begin()) throw std::out_of_range{fmt::format("event {} is no longer kept", from.value())};
    if (const auto count = memory_->read(from, into); count != 0) return count;
    return read_from_file(from, end, into);
}

std::size_t FileEventLog::read_from_file(EventNumber from, EventNumber end, std::span<Event> into) const {
    std::shared_ptr<const Segment> segment;
    std::uint64_t offset{};
    {
        const std::scoped_lock lock{mutex_};
        if (segments_.empty() || from < segments_.front()->first)
            throw std::out_of_range{fmt::format("event {} is no longer kept", from.value())};
        const auto after =
            std::ranges::upper_bound(segments_, from, {}, [](const auto& each) { return each->first; });
        segment = *std::prev(after);
        if (after != segments_.end()) end = std::min(end, (*after)->first);
        const auto mark = std::ranges::upper_bound(segment->marks, from, {}, &EventMark::number);
        offset = std::prev(mark)->offset;
    }
    constexpr std::size_t piece = 128 << 10;
    std::vector<std::byte> bytes(piece);
    std::size_t filled = 0;
    Event event; // NOLINT(*-member-init): filled by decode_event
    while (filled < into.size() && EventNumber{from.value() + filled} < end) {
        bytes.resize(segment->file.read_at(bytes, offset));
        std::span<const std::byte> rest{bytes};
        while (filled < into.size() && EventNumber{from.value() + filled} < end) {
            const auto record = decode_event(rest, event);
            if (record == 0) break;
            rest = rest.subspan(record);
            if (event.header.number.value() == from.value() + filled) into[filled++] = event;
        }
        if (rest.size() == bytes.size())
            throw JournalError{fmt::format("{}, offset {}: event {} cannot be read any more. The disk is "
                                           "failing, or something else wrote into the file.",
                                           segment->file.path().string(), offset, from.value() + filled)};
        offset += bytes.size() - rest.size();
        bytes.resize(piece);
    }
    return filled;
}

std::shared_ptr<void> FileEventLog::on_publish(std::function<void()> wake) {
    return std::make_shared<WakeHandle>(wakers_, std::move(wake));
}

EventNumber FileEventLog::position(std::string_view follower) const {
    return positions_.find(follower).value_or(begin());
}

void FileEventLog::set_position(std::string_view follower, EventNumber position) {
    positions_.set(follower, position);
}

// --- writing -------------------------------------------------------------------------------------------

void FileEventLog::restore(std::span<const Event> events) {
    if (events.empty()) return;
    const auto first = events.front().header.number;
    if (first > end())
        throw JournalError{
            fmt::format("The event log in {} ends before event {}, but the journal gives events only "
                        "from {} on: events between are lost. Restore the event log from a "
                        "copy.",
                        options_.directory.string(), end().value(), first.value())};
    const auto known = std::min<std::uint64_t>(events.size(), end().value() - first.value());
    compare(events.first(known));
    if (known < events.size()) append(events.subspan(known));
}

void FileEventLog::compare(std::span<const Event> events) const {
    Event kept; // NOLINT(*-member-init): filled by read
    for (const auto& event : events) {
        if (memory_->read(event.header.number, {&kept, 1}) == 0 || same(event, kept)) continue;
        throw JournalError{fmt::format(
            "The event log in {} holds event {} as {} of sequence {}, but replaying the journal makes it {} "
            "of "
            "sequence {}. The two are not of one venue, or another program wrote them; put together what "
            "belongs together.",
            options_.directory.string(), event.header.number.value(), name(kept.header.kind),
            kept.header.sequence.value(), name(event.header.kind), event.header.sequence.value())};
    }
}

void FileEventLog::publish(std::span<const Event> events) {
    if (events.empty()) return;
    append(events);
    wakers_->wake_all();
}

void FileEventLog::append(std::span<const Event> events) {
    if (!broken_.empty())
        throw JournalError{"The event log takes nothing any more, after this failed: " + broken_};
    for (auto expected = end(); const auto& event : events) {
        if (event.header.number != expected)
            throw std::logic_error{fmt::format("event log: event {} where {} should follow",
                                               event.header.number.value(), expected.value())};
        expected = next(expected);
    }
    try {
        remove_what_is_not_good();
        if (segments_.empty()) begin_segment(events.front().header.number);
        std::vector<EventMark> marks;
        for (const auto& event : events) {
            const auto number = event.header.number;
            if (segments_.back()->bytes + buffer_.size() + greatest_event_record_bytes >
                options_.segment_bytes) {
                write_buffer(*segments_.back(), marks);
                begin_segment(number);
            }
            auto& segment = *segments_.back();
            if ((number.value() - segment.first.value()) % events_between_marks == 0)
                marks.push_back({number, segment.bytes + buffer_.size()});
            encode_event(event, buffer_);
            segment.newest = event.header.time;
        }
        write_buffer(*segments_.back(), marks);
    } catch (const std::exception& error) {
        broken_ = error.what();
        throw;
    }
    highest_ = std::max(highest_, events.back().header.sequence);
    memory_->add(events);
}

void FileEventLog::write_buffer(Segment& segment, std::vector<EventMark>& marks) {
    segment.file.write_at(buffer_, segment.bytes);
    segment.bytes += buffer_.size();
    buffer_.clear();
    const std::scoped_lock lock{mutex_};
    segment.marks.insert(segment.marks.end(), marks.begin(), marks.end());
    marks.clear();
}

void FileEventLog::begin_segment(EventNumber first) {
    File file{event_segment_path(options_.directory, first), File::Mode::create_empty};
    EventSegmentHeader header;
    header.first = first;
    file.write_at(encode(header), 0);
    auto segment = std::make_shared<Segment>(
        Segment{.first = first, .file = std::move(file), .bytes = sizeof header, .newest = {}, .marks = {}});
    const std::scoped_lock lock{mutex_};
    segments_.push_back(std::move(segment));
}

void FileEventLog::remove_what_is_not_good() {
    for (const auto& path : std::exchange(not_good_, {}))
        std::filesystem::remove(path);
    if (!std::exchange(end_not_good_, false)) return;
    const auto& last = *segments_.back();
    std::filesystem::resize_file(last.file.path(), last.bytes);
}

void FileEventLog::drop_passed(std::chrono::seconds age, Timestamp now) {
    const std::chrono::nanoseconds time{now.value()};
    const auto passed =
        positions_.lowest(std::chrono::floor<std::chrono::seconds>(time - options_.most_wait));
    if (!passed) return; // nobody has said that it needs nothing any more
    const auto youngest = now.value() - std::chrono::nanoseconds{age}.count();
    std::vector<std::shared_ptr<Segment>> dropped;
    {
        const std::scoped_lock lock{mutex_};
        const auto keep = std::ranges::find_if(segments_, [&](const auto& segment) {
            const auto after = &segment - segments_.data() + 1;
            return std::cmp_equal(after, segments_.size()) ||
                   segments_[static_cast<std::size_t>(after)]->first > *passed ||
                   segment->newest.value() > youngest;
        });
        dropped.assign(segments_.begin(), keep);
        segments_.erase(segments_.begin(), keep);
    }
    for (const auto& segment : dropped)
        std::filesystem::remove(segment->file.path());
}

} // namespace

std::unique_ptr<EventLog> EventLog::open(const Options& options) {
    return std::make_unique<FileEventLog>(options);
}

} // namespace tradehive::journal
