// From an order to its acknowledgement over FIX, durable, beside the same acceptor echoing without queue,
// core or journal.
//
//   fix_bench [--rounds N] [--milliseconds N] [--sessions N --window N]
//
// Two child processes with the same settings (server_process.hpp): the shipped venue and the echo. One load
// generator drives them in turns, a round each; the figure of each is the median of its rounds. Between
// rounds it waits until the server is quiet, so that neither disturbs the other, and so that what the venue
// does after the report (the SQL projection) counts in its processor time.
//
// An order is a limit buy that rests, so it has one report from both. The venue's book grows by what a run
// sends (some 100,000 orders at one price) and goes with the temporary directory.
//
// Without --sessions and --window: 1×1, 1×64, 8×64.
#include "tests/bench/bench.hpp"
#include "tests/bench/fix_load.hpp"
#include "tests/bench/server_process.hpp"
#include "tests/temporary_folder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace tradehive::bench {
namespace {

struct Case {
    std::size_t sessions;
    std::size_t window;
};

struct Options {
    std::size_t rounds = 5;
    std::size_t milliseconds = 2000;
    std::size_t sessions = 0;
    std::size_t window = 0;
};

// One server with its live sessions, and the rounds of the case under way.
class Contender {
public:
    Contender(ServerProcess server, const Case& most)
        : server_{std::move(server)} {
        for (std::size_t i = 0; i < most.sessions; ++i)
            sessions_.push_back(std::make_unique<LoadSession>(server_.port(), fmt::format("BENCH{}", i + 1),
                                                              fmt::format("BENCH-{}", i + 1),
                                                              server_.password(i), most.window));
    }

    void forget_rounds() { rate_.clear(), p50_.clear(), p99_.clear(), processor_.clear(); }

    void round(const Case& now, std::chrono::milliseconds time) {
        for (const auto& session : sessions_)
            session->send_heartbeat(); // those that have nothing to do in this case stay alive
        server_.wait_quiet();
        const auto before = server_.processor_time();
        LoadResult load = drive(sessions_, now.sessions, now.window, time);
        server_.wait_quiet();
        const std::chrono::duration<double, std::micro> used = server_.processor_time() - before;
        std::ranges::sort(load.latencies);
        const std::size_t orders = load.latencies.size();
        rate_.push_back(static_cast<double>(load.reports) / load.seconds);
        p50_.push_back(load.latencies[orders / 2] / 1e3);
        p99_.push_back(load.latencies[orders * 99 / 100] / 1e3);
        processor_.push_back(used.count() / static_cast<double>(orders));
    }

    [[nodiscard]] std::array<double, 4> medians() const {
        return {median(rate_), median(p50_), median(p99_), median(processor_)};
    }

private:
    ServerProcess server_;
    std::vector<std::unique_ptr<LoadSession>> sessions_;
    std::vector<double> rate_; // orders a second
    std::vector<double> p50_;  // microseconds
    std::vector<double> p99_;
    std::vector<double> processor_; // microseconds an order
};

// Of one durable write on this disk, in microseconds, sorted.
std::vector<double> sync_times(const TemporaryFolder& scratch) {
    const int file = ::open((scratch / "sync").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const std::array<char, 4096> page{};
    std::vector<double> times;
    for (int i = 0; i < 400; ++i) { // the first half gives the file its blocks, the second writes over them
        const auto start = std::chrono::steady_clock::now();
        if (::pwrite(file, page.data(), page.size(), off_t{i} % 200 * 4096) != 4096 || ::fdatasync(file) != 0)
            throw std::runtime_error{"cannot write to " + scratch.path.string()};
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
        if (i >= 200) times.push_back(took.count());
    }
    ::close(file);
    std::ranges::sort(times);
    return times;
}

void print(const Case& now, const std::array<double, 4>& venue, const std::array<double, 4>& echo) {
    const auto row = [&](std::string_view who, const std::array<double, 4>& values) {
        fmt::print("| {}×{} | {} | {:.0f} | {:.0f} | {:.0f} | {:.1f} |\n", now.sessions, now.window, who,
                   values[0], values[1], values[2], values[3]);
    };
    row("venue", venue);
    row("echo", echo);
    fmt::print("| | ratio | {:.2f} | {:.2f} | {:.2f} | {:.2f} |\n", venue[0] / echo[0], venue[1] / echo[1],
               venue[2] / echo[2], venue[3] / echo[3]);
    std::fflush(stdout);
}

int run(const Options& options) {
    if ((options.sessions == 0) != (options.window == 0))
        throw std::runtime_error{"--sessions and --window go together"};
    const std::vector<Case> cases = options.sessions == 0
                                        ? std::vector<Case>{{1, 1}, {1, 64}, {8, 64}}
                                        : std::vector<Case>{{options.sessions, options.window}};
    const TemporaryFolder scratch;
    const auto most = cases.back();
    Contender venue{ServerProcess::venue(scratch / "venue", most.sessions), most};
    Contender echo{ServerProcess::echo(scratch / "echo", most.sessions), most};

    const auto sync = sync_times(scratch);
    fmt::print(
        "{} rounds of {} ms, alternating\n"
        "one 4 KiB write and fdatasync, nothing else running: p10 {:.0f}, p50 {:.0f}, p90 {:.0f} µs\n\n",
        options.rounds, options.milliseconds, sync[sync.size() / 10], sync[sync.size() / 2],
        sync[sync.size() * 9 / 10]);
    fmt::print("| sessions×window | | orders/s | p50 µs | p99 µs | server CPU µs an order |\n"
               "|---|---|---|---|---|---|\n");
    const std::chrono::milliseconds time{options.milliseconds};
    for (const Case& now : cases) {
        venue.round(now, time / 4); // to warm up
        echo.round(now, time / 4);
        venue.forget_rounds();
        echo.forget_rounds();
        for (std::size_t i = 0; i < options.rounds; ++i) {
            venue.round(now, time);
            echo.round(now, time);
        }
        print(now, venue.medians(), echo.medians());
    }
    return EXIT_SUCCESS;
}

} // namespace
} // namespace tradehive::bench

int main(int argument_count, char** arguments) {
    tradehive::bench::Options options;
    return tradehive::bench::run_bench("fix_bench", argument_count, arguments,
                                       {{"--rounds", options.rounds},
                                        {"--milliseconds", options.milliseconds},
                                        {"--sessions", options.sessions},
                                        {"--window", options.window}},
                                       [&] { return tradehive::bench::run(options); });
}
