#include "trader/console.hpp"

#include "trader/words.hpp"

#include <charconv>
#include <utility>

namespace tradehive::trader {
namespace {

std::string order_words(const OrderEntry& entry) {
    auto words = std::string(side_word(entry.side)) + ' ' + entry.order_qty + ' ' + entry.symbol;
    return words + (entry.price.empty() ? " market" : " @ " + entry.price);
}

} // namespace

std::string describe(const Report& report) {
    auto line = exec_word(report.exec_type) + ": ";
    if (report.exec_type == 'F') {
        line += report.last_qty + " @ " + report.last_px;
        if (!report.trade_id.empty()) line += ", trade " + report.trade_id;
        if (!report.fee.empty()) line += ", fee " + report.fee;
    } else {
        line += std::string(report.side == '2' ? "sell " : "buy ");
        if (!report.order_qty.empty()) line += report.order_qty + ' '; // a refused one may have none
        line += report.symbol;
        if (!report.price.empty()) line += " @ " + report.price;
    }
    line += ", " + std::string(status_word(report.ord_status)) + ", filled " + report.cum_qty + ", leaves " +
            report.leaves_qty;
    if (report.exec_type == 'F' || report.exec_type == 'I') line += ", average " + report.avg_px;
    line += ", OrderID " + report.order_id + ", ClOrdID " + report.cl_ord_id;
    if (!report.text.empty()) line += ": " + report.text;
    if (report.poss_dup || report.poss_resend) line += " (sent again)";
    return line;
}

Console::Console(std::string prefix, std::string account, Printer print)
    : prefix_(std::move(prefix))
    , account_(std::move(account))
    , print_(std::move(print)) {}

void Console::print(const std::string& line) {
    print_(line);
}

bool Console::take_line(std::string_view line, VenueGate& gate) {
    const auto parsed = parse_console_line(line);
    if (!parsed) {
        print("? " + parsed.error());
        return true;
    }
    struct Visitor {
        Console& console;
        VenueGate& gate;
        bool operator()(const EmptyLine&) const { return true; }
        bool operator()(const QuitLine&) const { return false; }
        bool operator()(const EnterLine& entered) const { return console.enter(entered, gate), true; }
        bool operator()(const CancelLine& entered) const { return console.cancel(entered, gate), true; }
        bool operator()(const ReplaceLine& entered) const { return console.replace(entered, gate), true; }
        bool operator()(const StatusLine& entered) const { return console.ask_status(entered, gate), true; }
        bool operator()(const BookLine& entered) const { return console.ask_book(entered, gate), true; }
        bool operator()(const OrdersLine&) const { return console.list_orders(), true; }
        bool operator()(const HelpLine&) const {
            auto help = std::string(console_help());
            help.pop_back();
            return console.print(help), true;
        }
    };
    return std::visit(Visitor{*this, gate}, *parsed);
}

bool Console::wait_for_answers(std::chrono::seconds at_most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, at_most, [this] { return unanswered_ == 0; });
}

void Console::recall(const std::vector<OrderEntry>& orders, VenueGate& gate) {
    for (const auto& entry : orders) {
        {
            const std::scoped_lock lock(mutex_);
            expect_answer(entry.cl_ord_id, orders_.size());
            orders_.push_back({.entry = entry,
                               .cl_ord_id = entry.cl_ord_id,
                               .leaves_qty = entry.order_qty,
                               .recalled = true});
        }
        gate.ask(StatusQuestion{.cl_ord_id = entry.cl_ord_id,
                                .account = entry.account,
                                .symbol = entry.symbol,
                                .side = entry.side});
    }
}

std::vector<OrderEntry> Console::open_orders() const {
    const std::scoped_lock lock(mutex_);
    std::vector<OrderEntry> open;
    for (const auto& order : orders_) {
        const bool rests = order.ord_status == '0' || order.ord_status == '1';
        if (!rests && !order.recalled) continue;
        open.push_back(order.entry);
        open.back().cl_ord_id = order.cl_ord_id;
    }
    return open;
}

void Console::know_symbol(const std::string& symbol) {
    const std::scoped_lock lock(mutex_);
    symbols_.insert(symbol);
}

ConsoleVocabulary Console::vocabulary() const {
    ConsoleVocabulary known;
    for (const auto& order : open_orders())
        known.open_orders.push_back(order.cl_ord_id);
    const std::scoped_lock lock(mutex_);
    known.symbols.assign(symbols_.begin(), symbols_.end());
    return known;
}

