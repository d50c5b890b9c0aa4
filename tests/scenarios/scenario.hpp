// Runs a scenario: a text table of commands and of the events and balances after them.
//
// A line that begins in the first column is a command; the indented lines below it are all its events, in
// order (balances apart, which are asked for with `balance`). # begins a comment; a blank line means nothing.
//
//   A1 buy 10 @ 1.00 b1 [gtc|ioc|fok] [on SYMBOL] [by SESSION] [resend]     order b1 of account A1
//   A1 sell 10 market s1 [fok]
//   A1 cancel b1 x1 [order b2] [by SESSION] [any-account] [side buy|sell]     F: OrigClOrdID, ClOrdID; - is
//   none A1 replace b1 b2 8 @ 1.01 [order b3] [by SESSION] [any-account] [gtc]     G A1 asks b1 [by SESSION]
//   [any-account]                                     H again the last FIX message once more gateway refused
//   a message of SESSION balance A1 USD 990.0000 held 10.0000 book COIN-USD 9 @ 0.99, 5 @ 0.98 | 3 @ 1.01
//   bids | offers logon S [reset] [totp N] [orders none|session|account] disconnect S [keep] code S N answer
//   S [late] restart of the venue end-day N wait 24h admin … see scenario.cpp, one line a verb
//
// The market at the start: accounts A1 and A2 of firm ALPHA, B1 of firm BETA, each with 1000 USD and 100
// COIN; COIN-USD in ticks of 0.01 and lots of 0.01, market orders protected at 10 %; order-entry sessions
// ALPHA (for A1 and A2), ALPHA2 (A1), BETA (B1), logged on, keeping orders on disconnect; session DATA for
// market data. An order goes by its account's first session unless `by` says otherwise; `by admin` is the
// operator. No fees.
#pragma once

#include "venue/venue.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tradehive::tests {

class Scenario {
public:
    Scenario();

    // Empty, or the first line that did not go as written, with what happened instead.
    [[nodiscard]] std::string run(const std::filesystem::path& file);

private:
    using Words = std::vector<std::string>;

    void set_up();
    void command(const Words& words);
    void order_line(const Words& words);
    void enter(const Words& words);
    void cancel(const Words& words);
    void replace(const Words& words);
    void ask(const Words& words);
    void admin(const Words& words);
    void admin_name(const Words& words);
    void log_on(const Words& words);
    void use_code(const Words& words);
    void answer_user(const Words& words);
    void expect_balance(const Words& words);
    void expect_book(const Words& words);

    [[nodiscard]] Origin sender(const Words& words, std::string_view account);
    template <CommandBody Body>
    void send(const Origin& origin, const Body& body);
    void send(Command command);
    [[nodiscard]] std::vector<std::string> said() const;
    [[nodiscard]] std::string text_of(const Event& event) const;
    [[nodiscard]] std::string text_of(const OrderImage& order) const;

    [[nodiscard]] const ReferenceData* names() const { return names_.get(); }
    [[nodiscard]] AccountId account(const std::string& code) const;
    [[nodiscard]] FixSessionId session(const std::string& comp_id) const;
    [[nodiscard]] OrderId order_id(const std::string& text) const;
    [[nodiscard]] std::string name_of(OrderId order) const;
    [[nodiscard]] Amount amount(const std::string& text, const std::string& asset) const;

    venue::Venue venue_{venue::Capacity{16}};
    std::shared_ptr<const ReferenceData> names_{venue_.reference_data()};
    std::int64_t time_{1'700'000'000'000'000'000};
    std::map<FixSessionId, std::pair<Epoch, std::uint64_t>> numbers_; // epoch, next
    std::vector<Event> events_;                                       // of the last command
    std::vector<std::string> answers_;                                // of the last question
    Command last_fix_message_{};
    std::map<std::string, OrderId> orders_; // by their first ClOrdID
};

} // namespace tradehive::tests
