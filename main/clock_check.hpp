// Whether the machine's clock can be right, as far as the newest command in the journal tells.
//
// What is stamped with a wrong time stays so: days end that have not begun, and the venue's time, which never
// goes back, then stands still until the clock has come as far.
#pragma once

#include "domain/ids.hpp"

#include <chrono>
#include <string>

namespace tradehive::main {

// What an operator should look at; empty: nothing. Throws std::runtime_error when the clock is further behind
// the newest command than it may be. newest: zero when there is none.
[[nodiscard]] std::string check_clock(Timestamp newest, Timestamp now, std::chrono::seconds may_be_back);

} // namespace tradehive::main
