#include "journal/checksum.hpp"

#include <gtest/gtest.h>
#include <random>
#include <string_view>
#include <vector>

namespace tradehive::journal {
namespace {

TEST(Checksum, crc32c_is_the_one_of_rfc_3720) {
    constexpr std::string_view digits = "123456789";
    const auto bytes = std::as_bytes(std::span{digits});
    EXPECT_EQ(crc32c(bytes), 0xE3069283U);
    EXPECT_EQ(crc32c_by_table(bytes), 0xE3069283U);
    const std::vector<std::byte> zeros(32);
    EXPECT_EQ(crc32c(zeros), 0x8A9136AAU);
}

TEST(Checksum, table_and_instruction_agree) {
    std::mt19937_64 random{1};
    for (std::size_t size = 0; size < 300; ++size) {
        std::vector<std::byte> bytes(size);
        for (auto& byte : bytes)
            byte = static_cast<std::byte>(random());
        EXPECT_EQ(crc32c(bytes), crc32c_by_table(bytes)) << size;
    }
}

TEST(Checksum, sha256_in_pieces_is_sha256_at_once) {
    constexpr std::string_view text = "abc";
    const auto bytes = std::as_bytes(std::span{text});
    Sha256 hash;
    hash.add(bytes.first(1));
    static_cast<void>(hash.digest());
    hash.add(bytes.subspan(1));
    EXPECT_EQ(hash.digest(), sha256(bytes));
    EXPECT_EQ(hash.digest()[0], std::byte{0xBA}); // FIPS 180-2, appendix B.1
    EXPECT_EQ(hash.digest()[31], std::byte{0xAD});
}

} // namespace
} // namespace tradehive::journal
