#include "journal/numbered_files.hpp"

#include "journal/journal.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace tradehive::journal {

namespace {
constexpr int digits = 20;
} // namespace

std::filesystem::path numbered_path(const std::filesystem::path& directory, const NumberedKind& kind,
                                    std::uint64_t number) {
    return directory / fmt::format("{:0{}}{}", number, digits, kind.extension);
}

std::vector<NumberedFile> list_numbered(const std::filesystem::path& directory, const NumberedKind& kind) {
    std::vector<NumberedFile> files;
    for (const auto& entry : std::filesystem::directory_iterator{directory}) {
        if (entry.path().extension() != kind.extension) continue;
        const auto stem = entry.path().stem().string();
        std::uint64_t number{};
        const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
        if (error != std::errc{} || end != stem.data() + stem.size() || stem.size() != digits || number == 0)
            throw JournalError{fmt::format("{}: not the name of {} in {} digits. Move the file elsewhere.",
                                           entry.path().string(), kind.what, digits)};
        files.push_back({entry.path(), number});
    }
    std::ranges::sort(files, {}, &NumberedFile::number);
    return files;
}

} // namespace tradehive::journal
