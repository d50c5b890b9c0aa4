#include "trader/totp.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace tradehive::trader {
namespace {

// RFC 6238's test secret "12345678901234567890"; its codes cut to six digits.
constexpr const char* secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

TEST(TotpTest, codes_are_those_of_the_rfc) {
    EXPECT_EQ(TotpCodes(secret).next_code(59), "287082");
    EXPECT_EQ(TotpCodes(secret).next_code(1111111109), "081804");
    EXPECT_EQ(TotpCodes(secret).next_code(2000000000), "279037");
}

TEST(TotpTest, a_second_logon_in_the_same_half_minute_takes_the_next_code) {
    TotpCodes codes(secret);
    const auto first = codes.next_code(1111111100);
    const auto second = codes.next_code(1111111101);
    EXPECT_NE(first, second);
    EXPECT_EQ(second, TotpCodes(secret).next_code(1111111130));
    EXPECT_EQ(codes.next_code(1111111102), second); // nothing newer would be accepted
    EXPECT_EQ(codes.next_code(1111111160), TotpCodes(secret).next_code(1111111160));
}

TEST(TotpTest, a_secret_that_is_not_base32_is_refused_without_showing_it) {
    try {
        const TotpCodes codes("not-base32!");
        FAIL() << "taken";
    } catch (const std::invalid_argument& error) {
        EXPECT_EQ(std::string(error.what()).find("not-base32!"), std::string::npos);
    }
}

} // namespace
} // namespace tradehive::trader
