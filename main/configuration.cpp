#include "main/configuration.hpp"

#include "main/yaml_section.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tradehive::main {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t mib = std::size_t{1} << 20;

template <class Number>
Number count(Section& section, std::string_view key, std::int64_t least, std::int64_t most,
             Number otherwise) {
    return static_cast<Number>(section.number(key, least, most, static_cast<std::int64_t>(otherwise)));
}

std::chrono::seconds seconds(Section& section, std::string_view key, std::int64_t least, std::int64_t most,
                             std::chrono::seconds otherwise) {
    return std::chrono::seconds{section.number(key, least, most, otherwise.count())};
}

struct Paths {
    fs::path folder; // of the configuration file

    fs::path operator()(Section& section, std::string_view key, const fs::path& otherwise) const {
        if (!section.has(key)) return otherwise;
        return (folder / section.text(key, {})).lexically_normal();
    }
};

bool is_address(const std::string& text) {
    std::array<unsigned char, sizeof(in6_addr)> ignored{};
    return ::inet_pton(AF_INET, text.c_str(), ignored.data()) == 1 ||
           ::inet_pton(AF_INET6, text.c_str(), ignored.data()) == 1;
}

bool is_loopback(const std::string& text) {
    return text == "::1" || text.starts_with("127.");
}

Configuration::Tls read_tls(Section fix, const Paths& path) {
    auto section = fix.section("tls");
    const Configuration::Tls tls{path(section, "certificate", {}), path(section, "key", {})};
    if (tls.certificate.empty() != tls.key.empty())
        section.problem(tls.key.empty() ? "certificate" : "key",
                        "certificate and key go together: give both or none");
    for (const auto& [key, file] : {std::pair{"certificate", tls.certificate}, std::pair{"key", tls.key}}) {
        std::error_code ignored;
        if (!file.empty() && !fs::is_regular_file(file, ignored))
            section.problem(
                key, fmt::format("there is no file {}; scripts/make-certificates makes one", file.string()));
    }
    section.refuse_unknown();
    return tls;
}

Configuration::Rate read_rate(Section& section, const std::string& of, Configuration::Rate otherwise) {
    return {count(section, of + "_per_second", 1, 1'000'000, otherwise.per_second),
            count(section, of + "_at_once", 1, 10'000'000, otherwise.at_once)};
}

