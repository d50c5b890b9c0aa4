#include "trader/terminal.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <system_error>

#include <cerrno>
#include <cstdio>
#include <editline/readline.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace tradehive::trader {
namespace {

constexpr std::size_t most_lines = 10'000;

// The line editor's callback has no argument for its owner.
const std::function<bool(const std::string&)>* taker = nullptr;
bool finished = false;

void take_typed(char* typed) {
    if (typed == nullptr) {
        finished = true;
        rl_callback_handler_remove();
        return;
    }
    const std::string line(typed);
    std::free(typed); // NOLINT(cppcoreguidelines-no-malloc): it comes from malloc
    if (!line.empty()) add_history(line.c_str());
    if ((*taker)(line)) return;
    finished = true;
    rl_callback_handler_remove();
}

} // namespace

Terminal::Terminal()
    : wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (wake_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Terminal::~Terminal() {
    ::close(wake_);
}

void Terminal::print(const std::string& line) {
    {
        const std::scoped_lock lock(mutex_);
        if (printed_.size() >= most_lines) printed_.erase(printed_.begin());
        printed_.push_back(line);
    }
    const std::uint64_t one = 1;
    // The counter can only be full when a wake-up is already waiting.
    [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

void Terminal::show_printed() {
    std::uint64_t count{};
    [[maybe_unused]] const auto got = ::read(wake_, &count, sizeof count);
    std::vector<std::string> lines;
    {
        const std::scoped_lock lock(mutex_);
        lines.swap(printed_);
    }
    if (lines.empty()) return;
    std::cout << "\r\033[K"; // takes the prompt away, and what was typed; the editor keeps it
    for (const auto& line : lines)
        std::cout << line << '\n';
    std::cout.flush();
    rl_forced_update_display();
}

void Terminal::read_lines(const std::string& prompt, const std::function<bool(const std::string&)>& take) {
    taker = &take;
    finished = false;
    rl_callback_handler_install(prompt.c_str(), take_typed);
    while (!finished) {
        std::array<pollfd, 2> watched{pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                      pollfd{.fd = wake_, .events = POLLIN, .revents = 0}};
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) break;
        if ((watched[1].revents & POLLIN) != 0) show_printed();
        if ((watched[0].revents & (POLLIN | POLLHUP)) != 0) rl_callback_read_char();
    }
    if (!finished) rl_callback_handler_remove();
    taker = nullptr;
}

} // namespace tradehive::trader
