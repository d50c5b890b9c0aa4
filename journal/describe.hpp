// Commands and events in words, every field by its name: for `journal dump`, tests and audits.
//
// Text: "17 2026-11-21T13:00:00.000000001Z EnterOrder from=fix from_session=1 from_number=5 account=2 …".
// JSON: the same fields as an object. A field that is zero or empty is left out of text and kept in JSON;
// reserved fields are left out of both. A kind or version that this program does not know is printed as its
// bytes.
#pragma once

#include "domain/event.hpp"

#include <string>

namespace tradehive::journal {

[[nodiscard]] std::string describe(const Command& command);
[[nodiscard]] std::string describe(const Event& event);

// One line, without a newline.
[[nodiscard]] std::string to_json(const Command& command);
[[nodiscard]] std::string to_json(const Event& event);

// "2026-11-21T13:00:00.000000001Z"
[[nodiscard]] std::string to_text(Timestamp time);

} // namespace tradehive::journal
