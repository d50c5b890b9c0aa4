// What stands behind the acceptor in the baseline of fix_bench: no queue, no core, no journal. Each command
// is answered in the call that submits it with the one event that the venue would make of it for the client:
// the same OrderAccepted, so that the acceptor does the same work and writes the same report.
//
// Firm 2 BENCH with accounts 2, 3, … BENCH-1, BENCH-2, … and FIX sessions 1, 2, … BENCH1, BENCH2, …, each
// for one account; instrument 1 BTC-USD. Every password is right. A session logs on once.
//
// Only the newest `kept` events can be read; the acceptor's followers are never so far behind, because a
// client has at most its window under way.
#pragma once

#include "credentials/password_change.hpp"
#include "credentials/verifier.hpp"
#include "domain/ports.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace tradehive::bench {

class EchoVenue final : public CommandSink,
                        public EventReader,
                        public ReferenceDataSource,
                        public credentials::CredentialVerifier,
                        public credentials::PasswordChanger {
public:
    explicit EchoVenue(std::uint32_t sessions);

    Submitted submit(const Command& command) override;
    Submitted ask(const Question&) override { return Submitted::full; } // nobody asks here

    [[nodiscard]] EventNumber begin() const override;
    [[nodiscard]] EventNumber end() const override;
    [[nodiscard]] std::size_t read(EventNumber from, std::span<Event> into) const override;
    [[nodiscard]] std::shared_ptr<void> on_publish(std::function<void()> wake) override;
    [[nodiscard]] EventNumber position(std::string_view) const override { return begin(); }
    void set_position(std::string_view, EventNumber) override {}

    [[nodiscard]] std::shared_ptr<const ReferenceData> current() const override { return reference_; }

    [[nodiscard]] credentials::Verdict verify(const credentials::Offer& offer, Timestamp) const override;

    // Nobody changes a password here.
    [[nodiscard]] std::expected<credentials::PreparedChange, credentials::NotChanged>
    prepare(const credentials::PasswordWish&, Timestamp) const override {
        return std::unexpected{credentials::NotChanged::not_stored};
    }
    [[nodiscard]] std::expected<void, credentials::NotChanged>
    store(const credentials::PreparedChange&) override {
        return std::unexpected{credentials::NotChanged::not_stored};
    }

private:
    static constexpr std::size_t kept = 1 << 16;

    void answer(const Command& command);
    template <EventBody Body>
    void emit(const Command& command, const Body& body);

    mutable std::mutex mutex_;
    std::vector<Event> ring_{kept};
    std::uint64_t end_{1};
    std::shared_ptr<const ReferenceData> reference_;

    std::mutex wake_mutex_; // also held while waking, so that unsubscribing waits
    std::map<int, std::function<void()>> wakes_;
    int last_wake_{};
};

} // namespace tradehive::bench
