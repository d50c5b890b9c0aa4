// The rules of venue/ and risk/ once more, written to be believed by reading: nothing is held or cached; what
// an account has available is what it owns less what its open orders need, added up anew each time. Shares no
// code with what it checks but the words of domain/ and the shape of matching's answers.
//
// It speaks in lines: one for each event of an order or session that a command leads to.
#pragma once

#include "domain/event.hpp"
#include "tests/matching/naive_book.hpp"

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tradehive::tests {

using Lines = std::vector<std::string>;

struct NaiveInstrument {
    InstrumentId id;
    AssetId base;
    AssetId quote;
    std::int64_t base_units_per_lot{};
    std::int64_t units_per_tick_lot{};
    std::int64_t least_quantity{};
    std::int64_t most_quantity{};
    std::int64_t least_notional{};
    std::int64_t market_protection{};
    bool halted{};
    std::int64_t last_trade{};
    matching::NaiveBook book;
};

struct NaiveAccount {
    AccountId id;
    std::int64_t maker_fee{};
    std::int64_t taker_fee{};
    SetAccountLimits limits;
    bool frozen{};
};

struct NaiveSession {
    std::set<AccountId> accounts;
    CancelOnDisconnect mode{};
    bool logged_on{};
    std::uint64_t next_in{1};
};

struct NaiveOrder {
    OrderId id;
    AccountId account;
    InstrumentId instrument;
    FixSessionId session;
    Side side{};
    OrdType ord_type{};
    TimeInForce time_in_force{};
    std::int64_t price{};
    std::int64_t limit{};
    std::int64_t quantity{};
    std::int64_t leaves{};
    std::int64_t cum{};
    std::int64_t turnover{};
    std::int64_t maker_fee{};
    std::int64_t taker_fee{};
    std::int64_t entered{}; // ns since 1970
    char status{'0'};
    std::string cl_ord_id;

    [[nodiscard]] bool open() const { return status == '0' || status == '1'; }
};

class NaiveVenue {
public:
    std::map<InstrumentId, NaiveInstrument> instruments;
    std::map<AccountId, NaiveAccount> accounts;
    std::map<FixSessionId, NaiveSession> sessions;
    std::map<std::pair<AccountId, AssetId>, std::int64_t> totals;
    std::map<OrderId, NaiveOrder> orders; // all there ever were

    // What the command leads to.
    Lines apply(const Command& command);

    [[nodiscard]] std::int64_t held(AccountId account, AssetId asset) const;

private:
    void enter(const EnterOrder& request);
    void cancel(const CancelOrder& request);
    void replace(const ReplaceOrder& request);
    void disconnect(FixSessionId session, bool keep_orders);
    void end_day(std::uint32_t day);
    void done(RejectReason reason);

    [[nodiscard]] RejectReason why_not(const NaiveOrder& order) const;
    [[nodiscard]] RejectReason why_not_sized(const NaiveOrder& order, const NaiveAccount& account) const;
    [[nodiscard]] RejectReason may_trade() const;
    [[nodiscard]] bool sees(AccountId account) const;
    [[nodiscard]] static std::int64_t needs(const NaiveOrder& order, const NaiveInstrument& instrument);
    [[nodiscard]] NaiveOrder* named(OrderId id, const ClOrdID& name, AccountId account, RejectReason& why);
    [[nodiscard]] std::pair<NaiveOrder*, RejectReason>
    target(OrderId id, const ClOrdID& orig, const ClOrdID& own, AccountId account, Side side);
    void match(NaiveOrder& order);
    void trade(NaiveOrder& taker, NaiveOrder& maker, std::int64_t price, std::int64_t quantity);
    void finish(NaiveOrder& order, char status, const std::string& why);
    void take_out(NaiveOrder& order, char status, const std::string& why);
    void say(const std::string& what, const NaiveOrder& order, const std::string& more = {});

    // The open ones, by OrderID; of one account when that is given.
    [[nodiscard]] std::vector<const NaiveOrder*> open_orders(AccountId account = {}) const;

    CommandHeader now_{};
    Lines lines_;
    std::map<std::pair<AccountId, std::string>, OrderId> names_;
    std::set<OrderId> open_; // only so that the oracle need not walk all that ever were
    std::uint64_t trades_{};
    std::uint32_t last_day_{};
};

// The lines of a real venue's events, to compare with.
[[nodiscard]] Lines lines_of(std::span<const Event> events);

} // namespace tradehive::tests
