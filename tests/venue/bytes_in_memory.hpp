// What was saved, to be looked at, changed and read again.
#pragma once

#include "journal/byte_stream.hpp"

#include <algorithm>
#include <vector>

namespace tradehive::tests {

class BytesInMemory final : public journal::ByteSink, public journal::ByteSource {
public:
    BytesInMemory() = default;
    explicit BytesInMemory(std::vector<std::byte> given)
        : bytes{std::move(given)} {}

    void write(std::span<const std::byte> more) override {
        bytes.insert(bytes.end(), more.begin(), more.end());
    }
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override {
        const auto count = std::min(into.size(), bytes.size() - read_);
        std::ranges::copy(std::span{bytes}.subspan(read_, count), into.begin());
        read_ += count;
        return count;
    }
    void read_again() { read_ = 0; }

    std::vector<std::byte> bytes;

private:
    std::size_t read_{};
};

} // namespace tradehive::tests
