#include "main/venue_process.hpp"

#include "acceptor/acceptor.hpp"
#include "control/desk.hpp"
#include "control/server.hpp"
#include "credentials/keys.hpp"
#include "credentials/password_change.hpp"
#include "credentials/verifier.hpp"
#include "db/credential_repository.hpp"
#include "db/projector.hpp"
#include "db/venue_database.hpp"
#include "journal/venue_id.hpp"
#include "main/clock_check.hpp"
#include "main/database_options.hpp"
#include "main/day_timer.hpp"
#include "main/demo_market.hpp"
#include "main/number_reset.hpp"
#include "main/program_files.hpp"
#include "main/recovered_venue.hpp"
#include "main/snapshot_keeper.hpp"
#include "venue/venue_loop.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>

namespace tradehive::main {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

// How long an operator's request may take; a check of all invariants is the slowest.
constexpr std::chrono::seconds control_patience{60};
// How long a clean stop waits for the database. What is missing then is projected at the next start.
constexpr std::chrono::seconds projector_patience{5};

[[noreturn]] void die(std::string_view what) {
    spdlog::critical("{}", what);
    spdlog::critical("the venue ends now; its next start recovers what was acknowledged");
    spdlog::default_logger()->flush();
    ::_exit(exit_fatal);
}

// Only the venue's user may look inside.
void make_private_folder(const fs::path& folder) {
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms::owner_all);
}

acceptor::RequestRate::Limits rate_of(const Configuration::Rate& rate) {
    return {.per_second = rate.per_second, .at_once = rate.at_once};
}

constexpr bool agree(const Configuration::Rate& configured, const acceptor::RequestRate::Limits& otherwise) {
    return configured.per_second == otherwise.per_second && configured.at_once == otherwise.at_once;
}
static_assert(agree(Configuration::FixLimits{}.requests, acceptor::SessionRates::Limits{}.questions) &&
              agree(Configuration::FixLimits{}.orders, acceptor::SessionRates::Limits{}.orders) &&
              agree(Configuration::FixLimits{}.cancels, acceptor::SessionRates::Limits{}.cancels));

acceptor::AcceptorOptions acceptor_options(const Configuration& configuration) {
    const auto& fix = configuration.fix;
    acceptor::AcceptorOptions options;
    options.address = fix.address;
    options.port = fix.port;
    if (!fix.tls.certificate.empty()) options.tls = {fix.tls.certificate, fix.tls.key};
    options.plain_beyond_loopback = fix.plain_beyond_loopback;
    options.threads = fix.threads;
    options.comp_id = fix.comp_id;
    options.dictionaries =
        fix.dictionaries.empty() ? find_program_file("fix-spec/FIX44.xml").parent_path() : fix.dictionaries;
    options.session_directory = configuration.session_directory();
    if (fix.log) options.log_directory = configuration.log.directory;
    options.most_unauthenticated = fix.limits.connections_before_logon;
    options.most_verifying = fix.limits.logons_waiting;
    options.limits.logon_timeout = fix.limits.logon_timeout;
    options.limits.write_stall = fix.limits.write_stall;
    options.rates = {.questions = rate_of(fix.limits.requests),
                     .orders = rate_of(fix.limits.orders),
                     .cancels = rate_of(fix.limits.cancels)};
    options.limits.most_message_bytes = fix.limits.message_bytes;
    options.limits.most_outbound_bytes = fix.limits.bytes_waiting;
    options.limits.most_market_data_bytes = configuration.market_data.bytes_waiting;
    options.market_data_interval = configuration.market_data.interval;
    options.most_subscriptions = configuration.market_data.subscriptions;
    return options;
}

// Looked at before anything is accepted: a database of another venue, one that knows more than the journal,
// or a new one for which there is no first event any more.
db::DatabaseOptions database_of(const Configuration& configuration, const std::string& venue_id,
                                const EventReader& events) {
    auto options = database_options(configuration.database);
    db::Connection connection(options);
    db::open_for(venue_id, connection);
    db::refuse_if_ahead(connection, events.end());
    db::refuse_if_new_and_behind(connection, events.begin());
    return options;
}

