// A venue as control sees it: takes commands, answers them with events on a thread of its own, and knows one
// firm, account, asset, instrument and FIX session.
#pragma once

#include "control/desk.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tradehive::control::testing {

class FakeVenue final : public CommandSink, public EventReader, public ReferenceDataSource {
public:
    FakeVenue() {
        auto names = std::make_shared<ReferenceData>();
        names->firms = {{venue_firm, Code::cut("VENUE")}, {FirmId{2}, Code::cut("ACME")}};
        names->accounts.resize(2);
        names->accounts[0].account = fee_account;
        names->accounts[0].firm = venue_firm;
        names->accounts[0].code = Code::cut("FEES");
        names->accounts[1].account = AccountId{2};
        names->accounts[1].firm = FirmId{2};
        names->accounts[1].code = Code::cut("ACME-1");
        names->assets = {{AssetId{1}, Code::cut("USD"), 2}, {AssetId{2}, Code::cut("BTC"), 8}};
        auto& instrument = names->instruments.emplace_back();
        instrument.instrument = InstrumentId{1};
        instrument.symbol = Symbol::cut("BTC-USD");
        instrument.base = AssetId{2};
        instrument.quote = AssetId{1};
        instrument.tick = {1, 2};
        instrument.lot = {1, 4};
        instrument.base_units_per_lot = 10'000;
        instrument.units_per_tick_lot = 1;
        instrument.least_quantity = Quantity{1};
        instrument.most_quantity = Quantity{1'000'000};
        names->index();
        names_ = std::move(names);
    }
    FakeVenue(const FakeVenue&) = delete;
    FakeVenue& operator=(const FakeVenue&) = delete;
    ~FakeVenue() override {
        for (auto& thread : answering_)
            thread.join();
    }

    void answers_to(AnswerSink& sink) { sink_ = &sink; }

    // What the next commands are answered with.
    void refuse_with(RejectReason reason, std::int64_t bound = 0) {
        reason_ = reason;
        bound_ = bound;
    }
    void make(std::uint64_t made, bool repeated = false) {
        made_ = made;
        repeated_ = repeated;
    }
    void submit_with(Submitted result) { submitted_ = result; }
    void stay_silent() { silent_ = true; }
    void answer_questions_with(decltype(Answer::what) what) { answer_ = std::move(what); }
    void know_session(FixSessionId session, std::string_view comp_id) {
        auto names = std::make_shared<ReferenceData>(*names_);
        auto& known = names->sessions.emplace_back();
        known.session = session;
        known.firm = FirmId{2};
        known.comp_id = CompID::cut(comp_id);
        known.resend_max_age = 10;
        known.accounts = {AccountId{2}};
        names->index();
        names_ = std::move(names);
    }

    [[nodiscard]] std::vector<Command> commands() const {
        const std::lock_guard lock{mutex_};
        return commands_;
    }
    [[nodiscard]] std::vector<Question> questions() const {
        const std::lock_guard lock{mutex_};
        return questions_;
    }

    // --- CommandSink
    Submitted submit(const Command& command) override {
        if (submitted_ != Submitted::taken) return submitted_;
        {
            const std::lock_guard lock{mutex_};
            commands_.push_back(command);
        }
        if (!silent_) answering_.emplace_back([this, command] { publish_done(command); });
        return Submitted::taken;
    }
    Submitted ask(const Question& question) override {
        if (submitted_ != Submitted::taken) return submitted_;
        {
            const std::lock_guard lock{mutex_};
            questions_.push_back(question);
        }
        if (!silent_)
            answering_.emplace_back([this, origin = question.origin] {
                sink_->take(std::make_shared<const Answer>(Answer{origin, EventNumber{1}, answer_}));
            });
        return Submitted::taken;
    }

