#include "domain/event.hpp"

namespace tradehive {

namespace {

struct Row {
    EventKind kind;
    std::size_t size;
    const char* name;
};

template <EventBody Body>
constexpr Row row(const char* name) {
    return {Body::kind, sizeof(Body), name};
}

constexpr std::array rows{
    row<OrderAccepted>("OrderAccepted"),
    row<OrderRejected>("OrderRejected"),
    row<OrderTraded>("OrderTraded"),
    row<OrderCanceled>("OrderCanceled"),
    row<OrderReplaced>("OrderReplaced"),
    row<CancelRejected>("CancelRejected"),
    row<OrderStatusReport>("OrderStatusReport"),
    row<MessageWasRefused>("MessageWasRefused"),
    row<SessionLoggedOn>("SessionLoggedOn"),
    row<LogOnRefused>("LogOnRefused"),
    row<SessionEnded>("SessionEnded"),
    row<NextNumbersSet>("NextNumbersSet"),
    row<DayEnded>("DayEnded"),
    row<CommandDone>("CommandDone"),
    row<FirmCreated>("FirmCreated"),
    row<AccountChanged>("AccountChanged"),
    row<FixSessionChanged>("FixSessionChanged"),
    row<SessionEntitled>("SessionEntitled"),
    row<AssetCreated>("AssetCreated"),
    row<InstrumentChanged>("InstrumentChanged"),
    row<BalanceChanged>("BalanceChanged"),
};

} // namespace

std::size_t body_size(EventKind kind) noexcept {
    for (const auto& entry : rows)
        if (entry.kind == kind) return entry.size;
    return 0;
}

const char* name(EventKind kind) noexcept {
    for (const auto& entry : rows)
        if (entry.kind == kind) return entry.name;
    return "Unknown";
}

} // namespace tradehive
