#include "trader/ladder_view.hpp"

#include "trader/fix_text.hpp"

#include <algorithm>
#include <string_view>

namespace tradehive::trader {
namespace {

constexpr std::string_view bid_colour = "\033[32m";
constexpr std::string_view offer_colour = "\033[31m";
constexpr std::string_view faint = "\033[2m";
constexpr std::string_view strong = "\033[1m";
constexpr std::string_view warning = "\033[33m";
constexpr std::string_view plain = "\033[0m";

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

// One line that never gets wider than it may.
class Line {
public:
    Line(std::size_t columns, bool colours)
        : left_(columns)
        , colours_(colours) {}

    Line& add(std::string_view text, std::string_view colour = {}) {
        std::size_t end = 0;
        while (end < text.size() && left_ > 0) {
            --left_;
            do
                ++end;
            while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U);
        }
        const bool paint = colours_ && !colour.empty() && end > 0;
        if (paint) text_ += colour;
        text_ += text.substr(0, end);
        if (paint) text_ += plain;
        return *this;
    }
    Line& right(std::string_view text, std::size_t width, std::string_view colour = {}) {
        const auto size = characters(text);
        return add(std::string(width > size ? width - size : 0, ' ')).add(text, colour);
    }
    Line& left(std::string_view text, std::size_t width, std::string_view colour = {}) {
        const auto size = characters(text);
        return add(text, colour).add(std::string(width > size ? width - size : 0, ' '));
    }
    [[nodiscard]] std::string take() {
        const auto end = text_.find_last_not_of(' ');
        text_.erase(end == std::string::npos ? 0 : end + 1);
        return std::move(text_);
    }

private:
    std::size_t left_;
    bool colours_;
    std::string text_;
};

std::string bar(ExactNumber quantity, ExactNumber most, std::size_t width) {
    if (most <= 0 || width == 0) return {};
    const auto length =
        std::max<std::size_t>(1, static_cast<std::size_t>(quantity / (most / static_cast<int>(width) + 1)));
    std::string text;
    for (std::size_t place = 0; place < std::min(length, width); ++place)
        text += "█";
    return text;
}

struct Widths {
    std::size_t price{};
    std::size_t quantity{};
    std::size_t bar{};
    std::size_t trades{}; // 0: no room for them
};

class Ladder {
public:
    Ladder(const MarketBook& book, const LadderState& state, WindowSize size)
        : book_(book)
        , state_(state)
        , columns_(static_cast<std::size_t>(std::max(size.columns, 1)))
        , rows_(static_cast<std::size_t>(std::max(size.rows, 1))) {
        constexpr std::size_t head = 4; // title, figures, heading, spread
        levels_ = rows_ > head + 1 ? (rows_ - head) / 2 : 1;
        collect(book_.bids(), bids_);
        collect(book_.offers(), offers_);
        widths_ = widths();
    }

    std::vector<std::string> lines() {
        title();
        figures();
        heading();
        for (auto place = levels_; place-- > 0;)
            level(place < offers_.size() ? offers_[place] : nullptr, false);
        spread();
        for (std::size_t place = 0; place < levels_; ++place)
            level(place < bids_.size() ? bids_[place] : nullptr, true);
        if (lines_.size() > rows_) lines_.resize(rows_);
        return std::move(lines_);
    }

private:
    void collect(const auto& side, std::vector<const PriceRow*>& rows) {
        for (const auto& [price, row] : side) {
            if (rows.size() == levels_) break;
            rows.push_back(&row);
            most_ = std::max(most_, row.exact_quantity);
        }
    }

    [[nodiscard]] Widths widths() const {
        Widths found{.price = 9, .quantity = 8};
        for (const auto* rows : {&bids_, &offers_})
            for (const auto* row : *rows) {
                found.price = std::max(found.price, row->price.size());
                found.quantity = std::max(found.quantity, row->quantity.size());
            }
        constexpr std::size_t time = 8;
        constexpr std::size_t least_bar = 6;
        const auto ladder = found.price + 2 * found.quantity + 6;
        auto trades = time + found.price + found.quantity + 5;
        if (ladder + 2 * least_bar + trades > columns_) trades = 0;
        found.trades = trades;
        found.bar = columns_ > ladder + trades ? (columns_ - ladder - trades) / 2 : 0;
        return found;
    }

    [[nodiscard]] Line line() const { return {columns_, state_.colours}; }

    void title() {
        auto text = line();
        text.add(printable(state_.symbol), strong);
        if (!book_.trades().empty()) {
            const auto& last = book_.trades().front();
            text.add("  last ").add(last.price, colour_of(last)).add(arrow_of(last), colour_of(last));
        }
        if (!state_.note.empty()) text.add("  ").add(printable(state_.note), warning);
        lines_.push_back(text.take());
    }