std::string Console::next_id() {
    return prefix_ + std::to_string(++counter_);
}

std::size_t Console::find_order(const std::string& id) const {
    std::size_t number{};
    const auto* const end = id.data() + id.size();
    const auto [stopped, error] = std::from_chars(id.data(), end, number);
    if (error == std::errc{} && stopped == end && number >= 1 && number <= orders_.size()) return number - 1;
    const auto asked = asked_.find(id);
    return asked == asked_.end() ? orders_.size() : asked->second.order;
}

void Console::expect_answer(const std::string& id, std::size_t order) {
    asked_.insert_or_assign(id, Asked{.order = order, .answered = false});
    ++unanswered_;
}

void Console::answered(const std::string& id) {
    const auto asked = asked_.find(id);
    if (asked == asked_.end() || std::exchange(asked->second.answered, true)) return;
    --unanswered_;
}

void Console::enter(const EnterLine& line, VenueGate& gate) {
    OrderEntry entry;
    {
        const std::scoped_lock lock(mutex_);
        entry = {.cl_ord_id = next_id(),
                 .account = account_,
                 .symbol = line.symbol,
                 .side = line.side,
                 .ord_type = line.ord_type,
                 .time_in_force = line.time_in_force,
                 .order_qty = line.order_qty,
                 .price = line.price};
        expect_answer(entry.cl_ord_id, orders_.size());
        orders_.push_back({.entry = entry, .cl_ord_id = entry.cl_ord_id, .leaves_qty = line.order_qty});
    }
    gate.enter(entry);
}

void Console::cancel(const CancelLine& line, VenueGate& gate) {
    OrderCancel cancel;
    {
        const std::scoped_lock lock(mutex_);
        const auto order = find_order(line.id);
        if (order == orders_.size()) return print("? no order " + line.id + "; type orders");
        const auto& known = orders_[order];
        cancel = {.cl_ord_id = next_id(),
                  .orig_cl_ord_id = known.cl_ord_id,
                  .account = known.entry.account,
                  .symbol = known.entry.symbol,
                  .side = known.entry.side,
                  .order_qty = known.entry.order_qty};
        expect_answer(cancel.cl_ord_id, order);
    }
    gate.cancel(cancel);
}

void Console::replace(const ReplaceLine& line, VenueGate& gate) {
    OrderReplace replace;
    {
        const std::scoped_lock lock(mutex_);
        const auto order = find_order(line.id);
        if (order == orders_.size()) return print("? no order " + line.id + "; type orders");
        const auto& known = orders_[order];
        replace.orig_cl_ord_id = known.cl_ord_id;
        replace.order = known.entry;
        replace.order.cl_ord_id = next_id();
        replace.order.order_qty = line.order_qty;
        replace.order.price = line.price;
        expect_answer(replace.order.cl_ord_id, order);
    }
    gate.replace(replace);
}

void Console::ask_status(const StatusLine& line, VenueGate& gate) {
    StatusQuestion question;
    {
        const std::scoped_lock lock(mutex_);
        const auto order = find_order(line.id);
        if (order == orders_.size()) return print("? no order " + line.id + "; type orders");
        const auto& known = orders_[order];
        question = {.cl_ord_id = known.cl_ord_id,
                    .account = known.entry.account,
                    .symbol = known.entry.symbol,
                    .side = known.entry.side};
        expect_answer(question.cl_ord_id, order);
    }
    gate.ask(question);
}

void Console::ask_book(const BookLine& line, VenueGate& gate) {
    BookQuestion question;
    {
        const std::scoped_lock lock(mutex_);
        question = {.md_req_id = next_id(), .symbol = line.symbol, .depth = line.depth};
        expect_answer(question.md_req_id, orders_.size());
    }
    gate.ask(question);
}

void Console::list_orders() {
    const std::scoped_lock lock(mutex_);
    std::size_t listed = 0;
    for (std::size_t number = 0; number < orders_.size(); ++number) {
        const auto& order = orders_[number];
        if (order.forgotten) continue;
        ++listed;
        print("#" + std::to_string(number + 1) + ' ' + order_words(order.entry) + ", " +
              std::string(status_word(order.ord_status)) + ", filled " + order.cum_qty + ", leaves " +
              order.leaves_qty + ", ClOrdID " + order.cl_ord_id);
    }
    if (listed == 0) print("no orders yet");
}

