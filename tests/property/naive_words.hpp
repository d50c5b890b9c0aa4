// What the naive venue's files say alike. Private to tests/property.
#pragma once

#include "domain/numbers.hpp"
#include "domain/reject_reason.hpp"

#include <cstdint>
#include <string>

namespace tradehive::tests {

inline std::string text(std::int64_t number) {
    return std::to_string(number);
}

inline std::string word(RejectReason reason) {
    return std::string{describe(reason).word};
}

// floor for what is paid, towards zero for what is given back.
inline std::int64_t part(std::int64_t amount, std::int64_t rate) {
    const Wide whole = Wide{amount} * (rate < 0 ? -rate : rate) / 1'000'000;
    return static_cast<std::int64_t>(rate < 0 ? -whole : whole);
}

} // namespace tradehive::tests
