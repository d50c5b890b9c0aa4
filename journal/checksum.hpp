// What tells good bytes from bad ones: CRC32C for a record or header, SHA-256 for a whole segment.
//
// CRC32C (Castagnoli, reflected polynomial 0x82F63B78, initial and final value all ones): every single turned
// bit and every burst up to 32 bits is seen. SHA-256 chains segments. Thread-safe: values only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace tradehive::journal {

// By the SSE4.2 instruction where the processor has it.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes) noexcept;
// By table: what crc32c falls back to.
[[nodiscard]] std::uint32_t crc32c_by_table(std::span<const std::byte> bytes) noexcept;

using Digest = std::array<std::byte, 32>;

// Fed piece by piece.
class Sha256 {
public:
    Sha256();

    void add(std::span<const std::byte> bytes);
    // Of everything added so far; more may be added afterwards.
    [[nodiscard]] Digest digest() const;

private:
    struct Free {
        void operator()(void* context) const noexcept;
    };
    std::unique_ptr<void, Free> context_;
};

[[nodiscard]] Digest sha256(std::span<const std::byte> bytes);

} // namespace tradehive::journal
