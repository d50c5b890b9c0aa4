#include "db/credential_repository.hpp"

#include "db/migrations.hpp"
#include "db/words.hpp"

#include <soci/soci.h>

namespace tradehive::db {

CredentialRepository::CredentialRepository(const DatabaseOptions& options,
                                           const ConnectionPool::Options& pool)
    : connections_{options, pool} {
    Connection connection(options);
    migrate(connection);
    translating_errors([&] { read_all(connection.sql()); });
}

void CredentialRepository::read_all(soci::session& sql) {
    const soci::rowset<soci::row> rows =
        (sql.prepare << "SELECT fix_session_id, username, scheme, verifier, totp_rule, "
                        "sealed_totp_secret FROM fix_credentials");
    for (const auto& row : rows) {
        const auto session = row.get<long long>(0);
        const auto scheme = password_scheme(row.get<std::string>(2));
        const auto rule = totp_rule(row.get<std::string>(4));
        if (!scheme || !rule)
            throw DatabaseError("fix_credentials, fix_session_id " + std::to_string(session) +
                                ": unknown scheme or totp_rule");
        Credential credential{.username = row.get<std::string>(1),
                              .session = FixSessionId{static_cast<std::uint32_t>(session)},
                              .scheme = *scheme,
                              .verifier = row.get<std::string>(3),
                              .totp_rule = *rule,
                              .sealed_totp_secret = row.get<std::string>(5)};
        auto username = credential.username;
        by_username_.insert_or_assign(std::move(username), std::move(credential));
    }
}

std::optional<Credential> CredentialRepository::find(std::string_view username) const {
    const std::shared_lock lock(reading_);
    const auto found = by_username_.find(username);
    if (found == by_username_.end()) return std::nullopt;
    return found->second;
}

std::optional<Credential> CredentialRepository::find(FixSessionId session) const {
    const std::shared_lock lock(reading_);
    for (const auto& [username, credential] : by_username_)
        if (credential.session == session) return credential;
    return std::nullopt;
}

void CredentialRepository::put(const Credential& credential) {
    if (credential.username.empty() || credential.username.contains('\0'))
        throw DatabaseError("a credential needs a username without zero bytes");
    const std::scoped_lock writer(writing_);
    const auto present = find(credential.username);
    if (present && present->session != credential.session)
        throw DatabaseError("username " + credential.username + " belongs to another FIX session");

    const auto session = static_cast<long long>(credential.session.value());
    const std::string scheme(word(credential.scheme));
    const std::string rule(word(credential.totp_rule));
    auto connection = connections_.lend();
    translating_errors([&] {
        auto& sql = connection.sql();
        soci::transaction transaction(sql);
        sql << "DELETE FROM fix_credentials WHERE fix_session_id = :session", soci::use(session, "session");
        sql << "INSERT INTO fix_credentials (fix_session_id, username, scheme, verifier, totp_rule, "
               "sealed_totp_secret) VALUES (:session, :username, :scheme, :verifier, :rule, :sealed)",
            soci::use(session, "session"), soci::use(credential.username, "username"),
            soci::use(scheme, "scheme"), soci::use(credential.verifier, "verifier"), soci::use(rule, "rule"),
            soci::use(credential.sealed_totp_secret, "sealed");
        transaction.commit();
    });
    connection.done();

    const std::unique_lock lock(reading_);
    forget(credential.session);
    by_username_.insert_or_assign(credential.username, credential);
}

void CredentialRepository::remove(FixSessionId session) {
    const std::scoped_lock writer(writing_);
    const auto id = static_cast<long long>(session.value());
    auto connection = connections_.lend();
    translating_errors([&] {
        connection.sql() << "DELETE FROM fix_credentials WHERE fix_session_id = :session",
            soci::use(id, "session");
    });
    connection.done();

    const std::unique_lock lock(reading_);
    forget(session);
}

void CredentialRepository::forget(FixSessionId session) {
    std::erase_if(by_username_, [session](const auto& entry) { return entry.second.session == session; });
}

} // namespace tradehive::db
