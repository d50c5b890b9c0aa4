// Sends commands and questions into the venue and waits for what comes back.
//
// A command is answered by its CommandDone event, found in the EventLog by correlation; a question by its
// Answer. Threads: any; several may wait at once. take() is called by the venue and only stores a pointer.
#pragma once

#include "domain/ports.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <expected>
#include <mutex>
#include <unordered_map>

namespace tradehive::control {

enum class NoReply : std::uint8_t {
    busy,      // the venue's queue is full; nothing happened
    stopping,  // the venue takes nothing any more; nothing happened
    cut_short, // this venue is stopping, or did not answer in time: the command may or may not be done
};

// Words that no RejectReason but BUSY has.
[[nodiscard]] RejectWords describe(NoReply why) noexcept;

class Caller final : public AnswerSink {
public:
    struct Outcome {
        Sequence sequence;
        CommandDone done;
    };
    using Reply = std::shared_ptr<const Answer>;

    Caller(CommandSink& sink, EventReader& events, std::chrono::milliseconds patience);

    template <CommandBody Body>
    [[nodiscard]] std::expected<Outcome, NoReply> command(const Body& body) {
        return send(make_command(next_origin(), body));
    }

    [[nodiscard]] std::expected<Reply, NoReply> question(const decltype(Question::what)& what);

    // The sink of answers to Channel::control.
    void take(std::shared_ptr<const Answer> answer) noexcept override;

    // Whoever waits gives up now, and nobody waits any more.
    void stop() noexcept;

private:
    [[nodiscard]] Origin next_origin();
    [[nodiscard]] std::expected<Outcome, NoReply> send(const Command& command);

    CommandSink& sink_;
    EventReader& events_;
    const std::chrono::milliseconds patience_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t last_correlation_{};
    std::uint64_t published_{}; // counts wake-ups
    bool stopped_{};
    std::unordered_map<std::uint64_t, Reply> asked_; // by correlation; as many as threads that wait
};

} // namespace tradehive::control
