// The commands of tradehive-trader: each takes the words after its name and returns the exit code.
#pragma once

#include <string>
#include <vector>

namespace tradehive::trader {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;  // it ran, but something was refused or is not as it must be
inline constexpr int exit_usage = 2;   // the command line makes no sense
inline constexpr int exit_refused = 3; // the venue refused the logon, or did not answer

struct ClientOptions;

int run_console(const std::vector<std::string>& words);
int run_console(ClientOptions client); // the same, its options read already
int run_book(const std::vector<std::string>& words);
int run_tail(const std::vector<std::string>& words);
int run_record(const std::vector<std::string>& words);
int run_play(const std::vector<std::string>& words);
int run_load(const std::vector<std::string>& words);
int run_replay(const std::vector<std::string>& words);
int run_market(const std::vector<std::string>& words);

} // namespace tradehive::trader
