#include "acceptor/verifier_queue.hpp"

namespace tradehive::acceptor {

VerifierQueue::VerifierQueue(const credentials::CredentialVerifier& verifier, std::function<Timestamp()> now,
                             std::size_t most_waiting)
    : verifier_{verifier}
    , now_{std::move(now)}
    , most_waiting_{most_waiting}
    , thread_{[this] { run(); }} {}

VerifierQueue::~VerifierQueue() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    woken_.notify_one();
    thread_.join();
}

bool VerifierQueue::post(Attempt attempt) {
    return post([this, attempt = std::move(attempt)] {
        attempt.answer(verifier_.verify({.username = attempt.username,
                                         .password = attempt.password,
                                         .code = attempt.code,
                                         .address = attempt.address},
                                        now_()));
    });
}

bool VerifierQueue::post(std::function<void()> work) {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_ || waiting_.size() >= most_waiting_) return false;
        waiting_.push_back(std::move(work));
    }
    woken_.notify_one();
    return true;
}

void VerifierQueue::run() {
    std::unique_lock lock{mutex_};
    while (true) {
        woken_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        auto work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        work();
        work = nullptr; // what it holds goes without the lock
        lock.lock();
    }
}

} // namespace tradehive::acceptor
