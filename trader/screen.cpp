#include "trader/screen.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace tradehive::trader {
namespace {

// NOLINTBEGIN(concurrency-mt-unsafe): nothing in this program changes the environment
std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : std::string_view(value);
}
// NOLINTEND(concurrency-mt-unsafe)

int number_of(std::string_view text, int otherwise) {
    int number = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9' || number > 1000) return otherwise;
        number = number * 10 + (digit - '0');
    }
    return number == 0 ? otherwise : number;
}

} // namespace

bool output_is_terminal() {
    return ::isatty(STDOUT_FILENO) == 1;
}

bool colours_wanted() {
    return output_is_terminal() && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

WindowSize window_size() {
    winsize size{};
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    if (output_is_terminal() && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
        size.ws_row > 0)
        return {.columns = size.ws_col, .rows = size.ws_row};
    const WindowSize usual;
    return {.columns = number_of(variable("COLUMNS"), usual.columns),
            .rows = number_of(variable("LINES"), usual.rows)};
}

} // namespace tradehive::trader
