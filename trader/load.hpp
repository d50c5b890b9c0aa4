// The load: orders over several sessions from one thread, in one of two ways.
//
// By rate, each order has a moment when it is due, whatever the venue does: order n of a load of R a second
// is due n/R seconds after the start. Its latency counts from that moment, so an order that had to wait since
// the venue or the socket was busy shows that wait (no coordinated omission). By window, an order is due when
// the answer has come that makes room for it: that shows how much goes through, and its latencies are those
// of a patient client.
#pragma once

#include "trader/load_session.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace tradehive::trader {

struct LoadPlan {
    std::uint64_t orders_per_second{}; // of all sessions; 0: by window
    std::size_t window{64};            // unanswered orders of each session, when by window
    std::chrono::nanoseconds lasts{};  // 0: until that many orders
    std::uint64_t orders{};            // at most; 0: until the time is over
};

struct LoadResult {
    LoadCounts counts;
    std::size_t sessions{};
    std::chrono::nanoseconds took{};     // from the start until the last order was sent
    std::chrono::nanoseconds answered{}; // from the start until the last answer
    std::uint64_t due{};                 // by rate: how many orders should have been sent in that time
    std::uint64_t unanswered{};
    LatencyHistogram own_lateness; // by rate: how late orders were made, when the socket was not to blame
    std::uint64_t
        held_by_the_venue{};    // by rate: orders that waited, or never went, since it took no more bytes
    std::uint64_t never_sent{}; // of these, those that never went
    std::string broken;         // why it ended early; empty: it did not

    // By rate: less than 99 in 100 of what was due, or one order in a hundred more than a millisecond late,
    // not by the venue's doing. Then the figures are of the load, not of the venue.
    [[nodiscard]] bool kept_rate() const;
};

// Ends early at Ctrl-C. Waits at most ten seconds for the last answers.
[[nodiscard]] LoadResult run_load(const LoadPlan& plan,
                                  const std::vector<std::unique_ptr<LoadSession>>& sessions);

} // namespace tradehive::trader
