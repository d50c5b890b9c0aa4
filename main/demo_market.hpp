// The demo: instruments, funded accounts and FIX sessions with passwords that everybody may know.
//
// Made through the operator's own requests, each idempotent, so that at each start only what is missing is
// made and nothing is funded twice.
#pragma once

#include "control/desk.hpp"

namespace tradehive::main {

// Throws std::runtime_error with the refusal when something cannot be made.
void make_demo_market(control::Desk& desk);

} // namespace tradehive::main
