#include "main/log.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/chrono.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <stdexcept>

namespace tradehive::main {

namespace {

class JsonLines final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const auto time = std::chrono::floor<std::chrono::milliseconds>(message.time);
        const auto level = spdlog::level::to_string_view(message.level);
        const auto second = std::chrono::floor<std::chrono::seconds>(time);
        const boost::json::object line{
            {"time", fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(second), (time - second).count())},
            {"level", std::string_view{level.data(), level.size()}},
            {"thread", message.thread_id},
            {"text", std::string_view{message.payload.data(), message.payload.size()}}};
        const auto text = boost::json::serialize(line) + '\n';
        out.append(text.data(), text.data() + text.size());
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<JsonLines>();
    }
};

spdlog::level::level_enum level_of(Configuration::LogLevel level) {
    switch (level) {
    case Configuration::LogLevel::debug:
        return spdlog::level::debug;
    case Configuration::LogLevel::info:
        return spdlog::level::info;
    case Configuration::LogLevel::warning:
        return spdlog::level::warn;
    case Configuration::LogLevel::error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

} // namespace

void start_log(const Configuration::Log& settings) {
    constexpr std::size_t file_bytes = 10 << 20;
    constexpr std::size_t older_files = 9;
    try {
        std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_sink_mt>()};
        if (!settings.directory.empty()) {
            std::filesystem::create_directories(settings.directory);
            sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
                (settings.directory / "venue.log").string(), file_bytes, older_files));
        }
        auto logger = std::make_shared<spdlog::logger>("venue", sinks.begin(), sinks.end());
        logger->set_level(level_of(settings.level));
        logger->flush_on(spdlog::level::info); // a kill takes no line with it
        if (settings.json)
            logger->set_formatter(std::make_unique<JsonLines>());
        else
            logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
        spdlog::set_default_logger(std::move(logger));
    } catch (const spdlog::spdlog_ex& failure) {
        throw std::runtime_error{failure.what()};
    }
}

} // namespace tradehive::main
