// `tradehive upgrade`: from a program to one of other rules. A journal is only ever replayed by the rules
// that it was written under, so the old program first sets down where it has come to, and the new one goes on
// from there.
//
//   prepare    the program that wrote the journal: recovers what there is, seals it and makes a snapshot of
//              all of it
//   take-over  the program of other rules: goes on from that snapshot in a segment of its own rules; refused
//              when the journal has a command after the snapshot
//
// Both take the journal's lock, so no venue runs meanwhile; both may be done again.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace tradehive::main {

// 0: done; 1: refused; 2: not understood.
[[nodiscard]] int upgrade_command(const std::vector<std::string>& arguments, std::ostream& out,
                                  std::ostream& err);

} // namespace tradehive::main
