#include "credentials/totp.hpp"

#include <liboath/oath.h>
#include <qrencode.h>
#include <sodium.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace tradehive::credentials {

namespace {

constexpr std::string_view issuer = "tradehive";

void start_oath() {
    static const int started = oath_init();
    if (started != OATH_OK) throw std::runtime_error("liboath does not start");
}

using CodeText = std::array<char, totp_digits + 1>;

CodeText code_of(std::string_view secret, std::uint64_t step) {
    start_oath();
    CodeText text{};
    const int result = oath_hotp_generate(secret.data(), secret.size(), step, totp_digits, false,
                                          OATH_HOTP_DYNAMIC_TRUNCATION, text.data());
    if (result != OATH_OK)
        throw std::runtime_error(std::string("one-time code: ") + oath_strerror_name(result));
    return text;
}

// Text that liboath allocated: taken over, wiped, freed.
Secret take(char* text, std::size_t size) {
    Secret secret(std::string_view{text, size});
    wipe(text, size);
    std::free(text); // NOLINT(cppcoreguidelines-no-malloc): a C library's
    return secret;
}

void append_percent_encoded(Secret& uri, std::string_view text) {
    static constexpr std::string_view hex = "0123456789ABCDEF";
    static constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (plain.contains(letter))
            uri.append({&letter, 1});
        else
            uri.append(std::array{'%', hex[byte >> 4U], hex[byte & 15U], '\0'}.data());
    }
}

} // namespace

Secret generate_totp_secret() {
    start_sodium();
    Secret secret = Secret::of_size(totp_secret_bytes);
    randombytes_buf(secret.data(), secret.size());
    return secret;
}

Secret to_base32(std::string_view secret) {
    char* text = nullptr;
    std::size_t size{};
    if (oath_base32_encode(secret.data(), secret.size(), &text, &size) != OATH_OK)
        throw std::runtime_error("cannot write a secret in base32");
    return take(text, size);
}

std::optional<Secret> from_base32(std::string_view text) {
    char* bytes = nullptr;
    std::size_t size{};
    if (text.empty() || oath_base32_decode(text.data(), text.size(), &bytes, &size) != OATH_OK)
        return std::nullopt;
    return take(bytes, size);
}

std::uint64_t totp_step(Timestamp at) noexcept {
    constexpr std::int64_t nanoseconds = 1'000'000'000;
    return at.value() < 0 ? 0 : static_cast<std::uint64_t>(at.value() / nanoseconds / totp_seconds);
}

Secret totp_code(std::string_view secret, std::uint64_t step) {
    return Secret(code_of(secret, step).data());
}

std::optional<std::uint64_t> match_totp(std::string_view secret, std::string_view code, Timestamp now) {
    const std::uint64_t current = totp_step(now);
    std::optional<std::uint64_t> matched;
    // The current step comes last, so that it wins where two steps have the same code.
    for (const std::uint64_t step : {current + 1, current == 0 ? current : current - 1, current}) {
        const CodeText text = code_of(secret, step);
        if (equal_in_constant_time({text.data(), totp_digits}, code)) matched = step;
    }
    return matched;
}

Secret otpauth_uri(std::string_view username, std::string_view secret) {
    Secret uri("otpauth://totp/");
    uri.append(issuer);
    uri.append(":");
    append_percent_encoded(uri, username);
    uri.append("?secret=");
    uri.append(to_base32(secret).view());
    uri.append("&issuer=");
    uri.append(issuer);
    uri.append("&algorithm=SHA1&digits=6&period=30");
    return uri;
}

Secret qr_text(std::string_view uri) {
    Secret terminated(uri);
    terminated.append({"\0", 1});
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(terminated.data(), 0, QR_ECLEVEL_L), &QRcode_free);
    if (!code) throw std::runtime_error("cannot make a QR code");

    // Light modules are drawn, dark ones left: two rows of modules a line of text, a margin of four around.
    constexpr int margin = 4;
    const auto light = [&code](int row, int column) {
        if (row < 0 || column < 0 || row >= code->width || column >= code->width) return true;
        return (code->data[row * code->width + column] & 1U) == 0;
    };
    Secret text;
    for (int row = -margin; row < code->width + margin; row += 2) {
        for (int column = -margin; column < code->width + margin; ++column) {
            const bool above = light(row, column);
            const bool below = light(row + 1, column);
            text.append(above && below ? "█" : above ? "▀" : below ? "▄" : " ");
        }
        text.append("\n");
    }
    wipe(code->data, static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width));
    return text;
}

} // namespace tradehive::credentials
