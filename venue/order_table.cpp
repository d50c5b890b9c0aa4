#include "venue/order_table.hpp"

#include <array>
#include <cassert>
#include <cstring>
#include <utility>

namespace tradehive::venue {

namespace {

std::uint64_t hash_of(OrderId order) noexcept {
    return mixed(order.value());
}

std::uint64_t hash_of(AccountId account, const ClOrdID& cl_ord_id) noexcept {
    std::array<std::uint64_t, sizeof(ClOrdID) / sizeof(std::uint64_t)> words{};
    static_assert(sizeof words == sizeof(ClOrdID));
    std::memcpy(words.data(), &cl_ord_id, sizeof words);
    std::uint64_t hash = mixed(account.value());
    for (const auto word : words)
        hash = mixed(hash ^ word);
    return hash;
}

// Forgetting is spread over commands, so that no command pays for a busy second of yesterday.
constexpr int most_forgotten_at_once = 8;

} // namespace

OrderTable::OrderTable(std::size_t expected)
    : orders_{expected}
    , names_{expected}
    , by_id_{expected}
    , by_name_{expected} {}

Order* OrderTable::find(OrderId order) const noexcept {
    return by_id_.find(hash_of(order),
                       [&](const Order& candidate) { return candidate.image.order == order; });
}

Order* OrderTable::find(AccountId account, const ClOrdID& cl_ord_id) const noexcept {
    const auto* name = by_name_.find(hash_of(account, cl_ord_id), [&](const OrderName& candidate) {
        return candidate.cl_ord_id == cl_ord_id && candidate.order->image.account == account;
    });
    return name ? name->order : nullptr;
}

Order& OrderTable::enter(const OrderImage& image) {
    Order& order = orders_.take();
    order.image = image;
    by_id_.insert(hash_of(image.order), order);
    give_name(order, image.cl_ord_id);
    by_account_[image.account.value() - 1].push_back(order);
    if (image.session != FixSessionId{}) by_session_[image.session.value() - 1].push_back(order);
    ++open_;
    return order;
}

void OrderTable::rename(Order& order, const ClOrdID& cl_ord_id, Timestamp now) {
    if (cl_ord_id.empty()) return;
    retire_name(order, now);
    give_name(order, cl_ord_id);
    order.image.cl_ord_id = cl_ord_id;
}

void OrderTable::end(Order& order, const ClOrdID& ended_by, Timestamp now) {
    assert(!order.open() && order.held == Amount{0});
    by_account_[order.image.account.value() - 1].remove(order);
    if (order.image.session != FixSessionId{}) by_session_[order.image.session.value() - 1].remove(order);
    --open_;
    retire_name(order, now);
    give_name(order, ended_by);
    retire_name(order, now);
    order.ended = now;
    add_ended(order);
    if (ended_ > most_kept) drop_oldest_ended();
}

void OrderTable::reserve(std::size_t orders, std::size_t names) {
    by_id_.reserve(orders);
    by_name_.reserve(names);
}

bool OrderTable::restore(const Order& saved) {
    const OrderImage& image = saved.image;
    if (!saved.open() && find(image.order)) return false; // open ones come in the order of their ids
    if (saved.open() && !image.cl_ord_id.empty() && find(image.account, image.cl_ord_id)) return false;
    Order* order = nullptr;
    if (saved.open()) {
        order = &enter(image);
    } else {
        order = &orders_.take();
        order->image = image;
        by_id_.insert(hash_of(image.order), *order);
        add_ended(*order);
    }
    order->limit = saved.limit;
    order->rates = saved.rates;
    order->held = saved.held;
    order->entered = saved.entered;
    order->ended = saved.ended;
    return true;
}

bool OrderTable::restore_retired(OrderId order, const ClOrdID& cl_ord_id, Timestamp retired) {
    Order* const known = find(order);
    if (!known || cl_ord_id.empty() || find(known->image.account, cl_ord_id)) return false;
    OrderName* const newest = std::exchange(known->name, nullptr);
    give_name(*known, cl_ord_id);
    retire_name(*known, retired);
    known->name = newest;
    return true;
}

void OrderTable::forget(Timestamp now) {
    const auto is_past = [now](Timestamp then) {
        return now.value() - then.value() >= kept_after_end.count();
    };
    for (int i = 0; i < most_forgotten_at_once && oldest_ended_ && is_past(oldest_ended_->ended); ++i)
        drop_oldest_ended();
    for (int i = 0; i < most_forgotten_at_once && oldest_retired_ && is_past(oldest_retired_->retired); ++i)
        drop_oldest_name();
}

void OrderTable::add_ended(Order& order) noexcept {
    (newest_ended_ ? newest_ended_->ended_after : oldest_ended_) = &order;
    newest_ended_ = &order;
    ++ended_;
}

void OrderTable::give_name(Order& order, const ClOrdID& cl_ord_id) {
    if (cl_ord_id.empty()) return;
    assert(!order.name);
    OrderName& name = names_.take();
    name.cl_ord_id = cl_ord_id;
    name.order = &order;
    order.name = &name;
    ++order.names;
    by_name_.insert(hash_of(order.image.account, cl_ord_id), name);
}

void OrderTable::retire_name(Order& order, Timestamp now) {
    if (!order.name) return;
    OrderName& name = *order.name;
    order.name = nullptr;
    name.retired = now;
    (newest_retired_ ? newest_retired_->retired_after : oldest_retired_) = &name;
    newest_retired_ = &name;
    if (++retired_ > most_kept) drop_oldest_name();
}

void OrderTable::drop_oldest_name() {
    OrderName& name = *oldest_retired_;
    oldest_retired_ = name.retired_after;
    if (!oldest_retired_) newest_retired_ = nullptr;
    --retired_;
    --name.order->names;
    by_name_.erase(hash_of(name.order->image.account, name.cl_ord_id), name);
    names_.give_back(name);
}

void OrderTable::drop_oldest_ended() {
    Order& order = *oldest_ended_;
    while (order.names > 0) // all of them retired no later than the order ended
        drop_oldest_name();
    oldest_ended_ = order.ended_after;
    if (!oldest_ended_) newest_ended_ = nullptr;
    --ended_;
    by_id_.erase(hash_of(order.image.order), order);
    orders_.give_back(order);
}

} // namespace tradehive::venue
