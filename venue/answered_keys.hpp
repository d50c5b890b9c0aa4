// How back-office commands that carried an idempotency key were answered: the same command with the same key
// is answered like the first and does nothing. A refused one changed nothing and is not remembered, so that
// it may be tried again; a key that comes again with another body is KEY_REUSED.
//
// The newest most_kept keys are remembered; then the oldest is forgotten.
#pragma once

#include "domain/event.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

namespace tradehive::venue {

class AnsweredKeys {
public:
    static constexpr std::size_t most_kept = std::size_t{1} << 20U;

    struct Name {
        CommandKind kind{};
        Key key;

        friend bool operator==(const Name&, const Name&) = default;
    };

    struct Answered {
        CommandDone answer;
        std::uint64_t body{}; // fingerprint of the command's body
    };

    // nullptr: new.
    [[nodiscard]] const Answered* find(const Name& name) const {
        const auto found = answers_.find(name);
        return found == answers_.end() ? nullptr : &found->second;
    }

    void remember(const Name& name, const Answered& answered) {
        answers_.emplace(name, answered);
        oldest_first_.push_back(name);
        if (oldest_first_.size() <= most_kept) return;
        answers_.erase(oldest_first_.front());
        oldest_first_.pop_front();
    }

    [[nodiscard]] const std::deque<Name>& oldest_first() const noexcept { return oldest_first_; }

private:
    struct Hash {
        std::size_t operator()(const Name& name) const noexcept {
            return std::hash<Key>{}(name.key) ^ static_cast<std::size_t>(name.kind);
        }
    };

    std::unordered_map<Name, Answered, Hash> answers_;
    std::deque<Name> oldest_first_;
};

} // namespace tradehive::venue
