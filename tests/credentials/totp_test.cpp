#include "credentials/totp.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tradehive::credentials {
namespace {

constexpr std::string_view rfc_secret = "12345678901234567890"; // of RFC 6238, appendix B

constexpr Timestamp at(std::int64_t seconds) {
    return Timestamp{seconds * 1'000'000'000};
}

std::string code_at(std::int64_t seconds) {
    return std::string(totp_code(rfc_secret, totp_step(at(seconds))).view());
}

TEST(Totp, CodesAreThoseOfTheRfc) { // the last six of its eight digits
    EXPECT_EQ(code_at(59), "287082");
    EXPECT_EQ(code_at(1111111109), "081804");
    EXPECT_EQ(code_at(1111111111), "050471");
    EXPECT_EQ(code_at(1234567890), "005924");
    EXPECT_EQ(code_at(2000000000), "279037");
}

TEST(Totp, StepBeforeCurrentAndAfterMatchAndNoOther) {
    const auto now = at(1234567890);
    const auto step = totp_step(now);
    for (const std::uint64_t good : {step - 1, step, step + 1})
        EXPECT_EQ(match_totp(rfc_secret, totp_code(rfc_secret, good).view(), now), good);
    for (const std::uint64_t bad : {step - 2, step + 2})
        EXPECT_EQ(match_totp(rfc_secret, totp_code(rfc_secret, bad).view(), now), std::nullopt);
}

TEST(Totp, AStepLastsThirtySeconds) {
    EXPECT_EQ(totp_step(at(29)), 0U);
    EXPECT_EQ(totp_step(at(30)), 1U);
    EXPECT_EQ(totp_step(Timestamp{30'000'000'000 - 1}), 0U);
    EXPECT_EQ(totp_step(at(-5)), 0U);
}

TEST(Totp, TheFirstStepHasNoneBefore) {
    EXPECT_EQ(match_totp(rfc_secret, totp_code(rfc_secret, 0).view(), at(0)), 0U);
    EXPECT_EQ(match_totp(rfc_secret, totp_code(rfc_secret, 1).view(), at(0)), 1U);
}

TEST(Totp, OddCodesMatchNothing) {
    const auto code = std::string(totp_code(rfc_secret, totp_step(at(59))).view());
    for (const auto& odd : {std::string(), code.substr(1), code + "0", std::string("      "),
                            std::string("28708a"), std::string(6, '\0')})
        EXPECT_EQ(match_totp(rfc_secret, odd, at(59)), std::nullopt) << odd;
}

TEST(Totp, GeneratedSecretsHaveTwentyBytesAndDiffer) {
    const auto one = generate_totp_secret();
    EXPECT_EQ(one.size(), totp_secret_bytes);
    EXPECT_NE(one.view(), generate_totp_secret().view());
}

TEST(Totp, Base32GoesBothWays) {
    EXPECT_EQ(to_base32(rfc_secret).view(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    EXPECT_EQ(from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").value().view(), rfc_secret);
    EXPECT_EQ(from_base32("gezd gnbv gy3t qojq gezd gnbv gy3t qojq").value().view(), rfc_secret);
    EXPECT_FALSE(from_base32("not base32 1!"));
    EXPECT_FALSE(from_base32(""));
}

TEST(Totp, UriSaysEverythingAnAuthenticatorNeeds) {
    EXPECT_EQ(otpauth_uri("ACME/1 x", rfc_secret).view(),
              "otpauth://totp/tradehive:ACME%2F1%20x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
              "&issuer=tradehive&algorithm=SHA1&digits=6&period=30");
}

TEST(Totp, QrCodeIsASquareWithItsMargin) {
    const auto text = qr_text(otpauth_uri("ACME", rfc_secret).view());
    std::size_t lines = 0;
    std::size_t columns = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text.view()[i]);
        if (byte == '\n')
            ++lines;
        else if (lines == 0 && (byte & 0xC0U) != 0x80U) // begins a character
            ++columns;
    }
    EXPECT_GT(columns, 21U + 8U);
    EXPECT_EQ(lines, (columns + 1) / 2);
    EXPECT_EQ(text.view().substr(0, 3), "█");
    EXPECT_NE(text.view().find(' '), std::string_view::npos);
}

} // namespace
} // namespace tradehive::credentials
