#include "trader/terminal.hpp"

#include "trader/state_folder.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <system_error>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <editline/readline.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace tradehive::trader {
namespace {

constexpr std::size_t most_lines = 10'000;

constexpr int most_history = 1'000;

// The line editor's callbacks have no argument for their owner.
const Terminal::Reader* reader = nullptr;
bool finished = false;
std::vector<std::string> matches;

void take_typed(char* typed) {
    if (typed == nullptr) {
        finished = true;
        rl_callback_handler_remove();
        return;
    }
    const std::string line(typed);
    std::free(typed); // NOLINT(cppcoreguidelines-no-malloc): it comes from malloc
    if (!line.empty() && reader->keep(line)) add_history(line.c_str());
    if (reader->take(line)) return;
    finished = true;
    rl_callback_handler_remove();
}

// The editor frees what it is given.
char* next_match(const char*, int state) {
    const auto place = static_cast<std::size_t>(state);
    return place < matches.size() ? ::strdup(matches[place].c_str()) : nullptr;
}

char** complete(const char* word, int start, int) {
    rl_attempted_completion_over = 1; // no file names
    matches = reader->complete(std::string(rl_line_buffer).substr(0, static_cast<std::size_t>(start)), word);
    return matches.empty() ? nullptr : rl_completion_matches(word, next_match);
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

void Terminal::read_lines(const std::string& prompt, const std::string& history, const Reader& given) {
    reader = &given;
    finished = false;
    using_history();
    stifle_history(most_history);
    read_history(history.c_str());
    rl_attempted_completion_function = complete;
    // The editor asks for a char* in some versions and for a const one in others.
    static std::array<char, 5> breaks{' ', '\t', '\n', '@', '\0'};
    rl_basic_word_break_characters = breaks.data();
    rl_callback_handler_install(prompt.c_str(), take_typed);
    while (!finished) {
        std::array<pollfd, 2> watched{pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                      pollfd{.fd = wake_, .events = POLLIN, .revents = 0}};
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) break;
        if ((watched[1].revents & POLLIN) != 0) show_printed();
        if ((watched[0].revents & (POLLIN | POLLHUP)) != 0) rl_callback_read_char();
    }
    if (!finished) rl_callback_handler_remove();
    if (!make_private_file(history) || write_history(history.c_str()) != 0)
        std::cerr << "what was typed is not remembered: " << history << " cannot be written\n";
    reader = nullptr;
}

} // namespace tradehive::trader
