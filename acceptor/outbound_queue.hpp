// Bytes on their way to one peer, in order, with places where they must wait.
//
// push() with a number holds those bytes, and everything behind them, until release() says that the command
// of that inbound MsgSeqNum is durable: no answer to message n leaves before n is on disk. Numbers are
// released in order, so releasing n releases all below.
//
// Its bound is the owner's: when waiting() passes it, the connection is closed and the session catches up by
// resend. One owner at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace tradehive::acceptor {

class OutboundQueue {
public:
    void push(std::string_view bytes, std::uint64_t wait_for = 0);
    void release(std::uint64_t number) noexcept;

    // Takes about `most` bytes off the front, as far as nothing there has to wait; empty when there is
    // nothing to write now.
    [[nodiscard]] std::string take(std::size_t most);

    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
    [[nodiscard]] bool held() const noexcept { return !pieces_.empty() && is_held(pieces_.front()); }

private:
    struct Piece {
        std::string bytes;
        std::uint64_t wait_for{}; // 0: nothing
    };
    [[nodiscard]] bool is_held(const Piece& piece) const noexcept { return piece.wait_for > released_; }

    std::deque<Piece> pieces_;
    std::size_t waiting_{};
    std::uint64_t released_{};
};

} // namespace tradehive::acceptor
