#include "acceptor/password_changes.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace tradehive::acceptor {
namespace {

RejectReason reason_of(credentials::NotChanged why) noexcept {
    using credentials::NotChanged;
    switch (why) {
    case NotChanged::incorrect:
        return RejectReason::password_incorrect;
    case NotChanged::weak:
        return RejectReason::weak_password;
    case NotChanged::generated:
        return RejectReason::generated_secret;
    case NotChanged::not_stored:
        break;
    case NotChanged::in_doubt:
        return RejectReason::password_in_doubt;
    }
    return RejectReason::password_not_stored;
}

} // namespace

PasswordChanges::PasswordChanges(credentials::PasswordChanger& changer, VerifierQueue& verifier,
                                 FailedLogons& failed, std::function<Timestamp()> now)
    : changer_{changer}
    , verifier_{verifier}
    , failed_{failed}
    , now_{std::move(now)} {}

bool PasswordChanges::prepare(Wish wish, std::function<void(const Prepared&)> answer) {
    return verifier_.post(
        [this, wish = std::move(wish), answer = std::move(answer)] { answer(prepared(wish)); });
}

PasswordChanges::Prepared PasswordChanges::prepared(const Wish& wish) {
    const auto now = now_();
    // As at logon: guesses are not even looked at while the pair is closed; the answer is the same.
    if (failed_.closed(wish.username, wish.address, now))
        return std::unexpected(RejectReason::password_incorrect);
    auto change = changer_.prepare({.session = wish.session,
                                    .offer = {.username = wish.username,
                                              .password = wish.password,
                                              .code = wish.code,
                                              .address = wish.address},
                                    .new_password = wish.new_password},
                                   now);
    if (change)
        return std::make_shared<const Change>(
            Change{.username = wish.username, .address = wish.address, .prepared = *std::move(change)});
    if (change.error() == credentials::NotChanged::incorrect)
        failed_.failed(wish.username, wish.address, now);
    return std::unexpected(reason_of(change.error()));
}

void PasswordChanges::code_refused(const Change& change) {
    failed_.failed(change.username, change.address, now_());
}

void PasswordChanges::store(std::shared_ptr<const Change> change, std::function<void(RejectReason)> answer) {
    boost::asio::post(writer_, [this, change = std::move(change), answer = std::move(answer)] {
        const auto stored = changer_.store(change->prepared);
        if (stored) failed_.succeeded(change->username, change->address);
        answer(stored ? RejectReason::none : reason_of(stored.error()));
    });
}

} // namespace tradehive::acceptor
