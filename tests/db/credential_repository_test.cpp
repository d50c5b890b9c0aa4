#include "db/credential_repository.hpp"

#include "credentials/issue.hpp"
#include "credentials/verifier.hpp"
#include "scratch_database.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace tradehive::db {
namespace {

Credential credential(const std::string& username, std::uint32_t session) {
    return {.username = username,
            .session = FixSessionId{session},
            .scheme = PasswordScheme::keyed_hash,
            .verifier = "verifier of " + username,
            .totp_rule = TotpRule::every_logon,
            .sealed_totp_secret = "sealed for " + username};
}

void expect_same(const std::optional<Credential>& found, const Credential& expected) {
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->username, expected.username);
    EXPECT_EQ(found->session, expected.session);
    EXPECT_EQ(found->scheme, expected.scheme);
    EXPECT_EQ(found->verifier, expected.verifier);
    EXPECT_EQ(found->totp_rule, expected.totp_rule);
    EXPECT_EQ(found->sealed_totp_secret, expected.sealed_totp_secret);
}

TEST(CredentialRepository, KeepsCredentialsOverARestart) {
    const ScratchDatabase database;
    auto chosen = credential("BOB", 2);
    chosen.scheme = PasswordScheme::argon2id;
    chosen.totp_rule = TotpRule::none;
    chosen.sealed_totp_secret.clear();
    {
        CredentialRepository repository(database.options());
        repository.put(credential("ALICE", 1));
        repository.put(chosen);
        expect_same(repository.find("ALICE"), credential("ALICE", 1));
    }
    const CredentialRepository repository(database.options());
    expect_same(repository.find("ALICE"), credential("ALICE", 1));
    expect_same(repository.find("BOB"), chosen);
    EXPECT_FALSE(repository.find("alice"));
    EXPECT_FALSE(repository.find(""));
}

TEST(CredentialRepository, PutReplacesTheOneOfTheSameSession) {
    const ScratchDatabase database;
    CredentialRepository repository(database.options());
    repository.put(credential("OLD", 1));
    repository.put(credential("NEW", 1));
    EXPECT_FALSE(repository.find("OLD"));
    expect_same(repository.find("NEW"), credential("NEW", 1));
    repository.put(credential("OLD", 2)); // the name is free again
    expect_same(CredentialRepository(database.options()).find("OLD"), credential("OLD", 2));
}

TEST(CredentialRepository, UsernameOfAnotherSessionIsRefused) {
    const ScratchDatabase database;
    CredentialRepository repository(database.options());
    repository.put(credential("ALICE", 1));
    EXPECT_THROW(repository.put(credential("ALICE", 2)), DatabaseError);
    EXPECT_THROW(repository.put(credential("", 2)), DatabaseError);
    EXPECT_THROW(repository.put(credential(std::string("A\0B", 3), 2)), DatabaseError);
    expect_same(repository.find("ALICE"), credential("ALICE", 1));
}

TEST(CredentialRepository, RemovedOnesStayAway) {
    const ScratchDatabase database;
    CredentialRepository repository(database.options());
    repository.put(credential("ALICE", 1));
    repository.remove(FixSessionId{1});
    repository.remove(FixSessionId{9});
    EXPECT_FALSE(repository.find("ALICE"));
    EXPECT_FALSE(CredentialRepository(database.options()).find("ALICE"));
}

TEST(CredentialRepository, GoesOnAnsweringWhileTheDatabaseIsAway) {
    const ScratchDatabase database;
    CredentialRepository repository(database.options());
    repository.put(credential("ALICE", 1));
    database.take_away();

    expect_same(repository.find("ALICE"), credential("ALICE", 1));
    EXPECT_THROW(repository.put(credential("BOB", 2)), DatabaseError);
    EXPECT_THROW(repository.remove(FixSessionId{1}), DatabaseError);
    EXPECT_FALSE(repository.find("BOB"));
    EXPECT_TRUE(repository.find("ALICE"));

    database.bring_back();
    repository.put(credential("BOB", 2));
    EXPECT_TRUE(repository.find("BOB"));
}

TEST(CredentialRepository, ReplacesWhatItWasToldAndNothingElse) {
    const ScratchDatabase database;
    CredentialRepository repository(database.options());
    const auto before = credential("ALICE", 1);
    auto after = before;
    after.verifier = "another";
    EXPECT_EQ(repository.replace(before, after), Replaced::other); // there is none
    repository.put(before);
    repository.put(credential("BOB", 2));

    EXPECT_EQ(repository.replace(before, after), Replaced::done);
    expect_same(repository.find("ALICE"), after);
    expect_same(CredentialRepository(database.options()).find("ALICE"), after);

    EXPECT_EQ(repository.replace(before, credential("ALICE", 1)), Replaced::other); // somebody was faster
    EXPECT_EQ(repository.replace(after, credential("CAROL", 1)), Replaced::other);
    EXPECT_EQ(repository.replace(after, credential("BOB", 2)), Replaced::other);
    repository.remove(FixSessionId{1});
    EXPECT_EQ(repository.replace(after, before), Replaced::other);
    EXPECT_FALSE(CredentialRepository(database.options()).find("ALICE"));
    expect_same(CredentialRepository(database.options()).find("BOB"), credential("BOB", 2));
}

