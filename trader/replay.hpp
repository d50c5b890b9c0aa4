// Sends a LOBSTER file through a venue and compares, row by row, what the venue shows with what the file
// says. Everything that is compared comes from the venue's reports and snapshots.
//
// How a row becomes messages:
//   before row 1   one order a level of the book that the first message met, by the account "pre"
//   1 enter        a GTC limit order by the account "rest"; it must not fill on entry
//   2 reduce       a replace to a smaller quantity, which keeps its place
//   3 cancel       a cancel; what it takes away must be the row's size. An id that the file never entered
//                  is taken from "pre" at that price if there, else skipped
//   4 execute      all rows of one moment and side are one opposite IOC limit at the worst price of them, by
//                  the account "take"; the fills must be those of the rows
//   5, 6, 7        nothing
// After each row outside of a half-done group one snapshot is asked for, in the same stream; or, with a
// SubscribedBook, all answers are awaited and the book that another session keeps from changes is compared.
//
// Where the fills of a group name other orders than the file, the difference is put right, so that one odd
// priority in the file does not drag on: what the file executed but the venue left resting is reduced or
// cancelled, what the venue filled but the file left resting is entered again (and so loses its place).
//
// Threads: run() is called once, on the thread that sends; the listener's calls come from the connection's.
// At most `window` requests (orders, cancels, replaces, questions) are unanswered; then run() waits.
#pragma once

#include "trader/book_comparison.hpp"
#include "trader/messages.hpp"
#include "trader/order_flow.hpp"
#include "trader/sent_orders.hpp"
#include "trader/subscribed_book.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tradehive::trader {

struct ReplaySettings {
    std::string symbol{"AAPL"};
    std::string pre_account{"PRE"};
    std::string rest_account{"REST"};
    std::string take_account{"TAKE"};
    std::string prefix{"L"}; // of each ClOrdID and MDReqID
    Steps steps;
    std::size_t window{256};
    std::size_t levels{40};
    std::size_t stop_after_rows{};       // 0: the whole file
    std::uint64_t commands_per_second{}; // 0: as fast as the window allows
    std::chrono::seconds patience{120};  // without any word from the venue, then run() gives up
};

struct ReplayInput {
    OrderFlow flow;
    std::vector<BookRow> tops; // best levels after each message; may be empty
    std::vector<BookRow> deep; // many levels after the first messages; the first row seeds the book
};

struct ReplayFigures {
    std::size_t rows{};       // done
    std::size_t observable{}; // of them
    BookFigures book;
    std::size_t groups{};
    std::size_t groups_right{};           // price and quantity of the fills
    std::size_t groups_same_orders{};     // and the same orders in the same order at once
    std::vector<std::size_t> corrections; // rows, counted from 1
    std::size_t cancels{};
    std::size_t leaves_different{};
    std::size_t skipped{};         // rows of orders that neither the file nor "pre" knows
    std::size_t filled_on_entry{}; // rows of type 1
    std::uint64_t commands{};
    std::size_t repeats{};        // reports that came more than once
    std::size_t exec_conflicts{}; // one ExecID for two different things
    std::size_t reconnects{};
    double seconds{};
    std::vector<std::string> faults; // what else was wrong; the first hundred
};

// The replay cannot go on: an order was refused, or the venue is silent.
class ReplayStopped : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Replay final : public VenueListener {
public:
    // Called on run()'s thread after each row.
    using Progress = std::function<void(std::size_t rows_done, std::size_t corrections)>;

    Replay(ReplaySettings settings, ReplayInput input);

    // Throws ReplayStopped; figures() then has what was reached. books: instead of snapshots; may be null.
    void run(VenueGate& gate, const Progress& progress, SubscribedBook* books = nullptr);

    [[nodiscard]] ReplayFigures figures() const;
    [[nodiscard]] std::vector<SentOrder> orders() const; // with their fates

    void on_report(const Report& report) override;
    void on_cancel_refused(const CancelRefusal& refusal) override;
    void on_book(const BookSnapshot& snapshot) override;
    void on_message_refused(const MessageRefusal& refusal) override;
    void on_logged_on() override;
    void on_logged_out(std::string_view text) override;

private:
    using Clock = std::chrono::steady_clock;

    void seed_book();
    void play_row(std::size_t row);
    void reduce_order(std::size_t row);
    void cancel_order(std::size_t row);
    void execute_group(std::size_t row, const ExecutionGroup& group);
    void correct_group(std::size_t row, const std::vector<OrderFill>& filled,
                       const std::vector<OrderFill>& expected);
    void enter_again(std::size_t row, OrderNumber order, std::int64_t lots);

    OrderNumber send_order(const std::string& name, const std::string& account, Side side, std::int64_t ticks,
                           std::int64_t lots, TimeInForce time_in_force);
    void send_cancel(const std::string& name, OrderNumber order, std::optional<std::int64_t> expected);
    void send_reduction(const std::string& name, OrderNumber order, std::int64_t lots_less);
    void ask_book(std::optional<std::size_t> row);
    void compare_subscribed(std::size_t row);
    void wait_for_room();
    void pace();

    template <class Condition>
    void wait_until(Condition condition);
    [[nodiscard]] SentOrder look_at(OrderNumber order) const;
    [[nodiscard]] std::optional<OrderNumber> resting_order(const FlowRow& row) const;
    [[nodiscard]] std::string row_name(char kind, std::size_t row) const;
    void take_in(const Heard& heard, const std::string& cl_ord_id);
    void note_fault(std::string text);

    const ReplaySettings settings_;
    const OrderFlow flow_;
    const BookRow before_; // first message
    VenueGate* gate_{};
    SubscribedBook* subscribed_{};
    Clock::time_point started_;
    // Only run()'s thread uses these.
    std::unordered_map<std::int64_t, OrderNumber> file_orders_;
    std::map<std::pair<Side, std::int64_t>, OrderNumber> pre_orders_;
    std::size_t again_{};

    mutable std::mutex mutex_; // for everything below
    std::condition_variable heard_;
    Clock::time_point last_heard_;
    SentOrders sent_;
    BookComparison books_;
    ReplayFigures figures_;
    std::optional<OrderNumber> taker_; // of the group that is being executed
    std::vector<OrderFill> maker_fills_;
    std::vector<OrderFill> taker_fills_;
    bool probe_wanted_{};
    std::string stopped_; // why; empty: not
};

} // namespace tradehive::trader
