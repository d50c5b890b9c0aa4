// A client that knows nothing but what fix-spec/market-data.md says of W and X, and keeps a book by it. It
// reads bytes, and throws when they tell of something that cannot be: a delete of what is not there, and the
// like.
#pragma once

#include "acceptor/market_data/body.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tradehive::market_data {

using Fields = std::vector<std::pair<int, std::string>>;

[[nodiscard]] Fields fields_of(std::string_view bytes);

class BookClient {
public:
    explicit BookClient(bool by_order)
        : by_order_{by_order} {}

    void take(const Body& body);

    // "100.00 3.0000 2" a level, "100.00 3.0000 #17" an order; best first.
    [[nodiscard]] std::vector<std::string> bids() const { return lines(bids_); }
    [[nodiscard]] std::vector<std::string> offers() const { return lines(offers_); }
    // "4" → "100.00"; a statistic that there is.
    [[nodiscard]] const std::map<std::string, std::string>& statistics() const { return statistics_; }
    // Ids of the trades in X.
    [[nodiscard]] const std::vector<std::string>& trades() const { return trades_; }

private:
    struct Line {
        std::string id;
        std::string price;
        std::string quantity;
        std::string orders;
    };
    using Entry = std::map<int, std::string>;

    void whole(const std::vector<Entry>& entries);
    void change(const Entry& entry);
    void change_book(std::vector<Line>& side, bool buys, const Entry& entry);
    [[nodiscard]] std::vector<std::string> lines(const std::vector<Line>& side) const;

    bool by_order_;
    std::vector<Line> bids_;
    std::vector<Line> offers_;
    std::map<std::string, std::string> statistics_;
    std::vector<std::string> trades_;
};

} // namespace tradehive::market_data
