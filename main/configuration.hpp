// The configuration of a venue: one YAML file, checked whole before anything starts.
//
// config/demo.yaml and config/production.yaml explain every key. A key that is not known, a value out of its
// range and a file that is not there are errors, told with file and line. Relative paths are from the folder
// of the file.
#pragma once

#include "main/number_reset.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tradehive::main {

struct Configuration {
    struct Tls {
        std::filesystem::path certificate; // empty: plain TCP
        std::filesystem::path key;
    };
    struct Rate {
        unsigned per_second{};
        unsigned at_once{};
    };
    struct FixLimits {
        std::size_t message_bytes{8192};
        std::size_t connections_before_logon{256};
        std::chrono::seconds logon_timeout{10};
        std::size_t logons_waiting{64};       // for the verifier's thread
        std::size_t bytes_waiting{16 << 20};  // written by the venue and not taken by the client
        std::chrono::seconds write_stall{10}; // taking no byte for so long
        // Of a session. Questions: of market data, reference data and states of orders; orders: they,
        // replaces and whatever else comes in.
        Rate requests{10'000, 20'000};
        Rate orders{100'000, 200'000};
        Rate cancels{100'000, 500'000};
    };
    struct Reset { // of the sequence numbers
        std::optional<WeeklyMoment> at{{.day = std::chrono::Saturday, .time = std::chrono::hours{22}}};
        std::chrono::seconds news{900}; // so long before it is told
        std::chrono::seconds last_news{60};
    };
    struct Fix {
        std::string address;
        std::uint16_t port{}; // 0: any free one
        std::string comp_id;
        unsigned threads{};
        Tls tls;
        bool plain_beyond_loopback{};
        std::filesystem::path dictionaries; // a folder; empty: the one that comes with the program
        bool log{};
        Reset number_reset;
        FixLimits limits;
    };
    struct MarketData {
        std::chrono::milliseconds interval{10}; // a busy book is published this often
        std::size_t subscriptions{256};         // of a session; a symbol of a request is one
        std::size_t bytes_waiting{1 << 20};     // of a market data session, before it is conflated
    };
    struct Queue {
        std::size_t orders{};
        std::size_t reserved{};
        std::size_t batch{};
    };
    enum class OldSegments : std::uint8_t { keep, archive, drop };
    struct Journal {
        std::size_t segment_bytes{};
        OldSegments old_segments{};
        std::filesystem::path archive;     // empty unless they are archived
        std::chrono::seconds clock_back{}; // behind the newest command, at start
    };
    struct Snapshots {
        std::size_t every_segments{}; // 0: not by segments
        std::chrono::minutes every{}; // 0: not by the clock
        std::size_t keep{};
    };
    struct EventLog {
        std::size_t segment_bytes{};
        std::size_t events_in_memory{};
        std::chrono::days kept{};
        std::chrono::days most_wait{}; // for a database that takes none
    };
    enum class DatabaseBackend : char { sqlite, postgresql };
    struct Database {
        DatabaseBackend backend{};
        std::filesystem::path file; // SQLite
        // PostgreSQL:
        std::string host;
        std::uint16_t port{};
        std::string name;
        std::string user;
        bool tls{}; // verify-full; false: plain, on this machine only
        std::filesystem::path ca;
        std::filesystem::path certificate; // the venue's; empty: none
        std::filesystem::path key;
        std::filesystem::path password_file; // libpq's; empty: none
        std::chrono::seconds connect_timeout{};
        std::chrono::seconds statement_timeout{};
        std::size_t connections{4}; // for credentials; the projector has one of its own
        // Both:
        std::chrono::days kept{};               // ended orders and their trades; zero: for ever
        std::uint64_t partition_ids{1'000'000}; // orders or trades a partition, PostgreSQL
    };
    struct Credentials {
        std::filesystem::path key_file;
        std::chrono::seconds otp_grace{};
        std::uint32_t argon2_passes{};
        std::uint32_t argon2_kibibytes{};
        std::uint32_t argon2_lanes{};
    };
    enum class LogLevel : char { debug, info, warning, error };
    struct Log {
        LogLevel level{};
        bool json{};
        std::filesystem::path directory; // empty: standard error only
    };

    std::filesystem::path data_dir;
    Fix fix;
    MarketData market_data;
    Queue queue;
    Journal journal;
    Snapshots snapshots;
    EventLog event_log;
    Database database;
    Credentials credentials;
    Log log;
    bool demo{};

    [[nodiscard]] std::filesystem::path journal_directory() const { return data_dir / "journal"; }
    [[nodiscard]] std::filesystem::path snapshot_directory() const { return data_dir / "snapshots"; }
    [[nodiscard]] std::filesystem::path event_directory() const { return data_dir / "events"; }
    [[nodiscard]] std::filesystem::path session_directory() const { return data_dir / "sessions"; }
    [[nodiscard]] std::filesystem::path control_socket() const { return data_dir / "control.sock"; }
    [[nodiscard]] std::filesystem::path ready_file() const { return data_dir / "ready.json"; }
};

// what(): a line for each problem, "file:line: key: value: what would be right".
class ConfigurationError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// settings: "fix.port=0", as given with --set, instead of what the file says. Throws ConfigurationError.
[[nodiscard]] Configuration read_configuration(const std::filesystem::path& file,
                                               const std::vector<std::string>& settings = {});

} // namespace tradehive::main
