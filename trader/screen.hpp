// What standard output is: a terminal or not, how large, and whether colours belong there.
#pragma once

namespace tradehive::trader {

struct WindowSize {
    int columns{80};
    int rows{24};
};

[[nodiscard]] bool output_is_terminal();
// A terminal, and the environment does not say NO_COLOR (https://no-color.org) or TERM=dumb.
[[nodiscard]] bool colours_wanted();
// Of the terminal; what $COLUMNS and $LINES say where there is none; else 80 × 24.
[[nodiscard]] WindowSize window_size();

} // namespace tradehive::trader
