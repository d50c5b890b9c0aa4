// A venue small enough to read at once, behind the acceptor's ports: it applies a command as soon as it is
// submitted, unless it is held, and keeps its events in memory. It trusts the acceptor with nothing that the
// real one checks: a command whose number it has seen already makes no event.
#pragma once

#include "credentials/password_change.hpp"
#include "credentials/verifier.hpp"
#include "domain/ports.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <vector>

namespace tradehive::acceptor {

// Sessions: 1 ALICE, 2 BOB, both of firm 2 with accounts 2 and 3; 3 MARK is revoked. Instrument 1 is X-USD.
class FakeVenue final : public CommandSink, public EventReader, public ReferenceDataSource {
public:
    explicit FakeVenue(AnswerSink* answers = nullptr);

    void answer_to(AnswerSink& answers) { answers_ = &answers; }

    // CommandSink
    Submitted submit(const Command& command) override;
    Submitted ask(const Question& question) override;
    // EventReader
    [[nodiscard]] EventNumber begin() const override { return EventNumber{1}; }
    [[nodiscard]] EventNumber end() const override;
    [[nodiscard]] std::size_t read(EventNumber from, std::span<Event> into) const override;
    [[nodiscard]] std::shared_ptr<void> on_publish(std::function<void()> wake) override;
    [[nodiscard]] EventNumber position(std::string_view) const override { return begin(); }
    void set_position(std::string_view, EventNumber) override {}
    // ReferenceDataSource
    [[nodiscard]] std::shared_ptr<const ReferenceData> current() const override {
        const std::lock_guard lock{mutex_};
        return reference_;
    }

    // --- for tests
    void hold();                      // commands wait, as if the disk were slow
    void release();                   // and are applied now
    void full(bool orders, bool all); // what submit() says
    void fill(OrderId order);         // a fill that comes by itself
    void send_events(FixSessionId to, int count);
    void raise_epoch(FixSessionId session, std::uint64_t next_in, std::uint64_t next_out);
    void raise_epoch_behind_next_logon(); // before anybody can have heard of that logon
    void use_up_code(std::uint64_t step);
    void need_no_code();                      // from now on: there is a grace
    void list_instruments(std::size_t count); // so many in all, all like the first
    [[nodiscard]] std::size_t books_asked() const;

    [[nodiscard]] std::vector<Command> commands() const;
    // Waits until that many commands of the kind have been submitted; the last of them. Fails the test
    // after ten seconds.
    Command await(CommandKind kind, std::size_t count = 1);

private:
    struct SessionState {
        Epoch epoch{1};
        std::uint64_t next_in{1};
        std::uint64_t first_out{1};
        bool logged_on{};
    };
    void apply(const Command& command);
    [[nodiscard]] bool code_counts(const LogOnSession& request) const;
    template <EventBody Body>
    void emit(const CommandHeader& cause, const Body& body);
    void publish();

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Command> commands_;
    std::deque<Command> held_;
    std::vector<Event> events_;
    std::size_t published_{};
    std::uint64_t sequence_{};
    std::uint32_t index_{};
    std::map<std::uint32_t, SessionState> sessions_;
    std::map<std::uint64_t, OrderImage> orders_;
    std::set<std::uint64_t> used_steps_;
    bool holding_{};
    bool orders_full_{};
    bool all_full_{};
    bool raise_behind_logon_{};
    bool in_grace_{};
    std::size_t books_asked_{};
    std::shared_ptr<const ReferenceData> reference_;
    AnswerSink* answers_;

    std::mutex wake_mutex_; // also held while waking, so that unsubscribing waits
    std::list<std::function<void()>> wakes_;
};

// ALICE, BOB and MARK with password "right"; "right:<digits>" uses that step as a code, and "right:" needs
// one and has none.
class FakeVerifier final : public credentials::CredentialVerifier {
public:
    [[nodiscard]] credentials::Verdict verify(const credentials::Offer& offer, Timestamp) const override;
};

// Of ALICE and BOB: "right", as FakeVerifier has it, becomes any new password but "weak". It counts what it
// has stored.
class FakeChanger final : public credentials::PasswordChanger {
public:
    [[nodiscard]] std::expected<credentials::PreparedChange, credentials::NotChanged>
    prepare(const credentials::PasswordWish& wish, Timestamp now) const override;
    [[nodiscard]] std::expected<void, credentials::NotChanged>
    store(const credentials::PreparedChange& change) override;

    mutable std::atomic<int> prepared_count{};
    std::atomic<int> stored_count{};
    std::atomic<bool> database_away{};
    std::function<void()> before_storing; // on the thread that stores

private:
    FakeVerifier verifier_;
};

} // namespace tradehive::acceptor
