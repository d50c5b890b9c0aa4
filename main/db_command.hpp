// tradehive db …: looks after a venue's database.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace tradehive::main {

// The arguments after "db". Returns the exit code.
[[nodiscard]] int db_command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

} // namespace tradehive::main
