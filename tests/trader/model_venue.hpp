// A venue of a few pages for tests of the client's logic: price-time priority kept in lists that anybody can
// follow, no sessions, no money. Answers come before the call returns, on the caller's thread.
//
// A fault can be planted: an order that is passed over by the next executions (as the real file does here
// and there), or answers to questions that are lost.
#pragma once

#include "trader/lobster_file.hpp"
#include "trader/messages.hpp"

#include <cstdint>
#include <list>
#include <map>
#include <set>
#include <string>

namespace tradehive::trader {

// Answers nothing.
class SilentVenue : public VenueGate {
public:
    void enter(const OrderEntry&) override {}
    void cancel(const OrderCancel&) override {}
    void replace(const OrderReplace&) override {}
    void ask(const StatusQuestion&) override {}
    void ask(const BookQuestion&) override {}
};

class ModelVenue final : public VenueGate {
public:
    explicit ModelVenue(const Steps& steps)
        : steps_(steps) {}

    void listener(VenueListener& listener) { listener_ = &listener; }
    void pass_over(const std::string& cl_ord_id) { passed_over_.insert(cl_ord_id); }
    void lose_answers(int count) { lost_answers_ = count; }
    void say_everything_twice(bool twice) { twice_ = twice; }

    [[nodiscard]] std::int64_t open_lots(Side side) const;

    void enter(const OrderEntry& order) override;
    void cancel(const OrderCancel& cancel) override;
    void replace(const OrderReplace& replace) override;
    void ask(const StatusQuestion& question) override;
    void ask(const BookQuestion& question) override;

private:
    struct Order {
        OrderEntry entry;
        std::int64_t id{};
        std::int64_t ticks{};
        std::int64_t order_qty{};
        std::int64_t cum_qty{};
        char status{'0'};
        [[nodiscard]] std::int64_t leaves() const {
            return status == '0' || status == '1' ? order_qty - cum_qty : 0;
        }
    };
    using Queue = std::list<Order*>;

    [[nodiscard]] std::map<std::int64_t, Queue>& levels(Side side);
    [[nodiscard]] bool crosses(const Order& incoming, std::int64_t ticks) const;
    void match(Order& incoming);
    void fill(Order& maker, Order& taker);
    void remove(Order& order);
    [[nodiscard]] Report report_of(const Order& order, char exec_type);
    void say(const Report& report);
    [[nodiscard]] Order* find(const std::string& cl_ord_id);
    [[nodiscard]] std::string lots(std::int64_t count) const;

    Steps steps_;
    VenueListener* listener_{};
    std::list<Order> orders_;
    std::map<std::string, Order*> by_cl_ord_id_;
    std::map<std::int64_t, Queue> bids_;
    std::map<std::int64_t, Queue> offers_;
    std::set<std::string> passed_over_;
    std::int64_t next_exec_{1};
    std::int64_t next_trade_{1};
    int lost_answers_{};
    bool twice_{};
};

} // namespace tradehive::trader
