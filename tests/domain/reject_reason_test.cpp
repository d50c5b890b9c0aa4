#include "domain/reject_reason.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

namespace tradehive {
namespace {

TEST(RejectReason, EachHasItsOwnWordInCapitalsAndARule) {
    std::set<std::string_view> words;
    for (std::uint8_t i = 0; i < reject_reason_count; ++i) {
        const auto [word, rule] = describe(static_cast<RejectReason>(i));
        EXPECT_NE(word, "UNKNOWN") << int{i};
        EXPECT_TRUE(words.insert(word).second) << word;
        EXPECT_TRUE(std::ranges::all_of(word, [](unsigned char c) { return std::isupper(c) || c == '_'; }))
            << word;
        EXPECT_GT(rule.size(), 10U) << word;
        EXPECT_LT(word.size() + rule.size(), 118U) << word;
    }
}

} // namespace
} // namespace tradehive
