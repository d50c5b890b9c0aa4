#include "trader/replay.hpp"

#include <algorithm>
#include <thread>

namespace tradehive::trader {
namespace {

constexpr std::size_t most_faults = 100;

// Fills of one order after another are one.
std::vector<OrderFill> by_order(const std::vector<OrderFill>& fills) {
    std::vector<OrderFill> merged;
    for (const auto& fill : fills) {
        if (!merged.empty() && merged.back().order == fill.order)
            merged.back().lots += fill.lots;
        else
            merged.push_back(fill);
    }
    return merged;
}

std::vector<Level> by_price(const std::vector<OrderFill>& fills) {
    std::vector<Level> merged;
    for (const auto& fill : fills) {
        if (!merged.empty() && merged.back().ticks == fill.ticks)
            merged.back().lots += fill.lots;
        else
            merged.push_back({.ticks = fill.ticks, .lots = fill.lots});
    }
    return merged;
}

bool same_orders(const std::vector<OrderFill>& left, const std::vector<OrderFill>& right) {
    return std::ranges::equal(left, right, [](const OrderFill& one, const OrderFill& other) {
        return one.order == other.order && one.lots == other.lots;
    });
}

bool same_trades(const std::vector<OrderFill>& makers, const std::vector<OrderFill>& takers) {
    return std::ranges::equal(makers, takers, [](const OrderFill& maker, const OrderFill& taker) {
        return maker.trade_id == taker.trade_id && maker.ticks == taker.ticks && maker.lots == taker.lots;
    });
}

BookRow seed_of(const ReplayInput& input) {
    if (input.deep.empty() || input.flow.rows.empty()) return {};
    return book_before(input.deep.front(), input.flow.rows.front());
}

constexpr OrderNumber no_order = static_cast<OrderNumber>(-1); // an execution of an order nobody knows

} // namespace

Replay::Replay(ReplaySettings settings, ReplayInput input)
    : settings_(std::move(settings))
    , flow_(input.flow)
    , before_(seed_of(input))
    , sent_(settings_.steps)
    , books_({.symbol = settings_.symbol,
              .prefix = settings_.prefix + "v",
              .steps = settings_.steps,
              .levels = settings_.levels},
             std::move(input.tops), std::move(input.deep)) {}

void Replay::run(VenueGate& gate, const Progress& progress, SubscribedBook* books) {
    gate_ = &gate;
    subscribed_ = books;
    started_ = Clock::now();
    {
        const std::scoped_lock lock(mutex_);
        last_heard_ = started_;
    }
    seed_book();
    const auto rows = settings_.stop_after_rows == 0 ? flow_.rows.size()
                                                     : std::min(flow_.rows.size(), settings_.stop_after_rows);
    for (std::size_t row = 0; row < rows; ++row) {
        play_row(row);
        if (flow_.steps[row].observable) {
            if (subscribed_)
                compare_subscribed(row);
            else
                ask_book(row);
        }
        std::size_t corrections = 0;
        {
            const std::scoped_lock lock(mutex_);
            figures_.rows = row + 1;
            figures_.observable += flow_.steps[row].observable ? 1 : 0;
            corrections = figures_.corrections.size();
        }
        if (progress) progress(row + 1, corrections);
    }
    wait_until([this] { return sent_.unanswered() == 0 && books_.open_questions() == 0; });
}

void Replay::seed_book() {
    const auto seed = [this](Side side, const std::vector<Level>& levels) {
        for (const auto& level : levels) {
            const auto name =
                settings_.prefix + (side == Side::buy ? "pb" : "ps") + std::to_string(level.ticks);
            pre_orders_[{side, level.ticks}] = send_order(name, settings_.pre_account, side, level.ticks,
                                                          level.lots, TimeInForce::good_till_cancel);
        }
    };
    seed(Side::buy, before_.bids);
    seed(Side::sell, before_.offers);
}

void Replay::play_row(std::size_t row) {
    const auto& message = flow_.rows[row];
    switch (message.type) {
    case FlowType::enter:
        file_orders_[message.order] = send_order(row_name('a', row), settings_.rest_account, message.side,
                                                 message.ticks, message.lots, TimeInForce::good_till_cancel);
        break;
    case FlowType::reduce:
        reduce_order(row);
        break;
    case FlowType::cancel:
        cancel_order(row);
        break;
    case FlowType::execute:
        if (const auto group = flow_.steps[row].group; group >= 0)
            execute_group(row, flow_.groups[static_cast<std::size_t>(group)]);
        break;
    case FlowType::execute_hidden:
    case FlowType::cross:
    case FlowType::halt:
        break;
    }
}

std::optional<OrderNumber> Replay::resting_order(const FlowRow& row) const {
    const std::scoped_lock lock(mutex_);
    if (const auto known = file_orders_.find(row.order);
        known != file_orders_.end() && sent_[known->second].open())
        return known->second;
    if (const auto pre = pre_orders_.find({row.side, row.ticks});
        pre != pre_orders_.end() && sent_[pre->second].open())
        return pre->second;
    return std::nullopt;
}

// Also what a cancel takes from "pre": part of what rests there.
void Replay::reduce_order(std::size_t row) {
    const auto& message = flow_.rows[row];
    const auto order = resting_order(message);
    if (!order) {
        const std::scoped_lock lock(mutex_);
        ++figures_.skipped;
        return;
    }
    wait_until([&] { return sent_[*order].unanswered == 0; });
    const auto leaves = look_at(*order).leaves_qty;
    if (leaves == 0) return;
    if (message.lots < leaves)
        send_reduction(row_name('r', row), *order, message.lots);
    else
        send_cancel(row_name('c', row), *order, std::nullopt);
}

void Replay::cancel_order(std::size_t row) {
    const auto& message = flow_.rows[row];
    const auto known = file_orders_.find(message.order);
    const auto order = resting_order(message);
    if (order && known != file_orders_.end() && known->second == *order) {
        send_cancel(row_name('c', row), *order, message.lots);
        const std::scoped_lock lock(mutex_);
        ++figures_.cancels;
        return;
    }
    reduce_order(row);
}

void Replay::execute_group(std::size_t row, const ExecutionGroup& group) {
    std::vector<OrderFill> expected;
    for (const auto number : group.rows) {
        const auto& message = flow_.rows[number];
        const auto order = resting_order(message);
        expected.push_back({.order = order.value_or(no_order),
                            .ticks = message.ticks,
                            .lots = message.lots,
                            .trade_id = {}});
    }
    {
        const std::scoped_lock lock(mutex_);
        maker_fills_.clear();
        taker_fills_.clear();
    }
    const auto taker = send_order(row_name('t', row), settings_.take_account, opposite(group.resting),
                                  group.worst_ticks, group.lots, TimeInForce::immediate_or_cancel);
    std::vector<OrderFill> makers;
    wait_until([&] {
        if (sent_[taker].unanswered != 0) return false;
        std::int64_t filled = 0;
        for (const auto& fill : maker_fills_)
            filled += fill.lots;
        return filled == sent_[taker].cum_qty;
    });
    bool same = false;
    {
        const std::scoped_lock lock(mutex_);
        taker_.reset();
        makers = maker_fills_;
        same = same_orders(by_order(makers), by_order(expected));
        ++figures_.groups;
        if (by_price(makers) == by_price(expected)) ++figures_.groups_right;
        if (same)
            ++figures_.groups_same_orders;
        else
            figures_.corrections.push_back(row + 1);
        if (!same_trades(makers, taker_fills_))
            note_fault("row " + std::to_string(row + 1) + ": the two sides of the trades differ");
    }
    if (!same) correct_group(row, makers, expected);
}

void Replay::correct_group(std::size_t row, const std::vector<OrderFill>& filled,
                           const std::vector<OrderFill>& expected) {
    std::map<OrderNumber, std::int64_t> too_much; // filled here beyond what the file executed
    for (const auto& fill : filled)
        too_much[fill.order] += fill.lots;
    for (const auto& fill : expected)
        too_much[fill.order] -= fill.lots;
    for (const auto& [order, lots] : too_much) {
        if (order == no_order || lots == 0) continue;
        wait_until([&, number = order] { return sent_[number].unanswered == 0; });
        const auto leaves = look_at(order).leaves_qty;
        const auto name = row_name('x', row) + "-" + std::to_string(order);
        if (lots > 0)
            enter_again(row, order, lots);
        else if (-lots < leaves)
            send_reduction(name, order, -lots);
        else if (leaves > 0)
            send_cancel(name, order, std::nullopt);
    }
}

void Replay::enter_again(std::size_t row, OrderNumber order, std::int64_t lots) {
    const auto filled = look_at(order);
    if (filled.leaves_qty > 0) {
        send_cancel(row_name('x', row) + "-" + std::to_string(order), order, filled.leaves_qty);
        lots += filled.leaves_qty;
    }
    const auto name = row_name('y', row) + "-" + std::to_string(++again_);
    const auto anew = send_order(name, filled.entry.account, filled.entry.side, filled.ticks, lots,
                                 TimeInForce::good_till_cancel);
    for (auto& [id, number] : file_orders_)
        if (number == order) number = anew;
    for (auto& [place, number] : pre_orders_)
        if (number == order) number = anew;
}

OrderNumber Replay::send_order(const std::string& name, const std::string& account, Side side,
                               std::int64_t ticks, std::int64_t lots, TimeInForce time_in_force) {
    wait_for_room();
    const OrderEntry entry{.cl_ord_id = name,
                           .account = account,
                           .symbol = settings_.symbol,
                           .side = side,
                           .ord_type = OrdType::limit,
                           .time_in_force = time_in_force,
                           .order_qty = std::string(format_units(lots, settings_.steps.lot).view()),
                           .price = std::string(format_units(ticks, settings_.steps.tick).view())};
    OrderNumber number{};
    {
        const std::scoped_lock lock(mutex_);
        number = sent_.entered(entry, ticks, lots);
        if (time_in_force == TimeInForce::immediate_or_cancel) taker_ = number;
        ++figures_.commands;
    }
    gate_->enter(entry);
    return number;
}

void Replay::send_cancel(const std::string& name, OrderNumber order, std::optional<std::int64_t> expected) {
    wait_for_room();
    OrderCancel cancel;
    cancel.cl_ord_id = name;
    cancel.symbol = settings_.symbol;
    {
        const std::scoped_lock lock(mutex_);
        const auto& known = sent_[order];
        cancel.orig_cl_ord_id = known.cl_ord_id;
        cancel.account = known.entry.account;
        cancel.side = known.entry.side;
        cancel.order_qty = std::string(format_units(known.order_qty, settings_.steps.lot).view());
        sent_.cancel_asked(order, name, expected);
        ++figures_.commands;
    }
    gate_->cancel(cancel);
}

void Replay::send_reduction(const std::string& name, OrderNumber order, std::int64_t lots_less) {
    wait_for_room();
    OrderReplace replace;
    {
        const std::scoped_lock lock(mutex_);
        const auto& known = sent_[order];
        replace.orig_cl_ord_id = known.cl_ord_id;
        replace.order = known.entry;
        replace.order.cl_ord_id = name;
        replace.order.order_qty =
            std::string(format_units(known.order_qty - lots_less, settings_.steps.lot).view());
        sent_.replace_asked(order, name);
        ++figures_.commands;
    }
    gate_->replace(replace);
}

void Replay::ask_book(std::optional<std::size_t> row) {
    if (row) wait_for_room();
    BookQuestion question;
    {
        const std::scoped_lock lock(mutex_);
        question = books_.ask(row, figures_.commands);
    }
    gate_->ask(question);
}

void Replay::compare_subscribed(std::size_t row) {
    wait_until([this] { return sent_.unanswered() == 0; });
    BookQuestion question;
    {
        const std::scoped_lock lock(mutex_);
        question = books_.ask(row, figures_.commands);
    }
    BookSnapshot seen;
    try {
        seen = subscribed_->current();
    } catch (const std::runtime_error& wrong) {
        throw ReplayStopped("row " + std::to_string(row + 1) + ": " + wrong.what());
    }
    seen.md_req_id = question.md_req_id;
    on_book(seen);
}

void Replay::wait_for_room() {
    pace();
    wait_until([this] { return sent_.unanswered() + books_.open_questions() < settings_.window; });
}

void Replay::pace() {
    if (settings_.commands_per_second == 0) return;
    std::uint64_t sent{};
    {
        const std::scoped_lock lock(mutex_);
        sent = figures_.commands;
    }
    const auto due = std::chrono::nanoseconds(std::uint64_t{1'000'000'000} / settings_.commands_per_second);
    std::this_thread::sleep_until(started_ + due * static_cast<std::int64_t>(sent));
}

template <class Condition>
void Replay::wait_until(Condition condition) {
    std::unique_lock lock(mutex_);
    while (stopped_.empty() && !condition()) {
        if (std::exchange(probe_wanted_, false)) {
            lock.unlock();
            ask_book(std::nullopt);
            lock.lock();
            continue;
        }
        const auto give_up = last_heard_ + settings_.patience;
        if (heard_.wait_until(lock, give_up) == std::cv_status::timeout && Clock::now() >= give_up &&
            last_heard_ + settings_.patience <= Clock::now())
            stopped_ = "the venue is silent: " + std::to_string(sent_.unanswered()) + " requests and " +
                       std::to_string(books_.open_questions()) + " questions have no answer";
    }
    if (!stopped_.empty()) throw ReplayStopped(stopped_);
}

SentOrder Replay::look_at(OrderNumber order) const {
    const std::scoped_lock lock(mutex_);
    return sent_[order];
}

std::string Replay::row_name(char kind, std::size_t row) const {
    return settings_.prefix + kind + std::to_string(row + 1);
}

void Replay::take_in(const Heard& heard, const std::string& cl_ord_id) {
    if (heard.repeat) return;
    if (heard.unknown) note_fault("a report names no request of ours: ClOrdID " + cl_ord_id);
    if (!heard.fault.empty()) note_fault(cl_ord_id + ": " + heard.fault);
    if (heard.fill) {
        if (taker_ && heard.fill->order == *taker_)
            taker_fills_.push_back(*heard.fill);
        else
            maker_fills_.push_back(*heard.fill);
        if (!taker_) ++figures_.filled_on_entry;
    }
    if (heard.refused && heard.leaves_expected) {
        ++figures_.leaves_different;
        note_fault(cl_ord_id + ": cancel refused: " + *heard.refused);
    } else if (heard.refused) {
        stopped_ = cl_ord_id + " was refused: " + *heard.refused;
    }
    if (heard.leaves_ended && heard.leaves_expected && *heard.leaves_ended != *heard.leaves_expected) {
        ++figures_.leaves_different;
        note_fault(cl_ord_id + ": the cancel took " + std::to_string(*heard.leaves_ended) + " lots, not " +
                   std::to_string(*heard.leaves_expected));
    }
}

void Replay::note_fault(std::string text) {
    if (figures_.faults.size() < most_faults) figures_.faults.push_back(std::move(text));
}

void Replay::on_report(const Report& report) {
    {
        const std::scoped_lock lock(mutex_);
        last_heard_ = Clock::now();
        take_in(sent_.hear(report), report.cl_ord_id);
    }
    heard_.notify_all();
}

void Replay::on_cancel_refused(const CancelRefusal& refusal) {
    {
        const std::scoped_lock lock(mutex_);
        last_heard_ = Clock::now();
        take_in(sent_.hear(refusal), refusal.cl_ord_id);
    }
    heard_.notify_all();
}

void Replay::on_book(const BookSnapshot& snapshot) {
    {
        const std::scoped_lock lock(mutex_);
        last_heard_ = Clock::now();
        if (auto wrong = books_.hear(snapshot); !wrong.empty()) note_fault(snapshot.md_req_id + ": " + wrong);
    }
    heard_.notify_all();
}

void Replay::on_message_refused(const MessageRefusal& refusal) {
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = "the venue refused message " + refusal.ref_seq_num + " " + refusal.ref_id +
                   " (35=" + refusal.msg_type + "): " + refusal.text;
    }
    heard_.notify_all();
}

void Replay::on_logged_on() {
    {
        const std::scoped_lock lock(mutex_);
        last_heard_ = Clock::now();
        ++figures_.reconnects; // the first is taken off in figures()
        probe_wanted_ = books_.open_questions() > 0;
    }
    heard_.notify_all();
}

void Replay::on_logged_out(std::string_view) {
    heard_.notify_all();
}

ReplayFigures Replay::figures() const {
    const std::scoped_lock lock(mutex_);
    auto result = figures_;
    result.book = books_.figures();
    result.repeats = sent_.repeats();
    result.exec_conflicts = sent_.conflicts();
    if (result.reconnects > 0) --result.reconnects;
    result.seconds = std::chrono::duration<double>(Clock::now() - started_).count();
    return result;
}

std::vector<SentOrder> Replay::orders() const {
    const std::scoped_lock lock(mutex_);
    return sent_.all();
}

} // namespace tradehive::trader
