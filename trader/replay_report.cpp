#include "trader/replay_report.hpp"

#include "trader/words.hpp"

#include <algorithm>
#include <ostream>

#include <boost/json.hpp>

namespace tradehive::trader {

std::vector<std::string> unmet(const ReplayFigures& figures, const ReplayBounds& bounds) {
    std::vector<std::string> sentences;
    const auto must = [&](bool holds, const std::string& what, std::size_t found) {
        if (!holds) sentences.push_back(what + ", but it is " + std::to_string(found));
    };
    const auto& book = figures.book;
    const bool whole = figures.rows >= bounds.whole_rows;
    must(figures.corrections.size() <= bounds.most_corrections,
         "corrections must be at most " + std::to_string(bounds.most_corrections),
         figures.corrections.size());
    must(book.first_different_row == 0 || book.first_different_row >= bounds.first_row_that_may_differ,
         "the first row whose best bid or offer differs must be " +
             std::to_string(bounds.first_row_that_may_differ) + " or later",
         book.first_different_row);
    const auto most_different = bounds.whole_observable - bounds.least_equal;
    must(book.compared - book.equal <= most_different,
         "rows whose best bid or offer differs must be at most " + std::to_string(most_different),
         book.compared - book.equal);
    must(book.compared + book.lost == figures.observable && book.compared > 0,
         "each of " + std::to_string(figures.observable) + " observable rows must have been compared",
         book.compared);
    must(book.deep_equal == book.deep_compared,
         "each deep row must be equal; they are " + std::to_string(book.deep_compared) +
             " and equal are fewer",
         book.deep_equal);
    must(figures.groups_right == figures.groups,
         "price and quantity must be right in all " + std::to_string(figures.groups) + " groups",
         figures.groups_right);
    must(figures.groups - figures.groups_same_orders <= bounds.most_other_orders,
         "groups with other orders must be at most " + std::to_string(bounds.most_other_orders),
         figures.groups - figures.groups_same_orders);
    must(figures.leaves_different == 0, "no cancel may find another LeavesQty", figures.leaves_different);
    must(figures.filled_on_entry == 0, "no order may fill on entry", figures.filled_on_entry);
    must(figures.exec_conflicts == 0, "no ExecID may stand for two things", figures.exec_conflicts);
    must(figures.faults.empty(), "there must be no other fault", figures.faults.size());
    if (!whole) return sentences;
    must(figures.observable == bounds.whole_observable,
         "observable rows must be " + std::to_string(bounds.whole_observable), figures.observable);
    must(figures.groups == bounds.whole_groups, "groups must be " + std::to_string(bounds.whole_groups),
         figures.groups);
    must(book.deep_compared + book.lost >= bounds.whole_deep,
         "deep rows must be " + std::to_string(bounds.whole_deep), book.deep_compared);
    return sentences;
}

std::string to_json(const ReplayFigures& figures, const std::vector<std::string>& unmet,
                    const std::string& stopped) {
    const auto& book = figures.book;
    const auto list = [](const auto& values) { return boost::json::array(values.begin(), values.end()); };
    const boost::json::object report{
        {"rows", figures.rows},
        {"rows_observable", figures.observable},
        {"rows_compared", book.compared},
        {"rows_equal", book.equal},
        {"rows_lost", book.lost},
        {"first_different_row", book.first_different_row},
        {"deep_rows_compared", book.deep_compared},
        {"deep_rows_equal", book.deep_equal},
        {"groups", figures.groups},
        {"groups_price_and_quantity_right", figures.groups_right},
        {"groups_same_orders", figures.groups_same_orders},
        {"corrections", list(figures.corrections)},
        {"cancels", figures.cancels},
        {"cancels_leaves_different", figures.leaves_different},
        {"rows_skipped", figures.skipped},
        {"filled_on_entry", figures.filled_on_entry},
        {"commands", figures.commands},
        {"reports_repeated", figures.repeats},
        {"exec_id_conflicts", figures.exec_conflicts},
        {"reconnects", figures.reconnects},
        {"seconds", figures.seconds},
        {"faults", list(figures.faults)},
        {"unmet", list(unmet)},
        {"stopped", stopped},
    };
    return boost::json::serialize(report) + "\n";
}

void print_figures(std::ostream& out, const ReplayFigures& figures) {
    const auto& book = figures.book;
    const auto rate = figures.seconds > 0 ? static_cast<double>(figures.commands) / figures.seconds : 0.0;
    out << "rows " << figures.rows << ", observable " << figures.observable
        << ", best bid and offer equal in " << book.equal << " of " << book.compared;
    if (book.first_different_row != 0) out << ", first different row " << book.first_different_row;
    if (book.lost != 0) out << ", answers lost " << book.lost;
    out << "\ndeep rows equal " << book.deep_equal << " of " << book.deep_compared << "\ngroups "
        << figures.groups << ", price and quantity right " << figures.groups_right << ", same orders at once "
        << figures.groups_same_orders << ", corrections " << figures.corrections.size();
    for (std::size_t at = 0; at < figures.corrections.size(); ++at)
        out << (at == 0 ? " at rows " : ", ") << figures.corrections[at];
    out << "\ncancels " << figures.cancels << ", LeavesQty different " << figures.leaves_different
        << ", rows skipped " << figures.skipped << ", filled on entry " << figures.filled_on_entry
        << "\ncommands " << figures.commands << " in " << figures.seconds << " s, "
        << static_cast<std::int64_t>(rate) << " a second; reconnects " << figures.reconnects
        << ", reports repeated " << figures.repeats << '\n';
    for (const auto& fault : figures.faults)
        out << "fault: " << fault << '\n';
}

void print_fates(std::ostream& out, const std::vector<SentOrder>& orders) {
    for (const auto& order : orders)
        out << order.entry.cl_ord_id << ' ' << status_word(order.ord_status) << " cum=" << order.cum_qty
            << " leaves=" << order.leaves_qty << '\n';
}

} // namespace tradehive::trader
