#include "journal/follower_positions.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <utility>

namespace tradehive::journal {

namespace {

constexpr std::string_view first_line = "tradehive positions 2";
constexpr std::string_view last_word = "end";
constexpr std::chrono::seconds least_pause{1};

bool is_name(std::string_view text) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";
    return !text.empty() && text.size() <= 64 && text.find_first_not_of(letters) == std::string_view::npos;
}

std::chrono::seconds time_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::system_clock::now().time_since_epoch());
}

} // namespace

FollowerPositions::FollowerPositions(std::filesystem::path path)
    : path_{std::move(path)} {
    load();
}

FollowerPositions::~FollowerPositions() {
    if (changed_) store();
}

std::optional<EventNumber> FollowerPositions::find(std::string_view follower) const {
    const std::scoped_lock lock{mutex_};
    const auto found = positions_.find(follower);
    if (found == positions_.end()) return std::nullopt;
    return found->second.event;
}

void FollowerPositions::set(std::string_view follower, EventNumber position) {
    if (!is_name(follower) || follower == last_word)
        throw std::invalid_argument{
            fmt::format("'{}' is no name of a follower: 1 to 64 of A-Z a-z 0-9 . _ : -", follower)};
    const std::scoped_lock lock{mutex_};
    if (const auto known = positions_.find(follower);
        known != positions_.end() && known->second.event == position)
        return;
    positions_.insert_or_assign(std::string{follower}, Position{position, time_now()});
    changed_ = true;
    const auto now = std::chrono::steady_clock::now();
    if (now - stored_ < least_pause) return;
    store();
    stored_ = now;
}

std::optional<EventNumber> FollowerPositions::lowest(std::chrono::seconds moved_since) const {
    const std::scoped_lock lock{mutex_};
    if (positions_.empty()) return std::nullopt;
    EventNumber lowest{std::numeric_limits<std::uint64_t>::max()};
    for (const auto& [follower, position] : positions_)
        if (position.since >= moved_since) lowest = std::min(lowest, position.event);
    return lowest;
}

void FollowerPositions::load() {
    std::ifstream file{path_};
    std::string line;
    if (!std::getline(file, line) || line != first_line) return;
    decltype(positions_) read;
    std::string follower;
    while (file >> follower && follower != last_word) {
        std::uint64_t position{};
        std::int64_t since{};
        if (!is_name(follower) || !(file >> position >> since)) return;
        read.insert_or_assign(follower, Position{EventNumber{position}, std::chrono::seconds{since}});
    }
    if (follower == last_word) positions_ = std::move(read);
}

void FollowerPositions::store() {
    auto beside = path_;
    beside += ".new";
    std::ofstream file{beside, std::ios::trunc};
    file << first_line << '\n';
    for (const auto& [follower, position] : positions_)
        file << follower << ' ' << position.event.value() << ' ' << position.since.count() << '\n';
    file << last_word << '\n';
    file.close();
    std::error_code failed;
    // A position that cannot be stored costs a follower some reading again, nothing else.
    if (file) std::filesystem::rename(beside, path_, failed);
    changed_ = !file || static_cast<bool>(failed);
}

} // namespace tradehive::journal
