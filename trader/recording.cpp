#include "trader/recording.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

namespace tradehive::trader {
namespace {

constexpr std::int64_t million = 1'000'000;

struct Arrow {
    std::string_view text;
    Direction direction;
    bool escapes; // ours escape, the venue's log does not
};
constexpr std::array arrows{Arrow{"->", Direction::to_venue, true}, Arrow{"<-", Direction::from_venue, true},
                            Arrow{"<", Direction::to_venue, false}, Arrow{">", Direction::from_venue, false}};

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) return std::nullopt;
    int number{};
    const auto* const end = text.data() + at + count;
    const auto [stopped, error] = std::from_chars(text.data() + at, end, number);
    if (error != std::errc{} || stopped != end || number < 0) return std::nullopt;
    return number;
}

std::string_view next_word(std::string_view& rest) {
    const auto end = rest.find(' ');
    const auto word = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return word;
}

} // namespace

std::string recorded_time(std::int64_t microseconds) {
    using namespace std::chrono;
    const sys_time<std::chrono::microseconds> at{std::chrono::microseconds(microseconds)};
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(floor<seconds>(at - day));
    std::array<char, 40> text{};
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its form is the format's
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06d",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                  static_cast<int>((microseconds % million + million) % million));
    return text.data();
}

std::optional<std::int64_t> parse_recorded_time(std::string_view text) {
    using namespace std::chrono;
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 5, 2);
    const auto day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2);
    const auto minute = digits(text, 14, 2);
    const auto second = digits(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second || text.size() < 22 || text.size() > 26 ||
        text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        text[19] != '.')
        return std::nullopt;
    const auto decimals = text.size() - 20;
    auto fraction = digits(text, 20, decimals);
    if (!fraction) return std::nullopt;
    for (auto place = decimals; place < 6; ++place)
        *fraction *= 10;
    const year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                              std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    const auto at = sys_days(date).time_since_epoch() + hours(*hour) + minutes(*minute) + seconds(*second);
    return duration_cast<microseconds>(at).count() + *fraction;
}

std::int64_t microseconds_now() {
    return std::chrono::system_clock::now().time_since_epoch() / std::chrono::microseconds(1);
}

std::string recorded_line(const RecordedMessage& recorded) {
    return recorded_time(recorded.microseconds) + ' ' + printable(recorded.session) +
           (recorded.direction == Direction::to_venue ? " -> " : " <- ") + recorded.message.line();
}

std::optional<RecordedMessage> parse_recorded_line(std::string_view line) {
    if (line.empty() || line.front() == '#') return std::nullopt;
    const auto wrong = [](const std::string& what) {
        return std::runtime_error(what + "; a line is TIME SESSION ->|<- 8=FIX.4.4|9=…|35=…");
    };
    auto rest = line;
    const auto time = parse_recorded_time(next_word(rest));
    if (!time) throw wrong("it does not begin with a time as in 2026-01-05T09:00:05.000123");
    const auto session = next_word(rest);
    const auto arrow = next_word(rest);
    if (arrow == "-") return std::nullopt; // a remark of the venue
    for (const auto& known : arrows) {
        if (arrow != known.text) continue;
        auto message = known.escapes ? FixText::parse_line(rest) : FixText::parse(rest, '|');
        if (message.msg_type().empty()) throw wrong("the message has no MsgType(35)");
        return RecordedMessage{.microseconds = *time,
                               .session = std::string(session),
                               .direction = known.direction,
                               .message = std::move(message)};
    }
    throw wrong("'" + printable(arrow.substr(0, 20)) + "' is no direction");
}

namespace {

bool ends_with_check_sum(std::string_view line) {
    constexpr std::string_view last_field = "|10=000|";
    if (line.size() < last_field.size()) return false;
    const auto end = line.substr(line.size() - last_field.size());
    return end.starts_with("|10=") && end.ends_with('|');
}

} // namespace

std::filesystem::path newest_log(const std::filesystem::path& place) {
    namespace fs = std::filesystem;
    if (!fs::is_directory(place)) return place;
    fs::path newest;
    for (const auto& entry : fs::directory_iterator(place)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with("fix_") && name.ends_with(".log") && entry.path() > newest)
            newest = entry.path();
    }
    if (newest.empty()) throw std::runtime_error(place.string() + ": there is no fix_<date>.log in it");
    return newest;
}

std::vector<RecordedMessage> read_recording(const std::string& path, const std::string& session) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error(path + ": cannot be read");
    std::vector<RecordedMessage> messages;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (file.eof() && !ends_with_check_sum(line))
            break; // a log of a running venue: it is still being written
        try {
            auto message = parse_recorded_line(line);
            if (message && (session.empty() || message->session == session))
                messages.push_back(std::move(*message));
        } catch (const std::runtime_error& error) {
            throw std::runtime_error(path + ":" + std::to_string(number) + ": " + error.what());
        }
    }
    return messages;
}

RecordingFile::RecordingFile(const std::string& path)
    : path_(path) {
    std::error_code none;
    if (std::filesystem::file_size(path, none) > 0 && !none)
        throw std::runtime_error(path + ": there is something in it already; name another file");
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    const int made = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (made >= 0) ::close(made);
    file_.open(path, std::ios::app);
    if (!file_) throw std::runtime_error(path + ": cannot be written");
    file_ << "# tradehive-trader recording: TIME SESSION ->|<- MESSAGE, secrets hidden\n" << std::flush;
}

void RecordingFile::add(const RecordedMessage& recorded) {
    const std::scoped_lock lock(mutex_);
    file_ << recorded_line(recorded) << '\n' << std::flush;
    if (file_ || path_.empty()) return;
    std::cerr << path_ << ": cannot be written; the recording ends here\n";
    path_.clear(); // said once
}

} // namespace tradehive::trader
