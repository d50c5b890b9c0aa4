// The back office: names, limits, deposits and withdrawals. Each command is checked, done and told in
// its event; a refusal changes nothing.
//
// A key makes a command idempotent: see answered_keys.hpp.
//
// Threads: the venue's owner.
#pragma once

#include "domain/command.hpp"
#include "venue/outcome.hpp"
#include "venue/state.hpp"

namespace tradehive::venue {

class Administration {
public:
    explicit Administration(State& state) noexcept
        : state_{state} {}

    void apply(const CreateFirm& request, Outcome& outcome);
    void apply(const CreateAccount& request, Outcome& outcome);
    void apply(const CreateFixSession& request, Outcome& outcome);
    void apply(const CreateAsset& request, Outcome& outcome);
    void apply(const CreateInstrument& request, Outcome& outcome);
    void apply(const SetAccountLimits& request, Outcome& outcome);
    void apply(const SetAccountFrozen& request, Outcome& outcome);
    void apply(const SetAccountFees& request, Outcome& outcome);
    void apply(const EntitleSession& request, Outcome& outcome);
    void apply(const Deposit& request, Outcome& outcome);
    void apply(const Withdraw& request, Outcome& outcome);

private:
    [[nodiscard]] RejectReason check(const CreateAccount& request) const;
    [[nodiscard]] RejectReason check(const CreateFixSession& request) const;
    [[nodiscard]] RejectReason check_movement(AccountId account, AssetId asset, Amount amount) const;

    State& state_;
};

} // namespace tradehive::venue
