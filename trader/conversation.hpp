// Who answered what: the requests of one session and the kinds of answers that each got, put together from
// its messages, so that two runs can be compared although ids, times and numbers differ. Not thread-safe.
#pragma once

#include "trader/recording.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace tradehive::trader {

struct RequestAndAnswers {
    std::string msg_type;
    std::string id;                   // ClOrdID or the request's own id; for people
    std::vector<std::string> answers; // "new", "trade", "rejected FUNDS", "cancel-reject TOO_LATE", …
};

class Conversation {
public:
    // Repeats (43=Y) of either side count once: they are passed over.
    void take(const RecordedMessage& recorded);

    [[nodiscard]] const std::vector<RequestAndAnswers>& requests() const { return requests_; }
    [[nodiscard]] std::size_t answers() const { return answers_; }
    [[nodiscard]] std::size_t unanswered() const { return unanswered_; }

private:
    void asked(const FixText& message);
    void answered(const FixText& message);

    std::vector<RequestAndAnswers> requests_;
    std::map<std::string, std::size_t> by_id_;     // newest request with that id; questions under "?id"
    std::map<std::string, std::size_t> by_number_; // MsgSeqNum
    std::size_t answers_{};
    std::size_t unanswered_{};
};

// One sentence for each request whose answers differ, in order; nothing when they are the same.
[[nodiscard]] std::vector<std::string> differences(const std::vector<RequestAndAnswers>& recorded,
                                                   const std::vector<RequestAndAnswers>& played);

} // namespace tradehive::trader
