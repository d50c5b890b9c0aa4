#include "acceptor/resend.hpp"

#include "acceptor/framing.hpp"
#include "acceptor/logon.hpp"

#include <fmt/format.h>

namespace tradehive::acceptor {

void Resend::proceed(std::size_t most, const SessionStore& store, Timestamp now,
                     const std::function<void(std::string_view)>& sink) {
    std::size_t bytes = 0;
    const auto give = [&](const std::string& message) {
        bytes += message.size();
        sink(message);
    };
    // A gap is walked in one go only as far as this, so that a long one does not hold the strand either.
    constexpr std::uint64_t most_numbers = 4096;
    const auto stop = next_ + most_numbers;
    while (!done() && bytes < most && next_ < stop) {
        const auto gap_begins = next_;
        std::string message;
        while (!done() && next_ < stop && (message = store.message(next_)).empty())
            ++next_;
        if (next_ > gap_begins)
            give(enveloped(fmt::format("35=4\x01"
                                       "34={}\x01"
                                       "43=Y\x01"
                                       "49={}\x01"
                                       "52={}\x01"
                                       "56={}\x01"
                                       "122={}\x01"
                                       "123=Y\x01"
                                       "36={}\x01",
                                       gap_begins, sender_, utc_text(now), target_, utc_text(now), next_)));
        if (message.empty()) continue;
        give(as_possible_duplicate(message, now));
        ++next_;
    }
}

std::string as_possible_duplicate(std::string_view message, Timestamp now) {
    std::string body;
    body.reserve(message.size() + 48);
    std::size_t at = 0;
    while (at < message.size()) {
        const auto end = std::min(message.find('\x01', at), message.size());
        const auto field = message.substr(at, end - at);
        at = end + 1;
        if (field.starts_with("8=") || field.starts_with("9=") || field.starts_with("10=")) continue;
        if (field.starts_with("52=")) {
            body += "43=Y\x01";
            body += fmt::format("52={}\x01", utc_text(now));
            body += fmt::format("122={}\x01", field.substr(3));
            continue;
        }
        body.append(field);
        body.push_back('\x01');
    }
    return enveloped(body);
}

} // namespace tradehive::acceptor
