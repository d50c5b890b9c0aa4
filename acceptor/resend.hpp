// Answering a ResendRequest in pieces.
//
// FIX::Session would load and send the whole range at once; 200,000 reports block its thread for a second.
// So the gateway session lets it check the request and throws away what it would send, and a Resend walks
// the range instead: application messages again with PossDupFlag(43)=Y and OrigSendingTime(122) and
// otherwise the same bytes; a run of numbers that have no record becomes one gap fill, however long it is.
//
// One owner at a time.
#pragma once

#include "acceptor/fix_version.hpp"
#include "acceptor/message_store.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tradehive::acceptor {

class Resend {
public:
    // first..last, both included; both CompIDs as the venue sends them.
    Resend(std::uint64_t first, std::uint64_t last, FixVersion version, std::string sender,
           std::string target)
        : next_{first}
        , last_{last}
        , version_{version}
        , sender_{std::move(sender)}
        , target_{std::move(target)} {}

    // Hands over messages of about `most` bytes together, one a call. Throws FIX::IOException.
    void proceed(std::size_t most, const SessionStore& store, Timestamp now,
                 const std::function<void(std::string_view)>& sink);
    [[nodiscard]] bool done() const noexcept { return next_ > last_; }

private:
    std::uint64_t next_;
    std::uint64_t last_;
    FixVersion version_;
    std::string sender_;
    std::string target_;
};

// The stored message as it goes out again.
[[nodiscard]] std::string as_possible_duplicate(std::string_view message, FixVersion version, Timestamp now);

} // namespace tradehive::acceptor
