// The journal and the EventLog in memory, and a clock set by hand: the venue's neighbours in tests.
#pragma once

#include "journal/event_log.hpp"
#include "journal/journal.hpp"
#include "venue/clock.hpp"

#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tradehive::venue::tests {

class MemoryJournal final : public journal::Journal {
public:
    std::vector<Command> commands; // appended
    std::size_t durable{};         // of them
    std::function<void()> on_append = [] {};
    std::function<void()> on_sync = [] {};

    [[nodiscard]] Sequence last() const noexcept override { return Sequence{commands.size()}; }
    void append(const Command& command) override {
        on_append();
        commands.push_back(command);
    }
    void sync() override {
        on_sync();
        durable = commands.size();
    }
    void replay(Sequence from, const std::function<void(const Command&)>& visit) const override {
        for (std::size_t i = from.value() - 1; i < durable; ++i)
            visit(commands[i]);
    }
};

class MemoryEventLog final : public journal::EventLog {
public:
    std::vector<Event> events;
    std::size_t restored{};
    Sequence known; // what highest_sequence() says before anything is published
    std::function<void()> before_publish = [] {};
    std::vector<std::pair<std::chrono::seconds, Timestamp>> drops;

    [[nodiscard]] EventNumber begin() const override { return EventNumber{1}; }
    [[nodiscard]] EventNumber end() const override { return EventNumber{events.size() + 1}; }
    [[nodiscard]] std::size_t read(EventNumber from, std::span<Event> into) const override {
        const std::size_t first = from.value() - 1;
        const std::size_t count = std::min(into.size(), events.size() - first);
        std::copy_n(events.begin() + static_cast<std::ptrdiff_t>(first), count, into.begin());
        return count;
    }
    [[nodiscard]] std::shared_ptr<void> on_publish(std::function<void()> /*wake*/) override { return {}; }
    [[nodiscard]] EventNumber position(std::string_view follower) const override {
        const auto found = positions_.find(std::string{follower});
        return found == positions_.end() ? begin() : found->second;
    }
    void set_position(std::string_view follower, EventNumber position) override {
        positions_[std::string{follower}] = position;
    }

    [[nodiscard]] Sequence highest_sequence() const override {
        return events.empty() ? known : events.back().header.sequence;
    }
    void restore(std::span<const Event> made) override {
        restored += made.size();
        events.insert(events.end(), made.begin(), made.end());
    }
    void publish(std::span<const Event> made) override {
        before_publish();
        events.insert(events.end(), made.begin(), made.end());
    }
    void drop_passed(std::chrono::seconds age, Timestamp now) override { drops.emplace_back(age, now); }

private:
    std::map<std::string, EventNumber> positions_;
};

class ManualClock final : public Clock {
public:
    std::chrono::nanoseconds wall{std::chrono::hours{24 * 20'000}};
    std::chrono::nanoseconds since_start{};

    [[nodiscard]] Timestamp now() override { return Timestamp{wall.count()}; }
    [[nodiscard]] std::chrono::nanoseconds steady() override { return since_start; }
};

[[nodiscard]] inline bool same_bytes(const Event& left, const Event& right) noexcept {
    return std::memcmp(&left.header, &right.header, sizeof left.header) == 0 &&
           std::memcmp(left.body.data(), right.body.data(), left.header.body_size) == 0;
}

} // namespace tradehive::venue::tests
