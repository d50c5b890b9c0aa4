// Where the venue loop gets the time that it stamps on commands. Nothing else in the core reads a clock.
#pragma once

#include "domain/ids.hpp"

#include <chrono>

namespace tradehive::venue {

class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    // The wall's time; may be set back or ahead by whoever keeps the machine.
    [[nodiscard]] virtual Timestamp now() = 0;
    // Only ever goes on; to see that the wall's time was set.
    [[nodiscard]] virtual std::chrono::nanoseconds steady() = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() override {
        return Timestamp{std::chrono::duration_cast<std::chrono::nanoseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count()};
    }
    [[nodiscard]] std::chrono::nanoseconds steady() override {
        return std::chrono::steady_clock::now().time_since_epoch();
    }
};

} // namespace tradehive::venue
