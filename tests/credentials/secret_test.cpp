#include "credentials/secret.hpp"
#include "key_fixture.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tradehive::credentials {
namespace {

constexpr PasswordCost cheap{.passes = 1, .kibibytes = 64, .lanes = 1};

TEST(SessionSecret, IsThirtyTwoLettersAndDigitsAndNeverTheSame) {
    std::set<std::string> seen;
    std::set<char> letters;
    for (int i = 0; i < 200; ++i) {
        const auto secret = generate_session_secret();
        EXPECT_EQ(secret.size(), session_secret_length);
        seen.emplace(secret.view());
        letters.insert(secret.view().begin(), secret.view().end());
    }
    EXPECT_EQ(seen.size(), 200U);
    EXPECT_EQ(letters.size(), 62U);
    EXPECT_FALSE(letters.contains(':'));
}

TEST(SessionSecret, OnlyTheRightOneMatchesItsVerifier) {
    const auto keys = test_keys();
    const auto secret = generate_session_secret();
    const auto verifier = keyed_verifier(keys, secret.view());
    EXPECT_EQ(check_keyed(keys, verifier, secret.view()), SecretCheck::match);
    EXPECT_EQ(check_keyed(keys, verifier, secret.view().substr(1)), SecretCheck::mismatch);
    EXPECT_EQ(check_keyed(keys, verifier, ""), SecretCheck::mismatch);
    EXPECT_EQ(check_keyed(keys, verifier, generate_session_secret().view()), SecretCheck::mismatch);
    EXPECT_EQ(verifier.find(secret.view()), std::string::npos);
}

TEST(SessionSecret, VerifierIsWorthlessUnderAnotherKey) {
    const auto verifier = keyed_verifier(test_keys(), "the same secret");
    const auto other = Keys::from_text("1 " + std::string(64, 'c'), "test");
    EXPECT_EQ(check_keyed(other, verifier, "the same secret"), SecretCheck::mismatch);
}

TEST(SessionSecret, VerifierOfAnOlderKeyStaysGoodAfterRotation) {
    const auto old_verifier = keyed_verifier(test_keys(), "secret");
    const auto rotated = Keys::from_text(first_key() + "\n" + second_key(), "test");
    EXPECT_EQ(check_keyed(rotated, old_verifier, "secret"), SecretCheck::match);
    EXPECT_TRUE(keyed_verifier(rotated, "secret").starts_with("k2$"));
    EXPECT_EQ(check_keyed(Keys::from_text(second_key(), "test"), old_verifier, "secret"),
              SecretCheck::unusable);
}

TEST(SessionSecret, WhatIsNoVerifierIsUnusable) {
    const auto keys = test_keys();
    for (const char* text : {"", "k", "k1", "k1$", "k1$short", "x1$AAAA", "k999$AAAA", "k0$AAAA"})
        EXPECT_EQ(check_keyed(keys, text, "secret"), SecretCheck::unusable) << text;
}

TEST(Password, OnlyTheRightOneMatchesItsHash) {
    const auto encoded = hash_password("correct horse battery", cheap);
    EXPECT_TRUE(encoded.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    EXPECT_EQ(encoded.find('\0'), std::string::npos);
    EXPECT_EQ(check_password(encoded, "correct horse battery"), SecretCheck::match);
    EXPECT_EQ(check_password(encoded, "correct horse batter"), SecretCheck::mismatch);
    EXPECT_EQ(check_password(encoded, ""), SecretCheck::mismatch);
}

TEST(Password, TheSamePasswordIsSaltedDifferently) {
    EXPECT_NE(hash_password("correct horse battery", cheap), hash_password("correct horse battery", cheap));
}

TEST(Password, BadCostAndBadHashAreTold) {
    EXPECT_THROW(static_cast<void>(hash_password("correct horse battery", {0, 64, 1})), std::runtime_error);
    EXPECT_EQ(check_password("not a hash", "x"), SecretCheck::unusable);
    EXPECT_EQ(check_password("", "x"), SecretCheck::unusable);
}

TEST(Secret, MovesAwayAndCannotBeCopied) {
    static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
    Secret secret("short");
    const Secret moved = std::move(secret);
    EXPECT_EQ(moved.view(), "short");
}

TEST(Secret, WipeLeavesZeros) {
    std::array<char, 8> bytes{'s', 'e', 'c', 'r', 'e', 't', '!', '!'};
    wipe(bytes.data(), bytes.size());
    EXPECT_EQ(bytes, (std::array<char, 8>{}));
}

} // namespace
} // namespace tradehive::credentials
