#include "trader/market.hpp"

#include <algorithm>
#include <utility>

namespace tradehive::trader {
namespace {

bool is_final(char ord_status) {
    return ord_status == '2' || ord_status == '4' || ord_status == '8' || ord_status == 'C';
}

} // namespace

MarketPrices::MarketPrices(const MarketPlan& plan) {
    for (const auto& symbol : plan.symbols)
        walks_.emplace_back(symbol);
}

PriceWalk MarketPrices::look_at(std::size_t symbol) const {
    const std::scoped_lock lock(mutex_);
    return walks_.at(symbol);
}

void MarketPrices::step(std::size_t symbol, SeededNumbers& numbers) {
    const std::scoped_lock lock(mutex_);
    walks_.at(symbol).step(numbers);
}

void MarketPrices::traded(std::size_t symbol, std::int64_t ticks) {
    const std::scoped_lock lock(mutex_);
    walks_.at(symbol).move_towards(ticks);
}

MarketSession::MarketSession(const MarketPlan& plan, MarketPrices& prices, Role role, std::string prefix,
                             std::string account)
    : plan_(plan)
    , prices_(prices)
    , role_(role)
    , prefix_(std::move(prefix))
    , account_(std::move(account)) {
    if (role_ == Role::taker) {
        slots_.resize(1);
        return;
    }
    for (std::size_t symbol = 0; symbol < plan_.symbols.size(); ++symbol)
        for (const auto side : {Side::buy, Side::sell})
            for (std::int64_t level = 0; level < plan_.levels; ++level)
                slots_.push_back({.symbol = symbol,
                                  .side = side,
                                  .level = level,
                                  .live = {},
                                  .asked = {},
                                  .order_qty = {}});
}

std::string MarketSession::ask(std::size_t slot) {
    auto id = prefix_ + std::to_string(++counter_);
    slots_[slot].asked = id;
    slot_of_[id] = slot;
    return id;
}

OrderEntry MarketSession::ask_to_enter(std::size_t slot, std::int64_t ticks, std::int64_t lots) {
    const auto& symbol = plan_.symbols[slots_[slot].symbol];
    return {.cl_ord_id = ask(slot),
            .account = account_,
            .symbol = symbol.symbol,
            .side = slots_[slot].side,
            .ord_type = OrdType::limit,
            .time_in_force =
                role_ == Role::maker ? TimeInForce::good_till_cancel : TimeInForce::immediate_or_cancel,
            .order_qty = std::string(format_units(lots, symbol.steps.lot).view()),
            .price = std::string(format_units(ticks, symbol.steps.tick).view())};
}

void MarketSession::act(SeededNumbers& numbers, VenueGate& gate) {
    std::size_t slot{};
    {
        const std::scoped_lock lock(mutex_);
        if (!logged_on_) return;
        slot = static_cast<std::size_t>(numbers.between(0, static_cast<std::int64_t>(slots_.size()) - 1));
        if (!slots_[slot].asked.empty()) return;
    }
    if (role_ == Role::taker)
        take(numbers, gate);
    else
        make(slot, numbers, gate);
}

void MarketSession::make(std::size_t slot, SeededNumbers& numbers, VenueGate& gate) {
    constexpr std::int64_t cancel_one_in = 25; // now and then a maker steps back
    const bool steps_back = numbers.between(1, cancel_one_in) == 1;
    OrderReplace replace;
    {
        const std::scoped_lock lock(mutex_);
        const auto& quote = slots_[slot];
        const auto walk = prices_.look_at(quote.symbol);
        const auto ticks = walk.quote(quote.side, quote.level);
        if (!quote.live.empty() && quote.ticks == ticks && !steps_back) return;
        replace.orig_cl_ord_id = quote.live;
        if (quote.live.empty() || !steps_back)
            replace.order = ask_to_enter(slot, ticks, quote.cum_lots + walk.lots(numbers));
    }
    if (replace.orig_cl_ord_id.empty())
        gate.enter(replace.order);
    else if (steps_back)
        cancel(slot, gate);
    else
        gate.replace(replace);
}

void MarketSession::take(SeededNumbers& numbers, VenueGate& gate) {
    OrderEntry entry;
    {
        const std::scoped_lock lock(mutex_);
        auto& slot = slots_.front();
        const auto last_symbol = static_cast<std::int64_t>(plan_.symbols.size()) - 1;
        slot.symbol = static_cast<std::size_t>(numbers.between(0, last_symbol));
        slot.side = numbers.between(0, 1) == 0 ? Side::buy : Side::sell;
        const auto walk = prices_.look_at(slot.symbol);
        // Through the first levels, wherever they are by now.
        const auto ticks = walk.quote(opposite(slot.side), numbers.between(1, 3));
        entry = ask_to_enter(0, ticks, walk.lots(numbers));
    }
    gate.enter(entry);
}

void MarketSession::cancel(std::size_t slot, VenueGate& gate) {
    OrderCancel request;
    {
        const std::scoped_lock lock(mutex_);
        const auto& quote = slots_[slot];
        if (quote.live.empty()) return;
        request.orig_cl_ord_id = quote.live;
        request.account = account_;
        request.symbol = plan_.symbols[quote.symbol].symbol;
        request.side = quote.side;
        request.order_qty = quote.order_qty;
        request.cl_ord_id = ask(slot);
    }
    gate.cancel(request);
}

void MarketSession::cancel_all(VenueGate& gate, std::chrono::seconds at_most) {
    const auto until = std::chrono::steady_clock::now() + at_most;
    const auto settled = [this] {
        return std::ranges::all_of(slots_, [](const Slot& slot) { return slot.asked.empty(); });
    };
    {
        std::unique_lock lock(mutex_);
        if (!logged_on_ || !changed_.wait_until(lock, until, settled)) return;
    }
    for (std::size_t slot = 0; slot < slots_.size(); ++slot)
        cancel(slot, gate);
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, settled);
}

