#include "tests/bench/server_process.hpp"

#include "acceptor/acceptor.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/echo_venue.hpp"

#include <fmt/core.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace tradehive::bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string text_of(const fs::path& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

// What a shell command prints; throws when it fails.
std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen((command + " 2>&1").c_str(), "r"), &::pclose};
    if (!pipe) throw std::runtime_error{"cannot run " + command};
    std::string all;
    std::array<char, 4096> some{};
    while (std::fgets(some.data(), static_cast<int>(some.size()), pipe.get()) != nullptr)
        all += some.data();
    if (all.find("\"result\"") == std::string::npos) throw std::runtime_error{command + ": " + all};
    return all;
}

// The text of a member of a JSON object, which has no escapes in it here.
std::string member(const std::string& json, const std::string& name) {
    const auto at = json.find('"' + name + "\":");
    const auto begin = at == std::string::npos ? at : json.find('"', at + name.size() + 3);
    if (begin == std::string::npos) throw std::runtime_error{"no " + name + " in an answer"};
    return json.substr(begin + 1, json.find('"', begin + 1) - begin - 1);
}

std::vector<std::string> set_up(const std::string& admin, std::size_t sessions, std::size_t readers) {
    for (const auto* request :
         {"asset create USD --scale 6", "asset create BTC --scale 8",
          "instrument create BTC-USD --base BTC --quote USD --tick 0.01 --lot 0.0001", "firm create BENCH"})
        output_of(admin + request);
    std::vector<std::string> passwords;
    for (std::size_t i = 1; i <= sessions; ++i) {
        output_of(fmt::format("{}account create BENCH-{} --firm BENCH", admin, i));
        output_of(fmt::format("{}deposit BENCH-{} USD 100000000", admin, i));
        passwords.push_back(member(output_of(fmt::format("{}fix-session create BENCH{} --firm BENCH "
                                                         "--totp none --cancel-on-disconnect none "
                                                         "--accounts BENCH-{}",
                                                         admin, i, i)),
                                   "secret"));
    }
    for (std::size_t i = 1; i <= readers; ++i)
        passwords.push_back(
            member(output_of(fmt::format("{}fix-session create READER{} --firm BENCH --totp none --kind "
                                         "market-data --accounts BENCH-1",
                                         admin, i)),
                   "secret"));
    return passwords;
}

void await_ready(pid_t pid, const fs::path& ready, const fs::path& log) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!fs::exists(ready)) {
        int status = 0;
        if (::waitpid(pid, &status, WNOHANG) != 0 || std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error{"the venue did not start: " + text_of(log)};
        std::this_thread::sleep_for(10ms);
    }
}

// In the child: as the shipped venue has it by default. Never returns.
[[noreturn]] void run_echo(const fs::path& directory, std::size_t sessions, int tell_port) {
    acceptor::AcceptorOptions options;
    options.threads = 2;
    options.dictionaries = TRADEHIVE_SOURCE_DIR "/fix-spec";
    options.session_directory = directory / "sessions";
    options.log_directory = directory / "log";
    EchoVenue venue{static_cast<std::uint32_t>(sessions)};
    acceptor::Acceptor acceptor{
        options,
        {.commands = venue, .events = venue, .reference = venue, .verifier = venue, .passwords = venue}};
    acceptor.start();
    const std::uint16_t port = acceptor.port();
    if (::write(tell_port, &port, sizeof(port)) != sizeof(port)) std::_Exit(EXIT_FAILURE);
    while (true)
        ::pause();
}

} // namespace

ServerProcess::ServerProcess(ServerProcess&& other) noexcept
    : pid_{std::exchange(other.pid_, 0)}
    , port_{other.port_}
    , passwords_{std::move(other.passwords_)} {}

ServerProcess::~ServerProcess() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

std::chrono::nanoseconds ServerProcess::processor_time() const {
    clockid_t clock{};
    timespec time{};
    if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0)
        throw std::runtime_error{"a server has ended"};
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

std::size_t ServerProcess::memory() const {
    const auto status = text_of("/proc/" + std::to_string(pid_) + "/status");
    const auto at = status.find("VmRSS:");
    if (at == std::string::npos) throw std::runtime_error{"a server has ended"};
    return std::stoul(status.substr(at + 6));
}

void ServerProcess::wait_quiet() const {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < deadline) {
        const auto before = processor_time();
        std::this_thread::sleep_for(100ms);
        if (processor_time() - before < 2ms) return;
    }
    throw std::runtime_error{"a server is still at work a minute after its last report"};
}

ServerProcess ServerProcess::venue(const fs::path& directory, std::size_t sessions, std::size_t readers) {
    fs::create_directories(directory);
    const fs::path binary = shipped_venue();
    const fs::path config = directory / "venue.yaml";
    const fs::path log = directory / "venue.log";
    const fs::path data = directory / "data";
    std::ofstream{config} << "data_dir: " << data.string() << "\nfix:\n  address: 127.0.0.1\n  port: 0\n";
    ServerProcess server;
    server.pid_ = ::fork();
    if (server.pid_ < 0) throw std::runtime_error{"cannot fork"};
    if (server.pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(out, STDERR_FILENO);
        ::execl(binary.c_str(), binary.c_str(), "run", "--config", config.c_str(), nullptr);
        std::_Exit(127);
    }
    await_ready(server.pid_, data / "ready.json", log);
    const std::string ready = text_of(data / "ready.json");
    server.port_ = static_cast<std::uint16_t>(std::stoul(ready.substr(ready.find("fix_port") + 10)));
    server.passwords_ = set_up(
        fmt::format("'{}' admin --socket '{}' --json ", binary.string(), (data / "control.sock").string()),
        sessions, readers);
    return server;
}

ServerProcess ServerProcess::echo(const fs::path& directory, std::size_t sessions) {
    fs::create_directories(directory);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error{"cannot make a pipe"};
    ServerProcess server;
    server.passwords_.assign(sessions, "any");
    server.pid_ = ::fork();
    if (server.pid_ < 0) throw std::runtime_error{"cannot fork"};
    if (server.pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        try {
            run_echo(directory, sessions, pipe[1]);
        } catch (const std::exception& wrong) {
            fmt::print(stderr, "echo: {}\n", wrong.what());
            std::_Exit(EXIT_FAILURE);
        }
    }
    ::close(pipe[1]);
    const bool told = ::read(pipe[0], &server.port_, sizeof(server.port_)) == sizeof(server.port_);
    ::close(pipe[0]);
    if (!told) throw std::runtime_error{"the echo did not start"};
    return server;
}

} // namespace tradehive::bench
