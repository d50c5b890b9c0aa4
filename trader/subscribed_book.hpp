// A book by price as a session of its own sees it: begun by W, kept by X, and never corrected by anything
// else.
//
// current() gives it as it stands after all that the venue had done when it was called. That the changes have
// come so far is known from a second snapshot: the venue's answer to a question (263=0) of the same session
// is its present book, and the kept one must come to the same, level by level, within the patience.
//
// Threads: the listener's calls come from the connection's; current() from one other.
#pragma once

#include "trader/market_book.hpp"
#include "trader/messages.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace tradehive::trader {

class SubscribedBook final : public VenueListener {
public:
    SubscribedBook(std::string symbol, int depth, std::chrono::seconds patience);

    // Subscribes. The gate outlives the calls of current().
    void begin(VenueGate& gate);

    // Throws std::runtime_error when the venue refuses, is silent, or tells changes that do not lead there.
    [[nodiscard]] BookSnapshot current();

    [[nodiscard]] std::uint64_t changes() const; // messages X so far

    void on_report(const Report&) override {}
    void on_cancel_refused(const CancelRefusal&) override {}
    void on_book(const BookSnapshot& snapshot) override;
    void on_book_change(const BookChange& change) override;
    void on_message_refused(const MessageRefusal& refusal) override;
    void on_logged_on() override {}
    void on_logged_out(std::string_view text) override;

private:
    [[nodiscard]] BookQuestion question(std::string id, char subscription) const;
    [[nodiscard]] bool same_as_asked() const;

    const std::string symbol_;
    const int depth_;
    const std::chrono::seconds patience_;
    VenueGate* gate_{};
    std::uint64_t asked_{};

    mutable std::mutex mutex_; // for everything below
    std::condition_variable heard_;
    MarketBook book_;
    std::optional<MarketBook> answer_; // to the question that was asked last
    std::string answer_id_;
    std::uint64_t changes_{};
    std::string wrong_; // empty: nothing
};

} // namespace tradehive::trader
