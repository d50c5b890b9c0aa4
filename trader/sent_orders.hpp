// The orders of one client and what the venue has said about them, put together from ExecutionReports only.
//
// Repeats (43=Y, 97=Y, or simply the same ExecID again) change nothing; the same ExecID for something else is
// counted as a conflict. Not thread-safe: its owner locks.
#pragma once

#include "trader/lobster_file.hpp"
#include "trader/messages.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tradehive::trader {

using OrderNumber = std::size_t; // place in SentOrders

struct SentOrder {
    OrderEntry entry;      // as it was entered
    std::string cl_ord_id; // the newest that we gave it: replaces change it
    std::int64_t ticks{};
    // As the venue last reported; before its first report, as entered.
    std::int64_t order_qty{};
    std::int64_t cum_qty{};
    std::int64_t leaves_qty{};
    char ord_status{'A'}; // pending new
    unsigned unanswered{};
    bool cancel_asked{};

    // Nothing that we sent or heard has ended it.
    [[nodiscard]] bool open() const { return !cancel_asked && leaves_qty > 0; }
};

struct OrderFill {
    OrderNumber order{};
    std::int64_t ticks{};
    std::int64_t lots{};
    std::string trade_id;
};

// What one report meant.
struct Heard {
    bool repeat{};
    bool unknown{};                   // names no request of ours
    std::optional<OrderNumber> order; // whose it is
    std::optional<OrderFill> fill;
    std::optional<std::string> refused;       // the order or the request was refused: the venue's words
    std::optional<std::int64_t> leaves_ended; // a cancel took away so many lots
    std::optional<std::int64_t> leaves_expected;
    std::string fault; // the report contradicts itself or what was said before
};

class SentOrders {
public:
    explicit SentOrders(const Steps& steps)
        : steps_(steps) {}

    OrderNumber entered(OrderEntry entry, std::int64_t ticks, std::int64_t lots);
    // The request carries cl_ord_id; expected is the LeavesQty that its report should take away.
    void cancel_asked(OrderNumber order, const std::string& cl_ord_id, std::optional<std::int64_t> expected);
    void replace_asked(OrderNumber order, const std::string& cl_ord_id);

    Heard hear(const Report& report);
    Heard hear(const CancelRefusal& refusal);

    [[nodiscard]] const SentOrder& operator[](OrderNumber order) const { return orders_.at(order); }
    [[nodiscard]] const std::vector<SentOrder>& all() const { return orders_; }
    [[nodiscard]] std::size_t unanswered() const { return unanswered_; }
    [[nodiscard]] std::size_t repeats() const { return repeats_; }
    [[nodiscard]] std::size_t conflicts() const { return conflicts_; }

private:
    enum class Kind : std::uint8_t { enter, cancel, replace };
    struct Request {
        Kind kind{};
        OrderNumber order{};
        bool answered{};
        std::optional<std::int64_t> expected_leaves;
    };

    bool seen_before(const Report& report);
    void answer(Request& request);
    void ask(OrderNumber order, const std::string& cl_ord_id, Request request);
    bool read_quantities(const Report& report, SentOrder& order, Heard& heard) const;

    Steps steps_;
    std::vector<SentOrder> orders_;
    std::unordered_map<std::string, Request> requests_;  // by ClOrdID
    std::unordered_map<std::string, std::size_t> execs_; // ExecID → hash of what it said
    std::size_t unanswered_{};
    std::size_t repeats_{};
    std::size_t conflicts_{};
};

} // namespace tradehive::trader
