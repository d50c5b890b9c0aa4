// The venue's log: standard error, and a file in the log folder (10 MiB, nine older ones kept). As text, or
// as one JSON object a line: {"time", "level", "thread", "text"}.
#pragma once

#include "main/configuration.hpp"

namespace tradehive::main {

// Makes spdlog's default logger. Throws std::runtime_error when the file cannot be made.
void start_log(const Configuration::Log& settings);

} // namespace tradehive::main
