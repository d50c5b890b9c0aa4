// Time-based one-time passwords (RFC 6238: SHA-1, 30 s, 6 digits) for the logon of a client.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace tradehive::trader {

// A venue counts each code once, so a client that logs on twice within 30 s needs a newer one: then the code
// of the next step is given, which the venue's tolerance of one step allows. Not thread-safe.
class TotpCodes {
public:
    // Base32, spaces and lower case allowed. Throws std::invalid_argument, without the secret in its text.
    explicit TotpCodes(std::string_view base32_secret);

    [[nodiscard]] std::string next_code(std::time_t now);

private:
    std::string secret_; // raw bytes
    std::int64_t last_step_{-1};
};

} // namespace tradehive::trader
