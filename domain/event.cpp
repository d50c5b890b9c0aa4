#include "domain/event.hpp"

namespace tradehive {

namespace {

struct Row {
    EventKind kind;
    std::size_t size;
    std::uint16_t version;
    const char* name;
};

template <EventBody Body>
constexpr Row row(const char* name) {
    return {Body::kind, sizeof(Body), version_of<Body>, name};
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
    row<OrderRestated>("OrderRestated"),
    row<MassCanceled>("MassCanceled"),
    row<SessionLoggedOn>("SessionLoggedOn"),
    row<LogOnRefused>("LogOnRefused"),
    row<SessionEnded>("SessionEnded"),
    row<NextNumbersSet>("NextNumbersSet"),
    row<CodeUsed>("CodeUsed"),
    row<UserAnswered>("UserAnswered"),
    row<DayEnded>("DayEnded"),
    row<CommandDone>("CommandDone"),
    row<FirmCreated>("FirmCreated"),
    row<AccountChanged>("AccountChanged"),
    row<FixSessionChanged>("FixSessionChanged"),
    row<SessionEntitled>("SessionEntitled"),
    row<AssetCreated>("AssetCreated"),
    row<InstrumentChanged>("InstrumentChanged"),
    row<BalanceChanged>("BalanceChanged"),
    row<FirmChanged>("FirmChanged"),
};

} // namespace

std::size_t body_size(EventKind kind) noexcept {
    for (const auto& entry : rows)
        if (entry.kind == kind) return entry.size;
    return 0;
}

std::uint16_t body_version(EventKind kind) noexcept {
    for (const auto& entry : rows)
        if (entry.kind == kind) return entry.version;
    return 0;
}

const char* name(EventKind kind) noexcept {
    for (const auto& entry : rows)
        if (entry.kind == kind) return entry.name;
    return "Unknown";
}

namespace {

// What version 2 has more than version 1: so many bytes from there on.
struct Grown {
    std::size_t at{};
    std::size_t by{};
};

// Of the kinds that there were in version 1.
bool begins_with_an_order(EventKind kind) noexcept {
    switch (kind) {
    case EventKind::order_accepted:
    case EventKind::order_rejected:
    case EventKind::order_traded:
    case EventKind::order_canceled:
    case EventKind::order_replaced:
    case EventKind::order_status:
        return true;
    default:
        return false;
    }
}

Grown grown_since_version_1(EventKind kind) noexcept {
    if (begins_with_an_order(kind))
        return {offsetof(OrderImage, stop_px), sizeof(OrderImage) - offsetof(OrderImage, stop_px)};
    switch (kind) {
    case EventKind::fix_session_changed:
        return {offsetof(FixSessionChanged, self_match),
                sizeof(FixSessionChanged) - offsetof(FixSessionChanged, self_match)};
    case EventKind::instrument_changed:
        return {offsetof(InstrumentChanged, lowest_price),
                sizeof(InstrumentChanged) - offsetof(InstrumentChanged, lowest_price)};
    default:
        return {};
    }
}

// In version 1 every limit order that may rest was shown whole.
void show_whole(Event& event) noexcept {
    OrderImage image;
    std::memcpy(&image, event.body.data(), sizeof image);
    const bool rests =
        image.ord_type == OrdType::limit &&
        (image.time_in_force == TimeInForce::day || image.time_in_force == TimeInForce::good_till_cancel);
    if (rests) image.shown_qty = image.leaves_qty;
    std::memcpy(event.body.data(), &image, sizeof image);
}

} // namespace

void bring_up_to_date(Event& event) noexcept {
    if (event.header.version != 1) return;
    const auto [at, by] = grown_since_version_1(event.header.kind);
    const std::size_t size = event.header.body_size;
    if (by == 0 || size + by != body_size(event.header.kind)) return;
    std::memmove(event.body.data() + at + by, event.body.data() + at, size - at);
    std::memset(event.body.data() + at, 0, by);
    event.header.body_size = static_cast<std::uint32_t>(size + by);
    event.header.version = 2;
    if (begins_with_an_order(event.header.kind)) show_whole(event);
}

} // namespace tradehive
