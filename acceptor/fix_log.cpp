#include "acceptor/fix_log.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/daily_file_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

namespace tradehive::acceptor {
namespace {

constexpr std::size_t queued_lines = 8192; // full: the oldest are overwritten
constexpr std::array<std::string_view, 7> secret_tags{"554", "925", "96", "20101", "553", "1402", "1404"};
constexpr std::array<std::string_view, 4> comp_id_tags{"49", "56", "50", "57"};

// A line of the log is one line whatever is in it, and moves no cursor.
std::string printable(std::string_view text) {
    std::string line{text};
    std::ranges::replace_if(
        line, [](char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f; }, '?');
    return line;
}

} // namespace

struct FixLog::Writer {
    std::shared_ptr<spdlog::async_logger> logger;
    std::shared_ptr<spdlog::details::thread_pool> pool; // ends first, having written what is queued
};

FixLog::FixLog(const std::filesystem::path& directory) {
    if (directory.empty()) return;
    std::filesystem::create_directories(directory);
    const auto sink =
        std::make_shared<spdlog::sinks::daily_file_sink_mt>((directory / "fix.log").string(), 0, 0);
    auto pool = std::make_shared<spdlog::details::thread_pool>(queued_lines, 1);
    auto logger = std::make_shared<spdlog::async_logger>("fix", sink, pool,
                                                         spdlog::async_overflow_policy::overrun_oldest);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%f %v", spdlog::pattern_time_type::utc);
    logger->flush_on(spdlog::level::warn);
    writer_ = std::make_unique<Writer>(Writer{.logger = std::move(logger), .pool = std::move(pool)});
}

FixLog::~FixLog() {
    if (writer_) writer_->logger->flush();
}

void FixLog::received(std::string_view who, std::string_view message, CompIDs comp_ids) {
    if (writer_) writer_->logger->info("{} < {}", printable(who), redacted(message, comp_ids));
}

void FixLog::sent(std::string_view who, std::string_view message, CompIDs comp_ids) {
    if (writer_) writer_->logger->info("{} > {}", printable(who), redacted(message, comp_ids));
}

void FixLog::note(std::string_view who, std::string_view text) {
    if (writer_) writer_->logger->warn("{} - {}", printable(who), printable(text)); // flushes
}

void FixLog::flush() {
    if (writer_) writer_->logger->flush();
}

std::string redacted(std::string_view message, FixLog::CompIDs comp_ids) {
    const bool hide_comp_ids = comp_ids == FixLog::CompIDs::hidden;
    std::string line;
    line.reserve(message.size());
    std::size_t at = 0;
    while (at < message.size()) {
        const auto end = std::min(message.find('\x01', at), message.size());
        const auto field = message.substr(at, end - at);
        const auto equals = field.find('=');
        const auto tag = field.substr(0, equals == std::string_view::npos ? 0 : equals);
        const bool secret = std::ranges::find(secret_tags, tag) != secret_tags.end() ||
                            (hide_comp_ids && std::ranges::find(comp_id_tags, tag) != comp_id_tags.end());
        line.append(secret ? field.substr(0, equals + 1) : field);
        if (secret) line.append("***");
        if (end < message.size()) line.push_back('|');
        at = end + 1;
    }
    return printable(line);
}

} // namespace tradehive::acceptor
