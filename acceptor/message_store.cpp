#include "acceptor/message_store.hpp"

#include "acceptor/framing.hpp"

#include <boost/crc.hpp>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tradehive::acceptor {
namespace {

constexpr std::uint64_t slot_bytes = 512;
constexpr std::uint64_t mark_at = 1024;
constexpr std::uint64_t first_record = 4096;
constexpr std::uint64_t place_every = 32;
constexpr std::uint32_t format_version = 3;
constexpr std::uint32_t oldest_version_read = 2;
constexpr std::array<char, 8> magic{'T', 'H', 'M', 'S', 'G', 'S', '\r', '\n'};
constexpr std::uint64_t most_number = 2'000'000'000; // FIX::Session counts in 32 bits
// A session whose numbers are above most_number is told so and ends; what that takes has room up to here.
constexpr std::uint64_t last_number = 2'100'000'000;
constexpr std::size_t most_record_bytes = 1 << 20;
constexpr std::string_view extension = ".messages";

using Crc = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>; // CRC32C

struct RecordHead {
    std::uint32_t crc; // of what follows, bytes included
    std::uint32_t length;
    std::uint64_t number;
    std::uint64_t event;
    std::uint64_t sequence;
};
static_assert(sizeof(RecordHead) == 32);

// Of numbers used without a record. Written at once within one page, so that no kill tears it.
struct Mark {
    std::uint64_t number;
    std::uint64_t complement;

    [[nodiscard]] bool whole() const noexcept { return complement == ~number; }
    [[nodiscard]] bool never_written() const noexcept { return number == 0 && complement == 0; }
};

std::uint32_t crc_of(const RecordHead& head, const char* bytes) {
    Crc crc;
    crc.process_bytes(&head.length, sizeof head - sizeof head.crc);
    crc.process_bytes(bytes, head.length);
    return crc.checksum();
}

std::string because_of(const std::filesystem::path& path, const std::string& what) {
    return "message store " + path.string() + ": " + what;
}

// std::strerror is not thread-safe; this is.
std::string error_text() {
    return std::generic_category().message(errno);
}

bool read_at(int file, void* into, std::size_t size, std::uint64_t offset) {
    std::size_t done = 0;
    while (done < size) {
        const auto got =
            ::pread(file, static_cast<char*>(into) + done, size - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += static_cast<std::size_t>(got);
    }
    return true;
}

bool write_at(int file, const void* from, std::size_t size, std::uint64_t offset) {
    std::size_t done = 0;
    while (done < size) {
        const auto put = ::pwrite(file, static_cast<const char*>(from) + done, size - done,
                                  static_cast<off_t>(offset + done));
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        done += static_cast<std::size_t>(put);
    }
    return true;
}

void sync_directory(const std::filesystem::path& directory) {
    const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) throw StoreError{because_of(directory, error_text())};
    const int result = ::fsync(file);
    ::close(file);
    if (result != 0) throw StoreError{because_of(directory, error_text())};
}

// "<session>-<epoch>.messages"
std::optional<std::pair<std::uint32_t, std::uint32_t>> session_and_epoch(const std::filesystem::path& path) {
    if (path.extension() != extension) return std::nullopt;
    const std::string stem = path.stem().string();
    const auto dash = stem.find('-');
    if (dash == std::string::npos) return std::nullopt;
    std::uint32_t session{};
    std::uint32_t epoch{};
    const char* const end = stem.data() + stem.size();
    const auto first = std::from_chars(stem.data(), stem.data() + dash, session);
    const auto second = std::from_chars(stem.data() + dash + 1, end, epoch);
    if (first.ec != std::errc{} || second.ec != std::errc{} || second.ptr != end) return std::nullopt;
    return std::pair{session, epoch};
}

// Logon, Heartbeat, TestRequest, ResendRequest, SequenceReset, Logout; SecurityList.
bool is_never_resent(std::string_view bytes) {
    const auto type = field_of(bytes, "35");
    return type.size() == 1 && std::string_view{"A01245y"}.contains(type.front());
}

class OpenFile {
public:
    OpenFile(const std::filesystem::path& path, int flags)
        : file_{::open(path.c_str(), flags | O_CLOEXEC, 0600)} {
        if (file_ < 0) throw StoreError{because_of(path, error_text())};
    }
    ~OpenFile() {
        if (file_ >= 0) ::close(file_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    [[nodiscard]] int get() const noexcept { return file_; }
    [[nodiscard]] int release() noexcept { return std::exchange(file_, -1); }

private:
    int file_;
};

} // namespace

struct SessionStore::Header {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t crc; // of what follows
    std::uint64_t generation;
    std::uint32_t session;
    std::uint32_t epoch;
    std::uint64_t first_out;
    std::uint64_t reserved_below; // numbers from here on have never been used
    std::uint64_t position;
    std::array<char, 40> boot_id;
    std::uint64_t clean;
    std::uint64_t poss_resend_below;

