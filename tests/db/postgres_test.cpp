// What is PostgreSQL's alone, on a cluster of its own: who is let in, and what an outage does.
#include "db/projector.hpp"

#include "db/credential_repository.hpp"
#include "event_story.hpp"
#include "scratch_database.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace tradehive::db {
namespace {

using namespace std::chrono_literals;

class Postgres : public testing::Test {
protected:
    static void SetUpTestSuite() {
        if (on_postgresql()) cluster = std::make_unique<PostgresCluster>();
    }
    static void TearDownTestSuite() { cluster.reset(); }
    void SetUp() override {
        if (!cluster) GTEST_SKIP() << "of PostgreSQL only";
    }

    static std::string refusal(const DatabaseOptions& options) {
        try {
            const Connection connection(options);
            return "none";
        } catch (const DatabaseError& error) {
            return error.what();
        }
    }

    static inline std::unique_ptr<PostgresCluster> cluster;
};

TEST_F(Postgres, LetsTheVenueInByItsCertificateOverTls) {
    Connection connection(cluster->options());
    EXPECT_EQ(text_of(connection,
                      "SELECT current_user || ' ' || version FROM pg_stat_ssl JOIN pg_stat_activity "
                      "USING (pid) WHERE pid = pg_backend_pid()")
                  .substr(0, 12),
              "venue TLSv1.");
}

TEST_F(Postgres, WrongCertificatesAreRefusedByName) {
    auto options = cluster->options();
    options.server.certificate.clear();
    options.server.key.clear();
    EXPECT_NE(refusal(options).find("certificate"), std::string::npos) << refusal(options);

    // A good certificate, but not the venue's.
    options = cluster->options();
    options.server.certificate.replace_filename("admin.crt");
    options.server.key.replace_filename("admin.key");
    EXPECT_NE(refusal(options).find("certificate authentication failed for user \"venue\""),
              std::string::npos)
        << refusal(options);

    // A server whose certificate is of no CA that we know.
    const auto other = make_scratch_folder();
    ASSERT_EQ(
        std::system(
            (TRADEHIVE_SOURCE_DIR "/scripts/make-certificates " + other.string() + " > /dev/null").c_str()),
        0);
    options = cluster->options();
    options.server.ca = other / "ca.crt";
    EXPECT_NE(refusal(options).find("certificate verify failed"), std::string::npos) << refusal(options);
    options = cluster->options();
    options.server.certificate = other / "venue.crt";
    options.server.key = other / "venue.key";
    EXPECT_NE(refusal(options), "none");
    std::filesystem::remove_all(other);

    // verify-full looks at the name too.
    options = cluster->options();
    options.server.host = "127.0.0.2";
    EXPECT_NE(refusal(options), "none");
    options.server.host = "127.0.0.1"; // stands in the certificate
    EXPECT_EQ(refusal(options), "none");
    // Nobody gets in without TLS.
    options.server.tls = false;
    EXPECT_NE(refusal(options).find("no encryption"), std::string::npos) << refusal(options);
}

TEST_F(Postgres, PasswordsComeFromAFileAndAreNeverRepeated) {
    auto options = cluster->options();
    options.server.user = "venue_by_password";
    options.server.certificate.clear();
    options.server.key.clear();
    options.server.password_file = cluster->folder() / "password";
    EXPECT_EQ(refusal(options), "none");

    const std::string marked = "MARKED-WRONG-PASSWORD";
    const auto wrong = make_scratch_folder();
    std::ofstream(wrong / "password") << "*:*:*:*:" << marked << "\n";
    std::filesystem::permissions(wrong / "password", std::filesystem::perms{0600});
    options.server.password_file = wrong / "password";
    const auto text = refusal(options);
    EXPECT_NE(text.find("password authentication failed"), std::string::npos) << text;
    EXPECT_EQ(text.find(marked), std::string::npos);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    std::filesystem::remove_all(wrong);
}

TEST_F(Postgres, AStatementThatTakesTooLongIsGivenUp) {
    auto options = cluster->options();
    options.statement_timeout = 50ms;
    Connection connection(options);
    EXPECT_THROW(connection.ask([&] { connection.sql() << "SELECT pg_sleep(100)"; }), DatabaseError);
    EXPECT_TRUE(connection.answers());
}

TEST_F(Postgres, AServerThatDoesNotAnswerHoldsNobodyUpWhoWantsToEnd) {
    Story story;
    story.add_world();
    MemoryLog log;
    Projector::Options options;
    const ScratchDatabase database;
    options.database = database.options();
    options.database.busy_timeout = options.database.statement_timeout = 1h;
    auto projector = std::make_unique<Projector>(options, log,
                                                 [](Alarm, std::string_view text) { ADD_FAILURE() << text; });
    log.publish(story.events());
    ASSERT_TRUE(projector->wait_for(story.end(), 60s));
    Connection blocker(database.options());
    const soci::transaction transaction(blocker.sql());
    blocker.sql() << "UPDATE projection SET follower = follower";
    log.publish(story.events());
    const auto waits =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '" +
        database.options().server.name + "'";
    Connection observer(database.options());
    while (number_of(observer, waits) == 0)
        std::this_thread::sleep_for(1ms);
    projector.reset(); // a test that hangs here has failed
}

// --- a server whose processes stand still, and which keeps its connections ------------------------------

class StandingStill : public Postgres {
protected:
    void TearDown() override {
        if (cluster) cluster->command("resume");
    }
    static DatabaseOptions impatient() {
        auto options = cluster->options();
        options.statement_timeout = 200ms;
        options.silence = 100ms;
        options.connect_timeout = 2s;
        return options;
    }
};

TEST_F(StandingStill, IsHungUpOn) {
    Connection asked(impatient());
    Connection probed(impatient());
    asked.ask([&] { asked.sql() << "CREATE TEMPORARY TABLE t (a INTEGER)"; });
    cluster->command("pause");
    try {
        asked.ask([&] { asked.sql() << "INSERT INTO t VALUES (1)"; });
        ADD_FAILURE() << "who answered?";
    } catch (const DatabaseError& error) {
        EXPECT_STREQ(error.what(), "the database does not answer");
    }
    EXPECT_FALSE(probed.answers());
    EXPECT_NE(refusal(impatient()), "none");
    cluster->command("resume");
    EXPECT_EQ(refusal(impatient()), "none");
}

TEST_F(StandingStill, HoldsUpNobodyWhoIsTold) {
    auto options = cluster->options();
    options.statement_timeout = 1h;
    options.connect_timeout = 1h;
    std::stop_source ending;
    Connection connection(options, Durability::every_commit, ending.get_token());
    ConnectionPool pool(options, {.connections = 2, .patience = 1h});
    {
        auto lease = pool.lend();
        EXPECT_TRUE(lease.connection().answers());
        lease.done();
    }
    cluster->command("pause");
    std::atomic<int> failed{0};
    {
        const auto count = [&failed](auto&& work) {
            EXPECT_THROW(work(), DatabaseError);
            ++failed;
        };
        const std::jthread connecting([&] {
            count([&] { const Connection late(options, Durability::every_commit, ending.get_token()); });
        });
        const std::jthread asking([&] {
            count(
                [&] { connection.ask([&] { connection.sql() << "CREATE TEMPORARY TABLE t (a INTEGER)"; }); });
        });
        const std::jthread borrowing([&] { count([&] { (void)pool.lend(); }); });
        ending.request_stop();
        pool.close();
    } // a test that hangs here has failed
    EXPECT_EQ(failed, 3);
    EXPECT_THROW((void)pool.lend(), DatabaseError);
}

TEST_F(StandingStill, IsNotWhoTakesLongToTellMuch) {
    auto options = cluster->options();
    options.statement_timeout = 0ms; // PostgreSQL's word for none
    options.silence = 2s;
    Connection connection(options);
    connection.ask([&] {
        const soci::rowset<soci::row> rows =
            (connection.sql().prepare
             << "SELECT repeat('x', 20000), pg_sleep(0.1)::text FROM generate_series(1, 40)");
        EXPECT_EQ(std::distance(rows.begin(), rows.end()), 40);
    });
}

TEST_F(StandingStill, HoldsUpNeitherTheEndNorLogonsAndIsCaughtUpWith) {
    Story story;
    story.add_world();
    MemoryLog log;
    log.publish(story.events());
    std::atomic<int> away{0};
    Projector::Options options;
    options.database = impatient();
    options.first_pause = options.longest_pause = 10ms;
    const auto listener = [&](Alarm alarm, std::string_view) {
        away += alarm == Alarm::database_away ? 1 : 0;
    };
    auto projector = std::make_unique<Projector>(options, log, listener);
    CredentialRepository repository(impatient(), {.first_pause = 5ms});
    const Credential alice{.username = "ALICE",
                           .session = FixSessionId{1},
                           .scheme = PasswordScheme::keyed_hash,
                           .verifier = "v",
                           .totp_rule = TotpRule::none,
                           .sealed_totp_secret = ""};
    repository.put(alice);
    ASSERT_TRUE(projector->wait_for(story.end(), 60s));
    for (const bool ends_meanwhile : {false, true}) {
        cluster->command("pause");
        const auto before = story.events().size();
        const auto told = away.load();
        story.add_trade(ends_meanwhile ? 1 : 0);
        log.publish(story.part(before, story.events().size()));
        while (away == told)
            std::this_thread::sleep_for(1ms);
        EXPECT_FALSE(projector->status().up);
        EXPECT_TRUE(repository.find("ALICE"));
        EXPECT_THROW(repository.remove(FixSessionId{1}), DatabaseError);
        EXPECT_TRUE(repository.find("ALICE"));
        if (ends_meanwhile) projector.reset(); // a test that hangs here has failed
        cluster->command("resume");
        if (ends_meanwhile) projector = std::make_unique<Projector>(options, log, listener);
        ASSERT_TRUE(projector->wait_for(story.end(), 60s));
    }
    Connection connection(cluster->options());
    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM trades"), 4);
}

// --- the answer to a commit is lost ---------------------------------------------------------------------

// Commits wait for a standby that is not there, after they are on this server's disk.
class LostCommit : public Postgres {
protected:
    void TearDown() override {
        if (cluster) let_commits_end();
    }
    static void superuser(const std::string& statement) {
        cluster->command("psql", "-d postgres -v ON_ERROR_STOP=1 -At -c \"" + statement + "\" > /dev/null");
    }
    static void hold_commits() {
        superuser("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        superuser("SELECT pg_reload_conf()");
    }
    static void let_commits_end() {
        superuser("ALTER SYSTEM RESET synchronous_standby_names");
        superuser("SELECT pg_reload_conf()");
    }
    static Credential alice(int version) {
        return {.username = "ALICE",
                .session = FixSessionId{1},
                .scheme = PasswordScheme::keyed_hash,
                .verifier = "version " + std::to_string(version),
                .totp_rule = TotpRule::none,
                .sealed_totp_secret = ""};
    }
    // Stores one after the other until one waits for the standby; then what is to be done with it.
    static void put_until_held(CredentialRepository& repository, int& version, auto&& then) {
        Connection observer(cluster->options());
        std::atomic<bool> held{false};
        std::jthread watching([&](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                if (number_of(observer,
                              "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == 0)
                    continue;
                held = true;
                then();
                return;
            }
        });
        while (!held)
            repository.put(alice(++version));
    }
};

TEST_F(LostCommit, IsReadBack) {
    CredentialRepository repository(cluster->options(), {.first_pause = 5ms});
    int version = 0;
    hold_commits();
    EXPECT_NO_THROW(put_until_held(repository, version, [] {
        superuser("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    }));
    let_commits_end();
    ASSERT_TRUE(repository.find("ALICE"));
    EXPECT_EQ(repository.find("ALICE")->verifier, alice(version).verifier);
    EXPECT_EQ(CredentialRepository(cluster->options()).find("ALICE")->verifier, alice(version).verifier);
    repository.remove(FixSessionId{1});
}

TEST_F(LostCommit, OfAReplacementIsInDoubtUntilItIsSettled) {
    auto options = cluster->options();
    options.statement_timeout = 300ms;
    options.silence = 100ms;
    options.busy_timeout = 200ms;
    CredentialRepository repository(options, {.first_pause = 5ms});
    repository.put(alice(0));
    hold_commits();
    auto replaced = Replaced::done;
    int version = 0;
    while (replaced == Replaced::done) { // until one is held
        ++version;
        replaced = repository.replace(alice(version - 1), alice(version));
    }
    EXPECT_EQ(replaced, Replaced::in_doubt);
    EXPECT_EQ(repository.find("ALICE")->verifier, alice(version - 1).verifier);
    EXPECT_EQ(repository.replace(alice(version - 1), alice(version)), Replaced::not_stored); // not even tried
    let_commits_end();
    Connection observer(cluster->options());
    while (number_of(observer, "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") != 0)
        std::this_thread::sleep_for(1ms);
    EXPECT_EQ(repository.replace(alice(version - 1), alice(version + 1)), Replaced::other); // it was stored
    EXPECT_EQ(repository.find("ALICE")->verifier, alice(version).verifier);
    repository.remove(FixSessionId{1});
}

TEST_F(LostCommit, ThatCannotBeReadBackIsToldAndSettledBeforeTheNext) {
    auto options = cluster->options();
    options.statement_timeout = 300ms;
    options.silence = 100ms;
    options.busy_timeout = 200ms;
    CredentialRepository repository(options, {.first_pause = 5ms});
    int version = 0;
    hold_commits();
    try {
        put_until_held(repository, version, [] {});
        ADD_FAILURE() << "what was held came to an end";
    } catch (const DatabaseError& error) {
        EXPECT_NE(std::string(error.what()).find("did not say whether"), std::string::npos) << error.what();
    }
    // Not until the database says so.
    EXPECT_NE(repository.find("ALICE") ? repository.find("ALICE")->verifier : "", alice(version).verifier);
    EXPECT_THROW(repository.remove(FixSessionId{2}), DatabaseError);
    let_commits_end();
    Connection observer(cluster->options());
    while (number_of(observer, "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") != 0)
        std::this_thread::sleep_for(1ms);
    repository.remove(FixSessionId{2}); // another one's
    ASSERT_TRUE(repository.find("ALICE"));
    EXPECT_EQ(repository.find("ALICE")->verifier, alice(version).verifier);
    repository.remove(FixSessionId{1});
}

TEST_F(Postgres, KilledUnderTheProjectorItLosesAndDoublesNothing) {
    Story story;
    story.add_world();
    MemoryLog log;
    log.publish(story.events());
    std::mutex mutex;
    std::vector<Alarm> heard;
    Projector::Options options;
    options.database = cluster->options();
    options.batch = 40;
    options.linger = 0ms;
    options.first_pause = 5ms;
    options.longest_pause = 50ms;
    options.partition_ids = 100;
    Projector projector(options, log, [&](Alarm alarm, std::string_view) {
        const std::scoped_lock lock(mutex);
        heard.push_back(alarm);
    });
    CredentialRepository repository(cluster->options(), {.first_pause = 5ms});
    repository.put({.username = "ALICE",
                    .session = FixSessionId{1},
                    .scheme = PasswordScheme::keyed_hash,
                    .verifier = "v",
                    .totp_rule = TotpRule::none,
                    .sealed_totp_secret = ""});
    constexpr std::uint64_t kills = 3;
    for (std::uint64_t kill = 0; kill < kills; ++kill) {
        for (std::uint64_t i = 0; i < 300; ++i) {
            const auto before = story.events().size();
            story.add_trade(kill * 300 + i);
            log.publish(story.part(before, story.events().size()));
        }
        ASSERT_TRUE(projector.wait_for(EventNumber{story.end().value() - 2000}, 60s));
        cluster->command("kill");
        EXPECT_TRUE(repository.find("ALICE")); // logons go on
        cluster->command("start");
    }
    // What it has committed last may be gone with the server; it finds out when it has more to write.
    const auto before = story.events().size();
    story.add_trade(kills * 300);
    log.publish(story.part(before, story.events().size()));
    ASSERT_TRUE(projector.wait_for(story.end(), 60s));
    EXPECT_EQ(projector.status().events_behind, 0U);
    EXPECT_FALSE(projector.status().last_error.empty());
    repository.remove(FixSessionId{1}); // by a connection that the restart had broken
    {
        const std::scoped_lock lock(mutex);
        EXPECT_EQ(std::ranges::count(heard, Alarm::database_ahead), 0);
    }
    Connection connection(cluster->options());
    EXPECT_EQ(number_of(connection, "SELECT COUNT(*) FROM trades"),
              static_cast<long long>(2 * (300 * kills + 1)));

    // Row by row what an undisturbed SQLite holds.
    const auto folder = make_scratch_folder();
    DatabaseOptions sqlite;
    sqlite.file = folder / "whole.db";
    {
        options.database = sqlite;
        Projector undisturbed(options, log, [](Alarm, std::string_view text) { ADD_FAILURE() << text; });
        ASSERT_TRUE(undisturbed.wait_for(story.end(), 60s));
        Connection whole(sqlite);
        EXPECT_EQ(dump(connection), dump(whole));
    }
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace tradehive::db
