#include "acceptor/acceptor.hpp"

#include "acceptor/fix_log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <future>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace tradehive::acceptor {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto patience = std::chrono::seconds{3};

Timestamp system_now() {
    return Timestamp{std::chrono::duration_cast<std::chrono::nanoseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count()};
}

SessionTerms session_terms(const AcceptorOptions& options) {
    return {.cancel_on_disconnect = {},
            .message_bytes = options.limits.most_message_bytes,
            .questions = {options.rates.questions.per_second, options.rates.questions.at_once},
            .orders = {options.rates.orders.per_second, options.rates.orders.at_once},
            .cancels = {options.rates.cancels.per_second, options.rates.cancels.at_once},
            .subscriptions = options.most_subscriptions};
}

} // namespace

struct Acceptor::Running {
    Running(AcceptorOptions given, const AcceptorPorts& ports);

    void listen();
    void accept();
    void welcome(Connection::Strand strand, tcp::socket socket);
    void flush_log();
    void forget(const void* connection);
    [[nodiscard]] std::vector<std::shared_ptr<Connection>> connections() const;
    [[nodiscard]] bool wait_until_empty();

    AcceptorOptions options;
    EventReader& events;
    FixLog log;
    std::shared_ptr<asio::ssl::context> tls; // null: plain
    Dictionaries dictionaries;
    std::atomic<std::uint64_t> correlations{0};
    std::atomic<int> unauthenticated{0};

    asio::io_context context;
    asio::executor_work_guard<asio::io_context::executor_type> work{asio::make_work_guard(context)};
    tcp::acceptor listener{asio::make_strand(context)}; // closed from another thread than it accepts on
    asio::steady_timer log_timer{context};
    std::uint16_t port{};

    FailedLogons failed;
    LiveSessions live;
    RequestRates rates;
    std::shared_ptr<Router> router;
    std::shared_ptr<MarketDataFeed> feed;
    std::unique_ptr<VerifierQueue> verifier;
    std::unique_ptr<PasswordChanges> passwords;
    asio::thread_pool store_opener;
    std::optional<ConnectionSurroundings> surroundings;

    mutable std::mutex mutex;
    std::condition_variable emptied;
    std::unordered_map<const void*, std::weak_ptr<Connection>> open;
    bool started{};
    bool stopped{};
    std::vector<std::thread> threads;
};

Acceptor::Running::Running(AcceptorOptions given, const AcceptorPorts& ports)
    : options{std::move(given)}
    , events{ports.events}
    , log{options.log_directory}
    , dictionaries{options.dictionaries}
    , rates{options.rates}
    , store_opener{options.store_openers} {
    if (!options.now) options.now = system_now;
    if (options.boot_id.empty()) options.boot_id = read_boot_id();
    if (options.tls) tls = make_tls_context(options.tls->certificate, options.tls->key);
    router = std::make_shared<Router>(context, ports.events);
    feed =
        std::make_shared<MarketDataFeed>(context, ports.commands, ports.events, options.market_data_interval,
                                         options.limits.most_outbound_bytes / 2);
    verifier = std::make_unique<VerifierQueue>(ports.verifier, options.now, options.most_verifying);
    passwords = std::make_unique<PasswordChanges>(ports.passwords, *verifier, failed, options.now);
    surroundings.emplace(
        ConnectionSurroundings{.session = {.commands = ports.commands,
                                           .events = ports.events,
                                           .reference = ports.reference,
                                           .log = log,
                                           .dictionaries = dictionaries,
                                           .now = options.now,
                                           .correlation = [this] { return Correlation{++correlations}; },
                                           .join = {},
                                           .comp_id = options.comp_id,
                                           .most_outbound_bytes = options.limits.most_outbound_bytes,
                                           .most_skew_seconds = options.most_skew_seconds,
                                           .feed = feed,
                                           .inbox = {},
                                           .most_subscriptions = options.most_subscriptions,
                                           .rates = {},
                                           .application = options.application,
                                           .passwords = *passwords,
                                           .username = {},
                                           .address = {},
                                           .later = {},
                                           .terms = session_terms(options)},
                               .limits = options.limits,
                               .logon = options.logon,
                               .router = *router,
                               .live = live,
                               .failed = failed,
                               .verifier = *verifier,
                               .rates = rates,
                               .store_opener = store_opener,
                               .store_directory = options.session_directory,
                               .boot_id = options.boot_id,
                               .events_at_start = {},
                               .count_unauthenticated = [this](int change) { unauthenticated += change; },
                               .closed = [this](const void* connection) { forget(connection); }});
}

void Acceptor::Running::listen() {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) throw std::runtime_error{"FIX address '" + options.address + "' is no IP address"};
    if (!tls && !address.is_loopback() && !options.plain_beyond_loopback)
        throw std::runtime_error{
            "FIX address " + options.address +
            " is reachable from other machines: give it a certificate, or allow plain TCP"};
    const tcp::endpoint endpoint{address, options.port};
    try {
        listener.open(endpoint.protocol());
        listener.set_option(tcp::acceptor::reuse_address{true});
        listener.bind(endpoint);
        listener.listen();
    } catch (const boost::system::system_error& failure) {
        throw std::runtime_error{"FIX port " + options.address + ":" + std::to_string(options.port) + ": " +
                                 failure.code().message()};
    }
    port = listener.local_endpoint().port();
}

