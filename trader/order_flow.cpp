#include "trader/order_flow.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace tradehive::trader {

OrderFlow group_executions(std::vector<FlowRow> rows) {
    OrderFlow flow;
    flow.steps.resize(rows.size());
    std::map<std::pair<std::string, Side>, std::size_t> groups;
    for (std::size_t number = 0; number < rows.size(); ++number) {
        const auto& row = rows[number];
        if (row.type != FlowType::execute) continue;
        const auto [known, is_new] = groups.try_emplace({row.seconds, row.side}, flow.groups.size());
        if (is_new) {
            flow.steps[number].group = static_cast<std::ptrdiff_t>(flow.groups.size());
            flow.groups.push_back({.rows = {}, .resting = row.side, .lots = 0, .worst_ticks = row.ticks});
        } else {
            flow.steps[number].in_group = true;
        }
        auto& group = flow.groups[known->second];
        group.rows.push_back(number);
        group.lots += row.lots;
        group.worst_ticks = row.side == Side::buy ? std::min(group.worst_ticks, row.ticks)
                                                  : std::max(group.worst_ticks, row.ticks);
    }
    for (const auto& group : flow.groups)
        for (auto row = group.rows.front(); row < group.rows.back(); ++row)
            flow.steps[row].observable = false;
    flow.rows = std::move(rows);
    return flow;
}

BookRow book_before(const BookRow& after_first, const FlowRow& first) {
    auto before = after_first;
    if (first.type != FlowType::enter) return before;
    auto& levels = first.side == Side::buy ? before.bids : before.offers;
    const auto level = std::ranges::find(levels, first.ticks, &Level::ticks);
    if (level == levels.end()) return before;
    level->lots -= first.lots;
    if (level->lots <= 0) levels.erase(level);
    return before;
}

} // namespace tradehive::trader
