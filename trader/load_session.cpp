#include "trader/load_session.hpp"

#include "trader/fix_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <utility>

#include <poll.h>

namespace tradehive::trader {
namespace {

constexpr char soh = '\x01';
constexpr int heartbeat_seconds = 30;
constexpr std::size_t numbers_kept = 1 << 16;

std::string field(int tag, std::string_view value) {
    return std::to_string(tag) + '=' + std::string(value) + soh;
}

void append_number(std::string& text, std::uint64_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text.append(digits.data(), end);
}

// YYYYMMDD-HH:MM:SS.sss, made anew once a millisecond.
std::string_view utc_now() {
    thread_local std::int64_t made_of = -1;
    thread_local std::array<char, 22> text{};
    const auto now = std::chrono::system_clock::now().time_since_epoch() / std::chrono::milliseconds(1);
    if (now != made_of) {
        made_of = now;
        const auto seconds = static_cast<std::time_t>(now / 1000);
        std::tm parts{};
        ::gmtime_r(&seconds, &parts);
        std::strftime(text.data(), text.size(), "%Y%m%d-%H:%M:%S", &parts);
        text[17] = '.';
        text[18] = static_cast<char>('0' + now % 1000 / 100);
        text[19] = static_cast<char>('0' + now % 100 / 10);
        text[20] = static_cast<char>('0' + now % 10);
    }
    return {text.data(), 21};
}

// The value of a field given as "\x01TAG="; empty when it is not there.
std::string_view value_of(std::string_view message, std::string_view tag) {
    const auto at = message.find(tag);
    if (at == std::string_view::npos) return {};
    const auto begin = at + tag.size();
    return message.substr(begin, message.find(soh, begin) - begin);
}

std::uint64_t number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

} // namespace

void LoadCounts::add(const LoadCounts& other) {
    sent += other.sent;
    accepted += other.accepted;
    refused += other.refused;
    fills += other.fills;
    if (!other.last_refusal.empty()) last_refusal = other.last_refusal;
    latency.add(other.latency);
}

LoadSession::LoadSession(const ClientOptions& client, const LoadOrder& order, std::string cl_ord_id_prefix)
    : client_(client)
    , prefix_(std::move(cl_ord_id_prefix))
    , begin_(field(49, client.sender) + field(56, client.target) + "52=")
    , order_tail_((client.account.empty() ? std::string{} : field(1, client.account)) +
                  field(55, order.symbol) + "54=" + order.side + soh + field(38, order.order_qty) + "40=2" +
                  soh + field(44, order.price) + "59=" + order.time_in_force + soh)
    , wire_(client.host, client.port, client.tls_ca)
    , order_of_number_(numbers_kept) {
    if (!client.totp_secret.empty()) codes_.emplace(client.totp_secret);
    log_on();
}

void LoadSession::end(const std::string& why) const {
    throw std::runtime_error(client_.sender + ": " + why);
}

void LoadSession::add_message(std::string_view msg_type, std::string_view body) {
    body_.assign("35=");
    ((body_ += msg_type) += soh) += "34=";
    append_number(body_, next_number_++);
    body_ += soh;
    body_ += begin_;
    (body_ += utc_now()) += soh;
    body_ += body;
    const auto begin = out_.size();
    (out_ += "8=FIX.4.4") += soh;
    out_ += "9=";
    append_number(out_, body_.size());
    out_ += soh;
    out_ += body_;
    const auto sum = std::accumulate(out_.begin() + static_cast<std::ptrdiff_t>(begin), out_.end(), 0U,
                                     [](unsigned so_far, char byte) {
                                         return so_far + static_cast<unsigned char>(byte);
                                     }) %
                     256U;
    out_ += "10=";
    for (const unsigned place : {100U, 10U, 1U})
        out_ += static_cast<char>('0' + sum / place % 10U);
    out_ += soh;
    last_sent_ = Clock::now();
}

void LoadSession::log_on() {
    auto password = client_.password;
    if (codes_) password += ":" + codes_->next_code(std::time(nullptr));
    add_message("A", "98=0" + std::string(1, soh) + field(108, std::to_string(heartbeat_seconds)) + "141=Y" +
                         soh + field(553, client_.username) + field(554, password));
    const auto until = Clock::now() + std::chrono::seconds(10);
    flush();
    while (!logged_on_) {
        if (!wait_readable(until)) end("no answer to the Logon");
        receive();
    }
}

bool LoadSession::wait_readable(Clock::time_point until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    pollfd watched{.fd = descriptor(), .events = POLLIN, .revents = 0};
    return left.count() > 0 && ::poll(&watched, 1, static_cast<int>(left.count())) > 0;
}

void LoadSession::add_order(Clock::time_point due, Clock::time_point now) {
    const auto order = ++counts_.sent;
    std::array<char, 128> room{};
    auto* at = std::copy_n("11=", 3, room.data());
    at = std::copy(prefix_.begin(), prefix_.end(), at);
    at = std::to_chars(at, room.data() + room.size(), order).ptr;
    at = std::copy_n("\00160=", 4, at);
    const auto time = utc_now();
    at = std::copy(time.begin(), time.end(), at);
    *at++ = soh;
    std::string body(room.data(), at);
    body += order_tail_;
    order_of_number_[next_number_ % numbers_kept] = order;
    add_message("D", body);
    last_sent_ = now;
    waiting_.push_back({.due = due, .answered = false});
    ++unanswered_;
}

bool LoadSession::flush() {
    while (out_begin_ < out_.size()) {
        const auto taken = wire_.write(std::string_view(out_).substr(out_begin_));
        if (taken == 0) return false;
        out_begin_ += taken;
    }
    out_.clear();
    out_begin_ = 0;
    return true;
}

void LoadSession::receive() {
    constexpr std::size_t most_at_once = 1 << 18;
    thread_local const auto room = std::make_unique<std::array<char, most_at_once>>();
    const auto count = wire_.read(*room);
    if (!count) return;
    const auto at = Clock::now();
    in_.append(room->data(), *count);
    while (true) {
        const auto rest = std::string_view(in_).substr(in_begin_);
        constexpr std::string_view beginning = "8=FIX.4.4\0019=";
        if (rest.size() < beginning.size()) break;
        if (!rest.starts_with(beginning)) end("sends what is not FIX 4.4");
        const auto after_length = rest.find(soh, beginning.size());
        if (after_length == std::string_view::npos) break;
        const auto length = number_of(rest.substr(beginning.size(), after_length - beginning.size()));
        constexpr std::size_t trailer = 7; // 10=NNN|
        constexpr std::uint64_t most = 1 << 20;
        if (length == 0 || length > most) end("sends a message of a wrong length");
        const auto size = after_length + 1 + length + trailer;
        if (rest.size() < size) break;
        take(rest.substr(after_length, length + 1), at); // from the SOH before 35
        in_begin_ += size;
    }
    in_.erase(0, std::exchange(in_begin_, 0));
}

void LoadSession::take(std::string_view message, Clock::time_point at) {
    const auto type = value_of(message, "\00135=");
    if (type == "8") {
        take_report(message, at);
    } else if (type == "3" || type == "j") {
        const auto number = number_of(value_of(message, "\00145="));
        refuse(waiting(order_of_number_[number % numbers_kept]), value_of(message, "\00158="));
    } else if (type == "A") {
        logged_on_ = true;
    } else if (type == "1") {
        add_message("0", field(112, value_of(message, "\001112=")));
        flush();
    } else if (type == "5") {
        logged_out_ = true;
        const auto text = printable(value_of(message, "\00158="));
        if (!logged_on_) throw std::runtime_error(client_.sender + ": " + text);
        if (unanswered_ > 0) end("the venue has logged us out: " + text);
    } else if (type == "2") {
        end("the venue asks for messages again, which a load does not keep");
    }
}

LoadSession::Waiting* LoadSession::waiting(std::uint64_t number) {
    if (number < first_waiting_ || number - first_waiting_ >= waiting_.size()) return nullptr;
    auto& order = waiting_[number - first_waiting_];
    return order.answered ? nullptr : &order;
}

void LoadSession::answer(Waiting& order) {
    order.answered = true;
    --unanswered_;
    while (!waiting_.empty() && waiting_.front().answered) {
        waiting_.pop_front();
        ++first_waiting_;
    }
}

void LoadSession::refuse(Waiting* order, std::string_view text) {
    ++counts_.refused;
    counts_.last_refusal = printable(text);
    if (order != nullptr) answer(*order);
}

void LoadSession::take_report(std::string_view message, Clock::time_point at) {
    const auto exec_type = value_of(message, "\001150=");
    const auto id = value_of(message, "\00111=");
    auto* const order = id.starts_with(prefix_) ? waiting(number_of(id.substr(prefix_.size()))) : nullptr;
    if (exec_type == "F") ++counts_.fills;
    if (order == nullptr) return; // of an earlier order, or one that has its answer already
    if (exec_type == "8") return refuse(order, value_of(message, "\00158="));
    ++counts_.accepted;
    counts_.latency.add(std::chrono::nanoseconds(at - order->due).count());
    answer(*order);
}

void LoadSession::heartbeat_if_silent(Clock::time_point now) {
    if (now - last_sent_ < std::chrono::seconds(heartbeat_seconds)) return;
    add_message("0", {});
    flush();
}

void LoadSession::log_out() {
    add_message("5", {});
    const auto until = Clock::now() + std::chrono::seconds(3);
    flush();
    while (!logged_out_ && wait_readable(until))
        receive();
}

} // namespace tradehive::trader