Configuration::FixLimits read_limits(Section section) {
    Configuration::FixLimits limits;
    limits.message_bytes = count(section, "message_bytes", 512, 1 << 20, limits.message_bytes);
    limits.connections_before_logon =
        count(section, "connections_before_logon", 1, 65'536, limits.connections_before_logon);
    limits.logon_timeout = seconds(section, "logon_timeout_seconds", 1, 60, limits.logon_timeout);
    limits.logons_waiting = count(section, "logons_waiting", 1, 65'536, limits.logons_waiting);
    limits.bytes_waiting =
        count(section, "bytes_waiting", std::int64_t{64} * 1024, 1 << 30, limits.bytes_waiting);
    limits.write_stall = seconds(section, "write_stall_seconds", 1, 600, limits.write_stall);
    limits.requests = read_rate(section, "requests", limits.requests);
    limits.orders = read_rate(section, "orders", limits.orders);
    limits.cancels = read_rate(section, "cancels", limits.cancels);
    section.refuse_unknown();
    return limits;
}

// "saturday 22:00", seconds if given; nothing when it is no such moment.
std::optional<WeeklyMoment> weekly_moment(std::string_view text) {
    constexpr std::array<std::string_view, 7> days{"sunday",   "monday", "tuesday", "wednesday",
                                                   "thursday", "friday", "saturday"};
    const auto blank = std::min(text.find(' '), text.size());
    const auto* const day = std::ranges::find(days, text.substr(0, blank));
    const std::string time{text.substr(std::min(blank + 1, text.size()))};
    if (day == days.end() || (time.size() != 5 && time.size() != 8)) return std::nullopt;
    for (std::size_t i = 0; i < time.size(); ++i) {
        const bool right = i % 3 == 2 ? time[i] == ':' : time[i] >= '0' && time[i] <= '9';
        if (!right) return std::nullopt;
    }
    const auto hours = std::stoi(time.substr(0, 2));
    const auto minutes = std::stoi(time.substr(3, 2));
    const auto seconds = time.size() == 8 ? std::stoi(time.substr(6, 2)) : 0;
    if (hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
    return WeeklyMoment{.day = std::chrono::weekday{static_cast<unsigned>(day - days.begin())},
                        .time = std::chrono::hours{hours} + std::chrono::minutes{minutes} +
                                std::chrono::seconds{seconds}};
}

Configuration::Reset read_reset(Section section) {
    Configuration::Reset reset;
    if (const auto at = section.text("at", "saturday 22:00"); at == "never") {
        reset.at.reset();
    } else if (reset.at = weekly_moment(at); !reset.at) {
        section.problem("at", "must be never, or a day of the week and a time, UTC: saturday 22:00");
    }
    reset.news = seconds(section, "news_seconds", 1, 86'400, reset.news);
    reset.last_news = seconds(section, "last_news_seconds", 1, 86'400, std::min(reset.last_news, reset.news));
    if (reset.last_news > reset.news)
        section.problem("last_news_seconds", "must be at most fix.number_reset.news_seconds");
    section.refuse_unknown();
    return reset;
}

Configuration::Fix read_fix(Section section, const Paths& path) {
    Configuration::Fix fix;
    fix.address = section.text("address", "127.0.0.1");
    if (!is_address(fix.address)) section.problem("address", "must be an IPv4 or IPv6 address");
    fix.port = count<std::uint16_t>(section, "port", 0, 65'535, 9876);
    fix.comp_id = section.text("comp_id", "TRADEHIVE");
    if (fix.comp_id.size() > 31) section.problem("comp_id", "must have at most 31 characters");
    fix.threads = count(section, "threads", 1, 64, 2U);
    fix.log = section.flag("log", true);
    fix.dictionaries = path(section, "dictionaries", {});
    std::error_code ignored;
    for (const char* const name : {"FIX44.xml", "FIXT11.xml", "FIX50SP2.xml"})
        if (!fix.dictionaries.empty() && !fs::is_regular_file(fix.dictionaries / name, ignored))
            section.problem("dictionaries", std::string{"must be a folder with "} + name + " in it");
    (void)section.has("tls");
    fix.tls = read_tls(section, path);
    fix.plain_beyond_loopback = section.flag("plain_beyond_loopback", false);
    if (fix.tls.certificate.empty() && !fix.plain_beyond_loopback && !is_loopback(fix.address))
        section.problem("address",
                        "plain TCP is for loopback: give fix.tls, or say fix.plain_beyond_loopback: true");
    fix.number_reset = read_reset(section.section("number_reset"));
    fix.limits = read_limits(section.section("limits"));
    section.refuse_unknown();
    return fix;
}

Configuration::MarketData read_market_data(Section section, const Configuration::FixLimits& limits) {
    Configuration::MarketData data;
    data.interval = std::chrono::milliseconds{section.number("interval_ms", 1, 1000, data.interval.count())};
    data.subscriptions = count(section, "subscriptions", 1, 65'536, data.subscriptions);
    data.bytes_waiting = count(section, "bytes_waiting", std::int64_t{64} * 1024, 1 << 30,
                               std::min(data.bytes_waiting, limits.bytes_waiting / 2));
    if (data.bytes_waiting > limits.bytes_waiting / 2)
        section.problem("bytes_waiting", "must be at most half of fix.limits.bytes_waiting");
    section.refuse_unknown();
    return data;
}

Configuration::Queue read_queue(Section section) {
    const Configuration::Queue queue{count<std::size_t>(section, "orders", 16, 1 << 20, 8192),
                                     count<std::size_t>(section, "reserved", 16, 1 << 20, 4096),
                                     count<std::size_t>(section, "batch", 1, 1 << 16, 1024)};
    section.refuse_unknown();
    return queue;
}

Configuration::Snapshots read_snapshots(Section section) {
    const Configuration::Snapshots snapshots{
        count<std::size_t>(section, "every_segments", 0, 10'000, 4),
        std::chrono::minutes{section.number("every_minutes", 0, 10'080, 60)},
        count<std::size_t>(section, "keep", 2, 100, 2)};
    section.refuse_unknown();
    return snapshots;
}

Configuration::Journal read_journal(Section& section, const Paths& path, const fs::path& data_dir,
                                    const Configuration::Snapshots& snapshots) {
    using enum Configuration::OldSegments;
    constexpr std::array<std::pair<std::string_view, Configuration::OldSegments>, 3> rules{
        {{"keep", keep}, {"archive", archive}, {"drop", drop}}};
    Configuration::Journal journal;
    journal.segment_bytes = count<std::size_t>(section, "segment_mib", 1, 1024, 64) * mib;
    journal.old_segments = section.choice("old_segments", rules, keep);
    if (journal.old_segments != keep && snapshots.every_segments == 0 && snapshots.every.count() == 0)
        section.problem("old_segments", "without snapshots the whole journal is needed: keep");
    if (journal.old_segments == archive)
        journal.archive = path(section, "archive", data_dir / "archive");
    else if (section.has("archive"))
        section.problem("archive", "is for old_segments: archive");
    journal.clock_back = seconds(section, "clock_back_seconds", 0, 400LL * 86'400, std::chrono::minutes{1});
    section.refuse_unknown();
    return journal;
}

Configuration::EventLog read_event_log(Section section) {
    const Configuration::EventLog log{count<std::size_t>(section, "segment_mib", 1, 1024, 64) * mib,
                                      count<std::size_t>(section, "events_in_memory", 1024, 1 << 22, 1 << 16),
                                      std::chrono::days{section.number("keep_days", 1, 3650, 7)},
                                      std::chrono::days{section.number("wait_days", 1, 3650, 30)}};
    section.refuse_unknown();
    return log;
}

// A file that must be there; one that holds a secret is its owner's alone.
fs::path existing_file(Section& section, const Paths& path, std::string_view key, bool secret = false) {
    auto file = path(section, key, {});
    if (file.empty()) return file;
    std::error_code error;
    const auto status = fs::status(file, error);
    if (!fs::is_regular_file(status))
        section.problem(key, fmt::format("there is no file {}", file.string()));
    else if (secret &&
             (status.permissions() & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
        section.problem(key, fmt::format("{} must be its owner's alone: chmod 600", file.string()));
    return file;
}

void read_postgresql(Section& section, const Paths& path, Configuration::Database& database) {
    database.host = section.text("host", "localhost");
    database.port = count<std::uint16_t>(section, "port", 1, 65'535, 5432);
    database.name = section.text("name", "tradehive");
    database.user = section.text("user", "venue");
    constexpr std::array<std::pair<std::string_view, bool>, 2> tls{{{"verify-full", true}, {"off", false}}};
    database.tls = section.choice("tls", tls, true);
    database.ca = existing_file(section, path, "ca");
    database.certificate = existing_file(section, path, "certificate");
    database.key = existing_file(section, path, "key", true);
    database.password_file = existing_file(section, path, "password_file", true);
    if (database.tls && database.ca.empty())
        section.problem("ca", "must be given: the CA that PostgreSQL's certificate is checked against");
    if (database.certificate.empty() != database.key.empty())
        section.problem(database.key.empty() ? "certificate" : "key",
                        "certificate and key go together: give both or none");
    const bool local =
        is_loopback(database.host) || database.host == "localhost" || database.host.starts_with('/');
    if (!database.tls && !local)
        section.problem("tls", "off is for this machine only: a host on loopback, or the folder of a socket");
    database.connect_timeout = seconds(section, "connect_timeout_seconds", 2, 60, std::chrono::seconds{5});
    database.statement_timeout =
        seconds(section, "statement_timeout_seconds", 1, 600, std::chrono::seconds{30});
    database.connections = count<std::size_t>(section, "connections", 1, 64, 4);
    database.partition_ids = count<std::uint64_t>(section, "partition_ids", 1000, 1'000'000'000, 1'000'000);
}

Configuration::Database read_database(Section section, const Paths& path, const fs::path& data_dir) {
    using enum Configuration::DatabaseBackend;
    constexpr std::array<std::pair<std::string_view, Configuration::DatabaseBackend>, 2> backends{
        {{"sqlite", sqlite}, {"postgresql", postgresql}}};
    Configuration::Database database;
    database.backend = section.choice("backend", backends, sqlite);
    database.kept = std::chrono::days{section.number("keep_days", 0, 36'500, 0)};
    if (database.backend == postgresql)
        read_postgresql(section, path, database);
    else
        database.file = path(section, "file", data_dir / "tradehive.db");
    section.refuse_unknown();
    return database;
}

Configuration::Credentials read_credentials(Section section, const Paths& path, const fs::path& data_dir) {
    Configuration::Credentials credentials;
    credentials.key_file = path(section, "key_file", data_dir / "key");
    credentials.otp_grace = seconds(section, "otp_grace_seconds", 1, 86'400, std::chrono::hours{12});
    credentials.argon2_passes = count(section, "argon2_passes", 1, 100, 2U);
    credentials.argon2_kibibytes = count(section, "argon2_mib", 1, 4096, 64U) * 1024;
    credentials.argon2_lanes = count(section, "argon2_lanes", 1, 16, 1U);
    section.refuse_unknown();
    return credentials;
}

Configuration::Log read_log(Section section, const Paths& path, const fs::path& data_dir) {
    using enum Configuration::LogLevel;
    constexpr std::array<std::pair<std::string_view, Configuration::LogLevel>, 4> levels{
        {{"debug", debug}, {"info", info}, {"warning", warning}, {"error", error}}};
    Configuration::Log log;
    log.level = section.choice("level", levels, info);
    log.json = section.flag("json", false);
    log.directory = path(section, "directory", data_dir / "log");
    section.refuse_unknown();
    return log;
}

// "a.b=c": the key below its sections, made where they are missing.
void set(YAML::Node root, const std::string& setting) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
        throw ConfigurationError{"--set " + setting + ": must be KEY=VALUE, as fix.port=0"};
    std::string_view key{setting.data(), equals};
    for (auto dot = key.find('.'); dot != std::string_view::npos; dot = key.find('.')) {
        auto next = root[std::string{key.substr(0, dot)}];
        if (next.IsDefined() && !next.IsNull() && !next.IsMap())
            throw ConfigurationError{"--set " + setting + ": " + std::string{key.substr(0, dot)} +
                                     " is not a section"};
        root.reset(next);
        key.remove_prefix(dot + 1);
    }
    root.remove(std::string{key}); // and with it the line that it stood on
    root[std::string{key}] = setting.substr(equals + 1);
}

YAML::Node load(const fs::path& file, const std::vector<std::string>& settings) {
    try {
        auto root = YAML::LoadFile(file.string());
        if (root.IsMap() || root.IsNull())
            for (const auto& setting : settings)
                set(root, setting);
        return root;
    } catch (const YAML::BadFile&) {
        throw ConfigurationError{"cannot read " + file.string()};
    } catch (const YAML::Exception& wrong) {
        throw ConfigurationError{fmt::format("{}:{}: {}", file.string(), wrong.mark.line + 1, wrong.msg)};
    }
}

} // namespace

Configuration read_configuration(const fs::path& file, const std::vector<std::string>& settings) {
    const auto root = load(file, settings);
    Problems problems{file.string()};
    Section section{problems, root, {}};
    const Paths path{fs::absolute(file).parent_path()};

    Configuration result;
    result.data_dir = path(section, "data_dir", {});
    if (result.data_dir.empty())
        section.problem("data_dir", "must be given: the folder for all that the venue keeps");
    // sun_path of sockaddr_un has room for 107 characters.
    if (result.control_socket().string().size() > 107)
        section.problem("data_dir",
                        "the path is too long: its control.sock must have at most 107 characters");
    const auto& data_dir = result.data_dir;
    result.fix = read_fix(section.section("fix"), path);
    result.market_data = read_market_data(section.section("market_data"), result.fix.limits);
    result.queue = read_queue(section.section("queue"));
    auto journal = section.section("journal");
    result.snapshots = read_snapshots(journal.section("snapshot"));
    result.journal = read_journal(journal, path, data_dir, result.snapshots);
    result.event_log = read_event_log(section.section("event_log"));
    result.database = read_database(section.section("database"), path, data_dir);
    result.credentials = read_credentials(section.section("credentials"), path, data_dir);
    result.log = read_log(section.section("log"), path, data_dir);
    auto demo = section.section("demo");
    result.demo = demo.flag("enabled", false);
    if (result.demo && !is_loopback(result.fix.address))
        demo.problem("enabled", "its passwords are known to everybody: only with fix.address on loopback");
    demo.refuse_unknown();
    section.refuse_unknown();

    if (!problems.all().empty()) throw ConfigurationError{fmt::format("{}", fmt::join(problems.all(), "\n"))};
    return result;
}

} // namespace tradehive::main