MarketFigures MarketSession::figures() const {
    const std::scoped_lock lock(mutex_);
    return figures_;
}

std::size_t MarketSession::resting() const {
    const std::scoped_lock lock(mutex_);
    return static_cast<std::size_t>(
        std::ranges::count_if(slots_, [](const Slot& slot) { return !slot.live.empty(); }));
}

void MarketSession::forget(const std::string& cl_ord_id) {
    slot_of_.erase(cl_ord_id);
}

void MarketSession::take_in(Slot& slot, const Report& report) {
    const auto& steps = plan_.symbols[slot.symbol].steps;
    if (report.exec_type == 'F') {
        ++figures_.trades;
        if (const auto ticks = parse_units(report.last_px, steps.tick)) prices_.traded(slot.symbol, *ticks);
    } else if (report.exec_type == '8') {
        ++figures_.refused;
        figures_.last_refusal = report.text;
    } else if (report.exec_type == '0' || report.exec_type == '5') {
        ++(report.exec_type == '0' ? figures_.entered : figures_.replaced);
        if (slot.live != report.cl_ord_id) forget(slot.live);
        slot.live = report.cl_ord_id;
        slot.order_qty = report.order_qty;
        if (const auto ticks = parse_units(report.price, steps.tick)) slot.ticks = *ticks;
    }
    slot.cum_lots = parse_units(report.cum_qty, steps.lot).value_or(0);
    const bool ended = is_final(report.ord_status);
    if (ended) {
        forget(slot.live);
        slot.live.clear();
        slot.cum_lots = 0;
    }
    // A taker's order is answered when it is over.
    if (slot.asked == report.cl_ord_id && (ended || role_ == Role::maker)) slot.asked.clear();
    if (slot.live != report.cl_ord_id && slot.asked != report.cl_ord_id) forget(report.cl_ord_id);
}

void MarketSession::on_report(const Report& report) {
    {
        const std::scoped_lock lock(mutex_);
        // Unknown: of an earlier run, or told before.
        const auto slot = slot_of_.find(report.cl_ord_id);
        if (slot == slot_of_.end() || report.exec_type == 'I') return;
        take_in(slots_[slot->second], report);
    }
    changed_.notify_all();
}

void MarketSession::on_cancel_refused(const CancelRefusal& refusal) {
    {
        const std::scoped_lock lock(mutex_);
        ++figures_.refused;
        figures_.last_refusal = refusal.text;
        const auto found = slot_of_.find(refusal.cl_ord_id);
        if (found == slot_of_.end()) return;
        auto& slot = slots_[found->second];
        if (slot.asked == refusal.cl_ord_id) slot.asked.clear();
        if (is_final(refusal.ord_status)) {
            forget(slot.live);
            slot.live.clear();
            slot.cum_lots = 0;
        }
        forget(refusal.cl_ord_id);
    }
    changed_.notify_all();
}

void MarketSession::on_book(const BookSnapshot&) {}

void MarketSession::on_message_refused(const MessageRefusal& refusal) {
    {
        const std::scoped_lock lock(mutex_);
        ++figures_.refused;
        figures_.last_refusal = refusal.text;
        // A session-level reject names only a number; then every slot may try again.
        for (auto& slot : slots_) {
            if (!refusal.ref_id.empty() && slot.asked != refusal.ref_id) continue;
            forget(slot.asked);
            slot.asked.clear();
        }
    }
    changed_.notify_all();
}

void MarketSession::on_logged_on() {
    const std::scoped_lock lock(mutex_);
    logged_on_ = true;
}

void MarketSession::on_logged_out(std::string_view) {
    {
        const std::scoped_lock lock(mutex_);
        logged_on_ = false;
    }
    changed_.notify_all();
}

} // namespace tradehive::trader