TEST(CredentialRepository, ReplacesNothingWhileTheDatabaseIsAway) {
    const ScratchDatabase database;
    CredentialRepository repository(database.options());
    const auto before = credential("ALICE", 1);
    auto after = before;
    after.verifier = "another";
    repository.put(before);
    database.take_away();
    EXPECT_EQ(repository.replace(before, after), Replaced::not_stored);
    expect_same(repository.find("ALICE"), before);
    database.bring_back();
    expect_same(CredentialRepository(database.options()).find("ALICE"), before);
    EXPECT_EQ(repository.replace(before, after), Replaced::done);
    repository.close();
    EXPECT_EQ(repository.replace(after, before), Replaced::not_stored);
    expect_same(repository.find("ALICE"), after);
}

TEST(CredentialRepository, OfTwoThatReplaceTheSameOneIsRight) {
    const ScratchDatabase database;
    CredentialRepository repository(database.options());
    const auto before = credential("ALICE", 1);
    repository.put(before);
    std::atomic<int> done{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, i] {
                auto after = before;
                after.verifier = std::to_string(i);
                if (repository.replace(before, after) == Replaced::done) ++done;
            });
    }
    EXPECT_EQ(done, 1);
}

TEST(CredentialRepository, TextIsNeverPartOfAStatement) {
    const ScratchDatabase database;
    CredentialRepository repository(database.options());
    const auto odd = credential("x'); DELETE FROM fix_credentials; --", 1);
    repository.put(odd);
    expect_same(CredentialRepository(database.options()).find(odd.username), odd);
}

TEST(CredentialRepository, UnknownWordInTheTableIsNamedWithItsRow) {
    const ScratchDatabase database;
    CredentialRepository(database.options()).put(credential("ALICE", 41));
    Connection(database.options()).sql() << "UPDATE fix_credentials SET scheme = 'plain'";
    try {
        const CredentialRepository repository(database.options());
        FAIL() << "read a scheme that does not exist";
    } catch (const DatabaseError& error) {
        EXPECT_NE(std::string(error.what()).find("fix_session_id 41"), std::string::npos);
    }
}

TEST(CredentialRepository, ReadersAndWritersAtOnce) {
    const ScratchDatabase database;
    CredentialRepository repository(database.options());
    repository.put(credential("ALICE", 1));
    std::atomic<bool> missing{false};
    {
        const std::jthread reader([&](const std::stop_token& stop) {
            while (!stop.stop_requested())
                if (!repository.find("ALICE")) missing = true;
        });
        for (std::uint32_t session = 2; session < 12; ++session)
            repository.put(credential("USER" + std::to_string(session), session));
        repository.put(credential("ALICE", 1));
    }
    EXPECT_FALSE(missing);
}

TEST(CredentialRepository, NoFileOfTheDatabaseHoldsASecret) {
    const ScratchDatabase database;
    const auto keys = credentials::Keys::from_text("1 " + std::string(64, 'a'), "test");
    CredentialRepository repository(database.options());
    const auto issued = credentials::issue(keys, "ALICE", FixSessionId{1}, TotpRule::every_logon);
    const std::string_view marked = "MARKED PASSWORD 0123456789";
    repository.put(issued.credential);
    repository.put(credentials::issue_with_password(keys, "BOB", FixSessionId{2}, TotpRule::none, marked,
                                                    {.passes = 1, .kibibytes = 64, .lanes = 1})
                       .credential);

    if (on_postgresql()) { // whose files are elsewhere: what stands in its rows
        Connection connection(database.options());
        const auto rows =
            text_of(connection, "SELECT string_agg(fix_credentials::text, ' ') FROM fix_credentials");
        EXPECT_NE(rows.find("ALICE"), std::string::npos);
        for (const auto secret : {marked, issued.password.view(), issued.totp_secret.view()})
            EXPECT_EQ(rows.find(secret), std::string::npos);
        return;
    }
    bool usernames_seen = false; // shows that this looks where the rows are
    for (const auto& file : std::filesystem::directory_iterator(database.folder())) {
        std::ostringstream content;
        content << std::ifstream(file.path(), std::ios::binary).rdbuf();
        const auto bytes = content.str();
        usernames_seen = usernames_seen || bytes.find("ALICE") != std::string::npos;
        for (const auto secret : {marked, issued.password.view(), issued.totp_secret.view()})
            EXPECT_EQ(bytes.find(secret), std::string::npos) << file.path();
    }
    EXPECT_TRUE(usernames_seen);
    EXPECT_TRUE(credentials::StoredCredentialVerifier(repository, keys, {})
                    .verify({.username = "BOB", .password = marked}, Timestamp{}));
}

} // namespace
} // namespace tradehive::db
