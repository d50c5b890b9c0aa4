#include "trader/screen.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
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
    if (const auto force = variable("CLICOLOR_FORCE"); !force.empty() && force != "0") return true;
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

struct FullScreen::Before {
    bool keys_changed{};
    termios keys{};
};

namespace {

void write_out(std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written <= 0) return; // the terminal has gone; whoever draws will hear of it by a signal
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace

FullScreen::FullScreen()
    : before_(std::make_unique<Before>()) {
    if (::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before_->keys) == 0) {
        auto keys = before_->keys;
        keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
        before_->keys_changed = ::tcsetattr(STDIN_FILENO, TCSANOW, &keys) == 0;
    }
    write_out("\033[?1049h\033[?25l\033[2J"); // the other screen, no cursor, empty
}

FullScreen::~FullScreen() {
    write_out("\033[0m\033[?25h\033[?1049l");
    if (before_->keys_changed) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_->keys);
}

void FullScreen::draw(const std::vector<std::string>& lines) {
    std::string picture = "\033[H";
    for (std::size_t number = 0; number < lines.size(); ++number) {
        if (number > 0) picture += "\r\n";
        picture += lines[number];
        picture += "\033[0m\033[K";
    }
    picture += "\033[J";
    write_out(picture);
}

char FullScreen::key() {
    pollfd watched{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (!before_->keys_changed || ::poll(&watched, 1, 0) <= 0) return 0;
    char pressed = 0;
    return ::read(STDIN_FILENO, &pressed, 1) == 1 ? pressed : end_of_keys;
}

} // namespace tradehive::trader
