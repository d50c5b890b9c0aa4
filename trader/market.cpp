#include "trader/market.hpp"

#include <algorithm>
#include <cstdlib>
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
    walks_.at(symbol).traded(ticks);
}

std::size_t MarketPrices::choose(SeededNumbers& numbers) const {
    constexpr std::int64_t weight_of_cold = 150;
    const std::scoped_lock lock(mutex_);
    std::int64_t all = 0;
    for (const auto& walk : walks_)
        all += weight_of_cold + walk.heat();
    auto chosen = numbers.between(0, all - 1);
    for (std::size_t symbol = 0; symbol + 1 < walks_.size(); ++symbol) {
        chosen -= weight_of_cold + walks_[symbol].heat();
        if (chosen < 0) return symbol;
    }
    return walks_.size() - 1;
}

std::int64_t MarketPrices::taker_share() const {
    constexpr std::int64_t of_cold = 30;
    constexpr std::int64_t most = 500;
    const std::scoped_lock lock(mutex_);
    std::int64_t heat = 0;
    for (const auto& walk : walks_)
        heat = std::max(heat, walk.heat());
    return of_cold + heat * (most - of_cold) / PriceWalk::most_heat;
}

MarketSession::MarketSession(const MarketPlan& plan, MarketPrices& prices, Role role, std::string prefix,
                             std::string account)
    : plan_(plan)
    , prices_(prices)
    , role_(role)
    , prefix_(std::move(prefix))
    , account_(std::move(account))
    , held_(plan.symbols.size()) {
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
    {
        const std::scoped_lock lock(mutex_);
        if (!logged_on_) return;
    }
    if (role_ == Role::taker)
        take(numbers, gate);
    else
        make(numbers, gate);
}

std::int64_t MarketSession::held(std::size_t symbol) const {
    const std::scoped_lock lock(mutex_);
    return held_.at(symbol);
}

std::int64_t MarketSession::tilt(std::size_t symbol) const {
    const auto most = most_held * plan_.symbols[symbol].usual_lots;
    return std::clamp<std::int64_t>(held_[symbol] * 1'000 / most, -1'000, 1'000);
}

// An empty slot is the most wrong, the better its level the more; then whatever is furthest from its place.
std::size_t MarketSession::most_wrong_slot(std::size_t symbol, const PriceWalk& walk) const {
    constexpr std::int64_t empty = std::int64_t{1} << 40;
    auto worst = slots_.size();
    std::int64_t most = 0;
    for (std::size_t place = 0; place < slots_.size(); ++place) {
        const auto& slot = slots_[place];
        if (slot.symbol != symbol || !slot.asked.empty()) continue;
        const auto belongs = walk.quote(slot.side, slot.level, tilt(symbol));
        const auto wrong = slot.live.empty() ? empty - slot.level : std::abs(slot.ticks - belongs);
        // Makers do not run after every tick.
        if (wrong <= std::max<std::int64_t>(0, walk.half_spread() / 8) || wrong <= most) continue;
        most = wrong;
        worst = place;
    }
    return worst;
}

void MarketSession::make(SeededNumbers& numbers, VenueGate& gate) {
    constexpr std::int64_t cancel_one_in = 60; // now and then a maker steps back
    const auto symbol = prices_.choose(numbers);
    const bool steps_back = numbers.between(1, cancel_one_in) == 1;
    OrderReplace replace;
    std::size_t place{};
    bool ends{};
    {
        const std::scoped_lock lock(mutex_);
        const auto walk = prices_.look_at(symbol);
        place = most_wrong_slot(symbol, walk);
        if (place == slots_.size()) return;
        const auto& quote = slots_[place];
        // Who holds as much as may be makes no order that would bring more.
        const bool full = tilt(symbol) == (quote.side == Side::buy ? 1'000 : -1'000);
        replace.orig_cl_ord_id = quote.live;
        ends = !quote.live.empty() && (steps_back || full);
        if (quote.live.empty() && full) return;
        if (!ends)
            replace.order = ask_to_enter(place, walk.quote(quote.side, quote.level, tilt(symbol)),
                                         quote.cum_lots + walk.lots(numbers));
    }
    if (ends)
        cancel(place, gate);
    else if (replace.orig_cl_ord_id.empty())
        gate.enter(replace.order);
    else
        gate.replace(replace);
}

void MarketSession::take(SeededNumbers& numbers, VenueGate& gate) {
    const auto symbol = prices_.choose(numbers);
    OrderEntry entry;
    {
        const std::scoped_lock lock(mutex_);
        auto& slot = slots_.front();
        if (!slot.asked.empty()) return;
        slot.symbol = symbol;
        // On in the same direction most of the time, but the more it holds the rather back.
        const bool turns = numbers.between(1, 10) <= 3;
        direction_ = turns ? opposite(direction_) : direction_;
        if (numbers.between(1, 1'000) <= std::abs(tilt(symbol)))
            direction_ = tilt(symbol) > 0 ? Side::sell : Side::buy;
        slot.side = direction_;
        const auto walk = prices_.look_at(symbol);
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

void MarketSession::count(const Report& report, const Slot& slot) {
    const auto& steps = plan_.symbols[slot.symbol].steps;
    ++figures_.trades;
    const auto ticks = parse_units(report.last_px, steps.tick);
    const auto lots = parse_units(report.last_qty, steps.lot);
    if (!ticks || !lots) return;
    held_[slot.symbol] += slot.side == Side::buy ? *lots : -*lots;
    // Each trade has a maker and a taker, and is to be told once.
    if (role_ == Role::taker) prices_.traded(slot.symbol, *ticks);
}

void MarketSession::without_funds(const Report& report) {
    if (!report.text.starts_with("FUNDS")) return;
    for (std::size_t symbol = 0; symbol < plan_.symbols.size(); ++symbol) {
        const auto most = most_held * plan_.symbols[symbol].usual_lots;
        if (plan_.symbols[symbol].symbol == report.symbol) held_[symbol] = report.side == '2' ? -most : most;
    }
}

void MarketSession::take_in(Slot& slot, const Report& report) {
    const auto& steps = plan_.symbols[slot.symbol].steps;
    if (report.exec_type == 'F') {
        count(report, slot);
    } else if (report.exec_type == '8') {
        ++figures_.refused;
        figures_.last_refusal = report.text;
        without_funds(report);
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
