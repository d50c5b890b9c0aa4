// `tradehive journal dump|check`: looks at a journal without touching it; may run beside a venue.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace tradehive::main {

// 0: whole; 1: damaged; 2: not understood.
[[nodiscard]] int journal_command(const std::vector<std::string>& arguments, std::ostream& out,
                                  std::ostream& err);

} // namespace tradehive::main
