#include "acceptor/resend.hpp"

#include "acceptor/framing.hpp"
#include "acceptor/logon.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tradehive::acceptor {

void Resend::proceed(std::size_t most, const SessionStore& store, Timestamp now,
                     const std::function<void(std::string_view)>& sink) {
    std::size_t bytes = 0;
    const auto give = [&](const std::string& message) {
        bytes += message.size();
        sink(message);
    };
    while (!done() && bytes < most) {
        const auto stored = store.next_stored(next_);
        const auto gap_ends = stored ? std::min(stored->number, last_ + 1) : last_ + 1;
        if (gap_ends > next_)
            give(enveloped(version_,
                           fmt::format("35=4\x01"
                                       "34={}\x01"
                                       "43=Y\x01"
                                       "49={}\x01"
                                       "52={}\x01"
                                       "56={}\x01"
                                       "122={}\x01"
                                       "36={}\x01"
                                       "123=Y\x01",
                                       next_, sender_, utc_text(now), target_, utc_text(now), gap_ends)));
        next_ = gap_ends;
        if (done()) return;
        give(as_possible_duplicate(stored->bytes, version_, now));
        ++next_;
    }
}

std::string as_possible_duplicate(std::string_view message, FixVersion version, Timestamp now) {
    std::string body;
    body.reserve(message.size() + 48);
    std::string_view sent_at;
    std::size_t at = 0;
    while (at < message.size()) {
        const auto end = std::min(message.find('\x01', at), message.size());
        const auto field = message.substr(at, end - at);
        at = end + 1;
        if (field.starts_with("8=") || field.starts_with("9=") || field.starts_with("10=")) continue;
        if (field.starts_with("52=")) {
            sent_at = field.substr(3);
            body += fmt::format("52={}\x01", utc_text(now));
            continue;
        }
        body.append(field);
        body.push_back('\x01');
        // By number, as FIX::Session orders a header.
        if (field.starts_with("34=")) body += "43=Y\x01";
        if (field.starts_with("56=")) body += fmt::format("122={}\x01", sent_at);
    }
    return enveloped(version, body);
}

} // namespace tradehive::acceptor