void Acceptor::Running::accept() {
    auto strand = asio::make_strand(context);
    listener.async_accept(strand, [this, strand](const boost::system::error_code& error, auto socket) {
        if (error == asio::error::operation_aborted) return;
        if (!error) {
            welcome(strand, tcp::socket{std::move(socket)});
            accept();
            return;
        }
        // Out of descriptors, most likely: a pause instead of a busy loop.
        auto timer =
            std::make_shared<asio::steady_timer>(listener.get_executor(), std::chrono::milliseconds{100});
        timer->async_wait([this, timer](const boost::system::error_code& cancelled) {
            if (!cancelled && listener.is_open()) accept();
        });
    });
}

void Acceptor::Running::welcome(Connection::Strand strand, tcp::socket socket) {
    if (unauthenticated.load() >= static_cast<int>(options.most_unauthenticated)) {
        boost::system::error_code ignored;
        static_cast<void>(socket.close(ignored));
        return;
    }
    auto connection =
        std::make_shared<Connection>(std::move(strand), Stream{std::move(socket), tls}, *surroundings);
    {
        const std::lock_guard lock{mutex};
        if (stopped) return;
        open[connection.get()] = connection;
    }
    connection->start();
}

void Acceptor::Running::flush_log() {
    log_timer.expires_after(std::chrono::seconds{1});
    log_timer.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        log.flush();
        flush_log();
    });
}

void Acceptor::Running::forget(const void* connection) {
    const std::lock_guard lock{mutex};
    open.erase(connection);
    if (open.empty()) emptied.notify_all();
}

std::vector<std::shared_ptr<Connection>> Acceptor::Running::connections() const {
    const std::lock_guard lock{mutex};
    std::vector<std::shared_ptr<Connection>> result;
    for (const auto& [key, connection] : open)
        if (auto alive = connection.lock()) result.push_back(std::move(alive));
    return result;
}

bool Acceptor::Running::wait_until_empty() {
    std::unique_lock lock{mutex};
    return emptied.wait_for(lock, patience, [this] { return open.empty(); });
}

Acceptor::Acceptor(AcceptorOptions options, const AcceptorPorts& ports)
    : running_{std::make_unique<Running>(std::move(options), ports)} {}

Acceptor::~Acceptor() {
    try {
        stop();
    } catch (...) {
        std::abort(); // no memory or no thread left: nothing can be tidied up
    }
}

void Acceptor::start() {
    running_->listen();
    running_->surroundings->events_at_start = running_->events.end();
    running_->router->start();
    running_->feed->start();
    running_->accept();
    running_->flush_log();
    running_->started = true;
    for (unsigned i = 0; i < std::max(1U, running_->options.threads); ++i)
        running_->threads.emplace_back([this] { running_->context.run(); });
}

std::uint16_t Acceptor::port() const noexcept {
    return running_->port;
}

void Acceptor::stop() {
    {
        const std::lock_guard lock{running_->mutex};
        if (std::exchange(running_->stopped, true)) return;
    }
    if (running_->started) {
        std::promise<void> closed;
        asio::post(running_->listener.get_executor(), [this, &closed] {
            boost::system::error_code ignored;
            static_cast<void>(running_->listener.close(ignored));
            closed.set_value();
        });
        closed.get_future().wait();
        for (const auto& connection : running_->connections())
            connection->log_out("VENUE_STOPPING: the venue stops; log on again later");
        if (!running_->wait_until_empty())
            for (const auto& connection : running_->connections())
                connection->abort();
        static_cast<void>(running_->wait_until_empty());
    }
    running_->verifier.reset();
    running_->passwords->stop();
    running_->store_opener.join();
    running_->router->stop();
    running_->feed->stop();
    running_->work.reset();
    running_->context.stop();
    for (auto& thread : running_->threads)
        thread.join();
    running_->threads.clear();
}

void Acceptor::announce_reset(Timestamp at) {
    for (const auto& connection : running_->connections())
        connection->announce_reset(at);
}

std::vector<SessionStatus> Acceptor::sessions() const {
    std::vector<SessionStatus> result;
    for (const auto& connection : running_->connections()) {
        if (connection->session_id().value() == 0) continue;
        auto promise = std::make_shared<std::promise<SessionStatus>>();
        auto future = promise->get_future();
        connection->report_status([promise](const SessionStatus& status) { promise->set_value(status); });
        if (future.wait_for(patience) != std::future_status::ready) continue;
        auto status = future.get();
        if (status.connected) result.push_back(std::move(status));
    }
    return result;
}

bool Acceptor::disconnect(FixSessionId session, std::string_view text) {
    for (const auto& connection : running_->connections()) {
        if (connection->session_id() != session) continue;
        connection->log_out(std::string{text});
        return true;
    }
    return false;
}

void Acceptor::take(std::shared_ptr<const Answer> answer) noexcept {
    // The feed asks for itself, not for a session.
    if (answer->asker.session.value() == 0)
        running_->feed->take(std::move(answer));
    else
        running_->router->take(std::move(answer));
}

} // namespace tradehive::acceptor
