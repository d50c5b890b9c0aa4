// Ctrl-C, SIGTERM, the end of the terminal and a window whose size has changed, as something that a loop can
// wait for. Of the process as a whole: watch_signals() once, before other threads begin; the rest from any
// thread.
#pragma once

#include <chrono>

namespace tradehive::trader {

void watch_signals();
[[nodiscard]] bool asked_to_end();
// True once for each change.
[[nodiscard]] bool window_changed();
// Readable when a signal has come that nobody has taken yet; -1 before watch_signals().
[[nodiscard]] int signal_descriptor();
void take_signals(); // empties the descriptor
// Until that time or a signal.
void sleep_until_signal(std::chrono::steady_clock::time_point until);

} // namespace tradehive::trader
