// Slows guessing down without letting strangers lock a trader out: failures are counted for each pair of
// credential and address. The fifth within fifteen minutes closes the pair for a second, each further one
// for twice as long, at most a minute; a refusal while closed is not counted, so that an engine that
// reconnects by itself with an old password is not shut out for ever. A success forgets.
//
// Bounded: when full, the pair whose last failure is oldest goes. Any thread.
#pragma once

#include "domain/ids.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace tradehive::acceptor {

class FailedLogons {
public:
    explicit FailedLogons(std::size_t most_pairs = 10'000)
        : most_{most_pairs} {}

    [[nodiscard]] bool closed(std::string_view username, std::string_view address, Timestamp now) const;
    void failed(std::string_view username, std::string_view address, Timestamp now);
    void succeeded(std::string_view username, std::string_view address);

private:
    using Pair = std::pair<std::string, std::string>;
    struct Record {
        int failures{};
        Timestamp last;
        Timestamp closed_until;
    };

    mutable std::mutex mutex_;
    std::map<Pair, Record> records_;
    std::size_t most_;
};

} // namespace tradehive::acceptor
