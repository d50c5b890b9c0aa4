#include "journal/checksum.hpp"

#include <cstring>
#include <new>
#include <openssl/evp.h>
#include <stdexcept>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace tradehive::journal {

namespace {

constexpr std::uint32_t all_ones = 0xFFFFFFFFU;

// Eight tables of 256: eight bytes a step.
constexpr auto tables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> result{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0x82F63B78U : crc >> 1U;
        result[0][i] = crc;
    }
    for (std::size_t table = 1; table < 8; ++table)
        for (std::size_t i = 0; i < 256; ++i) {
            const auto before = result[table - 1][i];
            result[table][i] = result[0][before & 0xFFU] ^ (before >> 8U);
        }
    return result;
}();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t
crc32c_by_instruction(std::span<const std::byte> bytes) noexcept {
    std::uint64_t crc = all_ones;
    while (bytes.size() >= 8) {
        std::uint64_t word{};
        std::memcpy(&word, bytes.data(), 8);
        crc = _mm_crc32_u64(crc, word);
        bytes = bytes.subspan(8);
    }
    auto narrow = static_cast<std::uint32_t>(crc);
    for (const auto byte : bytes)
        narrow = _mm_crc32_u8(narrow, static_cast<std::uint8_t>(byte));
    return narrow ^ all_ones;
}

const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
#endif

EVP_MD_CTX* evp(void* context) noexcept {
    return static_cast<EVP_MD_CTX*>(context);
}

void must(int result) {
    if (result != 1) throw std::runtime_error{"OpenSSL has no SHA-256"};
}

} // namespace

std::uint32_t crc32c_by_table(std::span<const std::byte> bytes) noexcept {
    std::uint32_t crc = all_ones;
    while (bytes.size() >= 8) {
        std::uint64_t word{};
        std::memcpy(&word, bytes.data(), 8);
        word ^= crc;
        crc = 0;
        for (std::size_t i = 0; i < 8; ++i)
            crc ^= tables[7 - i][(word >> (8 * i)) & 0xFFU];
        bytes = bytes.subspan(8);
    }
    for (const auto byte : bytes)
        crc = (crc >> 8U) ^ tables[0][(crc ^ static_cast<std::uint32_t>(byte)) & 0xFFU];
    return crc ^ all_ones;
}

std::uint32_t crc32c(std::span<const std::byte> bytes) noexcept {
#if defined(__x86_64__)
    if (has_instruction) return crc32c_by_instruction(bytes);
#endif
    return crc32c_by_table(bytes);
}

void Sha256::Free::operator()(void* context) const noexcept {
    EVP_MD_CTX_free(evp(context));
}

Sha256::Sha256()
    : context_{EVP_MD_CTX_new()} {
    if (!context_) throw std::bad_alloc{};
    must(EVP_DigestInit_ex(evp(context_.get()), EVP_sha256(), nullptr));
}

void Sha256::add(std::span<const std::byte> bytes) {
    must(EVP_DigestUpdate(evp(context_.get()), bytes.data(), bytes.size()));
}

Digest Sha256::digest() const {
    const std::unique_ptr<void, Free> copy{EVP_MD_CTX_new()};
    if (!copy) throw std::bad_alloc{};
    must(EVP_MD_CTX_copy_ex(evp(copy.get()), evp(context_.get())));
    Digest result{};
    must(EVP_DigestFinal_ex(evp(copy.get()), reinterpret_cast<unsigned char*>(result.data()), nullptr));
    return result;
}

Digest sha256(std::span<const std::byte> bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.digest();
}

} // namespace tradehive::journal
