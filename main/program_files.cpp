#include "main/program_files.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace tradehive::main {

namespace fs = std::filesystem;

fs::path find_program_file(std::string_view name) {
    std::error_code ignored;
    const auto program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    const std::vector<fs::path> folders{program / "../share/tradehive", program / "../..",
                                        TRADEHIVE_SOURCE_DIR};
    std::string looked;
    for (const auto& folder : folders) {
        auto file = (folder / name).lexically_normal();
        if (fs::is_regular_file(file, ignored)) return file;
        looked += "\n  " + file.string();
    }
    throw std::runtime_error{"cannot find " + std::string{name} + "; looked for" + looked};
}

} // namespace tradehive::main