db::Projector::Options projector_options(const Configuration& configuration, const std::string& venue_id) {
    db::Projector::Options options;
    options.database = database_options(configuration.database);
    options.venue = venue_id;
    options.kept = configuration.database.kept;
    options.partition_ids = static_cast<long long>(configuration.database.partition_ids);
    return options;
}

credentials::PasswordCost password_cost(const Configuration& configuration) {
    const auto& cost = configuration.credentials;
    return {cost.argon2_passes, cost.argon2_kibibytes, cost.argon2_lanes};
}

Timestamp timestamp(std::chrono::sys_seconds moment) {
    return Timestamp{std::chrono::nanoseconds{moment.time_since_epoch()}.count()};
}

std::optional<NumberReset> number_reset(const Configuration::Reset& configured, Timestamp last_command,
                                        Timestamp now) {
    if (!configured.at) return std::nullopt;
    const auto wall = [](Timestamp time) {
        return NumberReset::Wall{
            std::chrono::floor<NumberReset::Wall::duration>(std::chrono::nanoseconds{time.value()})};
    };
    std::optional<NumberReset::Wall> alive_until;
    if (last_command != Timestamp{}) alive_until = wall(last_command);
    return NumberReset{*configured.at, {configured.news, configured.last_news}, alive_until, wall(now)};
}

// The loop on its thread, for as long as this lives. Its end takes nothing more, and finishes what was taken.
class LoopThread {
public:
    LoopThread(venue::CommandQueue& queue, venue::VenueLoop& loop)
        : queue_{queue}
        , thread_{[&loop] { loop.run(); }} {}
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;
    ~LoopThread() { queue_.close(); }

private:
    venue::CommandQueue& queue_;
    std::jthread thread_;
};

} // namespace

// The order of the members is the order of the start; they go in the opposite one.
class VenueProcess::Rooms {
public:
    explicit Rooms(const Configuration& configuration);
    Rooms(const Rooms&) = delete;
    Rooms& operator=(const Rooms&) = delete;
    ~Rooms();

    void run();

private:
    void say_recovered() const;
    void start_venue();
    void submit(const Command& command);
    void end_what_is_over();
    void reset_numbers(std::chrono::system_clock::time_point wall);
    void watch_journal();
    void say_ready();
    void on_alarm(db::Alarm alarm, std::string_view text);
    boost::json::object database_status() const;
    void remind_of_database() const;

    const Configuration configuration_;
    const credentials::Keys keys_;

    RecoveredVenue core_; // from here on the EventLog is complete
    venue::SystemClock clock_;
    const std::string odd_clock_; // looked at before anything else goes by it; for the log
    SnapshotKeeper snapshots_;
    venue::CommandQueue queue_;
    venue::PublishedReferenceData reference_;
    venue::VenueLoop loop_;

    const std::string venue_id_;
    db::CredentialRepository credentials_;
    const credentials::StoredCredentialVerifier verifier_;
    credentials::StoredPasswordChanger passwords_;
    acceptor::Acceptor acceptor_;
    control::Caller caller_;
    control::Desk desk_;
    std::optional<LoopThread> venue_thread_;
    std::optional<db::Projector> projector_;
    std::optional<control::Server> control_;

    asio::io_context io_{1};
    asio::signal_set signals_{io_};
    asio::steady_timer day_timer_{io_};
    asio::steady_timer journal_watch_{io_};
    DayTimer days_;
    std::optional<NumberReset> number_reset_;
    std::string journal_warning_;
};

