// Bytes on their way into a file or out of one, so that who makes them need not know where they lie.
//
// Threads: one owner.
#pragma once

#include <cstddef>
#include <span>

namespace tradehive::journal {

class ByteSink {
public:
    ByteSink() = default;
    ByteSink(const ByteSink&) = delete;
    ByteSink& operator=(const ByteSink&) = delete;
    virtual ~ByteSink() = default;

    virtual void write(std::span<const std::byte> bytes) = 0;
};

class ByteSource {
public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    virtual ~ByteSource() = default;

    // How many were read: fewer than asked for only at the end.
    [[nodiscard]] virtual std::size_t read(std::span<std::byte> into) = 0;
};

} // namespace tradehive::journal
