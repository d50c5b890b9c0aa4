// FIX credentials, first-hand in SQL (table fix_credentials).
//
// All of them are held in memory, read once at start; find() never asks the database, so that logons go on
// while it is away. put(), remove() and replace() write the database first and fail when it is away, changing
// nothing.
//
// When the answer to a commit is lost they read back what became of it. While that cannot be had either they
// fail and say so; memory keeps what was there before, until the next of them, which reads it first.
//
// One process owns the table. Any thread.
#pragma once

#include "db/connection_pool.hpp"
#include "domain/ports.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

namespace tradehive::db {

class CredentialRepository final : public CredentialStore {
public:
    // Brings the schema up to date and reads the table. Throws SchemaRefused or DatabaseError.
    explicit CredentialRepository(const DatabaseOptions& options, const ConnectionPool::Options& pool = {});

    [[nodiscard]] std::optional<Credential> find(std::string_view username) const override;
    [[nodiscard]] std::optional<Credential> find(FixSessionId session) const override;

    // Throws DatabaseError; a username that another session has is refused.
    void put(const Credential& credential) override;
    void remove(FixSessionId session) override;
    [[nodiscard]] Replaced replace(const Credential& before, const Credential& after) override;

    // put(), remove() and replace() fail from now on, also those that wait for the database.
    void close() noexcept { connections_.close(); }

private:
    // The session's row is that one, or none; writing_ is held for these.
    void write(FixSessionId session, const Credential* wanted);
    void store(FixSessionId session, const Credential* wanted);
    void settle();
    void remember(FixSessionId session, const Credential* credential);

    ConnectionPool connections_;
    std::mutex writing_;                    // one writer at a time, held while the database is written
    std::optional<FixSessionId> unsettled_; // memory may differ from the database
    mutable std::shared_mutex reading_;
    std::map<std::string, Credential, std::less<>> by_username_;
};

} // namespace tradehive::db
