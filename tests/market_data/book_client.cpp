#include "tests/market_data/book_client.hpp"

#include "domain/decimal.hpp"

#include <algorithm>
#include <stdexcept>

namespace tradehive::market_data {

namespace {

// As a count of 10^-9, to compare by.
std::int64_t number(const std::string& text) {
    return parse_units(text, Decimal{1, 9}).value();
}

} // namespace

Fields fields_of(std::string_view bytes) {
    Fields fields;
    while (!bytes.empty()) {
        const auto end = bytes.find('\x01');
        const auto field = bytes.substr(0, end);
        const auto equals = field.find('=');
        fields.emplace_back(std::stoi(std::string{field.substr(0, equals)}), field.substr(equals + 1));
        bytes.remove_prefix(end + 1);
    }
    return fields;
}

void BookClient::take(const Body& body) {
    const auto fields = fields_of(body.bytes);
    const int first = body.msg_type == 'W' ? 269 : 279;
    std::vector<Entry> entries;
    std::size_t announced = 0;
    for (const auto& [tag, text] : fields) {
        if (tag == 268) announced = std::stoul(text);
        if (tag == first) entries.emplace_back();
        if (!entries.empty() && !entries.back().emplace(tag, text).second)
            throw std::runtime_error{"a field stands twice: " + body.bytes};
    }
    if (announced != entries.size()) throw std::runtime_error{"268 is wrong: " + body.bytes};
    if (body.msg_type == 'W') return whole(entries);
    for (const Entry& entry : entries)
        change(entry);
}

void BookClient::whole(const std::vector<Entry>& entries) {
    bids_.clear();
    offers_.clear();
    statistics_.clear();
    for (const Entry& entry : entries) {
        const auto& type = entry.at(269);
        if (type == "0" || type == "1") {
            auto& side = type == "0" ? bids_ : offers_;
            side.push_back({by_order_ ? entry.at(37) : (type == "0" ? "B" : "O") + entry.at(270),
                            entry.at(270), entry.at(271), by_order_ ? "" : entry.at(346)});
            if (entry.at(290) != std::to_string(side.size())) throw std::runtime_error{"290 is wrong"};
        } else if (type != "2") { // the last trade is no entry to keep
            statistics_[type] = entry.contains(270) ? entry.at(270) : entry.at(271);
        }
    }
}

void BookClient::change(const Entry& entry) {
    const auto& type = entry.at(269);
    const auto& action = entry.at(279);
    if (type == "0" || type == "1") return change_book(type == "0" ? bids_ : offers_, type == "0", entry);
    if (type == "2") {
        if (action != "0") throw std::runtime_error{"a trade is new"};
        trades_.push_back(entry.at(278));
        return;
    }
    if ((action == "0") == statistics_.contains(type))
        throw std::runtime_error{"a statistic that is new is there, or one that changes is not"};
    if (action == "2")
        statistics_.erase(type);
    else
        statistics_[type] = entry.contains(270) ? entry.at(270) : entry.at(271);
}

void BookClient::change_book(std::vector<Line>& side, bool buys, const Entry& entry) {
    const auto& action = entry.at(279);
    const auto found = std::ranges::find(side, entry.at(278), &Line::id);
    if ((action == "0") != (found == side.end()))
        throw std::runtime_error{"new, and it is there; or not new, and it is not: " + entry.at(278)};
    if (action == "2") {
        side.erase(found);
        return;
    }
    Line line{entry.at(278), entry.at(270), entry.at(271), by_order_ ? "" : entry.at(346)};
    if (action == "1") {
        if (found->price != line.price) throw std::runtime_error{"a change keeps its price"};
        *found = line;
        return;
    }
    // Behind all that are better or as good.
    const auto behind = std::ranges::find_if(side, [&](const Line& other) {
        const auto difference = number(other.price) - number(line.price);
        return buys ? difference < 0 : difference > 0;
    });
    side.insert(behind, line);
}

std::vector<std::string> BookClient::lines(const std::vector<Line>& side) const {
    std::vector<std::string> lines;
    for (const Line& line : side)
        lines.push_back(line.price + " " + line.quantity + " " + (by_order_ ? "#" + line.id : line.orders));
    return lines;
}

} // namespace tradehive::market_data
