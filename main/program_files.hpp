// Files that come with the program: beside an installed one, or in the sources that it was built from.
#pragma once

#include <filesystem>
#include <string_view>

namespace tradehive::main {

// name: "fix-spec/FIX44.xml". Throws std::runtime_error naming where it looked.
[[nodiscard]] std::filesystem::path find_program_file(std::string_view name);

} // namespace tradehive::main
