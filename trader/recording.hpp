// Messages of FIX sessions in a file, one a line, for people to read and for `play` to send again:
//
//   2026-01-05T09:00:05.000123 TRADER -> 8=FIX.4.4|9=104|35=D|34=2|49=TRADER|…
//   2026-01-05T09:00:05.000871 TRADER <- 8=FIX.4.4|9=211|35=8|34=2|49=TRADEHIVE|…
//
// UTC with microseconds; the client's CompID; "->" to the venue, "<-" from it; the fields as in fix_text.hpp,
// secrets hidden. A line that begins with '#' is a remark. The venue's own FIX log is read too: there "<" is
// what the venue received and ">" what it sent, and its remarks ("-") are passed over.
#pragma once

#include "trader/fix_text.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tradehive::trader {

enum class Direction : std::uint8_t { to_venue, from_venue };

struct RecordedMessage {
    std::int64_t microseconds{}; // since 1970, UTC
    std::string session;         // the client's CompID
    Direction direction{};
    FixText message;
};

// "2026-01-05T09:00:05.000123" ⇄ microseconds since 1970; two to six decimals of the second are read.
[[nodiscard]] std::string recorded_time(std::int64_t microseconds);
[[nodiscard]] std::optional<std::int64_t> parse_recorded_time(std::string_view text);
[[nodiscard]] std::int64_t microseconds_now();

[[nodiscard]] std::string recorded_line(const RecordedMessage& recorded); // without line end

// Nothing for remarks and empty lines. Throws std::runtime_error that says what would be right.
[[nodiscard]] std::optional<RecordedMessage> parse_recorded_line(std::string_view line);

// Throws std::runtime_error "file:line: what is wrong". An empty session name takes all sessions. A last line
// that lacks its end is left out: the log of a running venue ends with one.
[[nodiscard]] std::vector<RecordedMessage> read_recording(const std::string& path,
                                                          const std::string& session = {});

// A folder stands for the newest FIX log in it: the venue begins a file each day. Any other place is its own.
// Throws std::runtime_error when there is none.
[[nodiscard]] std::filesystem::path newest_log(const std::filesystem::path& place);

// Writes a recording as it happens; each line is in the file when add() returns. Any thread.
class RecordingFile {
public:
    // The file is made, readable by its owner only; one that has content already is not touched. Throws
    // std::runtime_error.
    explicit RecordingFile(const std::string& path);

    void add(const RecordedMessage& recorded);

private:
    std::mutex mutex_;
    std::ofstream file_;
    std::string path_;
};

} // namespace tradehive::trader
