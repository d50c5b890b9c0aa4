#include "venue/command_queue.hpp"

#include <algorithm>

namespace tradehive::venue {

namespace {

bool is_ordinary(CommandKind kind) noexcept {
    return kind == CommandKind::enter_order || kind == CommandKind::replace_order;
}

} // namespace

CommandQueue::CommandQueue()
    : CommandQueue{Bounds{}} {}

CommandQueue::CommandQueue(const Bounds& bounds)
    : bounds_{bounds} {
    filling_.reserve(bounds.ordinary + bounds.reserved);
    reading_.reserve(bounds.ordinary + bounds.reserved);
}

Submitted CommandQueue::submit(const Command& command) {
    const std::size_t reserved = is_ordinary(command.header.kind) ? 0 : bounds_.reserved;
    return take(command, bounds_.ordinary + reserved);
}

Submitted CommandQueue::ask(const Question& question) {
    return take(question, bounds_.ordinary);
}

Submitted CommandQueue::take(const Item& item, std::size_t bound) {
    bool wake = false;
    {
        const std::scoped_lock lock{mutex_};
        if (closed_) return Submitted::stopping;
        if (filling_.size() + unread_ >= bound) return Submitted::full;
        filling_.push_back(item);
        wake = sleeping_;
        sleeping_ = false;
    }
    if (wake) filled_.notify_one();
    return Submitted::taken;
}

std::span<CommandQueue::Item> CommandQueue::drain() {
    std::unique_lock lock{mutex_};
    if (unread_ == 0) {
        filled_.wait(lock, [this] {
            sleeping_ = filling_.empty() && !closed_;
            return !sleeping_;
        });
        reading_.clear();
        reading_.swap(filling_);
        read_ = 0;
        unread_ = reading_.size();
    }
    const std::size_t count = std::min(unread_, bounds_.batch);
    const std::span<Item> batch{reading_.data() + read_, count};
    read_ += count;
    unread_ -= count;
    return batch;
}

void CommandQueue::close() noexcept {
    {
        const std::scoped_lock lock{mutex_};
        closed_ = true;
    }
    filled_.notify_one();
}

std::size_t CommandQueue::waiting() const {
    const std::scoped_lock lock{mutex_};
    return filling_.size() + unread_;
}

} // namespace tradehive::venue