    // --- EventReader
    EventNumber begin() const override { return EventNumber{1}; }
    EventNumber end() const override {
        const std::lock_guard lock{mutex_};
        return EventNumber{events_.size() + 1};
    }
    std::size_t read(EventNumber from, std::span<Event> into) const override {
        const std::lock_guard lock{mutex_};
        std::size_t count = 0;
        for (auto i = from.value() - 1; i < events_.size() && count < into.size(); ++i)
            into[count++] = events_[i];
        return count;
    }
    std::shared_ptr<void> on_publish(std::function<void()> wake) override {
        const std::lock_guard lock{wake_mutex_};
        const auto key = ++last_wake_;
        wakes_[key] = std::move(wake);
        return {nullptr, [this, key](std::nullptr_t) {
                    const std::lock_guard relock{wake_mutex_};
                    wakes_.erase(key);
                }};
    }
    EventNumber position(std::string_view) const override { return EventNumber{1}; }
    void set_position(std::string_view, EventNumber) override {}

    // --- ReferenceDataSource
    std::shared_ptr<const ReferenceData> current() const override { return names_; }

    void publish_done(const Command& command) {
        Event other{};
        other.header.kind = EventKind::command_done;
        other.header.body_size = sizeof(CommandDone);
        other.header.origin = command.header.origin;
        other.header.origin.channel =
            Channel::rest; // the same correlation on another channel is not the answer
        Event done = other;
        done.header.origin = command.header.origin;
        CommandDone body;
        body.made = made_;
        body.reason = reason_;
        body.bound = bound_;
        body.repeated = repeated_ ? 1 : 0;
        std::memcpy(done.body.data(), &body, sizeof body);
        {
            const std::lock_guard lock{mutex_};
            done.header.sequence = Sequence{++sequence_};
            events_.push_back(other);
            events_.push_back(done);
        }
        const std::lock_guard lock{wake_mutex_};
        for (const auto& [key, wake] : wakes_)
            wake();
    }

private:
    mutable std::mutex mutex_;
    std::mutex wake_mutex_;
    std::vector<Command> commands_;
    std::vector<Question> questions_;
    std::vector<Event> events_;
    std::map<int, std::function<void()>> wakes_;
    int last_wake_{};
    std::uint64_t sequence_{};
    std::shared_ptr<const ReferenceData> names_;
    AnswerSink* sink_{};
    decltype(Answer::what) answer_{VenueAnswer{}};
    std::vector<std::jthread> answering_;
    RejectReason reason_{};
    std::int64_t bound_{};
    std::uint64_t made_{};
    bool repeated_{};
    bool silent_{};
    Submitted submitted_{Submitted::taken};
};

class FakeCredentials final : public CredentialStore {
public:
    std::optional<Credential> find(std::string_view username) const override {
        const auto found = by_username.find(std::string{username});
        return found == by_username.end() ? std::nullopt : std::optional{found->second};
    }
    std::optional<Credential> find(FixSessionId session) const override {
        for (const auto& [username, credential] : by_username)
            if (credential.session == session) return credential;
        return std::nullopt;
    }
    void put(const Credential& credential) override {
        if (fails) throw std::runtime_error{"the database is away"};
        remove(credential.session);
        by_username[credential.username] = credential;
    }
    Replaced replace(const Credential& before, const Credential& after) override {
        if (find(before.session) != before) return Replaced::other;
        put(after);
        return Replaced::done;
    }
    void remove(FixSessionId session) override {
        std::erase_if(by_username, [&](const auto& entry) { return entry.second.session == session; });
    }

    std::map<std::string, Credential> by_username;
    bool fails{};
};

class FakeSessions final : public SessionControl {
public:
    std::vector<SessionStatus> sessions() const override { return live; }
    bool disconnect(FixSessionId session, std::string_view text) override {
        disconnected.emplace_back(session, text);
        return std::ranges::any_of(live, [&](const auto& status) { return status.session == session; });
    }

    std::vector<SessionStatus> live;
    std::vector<std::pair<FixSessionId, std::string>> disconnected;
};

} // namespace tradehive::control::testing
