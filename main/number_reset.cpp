#include "main/number_reset.hpp"

#include <algorithm>
#include <functional>

namespace tradehive::main {

using namespace std::chrono;

sys_seconds first_after(system_clock::time_point time, const WeeklyMoment& when) {
    const auto day = floor<days>(time);
    const sys_seconds moment = day + (when.day - weekday{day}) + when.time;
    return moment > time ? moment : moment + weeks{1};
}

NumberReset::NumberReset(const WeeklyMoment& when, std::vector<seconds> ahead,
                         std::optional<Wall> alive_until, Wall now)
    : when_{when}
    , ahead_{std::move(ahead)}
    , next_{first_after(alive_until ? std::min(*alive_until - most_late, now) : now, when)} {
    std::ranges::sort(ahead_, std::greater{});
    (void)to_be_told(now); // nobody is there yet
}

sys_seconds NumberReset::newest(Wall now) const {
    return first_after(now, when_) - weeks{1};
}

void NumberReset::done(sys_seconds moment) {
    next_ = moment + weeks{1};
    told_ = 0;
}

bool NumberReset::to_be_told(Wall now) {
    const auto before = told_;
    while (told_ < ahead_.size() && now >= next_ - ahead_[told_])
        ++told_;
    return told_ > before && now < next_;
}

} // namespace tradehive::main
