// The rules of venue/ and risk/ once more, written to be believed by reading: nothing is held or cached; what
// an account has available is what it owns less what its open orders need, added up anew each time. Shares no
// code with what it checks but the words of domain/ and the shape of matching's answers.
//
// It speaks in lines: one for each event of an order or session that a command leads to.
#pragma once

#include "domain/event.hpp"
#include "tests/matching/naive_book.hpp"

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
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
    InstrumentState state{};
    std::int64_t lowest_price{}; // of the band; zero: none
    std::int64_t highest_price{};
    std::int64_t last_trade{};
    // Of the trades that waiting orders have not been shown; zero: none.
    std::int64_t lowest_trade{};
    std::int64_t highest_trade{};
    matching::NaiveBook book;
};

struct NaiveAccount {
    AccountId id;
    FirmId firm;
    std::int64_t maker_fee{};
    std::int64_t taker_fee{};
    SetAccountLimits limits;
    bool frozen{};
    bool killed{};
};

struct NaiveSession {
    std::set<AccountId> accounts;
    CancelOnDisconnect mode{};
    bool logged_on{};
    std::uint64_t next_in{1};
    SelfMatch self_match{};
    bool killed{};
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
    std::int64_t stop_px{};
    std::int64_t display{};
    std::int64_t least{}; // MinQty
    std::int64_t cash{};
    std::int64_t cash_left{};
    std::int64_t expires{}; // ns since 1970; zero: never
    ExecInst exec_inst{};
    SelfMatch self_match{};
    bool triggered{};
    std::uint64_t turn{}; // of those that wait for one StopPx: the lowest is first
    char status{'0'};
    std::string cl_ord_id;

    [[nodiscard]] bool open() const { return status == '0' || status == '1'; }
    [[nodiscard]] bool is_any(std::string_view types) const {
        return types.contains(static_cast<char>(ord_type));
    }
    [[nodiscard]] bool waits() const { return is_any("34J") && !triggered; }
    [[nodiscard]] bool stays() const {
        return time_in_force != TimeInForce::immediate_or_cancel &&
               time_in_force != TimeInForce::fill_or_kill;
    }
    [[nodiscard]] bool rests() const { return stays() && (is_any("24") || (is_any("K") && price > 0)); }
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
    void expire();
    void mass_cancel(InstrumentId instrument);
    void set_state(const SetInstrumentState& request);
    void kill(const SetKillSwitch& request);
    void done(RejectReason reason);

    [[nodiscard]] RejectReason why_not(const NaiveOrder& order) const;
    [[nodiscard]] RejectReason why_not_as_it_is(const NaiveOrder& order) const;
    [[nodiscard]] RejectReason why_not_now(const NaiveOrder& order) const;
    [[nodiscard]] static RejectReason why_not_there(std::int64_t price, const NaiveInstrument& instrument);
    [[nodiscard]] std::int64_t worst_price(const NaiveOrder& order) const;
    [[nodiscard]] std::int64_t lots_for_cash(const NaiveOrder& order) const;
    [[nodiscard]] std::int64_t shown(const NaiveOrder& order) const;
    [[nodiscard]] bool would_take(const NaiveOrder& order) const;
    [[nodiscard]] RejectReason why_not_sized(const NaiveOrder& order, const NaiveAccount& account) const;
    [[nodiscard]] RejectReason may_trade() const;
    [[nodiscard]] bool sees(AccountId account) const;
    [[nodiscard]] static std::int64_t needs(const NaiveOrder& order, const NaiveInstrument& instrument);
    [[nodiscard]] NaiveOrder* named(OrderId id, const ClOrdID& name, AccountId account, RejectReason& why);
    [[nodiscard]] std::pair<NaiveOrder*, RejectReason>
    target(OrderId id, const ClOrdID& orig, const ClOrdID& own, AccountId account, Side side);
    void go(NaiveOrder& order);
    void trigger(NaiveOrder& order);
    void match(NaiveOrder& order);
    void meet_own(NaiveOrder& taker, const matching::OwnOrder& own);
    void take_out_all(std::string_view why, char status, const std::function<bool(const NaiveOrder&)>& meant);
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
    std::uint64_t turns_{};
    std::set<FirmId> killed_firms_;
};

// The lines of a real venue's events, to compare with.
[[nodiscard]] Lines lines_of(std::span<const Event> events);

} // namespace tradehive::tests
