// `tradehive snapshot make|list|check`: snapshots of a venue's data_dir, beside a running venue or without
// one.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace tradehive::main {

// 0: done; 1: not made, or one is damaged; 2: not understood.
[[nodiscard]] int snapshot_command(const std::vector<std::string>& arguments, std::ostream& out,
                                   std::ostream& err);

} // namespace tradehive::main
