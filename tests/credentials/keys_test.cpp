#include "key_fixture.hpp"

#include "tests/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace tradehive::credentials {
namespace {

std::string content(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::string error_of(std::string_view text) {
    try {
        static_cast<void>(Keys::from_text(text, "keys.txt"));
    } catch (const KeyError& error) {
        return error.what();
    }
    return "no error";
}

TEST(Keys, FirstStartMakesAPrivateFileAndTheSecondReadsTheSameKey) {
    const TemporaryFolder folder;
    const auto made = Keys::load_or_create(folder / "key");
    struct stat status{};
    ASSERT_EQ(::stat((folder / "key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    const auto before = content(folder / "key");

    const auto read = Keys::load_or_create(folder / "key");
    EXPECT_EQ(content(folder / "key"), before);
    EXPECT_EQ(read.newest().sealing, made.newest().sealing);
    EXPECT_EQ(read.newest().hashing, made.newest().hashing);
    EXPECT_NE(read.newest().hashing, read.newest().sealing);
}

TEST(Keys, TwoFoldersGetDifferentKeysAndLeaveNothingElseBehind) {
    const TemporaryFolder folder;
    const auto one = Keys::load_or_create(folder / "one");
    const auto two = Keys::load_or_create(folder / "two");
    EXPECT_NE(one.newest().sealing, two.newest().sealing);
    const auto files = std::filesystem::directory_iterator(folder / "");
    EXPECT_EQ(std::distance(begin(files), end(files)), 2);
}

TEST(Keys, FileThatOthersMayReadIsRefused) {
    const TemporaryFolder folder;
    static_cast<void>(Keys::load_or_create(folder / "key"));
    for (const mode_t mode : {0640U, 0604U, 0620U}) {
        ASSERT_EQ(::chmod((folder / "key").c_str(), mode), 0);
        EXPECT_THROW(static_cast<void>(Keys::load_or_create(folder / "key")), KeyError) << mode;
    }
    ASSERT_EQ(::chmod((folder / "key").c_str(), 0600), 0);
    EXPECT_NO_THROW(static_cast<void>(Keys::load_or_create(folder / "key")));
}

TEST(Keys, FolderOrMissingFileIsRefused) {
    const TemporaryFolder folder;
    EXPECT_THROW(static_cast<void>(Keys::from_file(folder / "")), KeyError);
    EXPECT_THROW(static_cast<void>(Keys::from_file(folder / "missing")), KeyError);
}

TEST(Keys, NewestIsTheGreatestIdWhateverTheOrderOfLines) {
    const auto keys = Keys::from_text("# two keys\n\n" + second_key() + "\n" + first_key() + "\n", "test");
    EXPECT_EQ(keys.newest().id, 2);
    ASSERT_NE(keys.find(1), nullptr);
    EXPECT_EQ(keys.find(1)->sealing, test_keys().newest().sealing);
    EXPECT_EQ(keys.find(3), nullptr);
}

TEST(Keys, BadLineIsNamedWithoutShowingTheKey) {
    const std::string marked = "1 " + std::string(62, 'd') + "xy";
    const auto error = error_of(second_key() + "\n" + marked);
    EXPECT_EQ(error, "keys.txt line 2: expected '<id 1..255> <64 hexadecimal digits>'");
    EXPECT_NE(error_of("0 " + std::string(64, 'a')), "no error");
    EXPECT_NE(error_of("256 " + std::string(64, 'a')), "no error");
    EXPECT_NE(error_of("1 " + std::string(63, 'a')), "no error");
    EXPECT_NE(error_of(first_key() + "a"), "no error");
    EXPECT_EQ(error_of(first_key() + "\n" + first_key()), "keys.txt line 2: key 1 is there twice");
    EXPECT_EQ(error_of("# nothing"), "keys.txt: holds no key");
}

TEST(Keys, EnvironmentIsReadOnceAndCleared) {
    ASSERT_EQ(::setenv("TRADEHIVE_TEST_KEY", first_key().c_str(), 1), 0); // NOLINT(concurrency-mt-unsafe)
    const auto keys = Keys::from_environment("TRADEHIVE_TEST_KEY");
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys.value().newest().sealing, test_keys().newest().sealing);
    EXPECT_FALSE(Keys::from_environment("TRADEHIVE_TEST_KEY"));
}

TEST(Keys, ProcessesThatStartAtOnceEndWithOneKey) {
    const TemporaryFolder folder;
    constexpr int processes = 8;
    std::array<pid_t, processes> children{};
    for (auto& child : children) {
        child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            // Exit 1 when the key that this process uses is not the one that stays.
            const auto used = Keys::load_or_create(folder / "key");
            ::_exit(Keys::from_file(folder / "key").newest().sealing == used.newest().sealing ? 0 : 1);
        }
    }
    for (const auto child : children) {
        int status{};
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    }
}

} // namespace
} // namespace tradehive::credentials
