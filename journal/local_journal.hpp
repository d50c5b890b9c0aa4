// The journal in local files: segments (segment.hpp) of records (record.hpp) in one directory.
//
//   <first sequence, 20 digits>.segment   the journal
//   lock                                  held by the one venue that uses it
//   spare                                 the next segment being zero-filled; worthless when nobody runs
//   recovered                             a tail being rewritten at recovery; worthless when nobody runs
//
// Invariants
// * A record is durable before sync() returns, and nothing unsynced is ever handed to replay().
// * After a write or sync that failed the outcome is unknown: every further use throws JournalError.
// * open() publishes nothing that is not on the disk itself: the last segment is read, its good content
//   written to a new file, that file and the directory synced, and only then does open() return.
//
// Thread rule: one owner at a time; warning(), sealed_after() and drop_through() may be called by any thread.
#pragma once

#include "journal/journal.hpp"
#include "journal/sealed_segments.hpp"
#include "journal/segment.hpp"
#include "journal/spare_segment.hpp"

#include <chrono>
#include <filesystem>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tradehive::journal {

class LocalJournal final : public Journal {
public:
    struct Options {
        std::filesystem::path directory; // made when it is not there
        std::size_t segment_bytes{64 << 20};
        // Of what apply() does. A journal written under other rules is refused.
        std::uint32_t rules_version{1};
        // Where the snapshot stands that the venue starts from. Segments up to there are not read: replay()
        // gives what comes after.
        SegmentEnd snapshot;
        // The journal of other rules ends with the snapshot, and goes on under rules_version from here.
        bool take_over{};
        // The highest sequence that any other file of this machine has seen. A journal that ends before it
        // has lost what was acknowledged.
        Sequence highest_known_elsewhere;
        // For the next segment, when it is needed sooner than it can be prepared.
        std::chrono::milliseconds longest_wait{30'000};
        FileOperations* operations{&FileOperations::system()};
    };

    // What open() found; for the log.
    struct Recovery {
        Sequence last;
        std::size_t segments{};
        std::filesystem::path file;    // the last segment
        std::uint64_t content_bytes{}; // where its good content ends
        bool tail_cut{};               // something unfinished stood behind it
    };

    // Recovers what is there, or begins a new journal. Throws JournalError, which names file and offset, and
    // then has changed nothing but worthless files.
    [[nodiscard]] static std::unique_ptr<LocalJournal> open(const Options& options);

    [[nodiscard]] const Recovery& recovery() const noexcept { return recovery_; }

    // The next command goes to a segment of its own, so that all before it is sealed.
    void seal();

    // Removes the segments of which nothing comes after that sequence, oldest first, so many at most, and
    // never the last one; moves them to the archive when that is given, durably and over no other file. How
    // many. Any thread.
    std::size_t drop_through(Sequence sequence, const std::filesystem::path& archive = {},
                             std::size_t most = std::numeric_limits<std::size_t>::max());

    // Sealed segments that begin after that sequence. Any thread.
    [[nodiscard]] std::size_t sealed_after(Sequence sequence) const;

    // Something that will stop the venue if nobody looks after it: a disk too full for the next segment.
    // Empty when all is well.
    [[nodiscard]] std::string warning() const { return spare_.trouble(); }

    [[nodiscard]] Sequence last() const noexcept override { return last_; }
    void append(const Command& command) override;
    void sync() override;
    void replay(Sequence from, const std::function<void(const Command&)>& visit) const override;

private:
    explicit LocalJournal(const Options& options);

    void begin_new();
    void recover();
    [[nodiscard]] SegmentContent check_all();
    [[nodiscard]] bool may_take_over(const SegmentContent& content) const;
    void refuse_if_known_elsewhere(const SegmentContent& content) const;
    void rewrite_tail(SegmentContent& content);

    void go_on_in_next_segment();
    void write_and_sync();
    void refuse_if_broken() const;

    const Options options_;
    const DirectoryLock lock_;
    SpareSegment spare_;
    mutable std::mutex segments_mutex_;
    std::vector<SegmentName> segments_; // by first sequence; the last one is being written
    Recovery recovery_;

    File file_;                      // the last segment
    SegmentHeader header_;           // its header
    std::uint64_t written_{};        // bytes of its content in the file, all durable
    Sha256 hash_;                    // of those bytes
    std::vector<std::byte> pending_; // appended, not yet written; bounded by the segment
    Sequence last_;                  // appended
    Sequence durable_;               // synced
    std::string broken_;             // what failed; empty: nothing
};

} // namespace tradehive::journal
