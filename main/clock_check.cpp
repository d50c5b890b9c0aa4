#include "main/clock_check.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <stdexcept>

namespace tradehive::main {

namespace {

using namespace std::chrono;

// A venue that stands still for longer than a weekend and a holiday is rare.
constexpr days ordinary_pause{7};

std::string text_of(Timestamp time) {
    return fmt::format("{:%F %T} UTC",
                       fmt::gmtime(floor<seconds>(sys_time<nanoseconds>{nanoseconds{time.value()}})));
}

} // namespace

std::string check_clock(Timestamp newest, Timestamp now, seconds may_be_back) {
    if (newest == Timestamp{}) return {};
    const nanoseconds ahead{now.value() - newest.value()};
    const auto told = fmt::format("this machine's clock says {}, the newest command in the journal is of {}",
                                  text_of(now), text_of(newest));
    if (-ahead > may_be_back)
        throw std::runtime_error{fmt::format(
            "{}: set the clock. If the journal's time is the wrong one: until the clock has come as far, "
            "everything happens at that time, and days do not end; to start nevertheless, set "
            "journal.clock_back_seconds to more than {}",
            told, ceil<seconds>(-ahead).count())};
    if (ahead < nanoseconds{})
        return fmt::format("{}: the venue's time stands still until the clock has come as far", told);
    if (ahead > ordinary_pause)
        return fmt::format("{}: unless the venue stood still for so long, end it at once and set the clock",
                           told);
    return {};
}

} // namespace tradehive::main
