// What `play` sends: the application messages that a client sent in a recording, as new ones. Pure.
//
// Every ClOrdID gets a fresh one, and what names an order by its old ClOrdID (11 on H, 41) or by its old
// OrderID (37) names it by the fresh one, so that chains hold together. Ids that FIX or the venue would
// refuse are sent as they were: they were wrong on purpose. Repeats (43=Y) are left out, and with them 43, 97
// and 122.
#pragma once

#include "trader/recording.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace tradehive::trader {

struct PlaySettings {
    std::string prefix;  // of the fresh ClOrdIDs
    std::string account; // replaces Account(1); empty: as recorded
};

struct PlannedMessage {
    std::chrono::microseconds offset{}; // from the first one
    FixText message;                    // MsgType and body; TransactTime(60) is for the sender to renew
};

struct PlayPlan {
    std::vector<PlannedMessage> messages;
    std::size_t repeats{};        // left out
    std::size_t unknown_orders{}; // messages that name an order from before the recording: sent as they were
};

// The recording of one session. Throws std::runtime_error when it is of several, naming them.
[[nodiscard]] PlayPlan plan_play(const std::vector<RecordedMessage>& recorded, const PlaySettings& settings);

// "0.5", "10" or "max" (nothing, then): how much faster than recorded. Throws std::invalid_argument.
class PlaySpeed {
public:
    [[nodiscard]] static PlaySpeed parse(const std::string& text);
    [[nodiscard]] std::chrono::microseconds stretched(std::chrono::microseconds offset) const;

private:
    std::int64_t numerator_{1}; // of the speed; 0: as fast as it goes
    std::int64_t denominator_{1};
};

} // namespace tradehive::trader
