#include "domain/command.hpp"

namespace tradehive {

namespace {

struct Row {
    CommandKind kind;
    std::size_t size;
    const char* name;
};

template <CommandBody Body>
constexpr Row row(const char* name) {
    return {Body::kind, sizeof(Body), name};
}

constexpr std::array rows{
    row<EnterOrder>("EnterOrder"),
    row<CancelOrder>("CancelOrder"),
    row<ReplaceOrder>("ReplaceOrder"),
    row<MessageRefused>("MessageRefused"),
    row<LogOnSession>("LogOnSession"),
    row<SessionDisconnected>("SessionDisconnected"),
    row<SetNextNumbers>("SetNextNumbers"),
    row<VenueStarted>("VenueStarted"),
    row<EndDay>("EndDay"),
    row<CreateFirm>("CreateFirm"),
    row<CreateAccount>("CreateAccount"),
    row<SetAccountLimits>("SetAccountLimits"),
    row<SetAccountFrozen>("SetAccountFrozen"),
    row<SetAccountFees>("SetAccountFees"),
    row<CreateFixSession>("CreateFixSession"),
    row<EntitleSession>("EntitleSession"),
    row<RevokeSession>("RevokeSession"),
    row<CreateAsset>("CreateAsset"),
    row<CreateInstrument>("CreateInstrument"),
    row<SetInstrumentState>("SetInstrumentState"),
    row<Deposit>("Deposit"),
    row<Withdraw>("Withdraw"),
};

} // namespace

std::size_t body_size(CommandKind kind) noexcept {
    for (const auto& entry : rows)
        if (entry.kind == kind) return entry.size;
    return 0;
}

const char* name(CommandKind kind) noexcept {
    for (const auto& entry : rows)
        if (entry.kind == kind) return entry.name;
    return "Unknown";
}

} // namespace tradehive
