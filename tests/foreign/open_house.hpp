// What stands behind the gateway in echo_acceptor: no venue, no journal, no credentials. Whoever logs on is
// let in under its SenderCompID, and its sequence numbers are kept in memory, or begin anew at each logon.
//
// Thread-safe.
#pragma once

#include "credentials/password_change.hpp"
#include "credentials/verifier.hpp"
#include "domain/ports.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace tradehive::foreign {

class OpenHouse final : public CommandSink,
                        public EventReader,
                        public ReferenceDataSource,
                        public credentials::CredentialVerifier,
                        public credentials::PasswordChanger {
public:
    explicit OpenHouse(bool reset_on_logon);

    // Told of each session that has ended; any thread.
    void on_end(std::function<void(std::string_view comp_id)> told) { told_ = std::move(told); }

    // CommandSink: a logon, the end of a connection, and the number of a message that FIX::Session has
    // refused.
    Submitted submit(const Command& command) override;
    Submitted ask(const Question&) override { return Submitted::full; } // nobody asks here

    // EventReader: everything since the start
    [[nodiscard]] EventNumber begin() const override { return EventNumber{1}; }
    [[nodiscard]] EventNumber end() const override;
    [[nodiscard]] std::size_t read(EventNumber from, std::span<Event> into) const override;
    [[nodiscard]] std::shared_ptr<void> on_publish(std::function<void()> wake) override;
    [[nodiscard]] EventNumber position(std::string_view) const override { return begin(); }
    void set_position(std::string_view, EventNumber) override {}

    // ReferenceDataSource
    [[nodiscard]] std::shared_ptr<const ReferenceData> current() const override;

    // CredentialVerifier: the username is a SenderCompID, and becomes a session if it is none yet.
    [[nodiscard]] credentials::Verdict verify(const credentials::Offer& offer, Timestamp) const override;
    // PasswordChanger: there are none to change.
    [[nodiscard]] std::expected<credentials::PreparedChange, credentials::NotChanged>
    prepare(const credentials::PasswordWish&, Timestamp) const override {
        return std::unexpected{credentials::NotChanged::not_stored};
    }
    [[nodiscard]] std::expected<void, credentials::NotChanged>
    store(const credentials::PreparedChange&) override {
        return std::unexpected{credentials::NotChanged::not_stored};
    }

private:
    struct Numbers {
        Epoch epoch{1};
        MsgSeqNum next_in{1};
    };

    void log_on(const Command& command);
    void disconnect(const Command& command);
    template <EventBody Body>
    void emit(const Command& command, const Body& body);

    bool reset_on_logon_;
    std::function<void(std::string_view)> told_;

    mutable std::mutex mutex_;
    mutable std::shared_ptr<const ReferenceData> reference_;
    std::vector<Event> events_;
    std::map<FixSessionId, Numbers> numbers_;

    std::mutex wake_mutex_; // also held while waking, so that unsubscribing waits
    std::map<int, std::function<void()>> wakes_;
    int last_wake_{};
};

} // namespace tradehive::foreign