    [[nodiscard]] std::uint32_t right_crc() const {
        Crc sum;
        sum.process_bytes(&generation, sizeof(Header) - offsetof(Header, generation));
        return sum.checksum();
    }
};

struct SessionStore::Scan {
    std::uint64_t records{};
    std::uint64_t end{first_record}; // of the last whole record
    std::uint64_t size{};            // of the file
    std::uint64_t unfinished_end{};  // of the record at end, by what its head says; 0: it says nothing
    std::uint64_t last_number{};
    EventNumber last_event;
    Sequence highest_sequence;
};

std::filesystem::path SessionStore::path_of(const Options& options, Epoch epoch) {
    return options.directory / (std::to_string(options.session.value()) + "-" +
                                std::to_string(epoch.value()) + std::string{extension});
}

std::unique_ptr<SessionStore> SessionStore::open(const Options& options) {
    if (options.first_out.value() < 1 || options.first_out.value() > most_number ||
        options.next_in.value() < 1 || options.next_in.value() > most_number)
        throw StoreError{"MsgSeqNum out of range for session " + std::to_string(options.session.value())};
    std::filesystem::create_directories(options.directory);
    const auto path = path_of(options, options.epoch);
    if (std::filesystem::exists(path)) {
        OpenFile file{path, O_RDWR};
        const Header header = read_header(file.get(), path);
        std::unique_ptr<SessionStore> store{new SessionStore{file.release(), path, options}};
        store->continue_old(header);
        store->opened_ = true;
        return store;
    }
    // Made under another name first: a file with the right name always has a whole header.
    auto unfinished = path;
    unfinished += ".new";
    OpenFile file{unfinished, O_RDWR | O_CREAT | O_TRUNC};
    std::unique_ptr<SessionStore> store{new SessionStore{file.release(), path, options}};
    store->begin_new();
    std::filesystem::rename(unfinished, path);
    sync_directory(options.directory);
    store->inherit(); // last, and again if this is interrupted: it only raises the position
    store->opened_ = true;
    return store;
}

SessionStore::SessionStore(int file, std::filesystem::path path, const Options& options)
    : file_{file}
    , path_{std::move(path)}
    , options_{options}
    , next_in_{static_cast<int>(options.next_in.value())} {}

SessionStore::~SessionStore() {
    try {
        if (opened_ && !failed_) write_header(true, true);
    } catch (const FIX::IOException&) {
        failed_ = true; // the next open finds an unclean file and is careful
    }
    ::close(file_);
}

void SessionStore::begin_new() {
    next_out_ = static_cast<int>(options_.first_out.value());
    reserved_below_ = options_.first_out.value() + options_.block;
    end_ = first_record;
    try {
        write_header(false, true);
    } catch (const FIX::IOException& error) {
        throw StoreError{error.what()};
    }
}

void SessionStore::continue_old(const Header& header) {
    const Scan found = scan(file_, &places_);
    refuse_damage(path_, header, found);
    records_ = found.records;
    end_ = found.end;
    if (::ftruncate(file_, static_cast<off_t>(end_)) != 0) throw StoreError{because_of(path_, error_text())};
    generation_ = header.generation;
    position_ = std::max(EventNumber{header.position}, EventNumber{found.last_event.value() + 1});
    poss_resend_below_ = EventNumber{header.poss_resend_below};
    const bool lost_tail = may_have_lost_tail(header);
    auto next =
        std::max({header.first_out, found.last_number + 1, used_without_record(file_, path_, lost_tail) + 1});
    options_.first_out = MsgSeqNum{header.first_out};
    if (lost_tail) {
        found_lost_tail();
        next = std::max(next, header.reserved_below);
        options_.first_out = MsgSeqNum{next}; // the next open must not go back, even if nothing is sent
    }
    if (next > last_number) throw StoreError{because_of(path_, "its numbers are used up: reset the session")};
    next_out_ = static_cast<int>(next);
    reserved_below_ = std::max(header.reserved_below, next + options_.block);
    try {
        if (lost_tail) write_mark(next - 1); // whatever the power loss left there
        write_header(false, true);
        // No slot of an older version may be left: its program does not know the mark.
        if (header.version != format_version) write_header(false, true);
    } catch (const FIX::IOException& error) {
        throw StoreError{error.what()};
    }
    inherit();
}

// Takes over the position of this session's older epochs, then removes them.
void SessionStore::inherit() {
    std::vector<std::filesystem::path> older;
    for (const auto& entry : std::filesystem::directory_iterator{options_.directory}) {
        const auto name = session_and_epoch(entry.path());
        if (!name || name->first != options_.session.value() || name->second >= options_.epoch.value())
            continue;
        older.push_back(entry.path());
    }
    if (older.empty()) return;
    for (const auto& path : older) {
        const OpenFile file{path, O_RDONLY};
        const Header header = read_header(file.get(), path);
        const Scan found = scan(file.get(), nullptr);
        refuse_damage(path, header, found);
        position_ =
            std::max({position_, EventNumber{header.position}, EventNumber{found.last_event.value() + 1}});
        poss_resend_below_ = std::max(poss_resend_below_, EventNumber{header.poss_resend_below});
        if (may_have_lost_tail(header)) found_lost_tail();
    }
    try {
        write_header(false, true); // the position is safe here before it goes there
    } catch (const FIX::IOException& error) {
        throw StoreError{error.what()};
    }
    for (const auto& path : older)
        std::filesystem::remove(path);
}

bool SessionStore::may_have_lost_tail(const Header& header) const {
    return header.clean == 0 && std::string_view{header.boot_id.data()} != options_.boot_id;
}

void SessionStore::found_lost_tail() {
    lost_tail_ = true;
    poss_resend_below_ = std::max(poss_resend_below_, options_.events_at_start);
}

// A process that was killed leaves at most the beginning of one record behind the last whole one, and one
// that closed in order leaves nothing. After a power loss anything may stand there.
void SessionStore::refuse_damage(const std::filesystem::path& path, const Header& header,
                                 const Scan& found) const {
    if (found.size <= found.end || may_have_lost_tail(header)) return;
    const bool head_is_torn = found.size - found.end < sizeof(RecordHead);
    const bool may_be_torn = head_is_torn || found.unfinished_end >= found.size;
    if (header.clean == 0 && may_be_torn) return;
    throw StoreError{because_of(path, "damaged at offset " + std::to_string(found.end) +
                                          ": restore the file, or move it away and reset the session")};
}

void SessionStore::write_header(bool clean, bool sync) {
    Header header{};
    header.magic = magic;
    header.version = format_version;
    header.generation = ++generation_;
    header.session = options_.session.value();
    header.epoch = options_.epoch.value();
    header.first_out = options_.first_out.value();
    header.reserved_below = reserved_below_;
    header.position = position_.value();
    options_.boot_id.copy(header.boot_id.data(), header.boot_id.size() - 1);
    header.clean = clean ? 1 : 0;
    header.poss_resend_below = poss_resend_below_.value();
    header.crc = header.right_crc();
    // A clean mark must not be on disk before what it vouches for.
    if (clean && ::fdatasync(file_) != 0) fail("fdatasync");
    if (!write_at(file_, &header, sizeof header, (generation_ % 2) * slot_bytes)) fail("write");
    if (sync && ::fdatasync(file_) != 0) fail("fdatasync");
}

SessionStore::Header SessionStore::read_header(int file, const std::filesystem::path& path) {
    std::optional<Header> best;
    std::optional<std::uint32_t> other_version;
    for (const std::uint64_t slot : {0U, 1U}) {
        Header header; // NOLINT(*-member-init): filled from the file
        if (!read_at(file, &header, sizeof header, slot * slot_bytes)) continue;
        if (header.magic != magic) continue;
        if (header.version < oldest_version_read || header.version > format_version) {
            other_version = header.version;
            continue;
        }
        if (header.crc != header.right_crc()) continue;
        if (!best || header.generation > best->generation) best = header;
    }
    if (!best && other_version)
        throw StoreError{because_of(path, "has format version " + std::to_string(*other_version) +
                                              "; this program reads " + std::to_string(oldest_version_read) +
                                              " to " + std::to_string(format_version))};
    if (!best)
        throw StoreError{because_of(path,
                                    "neither header slot (offsets 0 and 512) is whole; restore the file, or "
                                    "move it away and reset the session")};
    best->boot_id.back() = '\0';
    return *best;
}

// Reads on to the first record that is not whole.
SessionStore::Scan SessionStore::scan(int file, std::vector<Place>* places) {
    Scan result;
    struct stat status{};
    if (::fstat(file, &status) == 0) result.size = static_cast<std::uint64_t>(status.st_size);
    std::string window; // of the file, from window_at on
    std::uint64_t window_at = first_record;
    const auto available = [&](std::uint64_t offset, std::size_t size) -> const char* {
        if (offset + size > window_at + window.size()) {
            window.resize(std::max<std::size_t>(size, 1 << 20));
            const auto got = ::pread(file, window.data(), window.size(), static_cast<off_t>(offset));
            window.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
            window_at = offset;
            if (window.size() < size) return nullptr;
        }
        return window.data() + (offset - window_at);
    };
    while (true) {
        const char* at = available(result.end, sizeof(RecordHead));
        if (at == nullptr) return result;
        RecordHead head; // NOLINT(*-member-init): copied into next
        std::memcpy(&head, at, sizeof head);
        if (head.length > most_record_bytes) return result;
        result.unfinished_end = result.end + sizeof head + head.length;
        if (head.number <= result.last_number) return result;
        at = available(result.end, sizeof head + head.length);
        if (at == nullptr || crc_of(head, at + sizeof head) != head.crc) return result;
        if (places != nullptr && result.records % place_every == 0)
            places->push_back({.number = head.number, .offset = result.end});
        ++result.records;
        result.end = std::exchange(result.unfinished_end, 0);
        result.last_number = head.number;
        result.last_event = std::max(result.last_event, EventNumber{head.event});
        result.highest_sequence = std::max(result.highest_sequence, Sequence{head.sequence});
    }
}

Sequence SessionStore::highest_sequence(const std::filesystem::path& directory) {
    Sequence highest;
    if (!std::filesystem::exists(directory)) return highest;
    for (const auto& entry : std::filesystem::directory_iterator{directory}) {
        if (!session_and_epoch(entry.path())) continue;
        const OpenFile file{entry.path(), O_RDONLY};
        static_cast<void>(read_header(file.get(), entry.path()));
        highest = std::max(highest, scan(file.get(), nullptr).highest_sequence);
    }
    return highest;
}

// A power loss may leave anything; then the reserved block says where to go on.
std::uint64_t SessionStore::used_without_record(int file, const std::filesystem::path& path, bool lost_tail) {
    Mark mark; // NOLINT(*-member-init): filled from the file
    if (!read_at(file, &mark, sizeof mark, mark_at) || mark.never_written()) return 0;
    if (mark.whole()) return mark.number;
    if (lost_tail) return 0;
    throw StoreError{because_of(path, "damaged at offset " + std::to_string(mark_at) +
                                          ": restore the file, or move it away and reset the session")};
}

std::uint64_t SessionStore::use_without_record() {
    if (failed_) throw FIX::IOException{because_of(path_, "failed before")};
    const auto number = static_cast<std::uint64_t>(next_out_);
    reserve(number);
    write_mark(number);
    ++next_out_;
    return number;
}

void SessionStore::write_mark(std::uint64_t number) {
    const Mark mark{.number = number, .complement = ~number};
    if (!write_at(file_, &mark, sizeof mark, mark_at)) fail("write");
}

void SessionStore::reserve(std::uint64_t number) {
    if (number < reserved_below_) return;
    reserved_below_ = number + options_.block;
    write_header(false, true);
}

void SessionStore::sending(EventNumber event, Sequence sequence) noexcept {
    event_ = event;
    sequence_ = sequence;
}

void SessionStore::considered(EventNumber below) noexcept {
    position_ = std::max(position_, below);
}

std::uint64_t SessionStore::take_used() noexcept {
    return std::exchange(used_, 0);
}

void SessionStore::incrNextTargetMsgSeqNum() {
    used_ = static_cast<std::uint64_t>(next_in_);
    ++next_in_;
}

void SessionStore::fail(const char* what) {
    failed_ = true;
    throw FIX::IOException{because_of(path_, std::string{what} + ": " + error_text())};
}

bool SessionStore::set(int number, const std::string& bytes) {
    if (failed_) throw FIX::IOException{because_of(path_, "failed before")};
    const auto unsigned_number = static_cast<std::uint64_t>(number);
    reserve(unsigned_number);
    if (is_never_resent(bytes)) {
        write_mark(unsigned_number);
        return true;
    }
    RecordHead head{.crc = 0,
                    .length = static_cast<std::uint32_t>(bytes.size()),
                    .number = unsigned_number,
                    .event = event_.value(),
                    .sequence = sequence_.value()};
    head.crc = crc_of(head, bytes.data());
    scratch_.assign(sizeof head, '\0');
    std::memcpy(scratch_.data(), &head, sizeof head);
    scratch_.append(bytes);
    if (!write_at(file_, scratch_.data(), scratch_.size(), end_)) fail("write");
    if (records_ % place_every == 0) places_.push_back({.number = unsigned_number, .offset = end_});
    ++records_;
    end_ += scratch_.size();
    if (event_.value() != 0) position_ = std::max(position_, EventNumber{event_.value() + 1});
    event_ = {};
    sequence_ = {};
    return true;
}

void SessionStore::get(int, int, std::vector<std::string>& messages) const {
    messages.clear();
}

std::optional<SessionStore::Stored> SessionStore::next_stored(std::uint64_t number) const {
    const auto past = std::ranges::upper_bound(places_, number, {}, &Place::number);
    auto offset = past == places_.begin() ? first_record : std::prev(past)->offset;
    if (resume_.number <= number) offset = std::max(offset, resume_.offset);
    while (offset < end_) {
        RecordHead head; // NOLINT(*-member-init): filled from the file
        if (!read_at(file_, &head, sizeof head, offset))
            throw FIX::IOException{because_of(path_, error_text())};
        if (head.number >= number && head.length != 0) {
            Stored stored{.number = head.number, .bytes = std::string(head.length, '\0')};
            if (!read_at(file_, stored.bytes.data(), head.length, offset + sizeof head) ||
                crc_of(head, stored.bytes.data()) != head.crc)
                throw FIX::IOException{because_of(path_, "damaged at offset " + std::to_string(offset))};
            resume_ = {.number = head.number + 1, .offset = offset + sizeof head + head.length};
            return stored;
        }
        offset += sizeof head + head.length;
    }
    return std::nullopt;
}

std::string read_boot_id() {
    std::ifstream file{"/proc/sys/kernel/random/boot_id"};
    std::string boot_id;
    if (!std::getline(file, boot_id) || boot_id.empty())
        throw StoreError{"/proc/sys/kernel/random/boot_id cannot be read: is /proc mounted?"};
    return boot_id;
}

} // namespace tradehive::acceptor
