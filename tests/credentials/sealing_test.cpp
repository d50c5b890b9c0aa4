#include "credentials/sealing.hpp"
#include "key_fixture.hpp"

#include <gtest/gtest.h>

namespace tradehive::credentials {
namespace {

constexpr std::string_view marked = "MARKED-SECRET-0123456789";

TEST(Sealing, OpensToWhatWasSealed) {
    const auto keys = test_keys();
    const auto opened = unseal(keys, "totp:alice", seal(keys, "totp:alice", marked));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->view(), marked);
    const auto empty = unseal(keys, "c", seal(keys, "c", ""));
    ASSERT_TRUE(empty);
    EXPECT_TRUE(empty->empty());
}

TEST(Sealing, SealedFormShowsNothingOfTheSecretAndIsNeverTheSame) {
    const auto keys = test_keys();
    const auto sealed = seal(keys, "totp:alice", marked);
    EXPECT_EQ(sealed.find(marked.substr(0, 6)), std::string::npos);
    EXPECT_EQ(sealed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    EXPECT_NE(sealed, seal(keys, "totp:alice", marked));
}

TEST(Sealing, OpensOnlyUnderItsOwnContext) {
    const auto keys = test_keys();
    const auto sealed = seal(keys, "totp:alice", marked);
    const auto opened = unseal(keys, "totp:mallory", sealed);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error(), UnsealError::not_genuine);
}

TEST(Sealing, EveryChangedCharacterIsNoticed) {
    const auto keys = test_keys();
    const auto sealed = seal(keys, "c", marked);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(unseal(keys, "c", changed)) << i;
        EXPECT_FALSE(unseal(keys, "c", sealed.substr(0, i))) << i;
    }
    EXPECT_FALSE(unseal(keys, "c", "this is not base64!"));
    EXPECT_FALSE(unseal(keys, "c", ""));
}

TEST(Sealing, OldKeysOpenAfterRotationAndMissingOnesAreNamed) {
    const auto sealed = seal(test_keys(), "c", marked);
    EXPECT_TRUE(unseal(Keys::from_text(first_key() + "\n" + second_key(), "test"), "c", sealed));
    const auto missing = unseal(Keys::from_text(second_key(), "test"), "c", sealed);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error(), UnsealError::unknown_key);
    const auto other = unseal(Keys::from_text("1 " + std::string(64, 'c'), "test"), "c", sealed);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error(), UnsealError::not_genuine);
}

} // namespace
} // namespace tradehive::credentials
