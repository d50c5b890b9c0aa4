// Files that are named by the number of the first thing in them: <number, 20 digits><extension>.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace tradehive::journal {

struct NumberedFile {
    std::filesystem::path path;
    std::uint64_t number{};
};

// what: "a journal segment, which is its first sequence", to say what a name should be.
struct NumberedKind {
    std::string_view extension;
    std::string_view what;
};

[[nodiscard]] std::filesystem::path numbered_path(const std::filesystem::path& directory,
                                                  const NumberedKind& kind, std::uint64_t number);

// By number. Throws JournalError for a name with that extension that is no number above zero.
[[nodiscard]] std::vector<NumberedFile> list_numbered(const std::filesystem::path& directory,
                                                      const NumberedKind& kind);

} // namespace tradehive::journal
