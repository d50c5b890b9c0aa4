// Where the client's session keeps its numbers and what it sent: QuickFIX's FileStore or MemoryStore, behind
// a layer that keeps the password out (a Logon is never resent, so its text is not needed) and that says it
// was made just now, so that no passing day or week counts as a new session: resets are the venue's to say.
#pragma once

#include "trader/quickfix_client.hpp"

#include <memory>
#include <string>

namespace tradehive::trader {

// An empty directory means memory. A directory is made, readable by its owner only.
[[nodiscard]] std::unique_ptr<FIX::MessageStoreFactory> session_stores(const std::string& directory);

} // namespace tradehive::trader
