#include "trader/state_folder.hpp"

#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tradehive::trader {

namespace fs = std::filesystem;

std::string state_path(const std::string& store, const std::string& name) {
    if (!store.empty()) return (fs::path(store) / name).string();
    // NOLINTBEGIN(concurrency-mt-unsafe): nothing here changes the environment
    const char* state = std::getenv("XDG_STATE_HOME");
    const char* home = std::getenv("HOME");
    // NOLINTEND(concurrency-mt-unsafe)
    if (state != nullptr && *state != '\0') return (fs::path(state) / "tradehive-trader" / name).string();
    if (home != nullptr && *home != '\0')
        return (fs::path(home) / ".local/state/tradehive-trader" / name).string();
    return (fs::temp_directory_path() / ("tradehive-trader-" + name)).string();
}

bool make_private_file(const std::string& path) {
    std::error_code failed;
    const auto folder = fs::path(path).parent_path();
    if (fs::create_directories(folder, failed)) fs::permissions(folder, fs::perms::owner_all, failed);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return false;
    const bool is_private = ::fchmod(file, 0600) == 0;
    ::close(file);
    return is_private;
}

} // namespace tradehive::trader