std::string Console::name_of(const std::string& cl_ord_id) const {
    const auto asked = asked_.find(cl_ord_id);
    if (asked == asked_.end() || asked->second.order >= orders_.size()) return cl_ord_id;
    return "#" + std::to_string(asked->second.order + 1);
}

// An order that never rests has its answer when it is over.
bool Console::may_go_on(const Report& report) const {
    const auto asked = asked_.find(report.cl_ord_id);
    if (asked == asked_.end() || asked->second.order >= orders_.size()) return false;
    const auto time_in_force = orders_[asked->second.order].entry.time_in_force;
    const bool rests = time_in_force == TimeInForce::day || time_in_force == TimeInForce::good_till_cancel;
    return !rests && (report.ord_status == '0' || report.ord_status == '1') && report.exec_type != 'I';
}

// Of an order of an earlier run that has ended, or that this venue does not know.
bool Console::forgets(const Report& report) {
    const auto asked = asked_.find(report.cl_ord_id);
    if (asked == asked_.end() || asked->second.order >= orders_.size()) return false;
    auto& order = orders_[asked->second.order];
    const bool open = report.ord_status == '0' || report.ord_status == '1';
    if (!order.recalled || open || report.exec_type != 'I') return false;
    order.recalled = false;
    order.ord_status = report.ord_status;
    order.forgotten = true;
    return true;
}

void Console::remember(const Report& report) {
    const auto asked = asked_.find(report.cl_ord_id);
    if (asked == asked_.end() || asked->second.order >= orders_.size()) return;
    auto& order = orders_[asked->second.order];
    order.recalled = false;
    order.ord_status = report.ord_status;
    order.cum_qty = report.cum_qty;
    order.leaves_qty = report.leaves_qty;
    if (report.exec_type != '5') return;
    order.cl_ord_id = report.cl_ord_id;
    order.entry.order_qty = report.order_qty;
    order.entry.price = report.price;
}

void Console::on_report(const Report& report) {
    {
        const std::scoped_lock lock(mutex_);
        if (report.ord_status != '8' && !report.symbol.starts_with('[')) symbols_.insert(report.symbol);
        if (!forgets(report)) {
            remember(report);
            print(name_of(report.cl_ord_id) + ' ' + describe(report));
        }
        if (!may_go_on(report)) answered(report.cl_ord_id);
    }
    changed_.notify_all();
}

void Console::on_cancel_refused(const CancelRefusal& refusal) {
    {
        const std::scoped_lock lock(mutex_);
        print(name_of(refusal.cl_ord_id) + " refused: " + refusal.text + ", order is " +
              std::string(status_word(refusal.ord_status)));
        answered(refusal.cl_ord_id);
    }
    changed_.notify_all();
}

void Console::on_book(const BookSnapshot& snapshot) {
    {
        const std::scoped_lock lock(mutex_);
        symbols_.insert(snapshot.symbol);
        print("book " + snapshot.symbol + ":" +
              (snapshot.bids.empty() && snapshot.offers.empty() ? " empty" : ""));
        for (auto level = snapshot.offers.rbegin(); level != snapshot.offers.rend(); ++level)
            print("  offer " + level->quantity + " @ " + level->price);
        for (const auto& level : snapshot.bids)
            print("  bid   " + level.quantity + " @ " + level.price);
        answered(snapshot.md_req_id);
    }
    changed_.notify_all();
}

void Console::on_message_refused(const MessageRefusal& refusal) {
    {
        const std::scoped_lock lock(mutex_);
        print("message refused (35=" + refusal.msg_type + "): " + refusal.text);
        answered(refusal.ref_id);
        // A session-level reject has only a number: whatever waits has waited long enough.
        if (refusal.ref_id.empty())
            for (auto& [id, asked] : asked_)
                answered(id);
    }
    changed_.notify_all();
}

void Console::on_logged_on() {
    const std::scoped_lock lock(mutex_);
    logged_on_ = true;
    print("logged on");
}

void Console::on_logged_out(std::string_view text) {
    const std::scoped_lock lock(mutex_);
    if (!std::exchange(logged_on_, false)) return; // a refused logon is told by whoever waits for it
    print("logged out" + (text.empty() ? std::string{} : ": " + std::string(text)));
}

} // namespace tradehive::trader