VenueProcess::Rooms::Rooms(const Configuration& configuration)
    : configuration_{configuration}
    , keys_{credentials::Keys::load_or_create(configuration.credentials.key_file)}
    , core_{configuration}
    , odd_clock_{check_clock(core_.venue.last_time(), clock_.now(), configuration.journal.clock_back)}
    , snapshots_{configuration, *core_.journal}
    , queue_{{configuration.queue.orders, configuration.queue.reserved, configuration.queue.batch}}
    , loop_{{queue_, *core_.journal, core_.venue, *core_.events, reference_, clock_,
             [](std::string_view what) { spdlog::warn("{}", what); },
             [](std::string_view what) { die(what); }, configuration.event_log.kept}}
    , venue_id_{journal::venue_id(configuration.journal_directory())}
    , credentials_{database_of(configuration, venue_id_, *core_.events),
                   {.connections = configuration.database.connections}}
    , verifier_{credentials_,
                keys_,
                {.cost = password_cost(configuration), .otp_grace = configuration.credentials.otp_grace}}
    , passwords_{credentials_, verifier_, password_cost(configuration)}
    , acceptor_{acceptor_options(configuration), {queue_, *core_.events, reference_, verifier_, passwords_}}
    , caller_{queue_, *core_.events, control_patience}
    , desk_{{caller_, *core_.events, reference_, credentials_, keys_, acceptor_},
            {{"projector"}, [this] { return database_status(); }, password_cost(configuration)}}
    , number_reset_{number_reset(configuration.fix.number_reset, core_.venue.last_time(), clock_.now())} {
    start_venue();
    projector_.emplace(projector_options(configuration_, venue_id_), *core_.events,
                       [this](db::Alarm alarm, std::string_view text) { on_alarm(alarm, text); });
    if (configuration_.demo) make_demo_market(desk_);
    acceptor_.start();
    control_.emplace(control::Server::Options{.socket = configuration_.control_socket()},
                     [this](const boost::json::object& request) { return desk_.serve(request); });
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    say_ready();
}

void VenueProcess::Rooms::say_recovered() const {
    const auto from = core_.start.from.sequence.value();
    spdlog::info("recovered {} commands in {:.3f} s{}, the last is {}{}", core_.recovered.commands,
                 core_.took.count(), from == 0 ? "" : fmt::format(" after the snapshot of command {}", from),
                 core_.recovered.last.value(),
                 core_.journal->recovery().tail_cut ? "; an unfinished tail was cut off" : "");
}

void VenueProcess::Rooms::start_venue() {
    // The locks are ours, so this is of a venue that has ended.
    std::error_code ignored;
    fs::remove(configuration_.ready_file(), ignored);
    say_recovered();
    if (!odd_clock_.empty()) spdlog::warn("{}", odd_clock_);
    core_.events->drop_passed(configuration_.event_log.kept, clock_.now()); // before its thread owns the log
    loop_.answers_of(Channel::fix, acceptor_);
    loop_.answers_of(Channel::control, caller_);
    venue_thread_.emplace(queue_, loop_);
    submit(make_command({}, VenueStarted{}));
    end_what_is_over();
}

void VenueProcess::Rooms::submit(const Command& command) {
    if (queue_.submit(command) != Submitted::taken) die("the venue's queue does not take its first commands");
}

void VenueProcess::Rooms::end_what_is_over() {
    const auto wall = std::chrono::system_clock::now();
    if (const auto day = days_.day_over(wall, std::chrono::steady_clock::now())) {
        remind_of_database();
        const auto number = static_cast<std::uint32_t>(day->time_since_epoch().count());
        if (queue_.submit(make_command({}, EndDay{number, 0})) == Submitted::full) days_.again();
    }
    if (const auto expiry = loop_.next_expiry()) {
        const std::chrono::nanoseconds since_1970{expiry->value()};
        const auto moment = std::chrono::ceil<std::chrono::system_clock::duration>(since_1970);
        if (days_.is_due(std::chrono::system_clock::time_point{moment}))
            (void)queue_.submit(make_command({}, ExpireOrders{})); // full: at the next look
    }
    reset_numbers(wall);
    day_timer_.expires_after(DayTimer::until_next(wall));
    day_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) end_what_is_over();
    });
}

void VenueProcess::Rooms::reset_numbers(std::chrono::system_clock::time_point wall) {
    if (!number_reset_) return;
    const auto next = number_reset_->next();
    if (number_reset_->to_be_told(wall)) acceptor_.announce_reset(timestamp(next));
    if (!days_.is_due(next)) return;
    const auto moment = number_reset_->newest(wall);
    if (queue_.submit(make_command({}, ResetNumbers{timestamp(moment)})) == Submitted::full)
        return; // at the next look
    spdlog::info("sequence numbers of all FIX sessions begin anew: the reset of {:%FT%TZ}", moment);
    number_reset_->done(moment);
}

