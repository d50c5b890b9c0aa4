// Short text inside a flat struct: capacity is part of the type, unused bytes are zero, so that equal
// texts are equal bytes.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string_view>

namespace tradehive {

template <std::size_t Capacity>
class FixedText {
    static_assert(Capacity >= 1 && Capacity <= 255);

public:
    static constexpr std::size_t capacity = Capacity;

    constexpr FixedText() noexcept = default;

    // Empty when the text is longer than the capacity: nothing is cut off silently.
    [[nodiscard]] static constexpr std::optional<FixedText> from(std::string_view text) noexcept {
        if (text.size() > Capacity) return std::nullopt;
        FixedText result;
        for (std::size_t i = 0; i < text.size(); ++i)
            result.bytes_[i] = text[i];
        result.size_ = static_cast<std::uint8_t>(text.size());
        return result;
    }

    // For words that stand in the source and for text that is only read by people.
    [[nodiscard]] static constexpr FixedText cut(std::string_view text) noexcept {
        return *from(text.substr(0, Capacity));
    }

    [[nodiscard]] constexpr std::string_view view() const noexcept { return {bytes_.data(), size_}; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }

    friend constexpr bool operator==(const FixedText&, const FixedText&) noexcept = default;
    friend constexpr auto operator<=>(const FixedText& left, const FixedText& right) noexcept {
        return left.view() <=> right.view();
    }

private:
    std::array<char, Capacity> bytes_{};
    std::uint8_t size_{};
};

using ClOrdID = FixedText<39>; // FIX 11; the dialect allows 1–36 of [A-Za-z0-9._-]
using Symbol = FixedText<15>;  // FIX 55
using Code = FixedText<15>;    // of a firm, account or asset; FIX 1 carries an account's
using CompID = FixedText<31>;  // FIX 49, 56
using Key = FixedText<39>;     // idempotency key of a back-office command
using Reason = FixedText<119>; // the sentence in Text(58) of a refusal

static_assert(sizeof(ClOrdID) == 40 && sizeof(Symbol) == 16 && sizeof(CompID) == 32);

} // namespace tradehive

template <std::size_t Capacity>
struct std::hash<tradehive::FixedText<Capacity>> {
    std::size_t operator()(const tradehive::FixedText<Capacity>& text) const noexcept {
        return std::hash<std::string_view>{}(text.view());
    }
};
