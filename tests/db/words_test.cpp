#include "db/words.hpp"

#include <gtest/gtest.h>

namespace tradehive::db {
namespace {

TEST(Words, TimesAreUtcWithNineDecimals) {
    EXPECT_EQ(utc_text(Timestamp{0}), "1970-01-01T00:00:00.000000000Z");
    EXPECT_EQ(utc_text(Timestamp{1'700'000'000'000'000'001}), "2023-11-14T22:13:20.000000001Z");
    EXPECT_EQ(utc_text(Timestamp{-1}), "1969-12-31T23:59:59.999999999Z");
    EXPECT_EQ(utc_text(Timestamp{951'782'400'000'000'000}), "2000-02-29T00:00:00.000000000Z");
}

TEST(Words, CredentialWordsReadBack) {
    for (const auto rule : {TotpRule::none, TotpRule::every_logon, TotpRule::fresh})
        EXPECT_EQ(totp_rule(word(rule)), rule);
    for (const auto scheme : {PasswordScheme::argon2id, PasswordScheme::keyed_hash})
        EXPECT_EQ(password_scheme(word(scheme)), scheme);
    EXPECT_EQ(totp_rule("?"), std::nullopt);
    EXPECT_EQ(password_scheme(""), std::nullopt);
}

TEST(Words, StrangeBytesBecomeQuestionMarks) {
    EXPECT_EQ(printable(std::string_view("a\0b\xFF\n~", 6)), "a?b??~");
    EXPECT_EQ(printable("ABC-1.2_3"), "ABC-1.2_3");
}

} // namespace
} // namespace tradehive::db
