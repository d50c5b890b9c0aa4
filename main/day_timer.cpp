#include "main/day_timer.hpp"

#include <algorithm>

namespace tradehive::main {

std::optional<std::chrono::sys_days> DayTimer::day_over(Wall wall, Steady steady) {
    using namespace std::chrono;
    if (last_) {
        const auto jump = (wall - last_->first) - (steady - last_->second);
        if (jump > greatest_jump || jump < -greatest_jump) trusted_from_ = steady + distrust;
    }
    last_ = {wall, steady};
    if (steady < trusted_from_) return std::nullopt;
    const auto yesterday = floor<days>(wall) - days{1};
    if (yesterday <= told_) return std::nullopt;
    told_ = yesterday;
    return yesterday;
}

bool DayTimer::is_due(Wall moment) const noexcept {
    return last_ && moment <= last_->first && last_->second >= trusted_from_;
}

std::chrono::nanoseconds DayTimer::until_next(Wall wall) {
    using namespace std::chrono;
    const auto midnight = floor<days>(wall) + days{1};
    return std::min<nanoseconds>(midnight - wall, milliseconds{250});
}

} // namespace tradehive::main
