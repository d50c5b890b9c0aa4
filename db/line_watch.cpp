#include "db/line_watch.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

namespace tradehive::db {

LineWatch::LineWatch(int socket, const std::stop_token& stop)
    : socket_{socket}
    , thread_{[this](const std::stop_token& ending) { run(ending); }}
    , on_stop_{stop, HangUp{*this}} {}

bool LineWatch::begin(std::chrono::milliseconds patience) {
    {
        const std::scoped_lock lock(mutex_);
        if (asked_) return false;
        asked_ = {Clock::now(), patience};
    }
    changed_.notify_all();
    return true;
}

void LineWatch::end() {
    const std::scoped_lock lock(mutex_);
    asked_.reset();
}

void LineWatch::hang_up() noexcept {
    const std::scoped_lock lock(mutex_);
    hung_up_ = true;
    ::shutdown(socket_, SHUT_RDWR);
}

bool LineWatch::hung_up() const noexcept {
    const std::scoped_lock lock(mutex_);
    return hung_up_;
}

void LineWatch::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return asked_ && !hung_up_; })) {
        const auto silent_at = std::max(asked_->at, last_heard()) + asked_->patience;
        if (Clock::now() < silent_at) { // until then, or until something else is owed
            changed_.wait_until(lock, stop, silent_at,
                                [this, at = asked_->at] { return asked_ && asked_->at != at; });
            continue;
        }
        hung_up_ = true;
        ::shutdown(socket_, SHUT_RDWR);
    }
}

// A socket other than TCP does not tell: there silence is counted from the question.
LineWatch::Clock::time_point LineWatch::last_heard() const noexcept {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
    return Clock::now() - std::chrono::milliseconds{info.tcpi_last_data_recv};
}

} // namespace tradehive::db
