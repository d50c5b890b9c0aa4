#include "trader/subscribed_book.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tradehive::trader {
namespace {

constexpr std::string_view subscription_id = "changes";

template <class Side>
bool same_side(const Side& left, const Side& right) {
    return std::ranges::equal(left, right, [](const auto& one, const auto& other) {
        return one.first == other.first && one.second.exact_quantity == other.second.exact_quantity;
    });
}

template <class Side>
std::vector<BookLevel> levels_of(const Side& side) {
    std::vector<BookLevel> levels;
    levels.reserve(side.size());
    for (const auto& [price, row] : side)
        levels.push_back({.price = row.price, .quantity = row.quantity});
    return levels;
}

} // namespace

SubscribedBook::SubscribedBook(std::string symbol, int depth, std::chrono::seconds patience)
    : symbol_(std::move(symbol))
    , depth_(depth)
    , patience_(patience) {}

void SubscribedBook::begin(VenueGate& gate) {
    gate_ = &gate;
    gate_->ask(question(std::string(subscription_id), '1'));
}

BookSnapshot SubscribedBook::current() {
    {
        const std::scoped_lock lock(mutex_);
        answer_.reset();
        answer_id_ = "now-" + std::to_string(++asked_);
    }
    gate_->ask(question("now-" + std::to_string(asked_), '0'));
    std::unique_lock lock(mutex_);
    const bool came = heard_.wait_for(lock, patience_, [this] { return !wrong_.empty() || same_as_asked(); });
    if (!wrong_.empty()) throw std::runtime_error(wrong_);
    if (!came)
        throw std::runtime_error(answer_ ? "the changes do not lead to the venue's book"
                                         : "the venue does not answer a question for the book");
    return {.md_req_id = {},
            .symbol = symbol_,
            .bids = levels_of(book_.bids()),
            .offers = levels_of(book_.offers())};
}

std::uint64_t SubscribedBook::changes() const {
    const std::scoped_lock lock(mutex_);
    return changes_;
}

void SubscribedBook::on_book(const BookSnapshot& snapshot) {
    {
        const std::scoped_lock lock(mutex_);
        if (snapshot.md_req_id == subscription_id)
            book_.replace(snapshot);
        else if (snapshot.md_req_id == answer_id_)
            answer_.emplace().replace(snapshot);
    }
    heard_.notify_all();
}

void SubscribedBook::on_book_change(const BookChange& change) {
    {
        const std::scoped_lock lock(mutex_);
        ++changes_;
        if (!book_.apply(change)) wrong_ = "a change does not fit to the book that it changes";
    }
    heard_.notify_all();
}

void SubscribedBook::on_message_refused(const MessageRefusal& refusal) {
    {
        const std::scoped_lock lock(mutex_);
        wrong_ = "the venue refused a request for the book: " + refusal.text;
    }
    heard_.notify_all();
}

void SubscribedBook::on_logged_out(std::string_view text) {
    {
        const std::scoped_lock lock(mutex_);
        wrong_ = "the market data session has ended: " + std::string(text);
    }
    heard_.notify_all();
}

BookQuestion SubscribedBook::question(std::string id, char subscription) const {
    return {.md_req_id = std::move(id), .symbol = symbol_, .depth = depth_, .subscription = subscription};
}

bool SubscribedBook::same_as_asked() const {
    return answer_ && same_side(book_.bids(), answer_->bids()) &&
           same_side(book_.offers(), answer_->offers());
}

} // namespace tradehive::trader
