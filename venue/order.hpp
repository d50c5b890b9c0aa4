// One order as the venue keeps it, and the lists that it is on.
#pragma once

#include "domain/event.hpp"
#include "risk/fees.hpp"
#include "venue/order_state.hpp"

#include <cstddef>

namespace tradehive::venue {

struct Order;

struct OrderLinks {
    Order* previous{};
    Order* next{};
};

// A ClOrdID that stands for an order: that of its D, of each G, and of the F that cancelled it.
struct OrderName {
    ClOrdID cl_ord_id;
    Order* order{};
    Timestamp retired;          // when a G took its place or the order ended; zero before
    OrderName* retired_after{}; // the next one that retired
};

struct Order {
    OrderImage image;
    Price limit; // the worst price it may trade at: its price, or the protection price of a market order
    risk::FeeRates rates; // of the account when the order entered
    Amount held;          // what the ledger holds for it: quote asset for a buy, base asset for a sell
    Timestamp entered;
    Timestamp ended;       // zero while it is open
    OrderName* name{};     // the newest, until it retires
    std::uint32_t names{}; // that stand for it, retired ones too
    OrderLinks of_account; // open orders of its account
    OrderLinks of_session; // open orders of its session
    Order* ended_after{};  // the next one that ended

    [[nodiscard]] bool open() const noexcept { return is_open(image.ord_status); }
};

// A list through the orders themselves, oldest first: nothing is allocated.
template <OrderLinks Order::* Links>
class OrderList {
public:
    [[nodiscard]] Order* front() const noexcept { return front_; }
    [[nodiscard]] static Order* next(const Order& order) noexcept { return (order.*Links).next; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    void push_back(Order& order) noexcept {
        order.*Links = {back_, nullptr};
        (back_ ? (back_->*Links).next : front_) = &order;
        back_ = &order;
        ++size_;
    }

    void remove(Order& order) noexcept {
        auto& [previous, next] = order.*Links;
        (previous ? (previous->*Links).next : front_) = next;
        (next ? (next->*Links).previous : back_) = previous;
        order.*Links = {};
        --size_;
    }

private:
    Order* front_{};
    Order* back_{};
    std::size_t size_{};
};

using AccountOrders = OrderList<&Order::of_account>;
using SessionOrders = OrderList<&Order::of_session>;

} // namespace tradehive::venue
