// The versions of FIX that the venue speaks, each session the one that its Logon names.
//
// What differs between them: the envelope (BeginString, and the dictionaries that check it:
// dictionaries.hpp), DefaultApplVerID(1137) of the Logon (logon.hpp), and what translation/fix50sp2.hpp
// lists. Everything else is the same code.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tradehive::acceptor {

enum class FixVersion : std::uint8_t { fix44, fix50sp2 };

[[nodiscard]] constexpr std::string_view begin_string(FixVersion version) noexcept {
    return version == FixVersion::fix44 ? "FIX.4.4" : "FIXT.1.1";
}

// Of BeginString(8).
[[nodiscard]] constexpr std::optional<FixVersion> version_of(std::string_view begin) noexcept {
    for (const auto version : {FixVersion::fix44, FixVersion::fix50sp2})
        if (begin == begin_string(version)) return version;
    return std::nullopt;
}

// ApplVerID(1128) and DefaultApplVerID(1137) of FIX.5.0SP2, the only one that is spoken over FIXT.1.1.
inline constexpr std::string_view fix50sp2_appl_ver_id = "9";

} // namespace tradehive::acceptor
