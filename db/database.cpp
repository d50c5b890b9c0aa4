#include "db/database.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string_view>
#include <thread>

namespace tradehive::db {

namespace {

// --- SQLite --------------------------------------------------------------------------------------------

// A new file is made here, because SQLite would make it readable for others. An existing one is not opened:
// closing it again would drop the locks that this process's other connections hold on it.
void make_private_file(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
}

// SQLite refuses to change the journal mode while another connection is busy, without waiting for it.
void use_write_ahead_log(soci::session& sql, std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        try {
            std::string mode;
            sql << "PRAGMA journal_mode", soci::into(mode);
            if (mode == "wal") return;
            sql << "PRAGMA journal_mode = WAL", soci::into(mode);
            if (mode == "wal") return;
        } catch (const soci::soci_error&) {
            if (std::chrono::steady_clock::now() >= end) throw;
        }
        if (std::chrono::steady_clock::now() >= end)
            throw DatabaseError("SQLite keeps no write-ahead log on this file system");
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

std::unique_ptr<soci::session> open_sqlite(const DatabaseOptions& options, Durability durability) {
    const auto path = options.file.string();
    // SOCI reads text with '=' as a list of settings.
    if (path.empty() || path.find_first_of("=\"") != std::string::npos)
        throw DatabaseError("SQLite needs a file's path, without '=' and '\"'");
    if (!options.read_only)
        make_private_file(options.file);
    else if (!std::filesystem::exists(options.file))
        throw DatabaseError("there is no file " + path + ": no venue has started on it");
    auto sql = std::make_unique<soci::session>(soci::sqlite3, path);
    *sql << "PRAGMA busy_timeout = " + std::to_string(options.busy_timeout.count());
    if (options.read_only) {
        *sql << "PRAGMA query_only = ON";
        return sql;
    }
    use_write_ahead_log(*sql, options.busy_timeout);
    *sql << (durability == Durability::every_commit ? "PRAGMA synchronous = FULL"
                                                    : "PRAGMA synchronous = NORMAL");
    return sql;
}

// --- PostgreSQL ----------------------------------------------------------------------------------------

// One libpq setting, " key='value'"; nothing for an empty value, so that libpq's default holds.
std::string setting(std::string_view key, std::string_view value) {
    if (value.empty()) return {};
    std::string text = " " + std::string(key) + "='";
    for (const char letter : value) {
        if (letter == '\'' || letter == '\\') text += '\\';
        text += letter;
    }
    return text + "'";
}

std::string postgres_settings(const DatabaseOptions& options, Durability durability) {
    const auto& server = options.server;
    const auto milliseconds = [](std::chrono::milliseconds time) { return std::to_string(time.count()); };
    // A server that is gone without a word is noticed by TCP within half a minute.
    std::string text = "keepalives_idle=10 keepalives_interval=5 keepalives_count=3 tcp_user_timeout=20000";
    text += setting("application_name", "tradehive") + setting("client_encoding", "UTF8");
    text += setting("host", server.host) + setting("port", std::to_string(server.port));
    text += setting("dbname", server.name) + setting("user", server.user);
    text += setting("sslmode", server.tls ? "verify-full" : "disable");
    if (server.tls) {
        text += setting("ssl_min_protocol_version", "TLSv1.2") + setting("sslrootcert", server.ca.string());
        text += setting("sslcert", server.certificate.string()) + setting("sslkey", server.key.string());
    }
    text += setting("gssencmode", "disable") + setting("passfile", server.password_file.string());
    // libpq takes a second for "indefinitely".
    text +=
        setting("connect_timeout", std::to_string(std::max<long long>(options.connect_timeout.count(), 2)));
    text += setting("options",
                    "-c statement_timeout=" + milliseconds(options.statement_timeout) +
                        " -c lock_timeout=" + milliseconds(options.busy_timeout) +
                        " -c idle_in_transaction_session_timeout=" + milliseconds(options.statement_timeout) +
                        " -c client_min_messages=warning -c timezone=UTC -c default_transaction_read_only=" +
                        (options.read_only ? "on" : "off") +
                        " -c synchronous_commit=" + (durability == Durability::every_commit ? "on" : "off"));
    return text;
}

PGconn* handle_of(soci::session& sql) {
    return static_cast<soci::postgresql_session_backend*>(sql.get_backend())->conn_;
}

// libpq bounds each address on its own, and neither the look-up of the name nor the first statement, which is
// SOCI's, at all. So it connects on a thread of its own, which nobody waits for longer than `within`. With
// many that have not come to an end a further one fails at once.
std::unique_ptr<soci::session> connect(std::string settings, std::chrono::seconds within,
                                       const std::stop_token& stop) {
    struct Attempt {
        std::mutex mutex;
        std::condition_variable_any ended;
        std::unique_ptr<soci::session> session;
        std::exception_ptr failure;
    };
    constexpr int most_attempts = 16;
    static std::atomic<int> under_way{0};
    if (under_way.load() >= most_attempts)
        throw DatabaseError(std::to_string(most_attempts) + " attempts to connect have not come to an end");
    const auto attempt = std::make_shared<Attempt>(); // goes with whoever of the two is the last to need it
    ++under_way;
    std::thread([attempt, settings = std::move(settings)] {
        std::unique_ptr<soci::session> session;
        std::exception_ptr failure;
        try {
            session = std::make_unique<soci::session>(soci::postgresql, settings);
        } catch (...) {
            failure = std::current_exception();
        }
        --under_way;
        const std::scoped_lock lock(attempt->mutex);
        attempt->session = std::move(session);
        attempt->failure = std::move(failure);
        attempt->ended.notify_all();
    }).detach();
    std::unique_lock lock(attempt->mutex);
    if (!attempt->ended.wait_for(lock, stop, within, [&] { return attempt->session || attempt->failure; }))
        throw DatabaseError(stop.stop_requested()
                                ? "no connection is made any more"
                                : "no connection within " + std::to_string(within.count()) + " s");
    if (attempt->failure) std::rethrow_exception(std::exchange(attempt->failure, nullptr));
    return std::move(attempt->session);
}

std::unique_ptr<soci::session> open_postgresql(const DatabaseOptions& options, Durability durability,
                                               const std::stop_token& stop) {
    auto sql = connect(postgres_settings(options, durability), options.connect_timeout * 3, stop);
    auto* connection = handle_of(*sql);
    // Without DETAIL, which holds values; and no notices on standard error.
    ::PQsetErrorVerbosity(connection, PQERRORS_TERSE);
    ::PQsetNoticeProcessor(connection, [](void*, const char*) {}, nullptr);
    return sql;
}

// libpq's messages have several lines.
std::string one_line(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    std::ranges::replace_if(text, [](char letter) { return static_cast<unsigned char>(letter) < ' '; }, ' ');
    return text;
}

std::unique_ptr<soci::session> open(const DatabaseOptions& options, Durability durability,
                                    const std::stop_token& stop) try {
    return options.backend == Backend::sqlite ? open_sqlite(options, durability)
                                              : open_postgresql(options, durability, stop);
} catch (const soci::soci_error& error) {
    throw DatabaseError(one_line(error.get_error_message()));
}

} // namespace

Connection::Connection(const DatabaseOptions& options, Durability durability, const std::stop_token& stop)
    : backend_{options.backend}
    , patience_{options.statement_timeout + options.silence}
    , patience_to_connect_{options.connect_timeout}
    , session_{open(options, durability, stop)} {
    if (backend_ == Backend::postgresql) watch_.emplace(::PQsocket(handle_of(*session_)), stop);
}

Connection::~Connection() = default;

bool Connection::has_table(const std::string& table) {
    int count{};
    *session_ << (backend_ == Backend::postgresql
                      ? "SELECT COUNT(to_regclass(:name))"
                      : "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = :name"),
        soci::into(count), soci::use(table, "name");
    return count != 0;
}

void Connection::lock_schema() {
    // Any number will do, as long as every tradehive takes the same.
    if (backend_ == Backend::postgresql) *session_ << "SELECT pg_advisory_xact_lock(7237974652351804521)";
}

void Connection::lock_table(const std::string& table) {
    if (backend_ == Backend::postgresql) *session_ << "LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE";
}

bool Connection::answers() noexcept try {
    const Asking asking{*this, patience_to_connect_};
    int one{};
    *session_ << "SELECT 1", soci::into(one);
    return one == 1;
} catch (const std::exception&) {
    return false;
}

void Connection::rethrow() const {
    try {
        throw;
    } catch (const soci::soci_error& error) {
        if (watch_ && watch_->hung_up()) throw DatabaseError("the database does not answer");
        throw DatabaseError(one_line(error.get_error_message()));
    }
}

} // namespace tradehive::db
