#include "main/configuration.hpp"
#include "tests/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace tradehive::main {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

struct ConfigurationTest : ::testing::Test {
    Configuration read(const std::string& text, const std::vector<std::string>& settings = {}) {
        std::ofstream{file} << text;
        return read_configuration(file, settings);
    }
    std::string error(const std::string& text, const std::vector<std::string>& settings = {}) {
        try {
            (void)read(text, settings);
        } catch (const ConfigurationError& wrong) {
            return wrong.what();
        }
        return "no error";
    }
    std::string at(int line, const std::string& text) const {
        return file.string() + ":" + std::to_string(line) + ": " + text;
    }

    TemporaryFolder temporary;
    fs::path folder = temporary.path;
    fs::path file = folder / "venue.yaml";
};

TEST_F(ConfigurationTest, SnapshotsAndOldSegments) {
    const auto otherwise = read("data_dir: d\n");
    EXPECT_EQ(otherwise.snapshots.every_segments, 4U);
    EXPECT_EQ(otherwise.snapshots.every, std::chrono::minutes{60});
    EXPECT_EQ(otherwise.snapshots.keep, 2U);
    EXPECT_EQ(otherwise.journal.old_segments, Configuration::OldSegments::keep);
    EXPECT_EQ(read("data_dir: d\njournal:\n  old_segments: archive\n").journal.archive, folder / "d/archive");
    EXPECT_EQ(read("data_dir: d\njournal:\n  old_segments: archive\n  archive: ../far\n").journal.archive,
              folder.parent_path() / "far");
    EXPECT_EQ(error("data_dir: d\njournal:\n  snapshot:\n    keep: 1\n"),
              at(4, "journal.snapshot.keep: 1: must be a whole number from 2 to 100"));
    EXPECT_EQ(error("data_dir: d\njournal:\n  old_segments: burn\n"),
              at(3, "journal.old_segments: burn: must be one of keep, archive, drop"));
    EXPECT_EQ(error("data_dir: d\njournal:\n  archive: x\n"),
              at(3, "journal.archive: x: is for old_segments: archive"));
    EXPECT_EQ(error("data_dir: d\njournal:\n  old_segments: drop\n  snapshot:\n    every_segments: 0\n"
                    "    every_minutes: 0\n"),
              at(3, "journal.old_segments: drop: without snapshots the whole journal is needed: keep"));
}

TEST_F(ConfigurationTest, OnlyTheFolderMustBeGiven) {
    const auto configuration = read("data_dir: state\n");
    EXPECT_EQ(configuration.data_dir, folder / "state");
    EXPECT_EQ(configuration.fix.address, "127.0.0.1");
    EXPECT_EQ(configuration.fix.port, 9876);
    EXPECT_EQ(configuration.fix.limits.message_bytes, 8192);
    EXPECT_EQ(configuration.fix.limits.logon_timeout, std::chrono::seconds{10});
    EXPECT_EQ(configuration.credentials.key_file, folder / "state/key");
    EXPECT_EQ(configuration.database.file, folder / "state/tradehive.db");
    EXPECT_FALSE(configuration.demo);
    EXPECT_THAT(error(""), HasSubstr("data_dir: must be given"));
    EXPECT_THAT(error("fix:\n  port: 1\n"), HasSubstr("data_dir: must be given"));
}

