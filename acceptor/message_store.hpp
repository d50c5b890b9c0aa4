// What the venue has sent on one FIX session in one epoch: a file of its own, tied to the EventLog.
//
// File `<session>-<epoch>.messages`, little-endian. Two header slots of 512 bytes at 0 and 512, written in
// turn, the one with the higher generation and a right CRC counts. At 1024 the highest number that was used
// without a record, and its complement. From 4096 on, records in the order of MsgSeqNum: CRC32C, length,
// MsgSeqNum, event number, command sequence, bytes.
//
// Only what is resent has a record. Session messages (no Logon's secrets are ever stored; but a Reject, 35=3,
// may be the answer to an order), market data (35=W, 35=X) and security lists (35=y) are gap-filled: there
// may be any number of them, and the client asks again for what it needs.
//
// Version 2 had records of length 0 for session messages. It is read, and made version 3 at the first open.
//
// A record is written (not synced) before its bytes may reach the socket. So
//   * after kill -9 the file knows every number that anybody may have seen; a torn last record was never sent
//     and is cut off;
//   * a power loss may take the tail. Blocks of numbers are therefore reserved durably before they are used:
//     when the boot id has changed and the file was not closed in order, numbers go on behind the reserved
//     block, and events from position() to poss_resend_below() may have been delivered before. Both are kept
//     in the header, so a second logon knows them too.
// Anything else behind the last whole record is damage, and the file is refused rather than cut: good records
// may follow.
//
// position(): all events below it that are for this session have been sent or need not be. It and
// poss_resend_below() are carried over when an epoch ends; the older epochs' files are then removed.
//
// As FIX::MessageStore it throws nothing but FIX::IOException, and failed() stays true from then on. reset()
// does nothing: numbers start again only with a new epoch, which the venue decides. get() gives nothing: the
// gateway session answers ResendRequests itself, in pieces (resend.hpp).
//
// One owner at a time: the session's strand. Two stores over one file are a programming error.
#pragma once

#include "acceptor/quickfix.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tradehive::acceptor {

// The file cannot be used; what() names it and says what is wrong.
class StoreError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class SessionStore final : public FIX::MessageStore {
public:
    struct Options {
        std::filesystem::path directory;
        FixSessionId session;
        Epoch epoch;
        MsgSeqNum first_out;
        MsgSeqNum next_in;
        std::string boot_id;            // of the running kernel: read_boot_id()
        EventNumber events_at_start{0}; // the first that cannot have been sent before this venue ran
        std::uint32_t block{16384};     // numbers reserved at a time
    };

    // Opens or makes the file; makes the directory. Throws StoreError.
    [[nodiscard]] static std::unique_ptr<SessionStore> open(const Options& options);
    // Closes in order, unless failed().
    ~SessionStore() override;

    SessionStore(const SessionStore&) = delete;
    SessionStore& operator=(const SessionStore&) = delete;

    // The newest command sequence that any store below the directory knows; zero when there is none. A torn
    // tail is passed over. Throws StoreError for a file that is damaged in another way.
    [[nodiscard]] static Sequence highest_sequence(const std::filesystem::path& directory);

    // What the next application message is made of; it moves position() when that message is stored.
    void sending(EventNumber event, Sequence sequence) noexcept;
    // All events below are done with. Kept in memory and written along with the next header.
    void considered(EventNumber below) noexcept;
    [[nodiscard]] EventNumber position() const noexcept { return position_; }
    [[nodiscard]] bool lost_tail() const noexcept { return lost_tail_; }
    // Events below that are still to be sent may have been sent before. Zero: none may.
    [[nodiscard]] EventNumber poss_resend_below() const noexcept { return poss_resend_below_; }
    [[nodiscard]] bool failed() const noexcept { return failed_; }

    // Uses up the next number for a message that will never be resent. Like set(): when it returns, the file
    // knows. Throws FIX::IOException.
    [[nodiscard]] std::uint64_t use_without_record();

    struct Stored {
        std::uint64_t number{};
        std::string bytes;
    };
    // The first message with a record from that number on; nothing when there is none. The same small work
    // however long the gap. Throws FIX::IOException.
    [[nodiscard]] std::optional<Stored> next_stored(std::uint64_t number) const;

    // The inbound number that was used up last since the call before; 0: none was.
    [[nodiscard]] std::uint64_t take_used() noexcept;

    // --- FIX::MessageStore
    bool set(int number, const std::string& bytes) override;
    void get(int begin, int end, std::vector<std::string>& messages) const override;
    int getNextSenderMsgSeqNum() const override { return next_out_; }
    int getNextTargetMsgSeqNum() const override { return next_in_; }
    void setNextSenderMsgSeqNum(int) override {} // only a new epoch changes it
    void setNextTargetMsgSeqNum(int number) override { next_in_ = number; }
    void incrNextSenderMsgSeqNum() override { ++next_out_; }
    void incrNextTargetMsgSeqNum() override;
    FIX::UtcTimeStamp getCreationTime() const override { return {}; } // now: no session time ever ends
    void reset() override {}
    void refresh() override {}

private:
    struct Header;
    struct Scan;
    struct Place { // of every 32nd record, to find the others from
        std::uint64_t number;
        std::uint64_t offset;
    };

    SessionStore(int file, std::filesystem::path path, const Options& options);
    void begin_new();
    void continue_old(const Header& header);
    void inherit();
    void found_lost_tail();
    void write_header(bool clean, bool sync);
    void reserve(std::uint64_t number);
    void write_mark(std::uint64_t number);
    [[noreturn]] void fail(const char* what);

    static std::filesystem::path path_of(const Options& options, Epoch epoch);
    static Header read_header(int file, const std::filesystem::path& path);
    static Scan scan(int file, std::vector<Place>* places);
    static std::uint64_t used_without_record(int file, const std::filesystem::path& path, bool lost_tail);
    [[nodiscard]] bool may_have_lost_tail(const Header& header) const;
    void refuse_damage(const std::filesystem::path& path, const Header& header, const Scan& found) const;

    int file_;
    std::filesystem::path path_;
    Options options_;
    std::vector<Place> places_;
    mutable Place resume_{}; // numbers from there on stand from its offset on: a resend goes on where it was
    std::uint64_t records_{};
    std::uint64_t end_{};
    std::uint64_t generation_{};
    std::uint64_t reserved_below_{};
    EventNumber position_{1};
    EventNumber poss_resend_below_;
    EventNumber event_;
    Sequence sequence_;
    std::uint64_t used_{};
    std::string scratch_;
    int next_out_{1};
    int next_in_{1};
    bool lost_tail_{};
    bool failed_{};
    bool opened_{}; // wholly: only then may it be marked as closed in order
};

// /proc/sys/kernel/random/boot_id. Throws StoreError.
[[nodiscard]] std::string read_boot_id();

} // namespace tradehive::acceptor
