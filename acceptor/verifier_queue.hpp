// Verifies credentials on a thread of its own: argon2id is slow on purpose and has no place on an I/O thread.
//
// Bounded: post() says false when it is full, and whoever asked is refused with BUSY. Any thread may post;
// the answer is called on the queue's thread and must only hand over. Destruction forgets what waits.
#pragma once

#include "credentials/verifier.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace tradehive::acceptor {

class VerifierQueue {
public:
    struct Attempt {
        std::string username;
        std::string address;  // the peer's
        std::string password; // as 554 carries it
        std::string code;     // 20101
        std::function<void(credentials::Verdict)> answer;
    };

    VerifierQueue(const credentials::CredentialVerifier& verifier, std::function<Timestamp()> now,
                  std::size_t most_waiting);
    ~VerifierQueue();
    VerifierQueue(const VerifierQueue&) = delete;
    VerifierQueue& operator=(const VerifierQueue&) = delete;

    [[nodiscard]] bool post(Attempt attempt);
    // Other work of that kind; it must not throw.
    [[nodiscard]] bool post(std::function<void()> work);

private:
    void run();

    const credentials::CredentialVerifier& verifier_;
    std::function<Timestamp()> now_;
    std::size_t most_waiting_;
    std::mutex mutex_;
    std::condition_variable woken_;
    std::deque<std::function<void()>> waiting_;
    bool stopping_{};
    std::thread thread_;
};

} // namespace tradehive::acceptor
