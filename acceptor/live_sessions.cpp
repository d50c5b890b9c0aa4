#include "acceptor/live_sessions.hpp"

#include <utility>

namespace tradehive::acceptor {

void LiveSessions::claim(FixSessionId session, const std::shared_ptr<Holder>& claimant) {
    std::shared_ptr<Holder> challenged;
    bool refused = false;
    {
        const std::lock_guard lock{mutex_};
        Slot& slot = slots_[session];
        if (!slot.holder) {
            slot.holder = claimant;
        } else if (slot.claimant) {
            refused = true;
        } else {
            slot.claimant = claimant;
            challenged = slot.holder;
        }
    }
    if (refused)
        claimant->claim_refused();
    else if (challenged)
        challenged->challenge();
    else
        claimant->claim_granted();
}

void LiveSessions::release(FixSessionId session, const Holder* holder) {
    std::shared_ptr<Holder> next;
    {
        const std::lock_guard lock{mutex_};
        const auto found = slots_.find(session);
        if (found == slots_.end() || found->second.holder.get() != holder) return;
        next = std::exchange(found->second.claimant, nullptr);
        found->second.holder = next;
        if (!next) slots_.erase(found);
    }
    if (next) next->claim_granted();
}

void LiveSessions::answered(FixSessionId session, const Holder* holder) {
    std::shared_ptr<Holder> refused;
    {
        const std::lock_guard lock{mutex_};
        const auto found = slots_.find(session);
        if (found == slots_.end() || found->second.holder.get() != holder) return;
        refused = std::exchange(found->second.claimant, nullptr);
    }
    if (refused) refused->claim_refused();
}

void LiveSessions::withdraw(FixSessionId session, const Holder* claimant) {
    const std::lock_guard lock{mutex_};
    const auto found = slots_.find(session);
    if (found != slots_.end() && found->second.claimant.get() == claimant) found->second.claimant = nullptr;
}

std::shared_ptr<LiveSessions::Holder> LiveSessions::holder(FixSessionId session) const {
    const std::lock_guard lock{mutex_};
    const auto found = slots_.find(session);
    return found == slots_.end() ? nullptr : found->second.holder;
}

std::vector<std::shared_ptr<LiveSessions::Holder>> LiveSessions::holders() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::shared_ptr<Holder>> result;
    for (const auto& [session, slot] : slots_)
        if (slot.holder) result.push_back(slot.holder);
    return result;
}

} // namespace tradehive::acceptor
