#include "trader/load.hpp"

#include "trader/signals.hpp"

#include <algorithm>

#include <poll.h>
#include <sys/prctl.h>

namespace tradehive::trader {
namespace {

using Clock = LoadSession::Clock;

constexpr std::size_t most_bytes_waiting = 1 << 16; // then the socket is full: the venue is the slower one
constexpr std::size_t most_unanswered = 1 << 22;    // of a session; the memory that a load may take
constexpr std::size_t most_at_once = 256;           // orders of one session between two looks at the sockets

class Load {
public:
    Load(const LoadPlan& plan, const std::vector<std::unique_ptr<LoadSession>>& sessions)
        : plan_(plan)
        , sessions_(sessions)
        , held_(sessions.size()) {
        for (const auto& session : sessions_)
            watched_.push_back({.fd = session->descriptor(), .events = POLLIN, .revents = 0});
        watched_.push_back({.fd = signal_descriptor(), .events = POLLIN, .revents = 0});
    }

    LoadResult run() {
        start_ = Clock::now();
        try {
            send_all();
            wait_for_answers();
        } catch (const std::runtime_error& error) {
            result_.broken = error.what();
            if (result_.took.count() == 0) result_.took = Clock::now() - start_;
        }
        if (result_.answered.count() == 0) result_.answered = Clock::now() - start_;
        result_.sessions = sessions_.size();
        for (const auto& session : sessions_) {
            result_.counts.add(session->counts());
            result_.unanswered += session->unanswered();
        }
        return std::move(result_);
    }

private:
    [[nodiscard]] bool by_rate() const { return plan_.orders_per_second > 0; }

    // Of all sessions together; the n-th order of session s is number n × sessions + s.
    [[nodiscard]] Clock::time_point due(std::uint64_t number) const {
        constexpr std::uint64_t second = 1'000'000'000;
        const auto rate = plan_.orders_per_second;
        return start_ + std::chrono::seconds(number / rate) +
               std::chrono::nanoseconds(number % rate * second / rate);
    }

    [[nodiscard]] bool over(Clock::time_point now) const {
        return asked_to_end() || (plan_.lasts.count() > 0 && now - start_ >= plan_.lasts) ||
               (plan_.orders > 0 && sent_ >= plan_.orders);
    }

    void send_all() {
        auto now = start_;
        for (; !over(now); now = Clock::now()) {
            for (std::size_t session = 0; session < sessions_.size(); ++session) {
                if (by_rate())
                    send_what_is_due(session);
                else
                    fill_window(session);
            }
            look_at_sockets(next_due(now));
        }
        result_.took = now - start_;
        if (!by_rate()) return;
        // The last orders due may be sent a moment after the time is over: they are not asked for.
        const auto nanoseconds = std::min<std::int64_t>(
            result_.took.count(), plan_.lasts.count() > 0 ? plan_.lasts.count() : result_.took.count());
        result_.due =
            static_cast<std::uint64_t>(nanoseconds) / 1'000'000'000 * plan_.orders_per_second +
            static_cast<std::uint64_t>(nanoseconds) % 1'000'000'000 * plan_.orders_per_second / 1'000'000'000;
        if (plan_.orders > 0) result_.due = std::min(result_.due, plan_.orders);
        for (const auto& session : sessions_) {
            const auto share = result_.due / sessions_.size();
            if (!may_send(*session) && share > session->counts().sent)
                result_.never_sent += share - session->counts().sent;
        }
        result_.held_by_the_venue += result_.never_sent;
    }

    [[nodiscard]] bool may_send(const LoadSession& session) const {
        return session.bytes_waiting() < most_bytes_waiting && session.unanswered() < most_unanswered &&
               (plan_.orders == 0 || sent_ < plan_.orders);
    }

    void send_what_is_due(std::size_t place) {
        auto& session = *sessions_[place];
        auto now = Clock::now();
        for (std::size_t count = 0; count < most_at_once; ++count) {
            const auto order_due = due(session.counts().sent * sessions_.size() + place);
            if (order_due > now) break;
            if (!may_send(session)) {
                held_[place] = now;
                break;
            }
            if (order_due <= held_[place])
                ++result_.held_by_the_venue;
            else
                result_.own_lateness.add(std::chrono::nanoseconds(now - order_due).count());
            session.add_order(order_due, now);
            ++sent_;
        }
        session.flush();
    }

    void fill_window(std::size_t place) {
        auto& session = *sessions_[place];
        const auto now = Clock::now();
        while (session.unanswered() < plan_.window && may_send(session)) {
            session.add_order(now, now);
            ++sent_;
        }
        session.flush();
    }

    [[nodiscard]] Clock::time_point next_due(Clock::time_point now) const {
        auto next = now + std::chrono::milliseconds(100);
        if (plan_.lasts.count() > 0) next = std::min(next, start_ + plan_.lasts);
        if (!by_rate()) return next;
        for (std::size_t place = 0; place < sessions_.size(); ++place)
            if (may_send(*sessions_[place]))
                next = std::min(next, due(sessions_[place]->counts().sent * sessions_.size() + place));
        return next;
    }

    void look_at_sockets(Clock::time_point until) {
        for (std::size_t place = 0; place < sessions_.size(); ++place)
            watched_[place].events = sessions_[place]->bytes_waiting() > 0 ? POLLIN | POLLOUT : POLLIN;
        const auto left = std::max<std::int64_t>(0, std::chrono::nanoseconds(until - Clock::now()).count());
        const timespec wait{.tv_sec = left / 1'000'000'000, .tv_nsec = left % 1'000'000'000};
        if (::ppoll(watched_.data(), watched_.size(), &wait, nullptr) <= 0) {
            const auto now = Clock::now();
            for (const auto& session : sessions_)
                session->heartbeat_if_silent(now);
            return;
        }
        for (std::size_t place = 0; place < sessions_.size(); ++place) {
            if ((watched_[place].revents & POLLOUT) != 0) sessions_[place]->flush();
            if ((watched_[place].revents & (POLLIN | POLLHUP | POLLERR)) != 0) sessions_[place]->receive();
        }
        if (watched_.back().revents != 0) take_signals();
    }

    void wait_for_answers() {
        const auto until = Clock::now() + std::chrono::seconds(10);
        const auto unanswered = [](const std::unique_ptr<LoadSession>& session) {
            return session->unanswered() > 0;
        };
        while (std::ranges::any_of(sessions_, unanswered) && Clock::now() < until)
            look_at_sockets(until);
        result_.answered = Clock::now() - start_;
    }

    const LoadPlan& plan_;
    const std::vector<std::unique_ptr<LoadSession>>& sessions_;
    std::vector<pollfd> watched_;
    std::vector<Clock::time_point> held_; // when a session last had to wait for room
    Clock::time_point start_;
    std::uint64_t sent_{};
    LoadResult result_;
};

} // namespace

bool LoadResult::kept_rate() const {
    constexpr std::int64_t millisecond = 1'000'000;
    return (counts.sent + never_sent) * 100 >= due * 99 && own_lateness.at(990'000) <= millisecond;
}

LoadResult run_load(const LoadPlan& plan, const std::vector<std::unique_ptr<LoadSession>>& sessions) {
    ::prctl(PR_SET_TIMERSLACK, 1UL); // NOLINT(cppcoreguidelines-pro-type-vararg): waits end when they should
    return Load(plan, sessions).run();
}

} // namespace tradehive::trader
