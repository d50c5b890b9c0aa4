#include "db/credential_repository.hpp"

#include "db/migrations.hpp"
#include "db/words.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <vector>

namespace tradehive::db {

namespace {

// An operator waits for these statements, each of a row.
constexpr std::chrono::seconds longest_statement{10};

DatabaseOptions for_an_operator(DatabaseOptions options) {
    options.statement_timeout =
        std::min(options.statement_timeout, std::chrono::milliseconds{longest_statement});
    return options;
}

bool same(const std::optional<Credential>& left, const Credential* right) {
    return right == nullptr ? !left : left == *right;
}

long long id_of(FixSessionId session) {
    return static_cast<long long>(session.value());
}

// condition: " WHERE …", or nothing for all of them.
std::vector<Credential> read(soci::session& sql, const std::string& condition) {
    std::vector<Credential> credentials;
    const soci::rowset<soci::row> rows =
        (sql.prepare << "SELECT fix_session_id, username, scheme, verifier, totp_rule, "
                        "sealed_totp_secret FROM fix_credentials" +
                            condition);
    for (const auto& row : rows) {
        const auto session = row.get<long long>(0);
        const auto scheme = password_scheme(row.get<std::string>(2));
        const auto rule = totp_rule(row.get<std::string>(4));
        if (!scheme || !rule)
            throw DatabaseError("fix_credentials, fix_session_id " + std::to_string(session) +
                                ": unknown scheme or totp_rule");
        credentials.push_back({.username = row.get<std::string>(1),
                               .session = FixSessionId{static_cast<std::uint32_t>(session)},
                               .scheme = *scheme,
                               .verifier = row.get<std::string>(3),
                               .totp_rule = *rule,
                               .sealed_totp_secret = row.get<std::string>(5)});
    }
    return credentials;
}

void insert(soci::session& sql, const Credential& credential) {
    const auto session = id_of(credential.session);
    const std::string scheme(word(credential.scheme));
    const std::string rule(word(credential.totp_rule));
    sql << "INSERT INTO fix_credentials (fix_session_id, username, scheme, verifier, totp_rule, "
           "sealed_totp_secret) VALUES (:session, :username, :scheme, :verifier, :rule, :sealed)",
        soci::use(session, "session"), soci::use(credential.username, "username"),
        soci::use(scheme, "scheme"), soci::use(credential.verifier, "verifier"), soci::use(rule, "rule"),
        soci::use(credential.sealed_totp_secret, "sealed");
}

} // namespace

CredentialRepository::CredentialRepository(const DatabaseOptions& options,
                                           const ConnectionPool::Options& pool)
    : connections_{for_an_operator(options), pool} {
    Connection connection(options);
    migrate(connection);
    for (auto& credential : connection.ask([&] { return read(connection.sql(), ""); })) {
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
    settle();
    const auto present = find(credential.username);
    if (present && present->session != credential.session)
        throw DatabaseError("username " + credential.username + " belongs to another FIX session");
    write(credential.session, &credential);
}

void CredentialRepository::remove(FixSessionId session) {
    const std::scoped_lock writer(writing_);
    settle();
    write(session, nullptr);
}

Replaced CredentialRepository::replace(const Credential& before, const Credential& after) {
    const std::scoped_lock writer(writing_);
    bool tried = false;
    try {
        settle();
        const bool same_owner = after.session == before.session && after.username == before.username;
        if (!same_owner || find(before.session) != before) return Replaced::other;
        tried = true;
        write(after.session, &after);
        return Replaced::done;
    } catch (const std::exception&) {
        return tried && unsettled_ ? Replaced::in_doubt : Replaced::not_stored;
    }
}

void CredentialRepository::write(FixSessionId session, const Credential* wanted) {
    try {
        store(session, wanted);
        remember(session, wanted);
    } catch (const DatabaseError& error) {
        if (!unsettled_) throw;
        try {
            settle();
        } catch (const DatabaseError&) {
            throw DatabaseError(
                std::string(error.what()) +
                "; the database did not say whether it has stored the change. Until it does, what "
                "was there before counts: ask for the same again when it is back");
        }
        if (!same(find(session), wanted)) throw;
    }
}

// From the commit on until it is answered nobody knows.
void CredentialRepository::store(FixSessionId session, const Credential* wanted) {
    auto lease = connections_.lend();
    lease.ask([&] {
        auto& sql = lease.sql();
        const auto id = id_of(session);
        soci::transaction transaction(sql);
        lease.connection().lock_table("fix_credentials");
        sql << "DELETE FROM fix_credentials WHERE fix_session_id = :session", soci::use(id, "session");
        if (wanted != nullptr) insert(sql, *wanted);
        unsettled_ = session;
        transaction.commit();
        unsettled_.reset();
    });
    lease.done();
}

// The lock waits for a commit that is still under way in a server that stood still.
void CredentialRepository::settle() {
    if (!unsettled_) return;
    auto lease = connections_.lend();
    const auto found = lease.ask([&] {
        soci::transaction transaction(lease.sql());
        lease.connection().lock_table("fix_credentials");
        auto rows = read(lease.sql(), " WHERE fix_session_id = " + std::to_string(id_of(*unsettled_)));
        transaction.commit();
        return rows;
    });
    lease.done();
    remember(*unsettled_, found.empty() ? nullptr : found.data());
    unsettled_.reset();
}

void CredentialRepository::remember(FixSessionId session, const Credential* credential) {
    const std::unique_lock lock(reading_);
    std::erase_if(by_username_, [session](const auto& entry) { return entry.second.session == session; });
    if (credential != nullptr) by_username_.insert_or_assign(credential->username, *credential);
}

} // namespace tradehive::db
