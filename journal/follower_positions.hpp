// How far each follower of the EventLog has come, in a small text file that is replaced as a whole:
//
//   tradehive positions 2
//   <follower> <number of the first event it has not finished> <when it came there, seconds since 1970>
//   end
//
// Not synced: a position that a crash takes only goes back, and followers are idempotent. A file that does
// not read whole counts as absent. Written at most once a second and at the end. Any thread.
#pragma once

#include "domain/ids.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace tradehive::journal {

class FollowerPositions {
public:
    explicit FollowerPositions(std::filesystem::path path);
    FollowerPositions(const FollowerPositions&) = delete;
    FollowerPositions& operator=(const FollowerPositions&) = delete;
    ~FollowerPositions();

    [[nodiscard]] std::optional<EventNumber> find(std::string_view follower) const;
    // Throws std::invalid_argument for a name other than 1–64 of [A-Za-z0-9._:-].
    void set(std::string_view follower, EventNumber position);
    // The furthest behind of those that have moved since then, a time since 1970; when none has, beyond every
    // event. None when nobody follows.
    [[nodiscard]] std::optional<EventNumber> lowest(std::chrono::seconds moved_since) const;

private:
    struct Position {
        EventNumber event;
        std::chrono::seconds since{};
    };

    void load();
    void store();

    const std::filesystem::path path_;
    mutable std::mutex mutex_;
    std::map<std::string, Position, std::less<>> positions_;
    std::chrono::steady_clock::time_point stored_{};
    bool changed_{};
};

} // namespace tradehive::journal
