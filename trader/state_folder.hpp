// Where the client keeps what it remembers from one run to the next.
#pragma once

#include <string>

namespace tradehive::trader {

// A file in the store's directory; without one in $XDG_STATE_HOME/tradehive-trader, or ~/.local/state there.
// Nothing is made yet.
[[nodiscard]] std::string state_path(const std::string& store, const std::string& name);

// Makes the folder, for its owner only, and an empty file, readable by its owner only, where there are none.
// False when that cannot be done.
bool make_private_file(const std::string& path);

} // namespace tradehive::trader