void VenueProcess::Rooms::watch_journal() {
    auto warning = core_.journal->warning();
    if (!warning.empty() && warning != journal_warning_) spdlog::error("journal: {}", warning);
    journal_warning_ = std::move(warning);
    snapshots_.look();
    journal_watch_.expires_after(std::chrono::seconds{1});
    journal_watch_.async_wait([this](const boost::system::error_code& error) {
        if (!error) watch_journal();
    });
}

void VenueProcess::Rooms::on_alarm(db::Alarm alarm, std::string_view text) {
    if (alarm == db::Alarm::database_ahead) die(text);
    if (alarm == db::Alarm::database_back)
        spdlog::info("{}", text);
    else
        spdlog::error("{}: {}", db::name(alarm), text);
}

boost::json::object VenueProcess::Rooms::database_status() const {
    const bool is_postgresql = configuration_.database.backend == Configuration::DatabaseBackend::postgresql;
    boost::json::object told{{"backend", is_postgresql ? "postgresql" : "sqlite"}};
    if (!projector_) return told; // the control socket opens later
    const auto status = projector_->status();
    told["state"] = status.stopped ? "stopped" : status.up ? "up" : "away";
    told["events_behind"] = status.events_behind;
    told["seconds_behind"] = status.behind.count();
    if (!status.last_error.empty()) {
        told["last_error"] = status.last_error;
        told["last_error_at"] = fmt::format(
            "{:%FT%TZ}", fmt::gmtime(std::chrono::floor<std::chrono::seconds>(status.last_error_at)));
    }
    return told;
}

// Its alarm may be many days old, and the EventLog does not wait for ever.
void VenueProcess::Rooms::remind_of_database() const {
    if (!projector_) return;
    const auto status = projector_->status();
    if (status.up && !status.stopped) return;
    spdlog::error("the database {}: {}. It is {} events behind, and they wait for it for {} days",
                  status.stopped ? "is projected to no more" : "is away", status.last_error,
                  status.events_behind, configuration_.event_log.most_wait.count());
}

void VenueProcess::Rooms::say_ready() {
    const boost::json::object ready{{"pid", ::getpid()}, {"fix_port", acceptor_.port()}};
    auto unfinished = configuration_.ready_file();
    unfinished += ".new";
    std::ofstream{unfinished} << boost::json::serialize(ready) << '\n';
    fs::rename(unfinished, configuration_.ready_file());
    const bool v6 = configuration_.fix.address.contains(':');
    fmt::print("ready: FIX on {}{}{}:{}{}, control on {}\n", v6 ? "[" : "", configuration_.fix.address,
               v6 ? "]" : "", acceptor_.port(), configuration_.fix.tls.certificate.empty() ? "" : " (TLS)",
               configuration_.control_socket().string());
    std::fflush(stdout);
}

void VenueProcess::Rooms::run() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) return;
        spdlog::info("stopping: signal {}", signal);
        io_.stop();
    });
    watch_journal();
    io_.run();
}

VenueProcess::Rooms::~Rooms() {
    std::error_code ignored;
    fs::remove(configuration_.ready_file(), ignored);
    credentials_.close(); // whoever is changing one may be waiting for the database
    acceptor_.stop();     // its last commands are in the queue now
    caller_.stop();
    control_.reset();
    venue_thread_.reset();
    if (projector_ && !projector_->wait_for(core_.events->end(), projector_patience))
        spdlog::warn("the database is {} events behind; the next start catches up", projector_->lag());
    projector_.reset();
    spdlog::info("stopped after command {}", core_.venue.last_sequence().value());
}

VenueProcess::VenueProcess(const Configuration& configuration) {
    make_private_folder(configuration.data_dir);
    rooms_ = std::make_unique<Rooms>(configuration);
}

VenueProcess::~VenueProcess() = default;

void VenueProcess::run() {
    rooms_->run();
}

} // namespace tradehive::main
