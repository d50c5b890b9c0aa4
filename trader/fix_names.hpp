// Names of fields, messages and values, from the venue's dictionary. Immutable after construction: any
// thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace FIX {
class DataDictionary;
}

namespace tradehive::trader {

class FixNames {
public:
    // Throws std::runtime_error or FIX::ConfigError when the dictionary cannot be read.
    explicit FixNames(const std::string& dictionary);
    ~FixNames();
    FixNames(const FixNames&) = delete;
    FixNames& operator=(const FixNames&) = delete;
    FixNames(FixNames&&) = delete;
    FixNames& operator=(FixNames&&) = delete;

    [[nodiscard]] std::string field(int tag) const; // "ClOrdID"; unknown: its number
    [[nodiscard]] std::string value(int tag, const std::string& value) const; // "buy"; empty when it has none
    [[nodiscard]] std::string message(const std::string& msg_type) const;     // "NewOrderSingle"

private:
    std::unique_ptr<const FIX::DataDictionary> dictionary_;
};

} // namespace tradehive::trader
