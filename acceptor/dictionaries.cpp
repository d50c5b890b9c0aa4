#include "acceptor/dictionaries.hpp"

#include <array>
#include <stdexcept>
#include <string>

namespace tradehive::acceptor {

namespace {

ptr::shared_ptr<FIX::DataDictionary> read(const std::filesystem::path& path) {
    try {
        return ptr::shared_ptr<FIX::DataDictionary>{new FIX::DataDictionary{path.string()}};
    } catch (const FIX::Exception& error) {
        throw std::runtime_error{"FIX dictionary " + path.string() + ": " + error.what()};
    }
}

} // namespace

Dictionaries::Dictionaries(const std::filesystem::path& folder)
    : fix44_{read(folder / "FIX44.xml")}
    , fixt11_{read(folder / "FIXT11.xml")}
    , fix50sp2_{read(folder / "FIX50SP2.xml")} {
    const auto layer = [](FixVersion version) {
        return FIX::BeginString{std::string{begin_string(version)}};
    };
    provider_.addTransportDataDictionary(layer(FixVersion::fix44), fix44_);
    provider_.addTransportDataDictionary(layer(FixVersion::fix50sp2), fixt11_);
    // Every ApplVerID that FIXT.1.1 knows.
    for (const char* const id : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"})
        provider_.addApplicationDataDictionary(FIX::ApplVerID{id}, fix50sp2_);
}

FIX::Message Dictionaries::parse(FixVersion version, std::string_view frame) const {
    return {std::string{frame}, session_layer(version), application(version), false};
}

void Dictionaries::check_logon(FixVersion version, std::string_view frame) const {
    session_layer(version).validate(parse(version, frame));
}

} // namespace tradehive::acceptor
