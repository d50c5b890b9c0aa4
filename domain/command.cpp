#include "domain/command.hpp"

namespace tradehive {

namespace {

struct Row {
    CommandKind kind;
    std::size_t size;
    std::uint16_t version;
    const char* name;
};

template <CommandBody Body>
constexpr Row row(const char* name) {
    return {Body::kind, sizeof(Body), version_of<Body>, name};
}

constexpr std::array rows{
    row<EnterOrder>("EnterOrder"),
    row<CancelOrder>("CancelOrder"),
    row<ReplaceOrder>("ReplaceOrder"),
    row<MessageRefused>("MessageRefused"),
    row<MassCancel>("MassCancel"),
    row<LogOnSession>("LogOnSession"),
    row<SessionDisconnected>("SessionDisconnected"),
    row<SetNextNumbers>("SetNextNumbers"),
    row<UseCode>("UseCode"),
    row<AnswerUser>("AnswerUser"),
    row<VenueStarted>("VenueStarted"),
    row<EndDay>("EndDay"),
    row<ExpireOrders>("ExpireOrders"),
    row<ResetNumbers>("ResetNumbers"),
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
    row<SetPriceBand>("SetPriceBand"),
    row<SetKillSwitch>("SetKillSwitch"),
};

} // namespace

std::size_t body_size(CommandKind kind) noexcept {
    for (const auto& entry : rows)
        if (entry.kind == kind) return entry.size;
    return 0;
}

void bring_up_to_date(Command& command) noexcept {
    const std::size_t now = body_size(command.header.kind);
    const std::size_t then = command.header.body_size;
    const bool has_grown =
        command.header.kind == CommandKind::enter_order || command.header.kind == CommandKind::replace_order;
    if (!has_grown || command.header.version != 1 || then >= now) return;
    std::memset(command.body.data() + then, 0, now - then);
    command.header.body_size = static_cast<std::uint32_t>(now);
    command.header.version = 2;
}

std::uint16_t body_version(CommandKind kind) noexcept {
    for (const auto& entry : rows)
        if (entry.kind == kind) return entry.version;
    return 0;
}

const char* name(CommandKind kind) noexcept {
    for (const auto& entry : rows)
        if (entry.kind == kind) return entry.name;
    return "Unknown";
}

} // namespace tradehive
