#include "control/caller.hpp"

#include <vector>

namespace tradehive::control {

RejectWords describe(NoReply why) noexcept {
    switch (why) {
    case NoReply::busy:
        return {"BUSY", "the venue's queue is full; send again later"};
    case NoReply::stopping:
        return {"STOPPING", "the venue is stopping and takes nothing any more"};
    case NoReply::cut_short:
        return {"NO_ANSWER", "the venue did not answer in time: look whether it was done, then send again"};
    }
    return {"UNKNOWN", "unknown reason"};
}

namespace {

NoReply not_taken(Submitted result) noexcept {
    return result == Submitted::full ? NoReply::busy : NoReply::stopping;
}

} // namespace

Caller::Caller(CommandSink& sink, EventReader& events, std::chrono::milliseconds patience)
    : sink_{sink}
    , events_{events}
    , patience_{patience} {}

Origin Caller::next_origin() {
    const std::lock_guard lock{mutex_};
    Origin origin;
    origin.correlation = Correlation{++last_correlation_};
    origin.channel = Channel::control;
    return origin;
}

std::expected<Caller::Outcome, NoReply> Caller::send(const Command& command) {
    const auto wake = events_.on_publish([this] {
        const std::lock_guard lock{mutex_};
        ++published_;
        changed_.notify_all();
    });
    // Events before this point cannot be the answer, whoever used the correlation in an earlier run.
    auto from = events_.end();
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    if (const auto result = sink_.submit(command); result != Submitted::taken)
        return std::unexpected{not_taken(result)};

    std::vector<Event> batch(64);
    for (;;) {
        std::unique_lock lock{mutex_};
        const auto seen = published_;
        const bool stopped = stopped_;
        lock.unlock();
        const auto count = events_.read(from, batch);
        for (std::size_t i = 0; i < count; ++i) {
            const auto& header = batch[i].header;
            if (header.kind == EventKind::command_done && header.origin == command.header.origin)
                return Outcome{header.sequence, batch[i].as<CommandDone>()};
        }
        from = EventNumber{from.value() + count};
        if (count != 0) continue;
        if (stopped) return std::unexpected{NoReply::cut_short};
        lock.lock();
        if (!changed_.wait_until(lock, deadline, [&] { return stopped_ || published_ != seen; }))
            return std::unexpected{NoReply::cut_short};
    }
}

std::expected<Caller::Reply, NoReply> Caller::question(const decltype(Question::what)& what) {
    const auto origin = next_origin();
    const auto correlation = origin.correlation.value();
    {
        const std::lock_guard lock{mutex_};
        asked_.emplace(correlation, nullptr);
    }
    const auto result = sink_.ask(Question{origin, what});

    std::unique_lock lock{mutex_};
    auto& slot = asked_.at(correlation);
    if (result == Submitted::taken)
        changed_.wait_for(lock, patience_, [&] { return stopped_ || slot != nullptr; });
    auto answer = std::move(slot);
    asked_.erase(correlation);
    if (result != Submitted::taken) return std::unexpected{not_taken(result)};
    if (answer == nullptr) return std::unexpected{NoReply::cut_short};
    return answer;
}

void Caller::take(std::shared_ptr<const Answer> answer) noexcept {
    const std::lock_guard lock{mutex_};
    const auto found = asked_.find(answer->asker.correlation.value());
    if (found == asked_.end()) return; // whoever asked has given up
    found->second = std::move(answer);
    changed_.notify_all(); // under the lock: whoever asked may destroy this once it has the answer
}

void Caller::stop() noexcept {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
    changed_.notify_all();
}

} // namespace tradehive::control
