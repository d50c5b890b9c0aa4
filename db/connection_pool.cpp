#include "db/connection_pool.hpp"

#include <algorithm>

namespace tradehive::db {

ConnectionPool::ConnectionPool(DatabaseOptions database, const Options& options)
    : database_{std::move(database)}
    , options_{options} {
    idle_.reserve(options_.connections);
}

ConnectionPool::Lease ConnectionPool::lend() {
    {
        std::unique_lock lock(mutex_);
        const bool may_have_one = returned_.wait_for(lock, closing_.get_token(), options_.patience,
                                                     [this] { return lent_ < options_.connections; });
        refuse_if_closing();
        if (!may_have_one)
            throw DatabaseError("all " + std::to_string(options_.connections) +
                                " connections to the database are busy (database.connections)");
        ++lent_;
    }
    try {
        auto connection = take_idle();
        if (!connection) connection = connect();
        return {*this, std::move(connection)};
    } catch (...) {
        take_back(nullptr, false);
        throw;
    }
}

// One that answers, or none. When one does not, the others, of the same server, are not asked either.
std::unique_ptr<Connection> ConnectionPool::take_idle() {
    std::unique_ptr<Connection> connection;
    {
        const std::scoped_lock lock(mutex_);
        if (idle_.empty()) return nullptr;
        connection = std::move(idle_.back());
        idle_.pop_back();
    }
    if (connection->answers()) return connection;
    std::vector<std::unique_ptr<Connection>> worthless;
    worthless.reserve(options_.connections); // room for all, as take_back() needs it
    const std::scoped_lock lock(mutex_);
    idle_.swap(worthless);
    return nullptr;
}

void ConnectionPool::refuse_if_closing() const {
    if (closing_.stop_requested()) throw DatabaseError("the venue ends, and asks the database nothing more");
}

std::unique_ptr<Connection> ConnectionPool::connect() {
    {
        std::unique_lock lock(mutex_);
        const auto not_before = not_before_;
        returned_.wait_until(lock, closing_.get_token(), not_before, [] { return false; });
    }
    refuse_if_closing();
    try {
        auto connection =
            std::make_unique<Connection>(database_, Durability::every_commit, closing_.get_token());
        const std::scoped_lock lock(mutex_);
        pause_ = {};
        return connection;
    } catch (const DatabaseError&) {
        const std::scoped_lock lock(mutex_);
        pause_ = std::clamp(pause_ * 2, options_.first_pause, options_.longest_pause);
        not_before_ = Clock::now() + pause_;
        throw;
    }
}

void ConnectionPool::take_back(std::unique_ptr<Connection> connection, bool good) noexcept {
    // A SQLite file is quickly opened again, and may have been moved or replaced meanwhile.
    if (!good || database_.backend == Backend::sqlite) connection.reset();
    {
        const std::scoped_lock lock(mutex_);
        --lent_;
        if (connection) idle_.push_back(std::move(connection)); // there is room for all
    }
    returned_.notify_one();
}

} // namespace tradehive::db
