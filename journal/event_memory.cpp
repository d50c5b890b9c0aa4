#include "journal/event_memory.hpp"

#include <algorithm>

namespace tradehive::journal {

EventMemory::EventMemory(EventNumber next, std::size_t events)
    : begin_{next.value()}
    , end_{next.value()}
    , most_chunks_{events / events_a_chunk + 2} {}

EventNumber EventMemory::begin() const {
    const std::scoped_lock lock{mutex_};
    return EventNumber{begin_};
}

EventNumber EventMemory::end() const {
    const std::scoped_lock lock{mutex_};
    return EventNumber{end_};
}

void EventMemory::add(std::span<const Event> events) {
    auto next = end_; // only this thread writes it
    while (!events.empty()) {
        std::shared_ptr<Chunk> chunk;
        {
            const std::scoped_lock lock{mutex_};
            if (chunks_.empty() || next == chunks_.back()->first + events_a_chunk) {
                // default-initialised: 180 KiB need no zeros first
                chunks_.emplace_back(new Chunk)->first = next;
                if (chunks_.size() > most_chunks_) {
                    chunks_.pop_front();
                    begin_ = chunks_.front()->first;
                }
            }
            chunk = chunks_.back();
        }
        const auto at = next - chunk->first;
        const auto count = std::min<std::size_t>(events.size(), events_a_chunk - at);
        for (std::size_t i = 0; i < count; ++i) {
            auto& slot = chunk->events[at + i];
            slot.header = events[i].header;
            std::ranges::copy(events[i].body_bytes(), slot.body.begin());
        }
        events = events.subspan(count);
        next += count;
    }
    const std::scoped_lock lock{mutex_};
    end_ = next;
}

void EventMemory::forget_all(EventNumber next) {
    const std::scoped_lock lock{mutex_};
    chunks_.clear();
    begin_ = end_ = next.value();
}

std::size_t EventMemory::read(EventNumber from, std::span<Event> into) const {
    std::size_t done = 0;
    while (done < into.size()) {
        const auto wanted = from.value() + done;
        std::shared_ptr<const Chunk> chunk;
        std::size_t count{};
        {
            const std::scoped_lock lock{mutex_};
            if (wanted < begin_ || wanted >= end_) return done;
            chunk = chunks_[(wanted - chunks_.front()->first) / events_a_chunk];
            count = std::min({into.size() - done, static_cast<std::size_t>(end_ - wanted),
                              static_cast<std::size_t>(chunk->first + events_a_chunk - wanted)});
        }
        for (const auto& event : std::span{chunk->events}.subspan(wanted - chunk->first, count)) {
            auto& to = into[done++];
            to.header = event.header;
            std::ranges::copy(event.body_bytes(), to.body.begin());
        }
    }
    return done;
}

} // namespace tradehive::journal
