// When the sequence numbers of all FIX sessions begin anew, once a week by the wall clock in UTC, and when
// that is told ahead. What was due while the venue was down is due at its start.
//
// One owner.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

namespace tradehive::main {

struct WeeklyMoment {
    std::chrono::weekday day;
    std::chrono::seconds time{}; // of that day, UTC
};

// The first such moment after that time.
[[nodiscard]] std::chrono::sys_seconds first_after(std::chrono::system_clock::time_point time,
                                                   const WeeklyMoment& when);

class NumberReset {
public:
    using Wall = std::chrono::system_clock::time_point;

    // A venue that lives resets its numbers within this time, even when its clock was not to be trusted for a
    // while.
    static constexpr std::chrono::minutes most_late{2};

    // alive_until: the venue's last sign of life; nothing for a new one. ahead: so long before it is told.
    NumberReset(const WeeklyMoment& when, std::vector<std::chrono::seconds> ahead,
                std::optional<Wall> alive_until, Wall now);

    // The next one that is to be done; it may be past.
    [[nodiscard]] std::chrono::sys_seconds next() const noexcept { return next_; }
    // The newest one up to now, when next() is past: what was missed in between is done with it.
    [[nodiscard]] std::chrono::sys_seconds newest(Wall now) const;
    void done(std::chrono::sys_seconds moment);

    // Whether next() is to be told now, each time ahead once.
    [[nodiscard]] bool to_be_told(Wall now);

private:
    WeeklyMoment when_;
    std::vector<std::chrono::seconds> ahead_; // the longest first
    std::chrono::sys_seconds next_;
    std::size_t told_{}; // how many of ahead_, of next_
};

} // namespace tradehive::main
