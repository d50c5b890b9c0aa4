// All orders that somebody may still name: the open ones, and those that ended within the last 24 hours.
//
// An order is found by its OrderID and, within its account, by each of its ClOrdIDs. A ClOrdID retires when a
// replace gives the order another, or when the order ends. What has retired or ended is forgotten 24 hours
// later, a few with each command; beyond most_kept the oldest is forgotten before its time, so that memory
// has a bound whatever the flow.
//
// Orders are listed by account and by session in the order in which they entered, which is that of OrderID.
#pragma once

#include "venue/order.hpp"
#include "venue/pointer_table.hpp"
#include "venue/pool.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

namespace tradehive::venue {

class OrderTable {
public:
    static constexpr std::chrono::nanoseconds kept_after_end = std::chrono::hours{24};
    static constexpr std::size_t most_kept = std::size_t{1} << 22U;

    explicit OrderTable(std::size_t expected);

    // Once for each account and session, in the order of their ids.
    void add_account() { by_account_.emplace_back(); }
    void add_session() { by_session_.emplace_back(); }

    [[nodiscard]] Order* find(OrderId order) const noexcept;
    [[nodiscard]] Order* find(AccountId account, const ClOrdID& cl_ord_id) const noexcept;

    // An open order, named by image.cl_ord_id unless that is empty.
    Order& enter(const OrderImage& image);
    // It goes by this ClOrdID from now on; as before when that is empty.
    void rename(Order& order, const ClOrdID& cl_ord_id, Timestamp now);
    // image.ord_status says how. ended_by: the ClOrdID of the F, empty when there was none.
    void end(Order& order, const ClOrdID& ended_by, Timestamp now);
    // Memory for so many, so that restoring them does not make it bigger again and again.
    void reserve(std::size_t orders, std::size_t names);
    // Of a snapshot: open orders by OrderID, each greater than the one before, ended ones in the order of
    // their end, then what retired, oldest first. False, and nothing has changed: that id or ClOrdID is there
    // already, or the order is not.
    [[nodiscard]] bool restore(const Order& saved);
    [[nodiscard]] bool restore_retired(OrderId order, const ClOrdID& cl_ord_id, Timestamp retired);
    // What retired or ended too long ago.
    void forget(Timestamp now);

    [[nodiscard]] const AccountOrders& of(AccountId account) const noexcept {
        return by_account_[account.value() - 1];
    }
    [[nodiscard]] const SessionOrders& of(FixSessionId session) const noexcept {
        return by_session_[session.value() - 1];
    }
    [[nodiscard]] const Order* oldest_ended() const noexcept { return oldest_ended_; }
    [[nodiscard]] const OrderName* oldest_retired() const noexcept { return oldest_retired_; }
    [[nodiscard]] std::size_t open_count() const noexcept { return open_; }
    [[nodiscard]] std::size_t retired_count() const noexcept { return retired_; }
    [[nodiscard]] std::size_t size() const noexcept { return by_id_.size(); }

private:
    void add_ended(Order& order) noexcept;
    void give_name(Order& order, const ClOrdID& cl_ord_id);
    void retire_name(Order& order, Timestamp now);
    void drop_oldest_name();
    void drop_oldest_ended();

    Pool<Order> orders_;
    Pool<OrderName> names_;
    PointerTable<Order> by_id_;
    PointerTable<OrderName> by_name_;
    std::vector<AccountOrders> by_account_;
    std::vector<SessionOrders> by_session_;
    Order* oldest_ended_{};
    Order* newest_ended_{};
    std::size_t ended_{};
    OrderName* oldest_retired_{};
    OrderName* newest_retired_{};
    std::size_t retired_{};
    std::size_t open_{};
};

} // namespace tradehive::venue
