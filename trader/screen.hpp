// What standard output is: a terminal or not, how large, and whether colours belong there; and drawing on the
// whole of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace tradehive::trader {

struct WindowSize {
    int columns{80};
    int rows{24};
};

[[nodiscard]] bool output_is_terminal();
// A terminal, and the environment does not say NO_COLOR (https://no-color.org) or TERM=dumb. CLICOLOR_FORCE
// asks for colours where there is no terminal.
[[nodiscard]] bool colours_wanted();
// Of the terminal; what $COLUMNS and $LINES say where there is none; else 80 × 24.
[[nodiscard]] WindowSize window_size();

// The terminal as a picture that is drawn again and again, and keys that come without Enter. What was on the
// screen before comes back at the end. One at a time, one thread.
class FullScreen {
public:
    FullScreen();
    ~FullScreen();
    FullScreen(const FullScreen&) = delete;
    FullScreen& operator=(const FullScreen&) = delete;
    FullScreen(FullScreen&&) = delete;
    FullScreen& operator=(FullScreen&&) = delete;

    // Each line at most as wide, all together at most as many as the window has.
    void draw(const std::vector<std::string>& lines);
    // The key that was pressed, 0 when none was, end_of_keys when the terminal has gone. Only when standard
    // input is a terminal.
    static constexpr char end_of_keys = '\x04';
    [[nodiscard]] char key();

private:
    struct Before;
    std::unique_ptr<Before> before_;
};

} // namespace tradehive::trader
