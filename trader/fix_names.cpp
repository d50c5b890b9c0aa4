#include "trader/fix_names.hpp"

#include "trader/quickfix_client.hpp"

#include <cctype>

namespace tradehive::trader {

FixNames::FixNames(const std::string& dictionary)
    : dictionary_(std::make_unique<const FIX::DataDictionary>(dictionary)) {}

FixNames::~FixNames() = default;

std::string FixNames::field(int tag) const {
    std::string name;
    return dictionary_->getFieldName(tag, name) ? name : std::to_string(tag);
}

std::string FixNames::value(int tag, const std::string& value) const {
    std::string name;
    if (!dictionary_->getValueName(tag, value, name)) return {};
    for (auto& character : name)
        character =
            character == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    return name;
}

std::string FixNames::message(const std::string& msg_type) const {
    std::string name;
    return dictionary_->getValueName(FIX::FIELD::MsgType, msg_type, name) ? name : "35=" + msg_type;
}

} // namespace tradehive::trader