    void figures() {
        auto text = line();
        for (const auto& [name, type] :
             {std::pair{"open", '4'}, std::pair{"high", '7'}, std::pair{"low", '8'}, std::pair{"volume", 'B'},
              std::pair{"yesterday", '5'}})
            if (const auto value = book_.statistic(type); !value.empty())
                text.add(name, faint).add(" ").add(value).add("  ");
        lines_.push_back(text.take());
    }

    void heading() {
        auto text = line();
        text.right("bid", widths_.bar + 1 + widths_.quantity, faint)
            .right("price", widths_.price + 2, faint)
            .add("  ")
            .left("offer", widths_.quantity + 1 + widths_.bar, faint);
        if (widths_.trades > 0) text.add("  ").left("trades", widths_.trades, faint);
        lines_.push_back(text.take());
    }

    void level(const PriceRow* row, bool bid) {
        auto text = line();
        const auto colour = bid ? bid_colour : offer_colour;
        const auto bars = row == nullptr ? std::string{} : bar(row->exact_quantity, most_, widths_.bar);
        const std::string_view quantity =
            row == nullptr ? std::string_view{} : std::string_view(row->quantity);
        text.right(bid ? bars : "", widths_.bar, colour)
            .add(" ")
            .right(bid ? quantity : std::string_view{}, widths_.quantity)
            .add("  ")
            .right(row == nullptr ? std::string_view{} : std::string_view(row->price), widths_.price, colour)
            .add("  ")
            .right(bid ? std::string_view{} : quantity, widths_.quantity)
            .add(" ")
            .left(bid ? "" : bars, widths_.bar, colour);
        finish(text);
    }

    void spread() {
        auto text = line();
        std::string words = "no " + std::string(bids_.empty() && offers_.empty() ? "orders"
                                                : bids_.empty()                  ? "bids"
                                                                                 : "offers");
        if (!bids_.empty() && !offers_.empty())
            words = "spread " + difference_text(offers_.front()->price, bids_.front()->price);
        const auto room = 2 * (widths_.bar + widths_.quantity + 3) + widths_.price;
        const auto before = room > words.size() ? (room - words.size()) / 2 : 0;
        text.add(std::string(before, ' ')).left(words, room - std::min(room, before), faint);
        finish(text);
    }

    // The trade that stands beside this row of the ladder.
    void finish(Line& text) {
        if (widths_.trades > 0 && next_trade_ < book_.trades().size()) {
            const auto& trade = book_.trades()[next_trade_++];
            text.add("  ")
                .left(trade.time.substr(0, 8), 8, faint)
                .right(trade.price, widths_.price + 1, colour_of(trade))
                .right(trade.quantity, widths_.quantity + 1);
        }
        lines_.push_back(text.take());
    }

    static std::string_view colour_of(const BookTrade& trade) {
        return trade.direction > 0 ? bid_colour : trade.direction < 0 ? offer_colour : std::string_view{};
    }
    static std::string_view arrow_of(const BookTrade& trade) {
        return trade.direction > 0 ? " ▲" : trade.direction < 0 ? " ▼" : "";
    }

    const MarketBook& book_;
    const LadderState& state_;
    std::size_t columns_;
    std::size_t rows_;
    std::size_t levels_{};
    std::vector<const PriceRow*> bids_;
    std::vector<const PriceRow*> offers_;
    ExactNumber most_{};
    Widths widths_;
    std::size_t next_trade_{};
    std::vector<std::string> lines_;
};

} // namespace

std::string difference_text(const std::string& high, const std::string& low) {
    const auto one = exact_number(high);
    const auto other = exact_number(low);
    if (!one || !other) return "?";
    const auto decimals_of = [](const std::string& text) {
        const auto point = text.find('.');
        return point == std::string::npos ? std::size_t{0} : text.size() - point - 1;
    };
    const auto decimals = std::max(decimals_of(high), decimals_of(low));
    auto difference = *one - *other;
    const bool negative = difference < 0;
    if (negative) difference = -difference;
    for (auto place = decimals; place < 18; ++place)
        difference /= 10;
    std::string text;
    while (difference > 0 || text.size() <= decimals) {
        text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(difference % 10)));
        difference /= 10;
    }
    if (decimals > 0) text.insert(text.size() - decimals, 1, '.');
    return negative ? "-" + text : text;
}

std::vector<std::string> ladder_lines(const MarketBook& book, const LadderState& state, WindowSize size) {
    return Ladder(book, state, size).lines();
}

} // namespace tradehive::trader
