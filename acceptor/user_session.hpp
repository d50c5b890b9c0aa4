// What one FIX session asks about its own user: BE, answered by BF.
//
// A refusal that needs nothing is an AnswerUser with the number of the BE. A change of the password goes so:
//
//   the number is journaled          then the BE will never be acted on again, whatever dies
//   prepare, on the verifier's thread
//   UseCode, if the credential has one-time codes
//   store, on the database's thread
//   AnswerUser                       so that the BF also reaches who has been cut meanwhile
//
// A connection that ends before the change is stored ends the change, without an answer: the old password
// counts. One at a time.
//
// Everything runs on the connection's strand.
#pragma once

#include "acceptor/password_changes.hpp"
#include "acceptor/translation.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tradehive::acceptor {

class UserSession {
public:
    struct Ports {
        FixSessionId session;
        std::string username; // that it has logged on with
        std::string address;  // the peer's
        PasswordChanges& passwords;
        CommandSink& commands;                      // for what a thread other than the strand submits
        std::function<void(const Command&)> submit; // on the strand
        // Runs it on the strand, unless the connection has gone. Any thread.
        std::function<void(std::function<void(UserSession&)>)> later;
    };

    explicit UserSession(Ports ports)
        : ports_{std::move(ports)} {}

    // Why the status of the user is not told; none: it is.
    [[nodiscard]] RejectReason refuses_status(const UserRequest& request) const noexcept;
    void change_password(const UserRequest& request);
    void refuse(const UserRequest& request, RejectReason why);
    [[nodiscard]] const std::string& username() const noexcept { return ports_.username; }

    // Of the events that concern the session, any number of times.
    void note(const Event& event);

private:
    struct UnderWay {
        AnswerUser answer;
        Origin origin;
        PasswordChanges::Wish wish; // without its secrets once they are handed over
        std::shared_ptr<const PasswordChanges::Change> change;
        enum class Step : std::uint8_t { journaling, preparing, using_code, storing, answering } step{};
    };

    [[nodiscard]] AnswerUser answer_to(const UserRequest& request) const noexcept;
    [[nodiscard]] bool is_under_way(const Origin& origin) const noexcept;
    void prepare();
    void prepared(const Origin& origin, const PasswordChanges::Prepared& change);
    void code_used(RejectReason reason);
    void store();
    void answer(RejectReason reason);

    Ports ports_;
    std::optional<UnderWay> under_way_;
};

} // namespace tradehive::acceptor
