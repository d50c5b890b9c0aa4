// Which venue a journal belongs to: the file `venue` beside its segments, one line of 32 hexadecimal digits,
// made at the venue's first start and never again. Its database holds the same digits.
#pragma once

#include <filesystem>
#include <string>

namespace tradehive::journal {

// Of the journal in that directory, whose lock is held. Makes one, durably, where there is none. Throws
// JournalError when what is there is not one.
[[nodiscard]] std::string venue_id(const std::filesystem::path& directory);

// Without making one. Throws JournalError where there is none.
[[nodiscard]] std::string read_venue_id(const std::filesystem::path& directory);

} // namespace tradehive::journal