TEST_F(ConfigurationTest, WhatASessionMaySend) {
    const auto limits = read("data_dir: d\nfix:\n  limits:\n    orders_per_second: 50\n"
                             "    cancels_at_once: 10000000\n")
                            .fix.limits;
    EXPECT_EQ(limits.orders.per_second, 50U);
    EXPECT_EQ(limits.orders.at_once, 200'000U);
    EXPECT_EQ(limits.cancels.at_once, 10'000'000U);
    EXPECT_EQ(limits.requests.per_second, 10'000U);
    EXPECT_EQ(error("data_dir: d\nfix:\n  limits:\n    orders_at_once: 0\n"),
              at(4, "fix.limits.orders_at_once: 0: must be a whole number from 1 to 10000000"));
    EXPECT_EQ(error("data_dir: d\nfix:\n  limits:\n    cancels_per_second: 1000001\n"),
              at(4, "fix.limits.cancels_per_second: 1000001: must be a whole number from 1 to 1000000"));
}

TEST_F(ConfigurationTest, WhenNumbersAreReset) {
    const auto at = [&](const std::string& value) {
        return read("data_dir: d\nfix:\n  number_reset:\n    at: " + value + "\n").fix.number_reset.at;
    };
    const auto otherwise = read("data_dir: d\n").fix.number_reset;
    ASSERT_TRUE(otherwise.at);
    EXPECT_EQ(otherwise.at->day, std::chrono::Saturday);
    EXPECT_EQ(otherwise.at->time, std::chrono::hours{22});
    EXPECT_EQ(otherwise.news, std::chrono::minutes{15});
    EXPECT_EQ(otherwise.last_news, std::chrono::minutes{1});
    EXPECT_FALSE(at("never"));
    EXPECT_EQ(at("sunday 00:00")->day, std::chrono::Sunday);
    EXPECT_EQ(at("monday 23:59:58")->time, std::chrono::seconds{86'398});
    for (const auto* const wrong :
         {"saturday", "saturday 24:00", "saturday 22:60", "Saturday 22:00", "22:00", "saturday 2:00",
          "saturday 22:00:60", "saturday 22:00 UTC", "saturday -1:00"})
        EXPECT_EQ(error("data_dir: d\nfix:\n  number_reset:\n    at: " + std::string{wrong} + "\n"),
                  this->at(4, "fix.number_reset.at: " + std::string{wrong} +
                                  ": must be never, or a day of the week and a time, UTC: saturday 22:00"));
    EXPECT_EQ(
        error("data_dir: d\nfix:\n  number_reset:\n    news_seconds: 60\n    last_news_seconds: 61\n"),
        this->at(5, "fix.number_reset.last_news_seconds: 61: must be at most fix.number_reset.news_seconds"));
}

TEST_F(ConfigurationTest, TheShippedOneIsGood) {
    const auto configuration = read_configuration(fs::path{SOURCE_FOLDER} / "config/demo.yaml");
    EXPECT_EQ(configuration.data_dir, fs::path{SOURCE_FOLDER} / "var/demo");
    EXPECT_TRUE(configuration.demo);
}

TEST_F(ConfigurationTest, MarketDataWaitsForLessThanEndsTheConnection) {
    EXPECT_EQ(error("data_dir: d\nfix:\n  limits:\n    bytes_waiting: 1000000\nmarket_data:\n"
                    "  bytes_waiting: 600000\n"),
              at(6, "market_data.bytes_waiting: 600000: must be at most half of fix.limits.bytes_waiting"));
    EXPECT_EQ(error("data_dir: d\nmarket_data:\n  interval_ms: 0\n"),
              at(3, "market_data.interval_ms: 0: must be a whole number from 1 to 1000"));
}

TEST_F(ConfigurationTest, TheEventLogWaitsForTheDatabaseAndTheClockMayBeBackForSoLong) {
    const auto otherwise = read("data_dir: d\n");
    EXPECT_EQ(otherwise.event_log.most_wait, std::chrono::days{30});
    EXPECT_EQ(otherwise.journal.clock_back, std::chrono::minutes{1});
    const auto other = read("data_dir: d\njournal:\n  clock_back_seconds: 0\nevent_log:\n  wait_days: 1\n");
    EXPECT_EQ(other.event_log.most_wait, std::chrono::days{1});
    EXPECT_EQ(other.journal.clock_back, std::chrono::seconds{});
    EXPECT_EQ(error("data_dir: d\nevent_log:\n  wait_days: 0\n"),
              at(3, "event_log.wait_days: 0: must be a whole number from 1 to 3650"));
}

TEST_F(ConfigurationTest, AnUnknownKeyIsRefusedWithTheNearestOne) {
    EXPECT_EQ(error("data_dir: d\nfix:\n  prot: 9876\n"), at(3, "fix.prot: unknown key; did you mean port?"));
    EXPECT_EQ(error("data_dir: d\ndatabse:\n  file: x\n"),
              at(2, "databse: unknown key; did you mean database?"));
    EXPECT_THAT(error("data_dir: d\njournal:\n  colour: red\n"),
                HasSubstr("known here: archive, clock_back_seconds, old_segments, segment_mib, snapshot"));
    EXPECT_EQ(error("data_dir: d\ndata_dir: e\n"), at(2, "data_dir: given twice"));
}

TEST_F(ConfigurationTest, PostgresqlIsSpokenToOverTlsAndSecretsAreFilesOfTheirOwner) {
    const std::string head = "data_dir: d\ndatabase:\n  backend: postgresql\n";
    for (const auto* name : {"ca.crt", "venue.crt", "venue.key", "open.key"}) {
        std::ofstream{folder / name} << "x";
        fs::permissions(folder / name, fs::perms{name == std::string{"open.key"} ? 0644U : 0600U});
    }
    const auto good = read(
        head + "  host: db\n  ca: ca.crt\n  certificate: venue.crt\n  key: venue.key\n  keep_days: 30\n");
    EXPECT_EQ(good.database.backend, Configuration::DatabaseBackend::postgresql);
    EXPECT_TRUE(good.database.tls);
    EXPECT_EQ(good.database.key, folder / "venue.key");
    EXPECT_EQ(good.database.kept, std::chrono::days{30});
    EXPECT_EQ(good.database.connections, 4U);
    EXPECT_THAT(error(head), HasSubstr("database.ca: must be given"));
    EXPECT_EQ(error(head + "  ca: none.crt\n"),
              at(4, "database.ca: none.crt: there is no file " + (folder / "none.crt").string()));
    EXPECT_EQ(error(head + "  ca: ca.crt\n  password_file: open.key\n"),
              at(5, "database.password_file: open.key: " + (folder / "open.key").string() +
                        " must be its owner's alone: chmod 600"));
    EXPECT_THAT(error(head + "  ca: ca.crt\n  key: venue.key\n"), HasSubstr("give both or none"));
    EXPECT_EQ(
        error(head + "  host: db\n  tls: off\n"),
        at(5,
           "database.tls: off: off is for this machine only: a host on loopback, or the folder of a socket"));
    EXPECT_EQ(read(head + "  tls: off\n").database.host, "localhost");
    EXPECT_EQ(error(head + "  ca: ca.crt\n  tls: require\n"),
              at(5, "database.tls: require: must be one of verify-full, off"));
    const auto in_clear = error(head + "  ca: ca.crt\n  password: MARKED\n");
    EXPECT_THAT(in_clear, HasSubstr("database.password: unknown key; known here: "));
    EXPECT_EQ(in_clear.find("MARKED"), std::string::npos);
    EXPECT_THAT(error("data_dir: d\ndatabase:\n  host: db\n"), HasSubstr("database.host: unknown key"));
}

// Every key stands in production.yaml, and what stands there is good once its files are there.
TEST_F(ConfigurationTest, ProductionYamlIsGoodAndKnowsEveryKey) {
    std::ostringstream text;
    text << std::ifstream{SOURCE_FOLDER "/config/production.yaml"}.rdbuf();
    fs::create_directories(folder / "certificates");
    for (const auto* name : {"ca.crt", "fix.crt", "fix.key", "venue.crt", "venue.key"}) {
        std::ofstream{folder / "certificates" / name} << "x";
        fs::permissions(folder / "certificates" / name, fs::perms{0600});
    }
    const auto production = read(text.str());
    EXPECT_EQ(production.database.host, "db.example.org");
    EXPECT_FALSE(production.demo);
    // "known here" names the keys of a section; each stands in the file, as a key or commented out.
    for (const std::string section :
         {"fix:\n  ", "fix:\n  tls:\n    ", "fix:\n  limits:\n    ", "queue:\n  ", "journal:\n  ",
          "journal:\n  snapshot:\n    ", "event_log:\n  ", "market_data:\n  ", "database:\n  ",
          "database:\n  backend: postgresql\n  ", "credentials:\n  ", "log:\n  ", "demo:\n  "}) {
        auto known = error("data_dir: d\n" + section + "qqqqqqqqqqqqqqqqq: 1\n");
        ASSERT_THAT(known, HasSubstr("known here: ")) << section;
        known = known.substr(known.find("known here: ") + 12);
        std::istringstream keys{known.substr(0, known.find('\n'))};
        for (std::string key; std::getline(keys >> std::ws, key, ',');)
            EXPECT_THAT(text.str(), ::testing::ContainsRegex("\n +(# )?" + key + ":")) << section;
    }
}

TEST_F(ConfigurationTest, AValueOutOfItsRangeNamesTheRange) {
    EXPECT_EQ(error("data_dir: d\nfix:\n  port: 99999\n"),
              at(3, "fix.port: 99999: must be a whole number from 0 to 65535"));
    for (const auto* number : {"-1", "1.5", "9876x", "0x10", "''", "1e3"})
        EXPECT_THAT(error(std::string{"data_dir: d\nfix:\n  port: "} + number + "\n"),
                    HasSubstr(at(3, "fix.port: ")))
            << number;
    EXPECT_EQ(error("data_dir: d\nlog:\n  level: loud\n"),
              at(3, "log.level: loud: must be one of debug, info, warning, error"));
    EXPECT_EQ(error("data_dir: d\nlog:\n  json: yes\n"), at(3, "log.json: yes: must be one of true, false"));
    EXPECT_THAT(error("data_dir: d\nfix:\n  address: localhost\n"),
                HasSubstr("must be an IPv4 or IPv6 address"));
    EXPECT_EQ(error("data_dir: d\nfix: 7\n"),
              at(2, "fix: must be a section with keys, not a value or a list"));
    EXPECT_EQ(error("data_dir: d\nfix:\n  port: [1, 2]\n"), at(3, "fix.port: must have one value"));
    EXPECT_THAT(error("- a\n- b\n"), HasSubstr("the file: must be a section"));
    EXPECT_THAT(error("data_dir: " + std::string(120, 'x') + "\n"), HasSubstr("too long"));
}

TEST_F(ConfigurationTest, AllProblemsAreToldAtOnce) {
    const auto all = error("data_dir: d\nfix:\n  port: x\n  prot: 1\nlog:\n  level: loud\n");
    EXPECT_THAT(all, HasSubstr(at(3, "")));
    EXPECT_THAT(all, HasSubstr(at(4, "")));
    EXPECT_THAT(all, HasSubstr(at(6, "")));
}

TEST_F(ConfigurationTest, BrokenYamlAndAMissingFileAreErrors) {
    EXPECT_THAT(error("data_dir: [\n"), HasSubstr(file.string() + ":"));
    EXPECT_THROW((void)read_configuration(folder / "none.yaml"), ConfigurationError);
}

TEST_F(ConfigurationTest, PlainTcpIsForLoopback) {
    EXPECT_THAT(error("data_dir: d\nfix:\n  address: 0.0.0.0\n"),
                HasSubstr(at(3, "fix.address: 0.0.0.0: plain TCP")));
    EXPECT_EQ(read("data_dir: d\nfix:\n  address: 0.0.0.0\n  plain_beyond_loopback: true\n").fix.address,
              "0.0.0.0");
    std::ofstream{folder / "fix.crt"} << "x";
    std::ofstream{folder / "fix.key"} << "x";
    const auto tls =
        read("data_dir: d\nfix:\n  address: 0.0.0.0\n  tls:\n    certificate: fix.crt\n    key: fix.key\n");
    EXPECT_EQ(tls.fix.tls.certificate, folder / "fix.crt");
    EXPECT_THAT(error("data_dir: d\nfix:\n  tls:\n    certificate: fix.crt\n"),
                HasSubstr("give both or none"));
    EXPECT_THAT(error("data_dir: d\nfix:\n  tls:\n    certificate: none.crt\n    key: fix.key\n"),
                HasSubstr(at(4, "fix.tls.certificate")));
    EXPECT_THAT(
        error(
            "data_dir: d\nfix:\n  address: 0.0.0.0\n  plain_beyond_loopback: true\ndemo:\n  enabled: true\n"),
        HasSubstr(at(6, "demo.enabled")));
}

TEST_F(ConfigurationTest, SettingsReplaceWhatTheFileSays) {
    const auto configuration = read("data_dir: d\nfix:\n  port: 1\n",
                                    {"fix.port=0", "fix.limits.message_bytes=1024", "data_dir=/x"});
    EXPECT_EQ(configuration.fix.port, 0);
    EXPECT_EQ(configuration.fix.limits.message_bytes, 1024);
    EXPECT_EQ(configuration.data_dir, "/x");
    EXPECT_EQ(error("data_dir: d\nfix:\n  port: 1\n", {"fix.port=x"}),
              "--set fix.port: x: must be a whole number from 0 to 65535");
    EXPECT_EQ(error("data_dir: d\n", {"fix.prot=1"}), "--set fix.prot: unknown key; did you mean port?");
    EXPECT_THAT(error("data_dir: d\n", {"fix"}), HasSubstr("KEY=VALUE"));
    EXPECT_THAT(error("data_dir: d\n", {"data_dir.x=1"}), HasSubstr("is not a section"));
}

} // namespace
} // namespace tradehive::main
