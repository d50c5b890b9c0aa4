#include "trader/market_book.hpp"

#include "domain/decimal.hpp"

namespace tradehive::trader {
namespace {

// Whether the entry fits to what the side holds.
bool change_level(auto& side, const BookEntry& entry) {
    const auto price = exact_number(entry.price);
    if (!price) return false;
    const auto level = side.find(*price);
    if (entry.action == '2') {
        if (level == side.end()) return false;
        side.erase(level);
        return true;
    }
    const auto quantity = exact_number(entry.quantity);
    if (!quantity || *quantity <= 0 || (level == side.end()) != (entry.action == '0')) return false;
    side.insert_or_assign(*price, PriceRow{.price = entry.price,
                                           .quantity = entry.quantity,
                                           .exact_quantity = *quantity,
                                           .orders = entry.orders});
    return true;
}

} // namespace

std::optional<ExactNumber> exact_number(std::string_view text) {
    const auto decimal = parse_decimal(text);
    if (!decimal) return std::nullopt;
    ExactNumber number = decimal->mantissa;
    for (int place = decimal->scale; place < 18; ++place)
        number *= 10;
    return number;
}

void MarketBook::replace(const BookSnapshot& snapshot) {
    symbol_ = snapshot.symbol;
    bids_.clear();
    offers_.clear();
    statistics_.clear();
    for (const auto& entry : snapshot.entries) {
        const bool last_trade = entry.type == '2';
        // The last trade is known already when the same subscription goes on.
        if (last_trade && !trades_.empty() && trades_.front().time == entry.time &&
            trades_.front().price == entry.price)
            continue;
        static_cast<void>(take(entry)); // a level that stands twice in W counts once
    }
}

bool MarketBook::apply(const BookChange& change) {
    for (const auto& entry : change.entries)
        if (entry.symbol == symbol_ && !take(entry)) return false;
    return true;
}

bool MarketBook::take(const BookEntry& entry) {
    if (entry.type == '0') return change_level(bids_, entry);
    if (entry.type == '1') return change_level(offers_, entry);
    if (entry.type == '2')
        trade(entry);
    else if (entry.action == '2')
        statistics_.erase(entry.type);
    else
        statistics_[entry.type] = entry.price.empty() ? entry.quantity : entry.price;
    return true;
}

void MarketBook::trade(const BookEntry& entry) {
    const auto price = exact_number(entry.price);
    if (!price || entry.action == '2') return;
    BookTrade trade{.price = entry.price, .quantity = entry.quantity, .time = entry.time};
    if (!trades_.empty()) {
        const auto before = exact_number(trades_.front().price).value_or(*price);
        trade.direction = *price > before ? 1 : *price < before ? -1 : 0;
    }
    trades_.push_front(std::move(trade));
    if (trades_.size() > most_trades) trades_.pop_back();
}

std::string_view MarketBook::statistic(char type) const {
    const auto found = statistics_.find(type);
    return found == statistics_.end() ? std::string_view{} : std::string_view(found->second);
}

} // namespace tradehive::trader
