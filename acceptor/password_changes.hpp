// Where passwords are changed, for all sessions: argon2id on the verifier's thread, SQL on one of its own, so
// that logons go on while the database stands still. What fails is counted as a failed logon is, and closes
// the same pair of credential and address.
//
//   prepare()   what the owner gave is right → a change that nobody sees yet; or why not
//   (the venue uses up the one-time code, if there is one)
//   store()     it is in the database, and counts; or why not
//
// Whoever calls bounds how many are under way: one for a session. The answers come on other threads and must
// only hand over; what waits for the verifier when it ends is not answered.
#pragma once

#include "acceptor/failed_logons.hpp"
#include "acceptor/verifier_queue.hpp"
#include "credentials/password_change.hpp"

#include <boost/asio/thread_pool.hpp>

#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace tradehive::acceptor {

class PasswordChanges {
public:
    struct Wish {
        FixSessionId session;
        std::string username;
        std::string address;  // the peer's
        std::string password; // 554
        std::string code;     // 20101
        std::string new_password;
    };
    struct Change {
        std::string username;
        std::string address;
        credentials::PreparedChange prepared;
    };
    using Prepared = std::expected<std::shared_ptr<const Change>, RejectReason>;

    PasswordChanges(credentials::PasswordChanger& changer, VerifierQueue& verifier, FailedLogons& failed,
                    std::function<Timestamp()> now);

    // False: the verifier has no room, and nothing will be answered.
    [[nodiscard]] bool prepare(Wish wish, std::function<void(const Prepared&)> answer);
    // The venue has seen its one-time code before.
    void code_refused(const Change& change);
    // answer: none, or why not.
    void store(std::shared_ptr<const Change> change, std::function<void(RejectReason)> answer);
    // Waits for what is being stored.
    void stop() { writer_.join(); }

private:
    [[nodiscard]] Prepared prepared(const Wish& wish);

    credentials::PasswordChanger& changer_;
    VerifierQueue& verifier_;
    FailedLogons& failed_;
    std::function<Timestamp()> now_;
    boost::asio::thread_pool writer_{1};
};

} // namespace tradehive::acceptor
