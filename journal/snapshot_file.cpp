#include "journal/snapshot_file.hpp"

#include "journal/numbered_files.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <utility>

namespace tradehive::journal {

namespace {

constexpr NumberedKind snapshot_files{".snapshot",
                                      "a snapshot, which is the sequence of the last command in it"};

struct Piece {
    std::uint32_t crc32c{};
    std::uint32_t length{};
};

template <class Flat>
std::span<const std::byte> bytes_of(const Flat& flat) noexcept {
    return std::as_bytes(std::span{&flat, 1});
}

std::uint32_t crc_of(const SnapshotHeader& header) noexcept {
    return crc32c(bytes_of(header).first(sizeof header - sizeof header.crc32c));
}

// Of a piece: its length and its bytes.
std::uint32_t crc_of(std::uint32_t length, std::span<const std::byte> bytes) {
    std::vector<std::byte> whole(sizeof length + bytes.size());
    std::memcpy(whole.data(), &length, sizeof length);
    std::ranges::copy(bytes, whole.begin() + sizeof length);
    return crc32c(whole);
}

SnapshotHeader with_format(SnapshotHeader about) noexcept {
    const SnapshotHeader format;
    about.magic = format.magic;
    about.format = format.format;
    about.reserved = {};
    about.crc32c = crc_of(about);
    return about;
}

} // namespace

std::vector<SnapshotName> list_snapshots(const std::filesystem::path& directory) {
    std::vector<SnapshotName> names;
    if (!std::filesystem::is_directory(directory)) return names;
    for (auto& file : list_numbered(directory, snapshot_files))
        names.push_back({std::move(file.path), Sequence{file.number}});
    return names;
}

// --- writing -------------------------------------------------------------------------------------------

SnapshotWriter::SnapshotWriter(std::filesystem::path directory, const SnapshotHeader& about,
                               FileOperations& operations)
    : directory_{std::move(directory)}
    , about_{with_format(about)}
    , file_{directory_ / "unfinished", File::Mode::create_empty, operations} {
    piece_.reserve(snapshot_piece_bytes);
    put(bytes_of(about_));
}

SnapshotWriter::~SnapshotWriter() {
    if (named_) return;
    std::error_code ignored; // what stays is written over by the next one
    std::filesystem::remove(file_.path(), ignored);
}

void SnapshotWriter::put(std::span<const std::byte> bytes) {
    file_.write_at(bytes, written_);
    written_ += bytes.size();
    hash_.add(bytes);
}

void SnapshotWriter::put_piece() {
    if (piece_.empty()) return;
    const auto length = static_cast<std::uint32_t>(piece_.size());
    put(bytes_of(Piece{crc_of(length, piece_), length}));
    put(piece_);
    state_hash_.add(piece_);
    state_bytes_ += piece_.size();
    piece_.clear();
}

void SnapshotWriter::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto count = std::min(bytes.size(), snapshot_piece_bytes - piece_.size());
        piece_.insert(piece_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
        bytes = bytes.subspan(count);
        if (piece_.size() == snapshot_piece_bytes) put_piece();
    }
}

SnapshotName SnapshotWriter::finish() {
    put_piece();
    SnapshotEnd end;
    end.bytes = written_ + sizeof end;
    end.state_bytes = state_bytes_;
    end.state_sha256 = state_hash_.digest();
    put(bytes_of(end).first(sizeof end - sizeof end.sha256));
    end.sha256 = hash_.digest();
    put(bytes_of(end.sha256));
    file_.sync();
    return {file_.path(), about_.sequence};
}

SnapshotName SnapshotWriter::give_name() {
    file_.rename_to(numbered_path(directory_, snapshot_files, about_.sequence.value()));
    named_ = true;
    return {file_.path(), about_.sequence};
}

// --- reading -------------------------------------------------------------------------------------------

SnapshotReader::SnapshotReader(const SnapshotName& name)
    : name_{name}
    , file_{name.path, File::Mode::read} {
    take(std::as_writable_bytes(std::span{&header_, 1}));
    if (header_.magic != SnapshotHeader{}.magic) damaged(0, "this is not a snapshot");
    if (header_.crc32c != crc_of(header_)) damaged(0, "the header's checksum is wrong");
    if (header_.format != snapshot_format)
        throw JournalError{fmt::format("{}: snapshot format {}, but this program reads format {}",
                                       name.path.string(), header_.format, snapshot_format)};
    if (header_.sequence != name.sequence) damaged(16, "the header tells another sequence than the name");
    if (header_.reserved != SnapshotHeader{}.reserved) damaged(84, "what is reserved is not zero");
}

void SnapshotReader::damaged(std::uint64_t offset, std::string_view what) const {
    throw JournalError{
        fmt::format("{}, offset {}: {}; this snapshot cannot be used", name_.path.string(), offset, what)};
}

void SnapshotReader::take(std::span<std::byte> into) {
    const auto count = file_.read_at(into, offset_);
    if (count < into.size()) damaged(offset_ + count, "it ends here, without an end mark");
    offset_ += count;
    hash_.add(into);
}

bool SnapshotReader::next_piece() {
    if (ended_) return false;
    const auto at = offset_;
    Piece piece;
    take(std::as_writable_bytes(std::span{&piece, 1}));
    if (piece.length == 0 || piece.length > snapshot_piece_bytes) {
        read_end(bytes_of(piece));
        return false;
    }
    piece_.resize(piece.length);
    taken_ = 0;
    take(piece_);
    if (crc_of(piece.length, piece_) != piece.crc32c)
        damaged(at, "the checksum of what stands here is wrong");
    state_hash_.add(piece_);
    state_bytes_ += piece_.size();
    return true;
}

void SnapshotReader::read_end(std::span<const std::byte> begin) {
    const auto at = offset_ - begin.size();
    std::memcpy(&end_, begin.data(), begin.size());
    if (end_.magic != SnapshotEnd{}.magic)
        damaged(at, "neither a piece of state nor the end mark stands here");
    auto rest = std::as_writable_bytes(std::span{&end_, 1}).subspan(begin.size());
    take(rest.first(rest.size() - sizeof end_.sha256));
    const auto proof = hash_.digest();
    take(rest.last(sizeof end_.sha256));
    if (end_.sha256 != proof) damaged(at, "the SHA-256 of the file is wrong");
    if (end_.bytes != offset_ || file_.bytes() != offset_)
        damaged(offset_, "something stands behind the end");
    if (end_.state_bytes != state_bytes_ || end_.state_sha256 != state_hash_.digest())
        damaged(at, "the SHA-256 of the state is wrong");
    ended_ = true;
}

std::size_t SnapshotReader::read(std::span<std::byte> into) {
    std::size_t done = 0;
    while (done < into.size()) {
        if (taken_ == piece_.size() && !next_piece()) break;
        const auto count = std::min(into.size() - done, piece_.size() - taken_);
        std::ranges::copy(std::span{piece_}.subspan(taken_, count),
                          into.begin() + static_cast<std::ptrdiff_t>(done));
        taken_ += count;
        done += count;
    }
    return done;
}

SnapshotEnd SnapshotReader::finish() {
    while (next_piece()) {
    }
    return end_;
}

SnapshotHeader check_snapshot(const SnapshotName& name) {
    SnapshotReader reader{name};
    reader.finish();
    return reader.header();
}

} // namespace tradehive::journal
