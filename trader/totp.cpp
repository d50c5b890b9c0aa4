#include "trader/totp.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <liboath/oath.h>

namespace tradehive::trader {
namespace {
constexpr std::int64_t step_seconds = OATH_TOTP_DEFAULT_TIME_STEP_SIZE;
constexpr unsigned digits = 6;
} // namespace

TotpCodes::TotpCodes(std::string_view base32_secret) {
    char* bytes = nullptr;
    std::size_t size = 0;
    if (oath_base32_decode(base32_secret.data(), base32_secret.size(), &bytes, &size) != OATH_OK || size == 0)
        throw std::invalid_argument("the TOTP secret is not base32 (letters A-Z and digits 2-7)");
    secret_.assign(bytes, size);
    std::fill_n(bytes, size, '\0');
    std::free(bytes); // NOLINT(cppcoreguidelines-no-malloc): liboath gives it from malloc
}

std::string TotpCodes::next_code(std::time_t now) {
    const auto current = static_cast<std::int64_t>(now) / step_seconds;
    // Beyond the next step no venue accepts: then the newest acceptable code is repeated, and refused.
    last_step_ = std::min(std::max(current, last_step_ + 1), current + 1);
    std::array<char, digits + 1> code{};
    const auto moment = static_cast<std::time_t>(last_step_ * step_seconds);
    if (oath_totp_generate(secret_.data(), secret_.size(), moment, OATH_TOTP_DEFAULT_TIME_STEP_SIZE,
                           OATH_TOTP_DEFAULT_START_TIME, digits, code.data()) != OATH_OK)
        throw std::runtime_error("the TOTP code could not be computed");
    return {code.data(), digits};
}

} // namespace tradehive::trader
