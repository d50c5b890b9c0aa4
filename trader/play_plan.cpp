#include "trader/play_plan.hpp"

#include "domain/decimal.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <stdexcept>

namespace tradehive::trader {
namespace {

// The frame, and what only a repeat or a relayed message carries.
constexpr std::array left_out{8, 9, 10, 34, 35, 43, 49, 50, 52, 56, 57, 97, 115, 122, 128, 142, 143, 369};

bool good_cl_ord_id(std::string_view id) {
    constexpr std::size_t longest = 36;
    return !id.empty() && id.size() <= longest && std::ranges::all_of(id, [](unsigned char character) {
        return std::isalnum(character) != 0 || character == '.' || character == '_' || character == '-';
    });
}

class FreshIds {
public:
    explicit FreshIds(const PlaySettings& settings)
        : settings_(settings) {}

    void hear(const FixText& message) {
        if (message.msg_type() == "8" && message.has(37) && message.has(11))
            cl_ord_id_of_[std::string(message[37])] = message[11];
    }

    // Whether it names an order that nobody has heard of.
    bool rewrite(FixText& message) {
        const bool asks = message.msg_type() == "H"; // its 11 names an order
        bool unknown = false;
        if (message.has(37)) {
            const auto named = cl_ord_id_of_.find(std::string(message[37]));
            unknown = named == cl_ord_id_of_.end();
            if (!unknown) {
                message.remove(37);
                const int name_tag = asks ? 11 : 41;
                if (!message.has(name_tag)) message.set(name_tag, named->second);
            }
        }
        for (auto& field : message.fields) {
            if (field.tag == 1 && !settings_.account.empty()) field.value = settings_.account;
            if (field.tag == 41 || (field.tag == 11 && asks)) {
                const auto known = fresh_.find(field.value);
                if (known == fresh_.end())
                    unknown = true;
                else
                    field.value = known->second;
            }
        }
        if (!asks && message.has(11)) message.set(11, fresh(std::string(message[11])));
        return unknown;
    }

private:
    std::string fresh(const std::string& recorded) {
        if (!good_cl_ord_id(recorded)) return recorded;
        const auto [place, first] = fresh_.try_emplace(recorded);
        if (first) place->second = settings_.prefix + std::to_string(fresh_.size());
        return place->second;
    }

    const PlaySettings& settings_;
    std::map<std::string, std::string> fresh_;        // recorded ClOrdID → ours
    std::map<std::string, std::string> cl_ord_id_of_; // recorded OrderID → recorded ClOrdID, the newest
};

void must_be_one_session(const std::vector<RecordedMessage>& recorded) {
    std::set<std::string> names;
    for (const auto& message : recorded)
        names.insert(message.session);
    if (names.size() < 2) return;
    std::string list;
    for (const auto& name : names)
        list += (list.empty() ? "" : ", ") + name;
    throw std::runtime_error("there are several sessions in it (" + list + "); choose one with --session");
}

} // namespace

PlayPlan plan_play(const std::vector<RecordedMessage>& recorded, const PlaySettings& settings) {
    must_be_one_session(recorded);
    PlayPlan plan;
    FreshIds ids(settings);
    std::int64_t first = 0;
    for (const auto& line : recorded) {
        const auto& message = line.message;
        if (line.direction == Direction::from_venue) {
            ids.hear(message);
            continue;
        }
        if (is_session_message(message.msg_type())) continue;
        if (message[43] == "Y") {
            ++plan.repeats;
            continue;
        }
        FixText body;
        body.fields.push_back({.tag = 35, .value = std::string(message.msg_type())});
        for (const auto& field : message.fields)
            if (std::ranges::find(left_out, field.tag) == left_out.end() && !is_secret(field.tag))
                body.fields.push_back(field);
        if (ids.rewrite(body)) ++plan.unknown_orders;
        if (plan.messages.empty()) first = line.microseconds;
        plan.messages.push_back(
            {.offset = std::chrono::microseconds(std::max<std::int64_t>(0, line.microseconds - first)),
             .message = std::move(body)});
    }
    return plan;
}

PlaySpeed PlaySpeed::parse(const std::string& text) {
    PlaySpeed speed;
    if (text == "max") {
        speed.numerator_ = 0;
        return speed;
    }
    constexpr std::int64_t most = 1'000'000; // keeps the products below in range
    constexpr std::uint8_t most_decimals = 6;
    const auto number = parse_decimal(text);
    if (!number || number->mantissa <= 0 || number->mantissa > most || number->scale > most_decimals)
        throw std::invalid_argument("--speed must be max or a decimal above zero, as in 0.5 or 10, but is '" +
                                    text + "'");
    speed.numerator_ = number->mantissa;
    for (std::uint8_t place = 0; place < number->scale; ++place)
        speed.denominator_ *= 10;
    return speed;
}

std::chrono::microseconds PlaySpeed::stretched(std::chrono::microseconds offset) const {
    if (numerator_ == 0) return std::chrono::microseconds(0);
    const auto count = offset.count();
    return std::chrono::microseconds(count / numerator_ * denominator_ +
                                     count % numerator_ * denominator_ / numerator_);
}

} // namespace tradehive::trader
