#pragma once

#include "credentials/keys.hpp"

#include <string>

namespace tradehive::credentials {

inline std::string first_key() {
    return "1 " + std::string(64, 'a');
}
inline std::string second_key() {
    return "2 " + std::string(64, 'b');
}

inline Keys test_keys() {
    return Keys::from_text(first_key(), "test");
}

} // namespace tradehive::credentials
