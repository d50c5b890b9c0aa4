// What one command leads to: its events, and for the control and REST channels the answer that closes them.
// Lives for the length of one apply().
#pragma once

#include "domain/event.hpp"
#include "risk/limits.hpp"

#include <cstring>
#include <vector>

namespace tradehive::venue {

// Why a command is refused, with the bound that it ran into.
using risk::Refusal;

class Outcome {
public:
    // next is the venue's counter of events.
    Outcome(const CommandHeader& command, EventNumber& next, std::vector<Event>& out) noexcept
        : command_{command}
        , next_{next}
        , out_{out} {}

    [[nodiscard]] const CommandHeader& command() const noexcept { return command_; }
    [[nodiscard]] const Origin& origin() const noexcept { return command_.origin; }
    [[nodiscard]] Timestamp time() const noexcept { return command_.time; }

    template <EventBody Body>
    void write(const Body& body) {
        Event& event = out_.emplace_back();
        event.header.number = next_;
        event.header.sequence = command_.sequence;
        event.header.time = command_.time;
        event.header.origin = command_.origin;
        event.header.index = index_++;
        set_body(event, body);
        next_ = EventNumber{next_.value() + 1};
    }

    // What CommandDone will say; done, and nothing made, unless told.
    void refuse(const Refusal& refusal) noexcept {
        answer_.reason = refusal.reason;
        answer_.bound = refusal.bound;
    }
    template <class Id>
    void made(Id id) noexcept {
        answer_.made = id.value();
    }
    void answer_like(const CommandDone& earlier) noexcept {
        answer_ = earlier;
        answer_.repeated = 1;
    }
    [[nodiscard]] const CommandDone& answer() const noexcept { return answer_; }

private:
    const CommandHeader& command_;
    EventNumber& next_;
    std::vector<Event>& out_;
    std::uint32_t index_{};
    CommandDone answer_;
};

} // namespace tradehive::venue
