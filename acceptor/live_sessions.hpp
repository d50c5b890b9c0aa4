// Which connection has which FIX session: at most one, and at most one more that waits to take over.
//
// A second connection of a session is authenticated first. Then the holder is challenged with a TestRequest
// (Holder::challenge): if it answers in time it calls answered() and the second is refused; else it closes,
// calls release(), and the second is granted.
//
// Any thread. The functions of Holder are called without any lock held and must only hand over to its strand.
#pragma once

#include "domain/ids.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace tradehive::acceptor {

class LiveSessions {
public:
    class Holder {
    public:
        Holder() = default;
        Holder(const Holder&) = delete;
        Holder& operator=(const Holder&) = delete;
        virtual ~Holder() = default;

        virtual void challenge() = 0;
        virtual void claim_granted() = 0;
        virtual void claim_refused() = 0;
    };

    // Ends in one call of claim_granted() or claim_refused().
    void claim(FixSessionId session, const std::shared_ptr<Holder>& claimant);
    void release(FixSessionId session, const Holder* holder);
    void answered(FixSessionId session, const Holder* holder); // a challenge
    void withdraw(FixSessionId session, const Holder* claimant);

    [[nodiscard]] std::shared_ptr<Holder> holder(FixSessionId session) const;
    [[nodiscard]] std::vector<std::shared_ptr<Holder>> holders() const;

private:
    struct Slot {
        std::shared_ptr<Holder> holder; // released when its connection closes
        std::shared_ptr<Holder> claimant;
    };

    mutable std::mutex mutex_;
    std::unordered_map<FixSessionId, Slot> slots_;
};

} // namespace tradehive::acceptor
