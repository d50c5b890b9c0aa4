// FIX credentials, first-hand in SQL (table fix_credentials).
//
// All of them are held in memory, read once at start; find() never asks the database, so that logons go on
// while it is away. put() and remove() write the database first and fail when it is away, changing nothing.
// One process owns the table. Any thread.
#pragma once

#include "db/connection_pool.hpp"
#include "domain/ports.hpp"

#include <map>
#include <mutex>
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

private:
    void read_all(soci::session& sql);
    void forget(FixSessionId session); // from memory; the lock is held

    ConnectionPool connections_;
    std::mutex writing_; // one writer at a time, held while the database is written
    mutable std::shared_mutex reading_;
    std::map<std::string, Credential, std::less<>> by_username_;
};

} // namespace tradehive::db
