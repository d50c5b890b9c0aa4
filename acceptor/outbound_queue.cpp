#include "acceptor/outbound_queue.hpp"

#include <algorithm>

namespace tradehive::acceptor {
namespace {

constexpr std::size_t piece_bytes = std::size_t{64} * 1024; // small messages share a piece up to here

} // namespace

void OutboundQueue::push(std::string_view bytes, std::uint64_t wait_for) {
    waiting_ += bytes.size();
    const bool joins = wait_for == 0 && !pieces_.empty() && pieces_.back().wait_for == 0 &&
                       pieces_.back().bytes.size() + bytes.size() <= piece_bytes;
    if (joins)
        pieces_.back().bytes.append(bytes);
    else
        pieces_.push_back({.bytes = std::string{bytes}, .wait_for = wait_for});
}

void OutboundQueue::release(std::uint64_t number) noexcept {
    released_ = std::max(released_, number);
}

std::string OutboundQueue::take(std::size_t most) {
    std::string batch;
    while (!pieces_.empty() && !held() && batch.size() < most) {
        if (batch.empty())
            batch = std::move(pieces_.front().bytes);
        else
            batch.append(pieces_.front().bytes);
        pieces_.pop_front();
    }
    waiting_ -= batch.size();
    return batch;
}

} // namespace tradehive::acceptor
