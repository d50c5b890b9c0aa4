// Bytes from a socket, cut into FIX messages.
//
// A message is "8=…|9=<length>|35=" and so on to "10=nnn|", where BodyLength counts from behind its own SOH
// to the SOH before "10=". Both BodyLength and CheckSum must be right; BodyLength may have leading zeros. A
// message never takes more than `most` bytes, so that is also the most that is ever kept of an unfinished
// one.
//
// Bytes that are no message: FIX says to ignore a garbled message and not to use up its number. So next()
// returns `garbled` once for each run of such bytes and goes on at the next "8=FIX" behind it. Whoever is not
// logged on yet is better closed; that is for the caller to decide.
//
// One owner at a time. Nothing here throws but std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tradehive::acceptor {

class Framing {
public:
    enum class Outcome : std::uint8_t {
        incomplete, // append more bytes
        message,
        garbled,
        too_long, // the connection is to be ended: ignored, the message would be asked for again and again
    };
    struct Frame {
        Outcome outcome{};
        std::string_view bytes; // of the message; valid until the next call of append()
        std::string_view wrong; // what was garbled, in words without content
    };

    explicit Framing(std::size_t most_message_bytes) noexcept
        : most_{most_message_bytes} {}

    void append(std::string_view bytes);
    [[nodiscard]] Frame next();

    [[nodiscard]] std::size_t unread() const noexcept { return buffer_.size() - begin_; }

private:
    [[nodiscard]] Frame garbled(std::string_view wrong) noexcept;

    std::string buffer_;
    std::size_t begin_{};
    std::size_t most_;
};

// The value of the first field with that tag, "" when there is none. Finds fields, not text inside values:
// a tag counts only at the beginning or behind an SOH.
[[nodiscard]] std::string_view field_of(std::string_view message, std::string_view tag) noexcept;

// Sum of all bytes modulo 256: what CheckSum(10) is made of.
[[nodiscard]] unsigned checksum_of(std::string_view bytes) noexcept;

} // namespace tradehive::acceptor
