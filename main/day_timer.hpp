// When a trading day ends, 00:00 UTC by the wall clock, and when an order's time is over; and neither while
// that clock cannot be trusted.
//
// Asked now and then, it says which day is to be ended. A wall clock that moved more than five seconds
// against the steady clock since the last question was set by somebody: for a minute after that no day ends.
// A day that passed while the venue was down, or while it waited, is told at the next chance.
//
// One owner.
#pragma once

#include <chrono>
#include <optional>

namespace tradehive::main {

class DayTimer {
public:
    using Wall = std::chrono::system_clock::time_point;
    using Steady = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::seconds greatest_jump{5};
    static constexpr std::chrono::seconds distrust{60};

    // The newest day that is over and has not been told yet.
    [[nodiscard]] std::optional<std::chrono::sys_days> day_over(Wall wall, Steady steady);
    // Whether something that is due at that moment by the wall clock of the last question is due for sure.
    [[nodiscard]] bool is_due(Wall moment) const noexcept;
    // What day_over() told could not be done now: tell it again.
    void again() noexcept { told_ = {}; }
    // How long until it is worth asking again: the next midnight, but at most a quarter of a second.
    [[nodiscard]] static std::chrono::nanoseconds until_next(Wall wall);

private:
    std::optional<std::pair<Wall, Steady>> last_;
    Steady trusted_from_{};
    std::chrono::sys_days told_{};
};

} // namespace tradehive::main
