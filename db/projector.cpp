#include "db/projector.hpp"

#include "db/event_rows.hpp"
#include "db/migrations.hpp"
#include "db/projection.hpp"
#include "db/retention.hpp"
#include "db/venue_database.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <vector>

namespace tradehive::db {

namespace {

constexpr std::string_view follower = "projector"; // its name in the EventLog

} // namespace

std::string_view name(Alarm alarm) noexcept {
    switch (alarm) {
    case Alarm::database_away:
        return "database_away";
    case Alarm::database_back:
        return "database_back";
    case Alarm::retention_failed:
        return "retention_failed";
    case Alarm::database_ahead:
        return "database_ahead";
    case Alarm::other_venue:
        return "other_venue";
    case Alarm::events_gone:
        return "events_gone";
    case Alarm::schema_refused:
        return "schema_refused";
    case Alarm::unknown_event:
        return "unknown_event";
    }
    return "unknown";
}

Projector::Projector(Options options, EventReader& events, OnAlarm on_alarm)
    : options_{std::move(options)}
    , events_{events}
    , on_alarm_{std::move(on_alarm)}
    , pause_{options_.first_pause} {
    subscription_ = events_.on_publish([this] {
        {
            const std::scoped_lock lock(mutex_);
            published_ = true;
        }
        changed_.notify_all();
    });
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Projector::~Projector() {
    thread_.request_stop();
    thread_.join();
    subscription_.reset(); // before the mutex that its callback takes
}

void Projector::run(const std::stop_token& stop) {
    while (!stop.stop_requested() && !stopped()) {
        try {
            follow(stop);
        } catch (const OtherVenue& error) {
            stop_for_good(Alarm::other_venue, error.what());
        } catch (const SchemaRefused& error) {
            stop_for_good(Alarm::schema_refused, error.what());
        } catch (const UnknownEvent& error) {
            stop_for_good(Alarm::unknown_event, error.what());
        } catch (const std::exception& error) {
            if (stop.stop_requested()) return;
            failed(error.what());
            pause(pause_, stop);
            pause_ = std::min(pause_ * 2, options_.longest_pause);
        }
    }
}

// One connection's life.
void Projector::follow(const std::stop_token& stop) {
    // What a stop cuts short is projected again.
    Connection connection(options_.database, Durability::projection, stop);
    open_for(options_.venue, connection);
    Projection projection(connection, options_.partition_ids);
    Retention retention(connection, options_.kept);
    // Asked for again whenever the database turns out to be elsewhere: a second projector, or a commit whose
    // answer was lost.
    while (!stop.stop_requested() && !stopped()) {
        const EventNumber from = projection.position();
        if (!can_go_on_from(from)) return;
        reached(from);
        project_from(from, projection, retention, stop);
    }
}

// Returns when told to stop, or when the database is not where it was thought to be.
void Projector::project_from(EventNumber from, Projection& projection, Retention& retention,
                             const std::stop_token& stop) {
    std::vector<Event> batch(options_.batch);
    while (!stop.stop_requested()) {
        {
            const std::scoped_lock lock(mutex_);
            published_ = false;
        }
        const std::size_t count = events_.read(from, batch);
        if (count == 0) {
            went_well();
            drop_old(retention);
            wait_for_events(stop);
            continue;
        }
        if (!projection.project(from, std::span(batch).first(count))) return;
        went_well();
        from = EventNumber{from.value() + count};
        newest_ = batch[count - 1].header.time;
        reached(from);
        drop_old(retention);
        if (count < batch.size()) pause(options_.linger, stop);
    }
}

bool Projector::can_go_on_from(EventNumber position) {
    if (position > events_.end()) {
        stop_for_good(Alarm::database_ahead, ahead_text(position, events_.end()));
        return false;
    }
    if (position < events_.begin()) {
        stop_for_good(Alarm::events_gone, gone_text(position, events_.begin()));
        return false;
    }
    return true;
}

void Projector::reached(EventNumber position) {
    events_.set_position(follower, position);
    {
        const std::scoped_lock lock(mutex_);
        position_.store(position.value());
    }
    changed_.notify_all();
}

void Projector::went_well() {
    pause_ = options_.first_pause;
    {
        const std::scoped_lock lock(mutex_);
        up_ = true;
    }
    if (!std::exchange(told_, {}).empty())
        on_alarm_(Alarm::database_back, "the database is back; the projector goes on");
}

void Projector::failed(std::string_view what) {
    {
        const std::scoped_lock lock(mutex_);
        up_ = false;
        last_error_ = what;
        last_error_at_ = std::chrono::system_clock::now();
    }
    if (std::exchange(told_, what) != what) on_alarm_(Alarm::database_away, what);
}

// A step now and then, also while there is much to project: old rows go faster than new ones come.
void Projector::drop_old(Retention& retention) {
    if (options_.kept == std::chrono::seconds{} || newest_ == Timestamp{}) return;
    if (std::chrono::steady_clock::now() < next_retention_) return;
    next_retention_ = std::chrono::steady_clock::now() + options_.between_retentions;
    try {
        const bool more = retention.step(newest_);
        if (more) next_retention_ = std::chrono::steady_clock::now() + options_.linger;
        retention_told_.clear();
    } catch (const DatabaseError& error) { // rows that stay too long are no reason to project none
        if (std::exchange(retention_told_, error.what()) != error.what())
            on_alarm_(Alarm::retention_failed, error.what());
    }
}

void Projector::stop_for_good(Alarm alarm, const std::string& text) {
    {
        const std::scoped_lock lock(mutex_);
        stopped_.store(true);
        last_error_ = text;
        last_error_at_ = std::chrono::system_clock::now();
    }
    changed_.notify_all();
    on_alarm_(alarm, text);
}

void Projector::pause(std::chrono::milliseconds time, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, time, [] { return false; });
}

void Projector::wait_for_events(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    // Before the first event there is no time to reckon from.
    if (options_.kept == std::chrono::seconds{} || newest_ == Timestamp{})
        changed_.wait(lock, stop, [this] { return published_; });
    else
        changed_.wait_until(lock, stop, next_retention_, [this] { return published_; });
}

std::uint64_t Projector::lag() const {
    const auto end = events_.end().value();
    const auto next = std::max<std::uint64_t>(position_.load(), 1);
    return end > next ? end - next : 0;
}

Projector::Status Projector::status() const {
    Status status;
    status.stopped = stopped();
    status.events_behind = lag();
    const EventNumber next{std::max(position().value(), events_.begin().value())};
    if (std::array<Event, 1> oldest{}; status.events_behind > 0 && events_.read(next, oldest) == 1) {
        const std::chrono::nanoseconds since{oldest[0].header.time.value()};
        const auto age = std::chrono::system_clock::now().time_since_epoch() - since;
        status.behind =
            std::max(std::chrono::duration_cast<std::chrono::seconds>(age), std::chrono::seconds{});
    }
    const std::scoped_lock lock(mutex_);
    status.up = up_;
    status.last_error = last_error_;
    status.last_error_at = last_error_at_;
    return status;
}

EventNumber Projector::position() const noexcept {
    return EventNumber{position_.load()};
}

bool Projector::wait_for(EventNumber position, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return position_.load() >= position.value() || stopped(); });
    return position_.load() >= position.value();
}

} // namespace tradehive::db
