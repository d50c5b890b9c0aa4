// A bounded number of connections, shared. Any thread.
//
// SOCI's own pool waits without a bound and hands out sessions whose server has gone away. Here a lease
// * waits so long at most for another one to end, then fails;
// * is of a connection that has just answered: one that a restarted server has forgotten is replaced;
// * does not hammer a server that is away: after a failed attempt to connect the next one, whoever asks,
//   waits a pause, which doubles with each failure.
#pragma once

#include "db/database.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

namespace tradehive::db {

class ConnectionPool {
public:
    struct Options {
        std::size_t connections{4};
        std::chrono::milliseconds patience{5000};   // for a connection that is lent out
        std::chrono::milliseconds first_pause{100}; // after a failure to connect
        std::chrono::milliseconds longest_pause{5000};
    };

    // A connection for as long as this lives. It goes back into the pool only after done().
    class Lease {
    public:
        Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection)
            : pool_{pool}
            , connection_{std::move(connection)} {}
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ~Lease() { pool_.take_back(std::move(connection_), done_); }

        // As Connection::ask().
        template <class Work>
        auto ask(Work&& work) {
            return connection_->ask(std::forward<Work>(work));
        }
        [[nodiscard]] Connection& connection() noexcept { return *connection_; }
        [[nodiscard]] soci::session& sql() noexcept { return connection_->sql(); }
        // The work went well: the connection is good for the next one.
        void done() noexcept { done_ = true; }

    private:
        ConnectionPool& pool_;
        std::unique_ptr<Connection> connection_;
        bool done_{};
    };

    ConnectionPool(DatabaseOptions database, const Options& options);

    // Throws DatabaseError.
    [[nodiscard]] Lease lend();

    // Lends nothing any more, and hangs up on what is lent: whoever waits for the database gets an error.
    void close() noexcept { closing_.request_stop(); }

private:
    using Clock = std::chrono::steady_clock;

    void refuse_if_closing() const;
    [[nodiscard]] std::unique_ptr<Connection> take_idle();
    [[nodiscard]] std::unique_ptr<Connection> connect();
    void take_back(std::unique_ptr<Connection> connection, bool good) noexcept;

    const DatabaseOptions database_;
    const Options options_;

    std::stop_source closing_;
    std::mutex mutex_;
    std::condition_variable_any returned_;
    std::size_t lent_{};
    std::vector<std::unique_ptr<Connection>> idle_;
    std::chrono::milliseconds pause_{};
    Clock::time_point not_before_;
};

} // namespace tradehive::db
