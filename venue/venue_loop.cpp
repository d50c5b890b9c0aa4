#include "venue/venue_loop.hpp"

#include <string>
#include <utility>

namespace tradehive::venue {

VenueLoop::VenueLoop(LoopWiring wiring)
    : wiring_{std::move(wiring)} {
    publish_names();
    publish_next_expiry();
}

void VenueLoop::answers_of(Channel channel, AnswerSink& sink) {
    sinks_.at(static_cast<std::size_t>(channel)) = &sink;
}

VenueLoop::Ended VenueLoop::run() {
    try {
        while (turn()) {
        }
        return Ended::closed;
    } catch (const std::exception& error) {
        wiring_.queue.close();
        if (wiring_.fatal) wiring_.fatal(error.what());
        return Ended::failed;
    }
}

bool VenueLoop::turn() {
    const auto batch = wiring_.queue.drain();
    if (batch.empty()) return false;
    append(batch);
    wiring_.journal.sync();
    apply(batch);
    publish();
    return true;
}

void VenueLoop::append(std::span<CommandQueue::Item> batch) {
    const Timestamp time = stamp();
    for (auto& item : batch)
        if (auto* command = std::get_if<Command>(&item)) {
            command->header.sequence = Sequence{wiring_.journal.last().value() + 1};
            command->header.time = time;
            wiring_.journal.append(*command);
        }
}

void VenueLoop::apply(std::span<CommandQueue::Item> batch) {
    for (const auto& item : batch) {
        if (const auto* command = std::get_if<Command>(&item)) {
            wiring_.venue.apply(*command, events_);
            day_ended_ = day_ended_ || command->header.kind == CommandKind::end_day;
            continue;
        }
        const auto& question = std::get<Question>(item);
        auto answer = std::make_shared<const Answer>(wiring_.venue.answer(question));
        answers_.push_back({question.origin.channel, std::move(answer)});
    }
}

void VenueLoop::publish_names() {
    if (const auto version = wiring_.venue.names_version(); version != published_names_) {
        wiring_.reference_data.publish(wiring_.venue.reference_data());
        published_names_ = version;
    }
}

void VenueLoop::publish_next_expiry() noexcept {
    const auto next = wiring_.venue.next_expiry();
    next_expiry_.store(next ? next->value() : no_expiry, std::memory_order_relaxed);
}

void VenueLoop::publish() {
    publish_names();
    publish_next_expiry();
    if (!events_.empty()) wiring_.events.publish(events_);
    for (auto& [channel, answer] : answers_)
        if (auto* sink = sinks_.at(static_cast<std::size_t>(channel))) sink->take(std::move(answer));
    events_.clear();
    answers_.clear();
    if (std::exchange(day_ended_, false) && wiring_.keep_events.count() > 0)
        wiring_.events.drop_passed(wiring_.keep_events, wiring_.venue.last_time());
}

Timestamp VenueLoop::stamp() {
    const ClockReading reading{wiring_.clock.now(), wiring_.clock.steady()};
    if (last_reading_) {
        const std::chrono::nanoseconds wall_went{reading.wall.value() - last_reading_->wall.value()};
        const auto jump = wall_went - (reading.steady - last_reading_->steady);
        if ((jump > greatest_clock_jump || jump < -greatest_clock_jump) && wiring_.alarm)
            wiring_.alarm(
                "the clock jumped by " +
                std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(jump).count()) +
                " ms; check the machine's time service");
    }
    last_reading_ = reading;
    return std::max(reading.wall, wiring_.venue.last_time());
}

Recovered recover(const journal::Journal& journal, Venue& venue, journal::EventLog& events) {
    if (const auto known = events.highest_sequence(); known > journal.last())
        throw journal::JournalError{"the journal ends at command " + std::to_string(journal.last().value()) +
                                    " but the EventLog knows command " + std::to_string(known.value()) +
                                    ": acknowledged commands are missing; restore the journal from a copy"};
    constexpr std::size_t events_at_once = 4096;
    Recovered recovered;
    std::vector<Event> made;
    journal.replay(Sequence{venue.last_sequence().value() + 1}, [&](const Command& command) {
        venue.apply(command, made);
        ++recovered.commands;
        if (made.size() < events_at_once) return;
        events.restore(made);
        made.clear();
    });
    if (!made.empty()) events.restore(made);
    recovered.last = venue.last_sequence();
    return recovered;
}

} // namespace tradehive::venue
