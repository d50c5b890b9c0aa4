// The dictionaries of fix-spec/ as QuickFIX wants them: read once, shared by every session.
//
// FIXT.1.1 messages are parsed here rather than by FIX::Session, which would read them with the dictionary of
// what it sends. A message that names another ApplVerID(1128) is parsed and checked as FIX.5.0SP2 too: it is
// translate() that refuses it, by its own reason.
//
// Threads: constant after construction.
#pragma once

#include "acceptor/fix_version.hpp"
#include "acceptor/quickfix.hpp"

#include <filesystem>
#include <string_view>

namespace tradehive::acceptor {

class Dictionaries {
public:
    // FIX44.xml, FIXT11.xml and FIX50SP2.xml of the folder. Throws std::runtime_error naming the file.
    explicit Dictionaries(const std::filesystem::path& folder);

    [[nodiscard]] const FIX::DataDictionaryProvider& provider() const noexcept { return provider_; }

    // Throws FIX::InvalidMessage when it is garbled. Nothing else is checked.
    [[nodiscard]] FIX::Message parse(FixVersion version, std::string_view frame) const;
    // A Logon against the dictionary of its session layer. Throws what the dictionary throws.
    void check_logon(FixVersion version, std::string_view frame) const;

private:
    using Shared = ptr::shared_ptr<FIX::DataDictionary>;

    [[nodiscard]] const FIX::DataDictionary& session_layer(FixVersion version) const noexcept {
        return version == FixVersion::fix44 ? *fix44_ : *fixt11_;
    }
    [[nodiscard]] const FIX::DataDictionary& application(FixVersion version) const noexcept {
        return version == FixVersion::fix44 ? *fix44_ : *fix50sp2_;
    }

    Shared fix44_;
    Shared fixt11_;
    Shared fix50sp2_;
    FIX::DataDictionaryProvider provider_;
};

} // namespace tradehive::acceptor
