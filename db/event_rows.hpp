// Events made into the rows of the projection. Inside db only.
#pragma once

#include "db/rows.hpp"
#include "domain/event.hpp"

#include <map>
#include <span>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tradehive::db {

// An event that this program does not know: going on would leave a hole in the rows.
class UnknownEvent : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Of assets and instruments, what decimals are written by: it never changes once it is there, so a copy in
// memory is as good as the rows.
class Steps {
public:
    struct Instrument {
        Decimal tick;
        Decimal lot;
        std::uint8_t quote_scale{};
    };

    Steps() = default;
    explicit Steps(soci::session& sql); // what the database knows

    void add_asset(AssetId asset, std::uint8_t scale);
    void add_instrument(InstrumentId instrument, Decimal tick, Decimal lot, AssetId quote);

    [[nodiscard]] const Instrument* instrument(InstrumentId id) const; // nullptr: none
    [[nodiscard]] OptionalText amount(AssetId asset, Amount amount) const;

private:
    std::unordered_map<AssetId, std::uint8_t> scales_; // of assets
    std::unordered_map<InstrumentId, Instrument> instruments_;
};

// The rows of some events. Where only the latest state counts, there is one row however many events changed
// it.
class EventRows {
public:
    // The steps take in what the events say of them. Throws UnknownEvent.
    EventRows(Steps& steps, std::span<const Event> events);

    std::vector<FirmRow> firms;
    std::vector<AccountRow> accounts;
    std::vector<FixSessionRow> fix_sessions;
    std::vector<EntitlementRow> entitlements;
    std::vector<AssetRow> assets;
    std::vector<InstrumentRow> instruments;
    std::vector<OrderRow> orders; // by id
    std::vector<TradeRow> trades;
    std::vector<BalanceRow> balances; // by account and asset

private:
    // Text is made of the last state only.
    struct LatestOrder {
        Timestamp entered; // the first event's; the database keeps what it has already
        Timestamp changed;
        EventNumber event;
        OrderImage image;
        RejectReason reason{};
    };
    struct LatestBalance {
        Timestamp changed;
        EventNumber event;
        BalanceChanged balance;
    };

    void add(const Event& event);
    void add_reference(const Event& event);
    // steps: the instrument's; nullptr: not known, and then nothing is said in decimals.
    static void set_terms(OrderRow& row, const OrderImage& image, const Steps::Instrument* steps);
    LatestOrder& add_order(const EventHeader& header, const OrderImage& image);
    void add_trade(const EventHeader& header, const OrderTraded& traded);
    void add_account(const AccountChanged& changed);
    void add_fix_session(const FixSessionChanged& changed);
    void add_asset(const AssetCreated& created);
    void add_instrument(const InstrumentChanged& changed);
    [[nodiscard]] OrderRow row_of(const LatestOrder& order) const;
    [[nodiscard]] BalanceRow row_of(const LatestBalance& latest) const;

    Steps& steps_;
    std::map<OrderId, LatestOrder> latest_orders_;
    std::map<std::pair<AccountId, AssetId>, LatestBalance> latest_balances_;
};

} // namespace tradehive::db
