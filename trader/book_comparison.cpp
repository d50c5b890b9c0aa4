#include "trader/book_comparison.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

namespace tradehive::trader {
namespace {

constexpr int deep_depth = 50; // the largest but "all" that MarketDepth(264) may ask for

std::span<const Level> first_of(const std::vector<Level>& levels, std::size_t count) {
    return std::span(levels).first(std::min(count, levels.size()));
}

bool same_levels(const BookRow& left, const BookRow& right, std::size_t count) {
    return std::ranges::equal(first_of(left.bids, count), first_of(right.bids, count)) &&
           std::ranges::equal(first_of(left.offers, count), first_of(right.offers, count));
}

bool read_levels(const std::vector<BookLevel>& from, const Steps& steps, std::vector<Level>& into) {
    for (const auto& level : from) {
        const auto ticks = parse_units(level.price, steps.tick);
        const auto lots = parse_units(level.quantity, steps.lot);
        if (!ticks || !lots) return false;
        into.push_back({.ticks = *ticks, .lots = *lots});
    }
    return true;
}

} // namespace

BookComparison::BookComparison(Settings settings, std::vector<BookRow> tops, std::vector<BookRow> deep)
    : settings_(std::move(settings))
    , tops_(std::move(tops))
    , deep_(std::move(deep)) {}

BookQuestion BookComparison::ask(std::optional<std::size_t> row, std::uint64_t commands_sent) {
    const bool deep = !row || has_deep(*row);
    const auto number = next_number_++;
    open_.push_back({.number = number, .row = row, .commands = commands_sent, .deep = deep});
    if (row) ++figures_.asked;
    return {.md_req_id = settings_.prefix + std::to_string(number),
            .symbol = settings_.symbol,
            .depth = deep ? deep_depth : 1};
}

std::string BookComparison::hear(const BookSnapshot& snapshot) {
    std::uint64_t number{};
    const auto id = std::string_view(snapshot.md_req_id);
    if (!id.starts_with(settings_.prefix)) return "MDReqID is not one of ours: " + snapshot.md_req_id;
    const auto digits = id.substr(settings_.prefix.size());
    if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc{})
        return "MDReqID is not one of ours: " + snapshot.md_req_id;
    if (open_.empty() || number < open_.front().number) return {}; // a repeat
    const auto answered = std::ranges::find(open_, number, &Question::number);
    if (answered == open_.end()) return "MDReqID was never sent: " + snapshot.md_req_id;

    BookRow book;
    if (!read_levels(snapshot.bids, settings_.steps, book.bids) ||
        !read_levels(snapshot.offers, settings_.steps, book.offers))
        return "a level's price or quantity is missing or not a whole number of ticks or lots";
    const auto answer = *answered;
    for (bool last = false; !last;) {
        const auto question = open_.front();
        open_.pop_front();
        last = question.number == number;
        if (!question.row) continue;
        if (question.commands == answer.commands && (answer.deep || !question.deep))
            compare(*question.row, book, question.deep);
        else
            ++figures_.lost;
    }
    return {};
}

void BookComparison::compare(std::size_t row, const BookRow& book, bool deep) {
    if (row < tops_.size()) {
        ++figures_.compared;
        if (same_levels(book, tops_[row], 1))
            ++figures_.equal;
        else if (figures_.first_different_row == 0)
            figures_.first_different_row = row + 1;
    }
    if (deep) {
        ++figures_.deep_compared;
        if (same_levels(book, deep_[row], settings_.levels)) ++figures_.deep_equal;
    }
}

} // namespace tradehive::trader
