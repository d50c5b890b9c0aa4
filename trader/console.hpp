// The console: turns typed lines into FIX messages and reports into lines.
//
// Each order gets a short number; ClOrdIDs are made of a prefix and a counter. Lines from a pipe wait for
// their first answer, so that a script reads like a conversation; at a terminal nothing waits.
//
// Threads: take_line() on one; the listener's calls on the connection's; both print whole lines under a lock.
#pragma once

#include "trader/console_command.hpp"
#include "trader/console_completion.hpp"
#include "trader/messages.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tradehive::trader {

class Console final : public VenueListener {
public:
    // Prints one line, without its line end.
    using Printer = std::function<void(const std::string& line)>;

    Console(std::string prefix, std::string account, Printer print);

    // False when the line was quit.
    bool take_line(std::string_view line, VenueGate& gate);

    // Orders of an earlier run: the venue is asked how they are, and those that it does not know or that have
    // ended are forgotten.
    void recall(const std::vector<OrderEntry>& orders, VenueGate& gate);
    // What is open as far as the venue has told; each with its newest ClOrdID.
    [[nodiscard]] std::vector<OrderEntry> open_orders() const;

    // For completion: besides this, symbols are known that the venue has answered about.
    void know_symbol(const std::string& symbol);
    [[nodiscard]] ConsoleVocabulary vocabulary() const;

    // Until all that was asked has its first answer; false when the time is over.
    bool wait_for_answers(std::chrono::seconds at_most);

    void on_report(const Report& report) override;
    void on_cancel_refused(const CancelRefusal& refusal) override;
    void on_book(const BookSnapshot& snapshot) override;
    void on_message_refused(const MessageRefusal& refusal) override;
    void on_logged_on() override;
    void on_logged_out(std::string_view text) override;

private:
    struct Order {
        OrderEntry entry;      // as it stands now
        std::string cl_ord_id; // the newest that the venue took
        char ord_status{'A'};
        std::string cum_qty{"0"};
        std::string leaves_qty;
        bool recalled{};  // and not yet confirmed
        bool forgotten{}; // recalled in vain
    };
    struct Asked {
        std::size_t order{}; // place in orders_
        bool answered{};
    };

    void enter(const EnterLine& line, VenueGate& gate);
    void cancel(const CancelLine& line, VenueGate& gate);
    void replace(const ReplaceLine& line, VenueGate& gate);
    void ask_status(const StatusLine& line, VenueGate& gate);
    void ask_book(const BookLine& line, VenueGate& gate);
    void list_orders();

    [[nodiscard]] std::string next_id();
    [[nodiscard]] std::size_t find_order(const std::string& id) const; // orders_.size() when unknown
    void expect_answer(const std::string& id, std::size_t order);
    void answered(const std::string& id);
    [[nodiscard]] std::string name_of(const std::string& cl_ord_id) const;
    [[nodiscard]] bool may_go_on(const Report& report) const;
    [[nodiscard]] bool forgets(const Report& report);
    void remember(const Report& report);
    void print(const std::string& line);

    const std::string prefix_;
    const std::string account_;
    const Printer print_;

    mutable std::mutex mutex_; // for everything below
    std::condition_variable changed_;
    std::vector<Order> orders_;
    std::set<std::string> symbols_;
    std::map<std::string, Asked> asked_; // by ClOrdID or MDReqID
    std::size_t unanswered_{};
    std::size_t counter_{};
    bool logged_on_{};
};

// One line a report: "#3 trade: 0.2 at 49999.5, filled 0.2, leaves 0.3, …".
[[nodiscard]] std::string describe(const Report& report);

} // namespace tradehive::trader
