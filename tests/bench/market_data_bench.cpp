// One session that sends orders at a steady rate, with and without subscribers to the book that it changes.
//
//   market_data_bench [--rounds N] [--milliseconds N] [--readers N] [--rate N]
//
// One child process, the shipped venue. By turns, a round each: nobody subscribes; all readers do, by price,
// ten levels, changes (X). An order is a limit buy that rests at one of ten prices, so each is a change of a
// level that everybody sees. Without --rate 5,000 a second, in portions of a millisecond, whether or not
// reports have come: latencies count from when an order was due.
//
// How stale a reader was: at each message, the age of the oldest order that was sent and not yet in what the
// reader had been told. The readers share one thread of this process, so its own delays count too. A reader
// that is told anything which does not add up to the orders fails the run.
#include "tests/bench/bench.hpp"
#include "tests/bench/fix_load.hpp"
#include "tests/bench/server_process.hpp"
#include "tests/temporary_folder.hpp"

#include "acceptor/logon.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tradehive::bench {
namespace {

using Clock = LoadSession::Clock;
using namespace std::chrono_literals;

constexpr std::size_t prices = 10;
constexpr std::size_t most_orders = std::size_t{1} << 22;

struct Options {
    std::size_t rounds = 5;
    std::size_t milliseconds = 3000;
    std::size_t readers = 200;
    std::size_t rate = 5000;
};

// When each order was sent; read by the readers' thread while the other one goes on.
struct SentTimes {
    std::vector<std::atomic<std::int64_t>> at = std::vector<std::atomic<std::int64_t>>(most_orders);
    std::atomic<std::size_t> count{0};
};

std::int64_t nanoseconds_of(Clock::time_point time) {
    return std::chrono::nanoseconds{time.time_since_epoch()}.count();
}

class Reader {
public:
    Reader(std::uint16_t port, std::string comp_id, const std::string& password)
        : comp_id_{std::move(comp_id)}
        , socket_{connect_to(port)} {
        send("35=A", fmt::format("98=0\x01"
                                 "108=60\x01"
                                 "553={}\x01"
                                 "554={}\x01",
                                 comp_id_, password));
    }
    ~Reader() { ::close(socket_); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    void subscribe(bool begin) {
        if (begin) ++request_;
        send("35=V", fmt::format("262=r{}\x01"
                                 "263={}\x01"
                                 "264=10\x01"
                                 "265=1\x01"
                                 "267=1\x01"
                                 "269=0\x01"
                                 "146=1\x01"
                                 "55=BTC-USD\x01",
                                 request_, begin ? 1 : 2));
        books_ = begin ? books_ : 0;
    }

    // False: the peer closed.
    bool receive(const SentTimes& sent, std::vector<std::uint32_t>& staleness) {
        std::array<char, 65536> bytes; // NOLINT(*-member-init): filled by the read
        const auto count = ::recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (count <= 0) return count < 0 && errno == EAGAIN;
        const auto now = nanoseconds_of(Clock::now());
        framing_.append({bytes.data(), static_cast<std::size_t>(count)});
        for (auto frame = framing_.next(); frame.outcome != acceptor::Framing::Outcome::incomplete;
             frame = framing_.next()) {
            const auto type = acceptor::field_of(frame.bytes, "35");
            if (type == "1") send("35=0", fmt::format("112={}\x01", acceptor::field_of(frame.bytes, "112")));
            if (type == "5" || type == "Y" || type == "j" || type == "3")
                throw std::runtime_error{comp_id_ + " did not expect " + std::string{frame.bytes}};
            if (type != "W" && type != "X") continue;
            if (type == "W") ++books_;
            const auto unseen = orders();
            if (type == "X" && unseen < sent.count.load()) {
                const auto age = now - sent.at[unseen].load();
                staleness.push_back(static_cast<std::uint32_t>(std::clamp<std::int64_t>(age, 0, UINT32_MAX)));
            }
            take(frame.bytes);
        }
        return true;
    }

    [[nodiscard]] int socket() const noexcept { return socket_; }
    // In the book that it has been told of.
    [[nodiscard]] std::size_t orders() const { return std::accumulate(levels_.begin(), levels_.end(), 0UL); }
    [[nodiscard]] std::size_t books() const noexcept { return books_; }

private:
    void send(std::string_view type, const std::string& body) {
        const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
        const auto message = acceptor::enveloped(acceptor::FixVersion::fix44,
                                                 fmt::format("{}\x01"
                                                             "34={}\x01"
                                                             "49={}\x01"
                                                             "52={}\x01"
                                                             "56=TRADEHIVE\x01{}",
                                                             type, ++number_, comp_id_,
                                                             acceptor::utc_text(Timestamp{now}), body));
        if (::send(socket_, message.data(), message.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(message.size()))
            throw std::runtime_error{comp_id_ + ": the server closed"};
    }

    // 270 names the level in cents, 346 how many orders it has.
    void take(std::string_view message) {
        std::size_t level = 0;
        while (!message.empty()) {
            const auto end = message.find('\x01');
            const auto field = message.substr(0, end);
            if (field.starts_with("270=0.")) level = std::stoul(std::string{field.substr(6)}) - 1;
            if (field.starts_with("346=")) levels_.at(level) = std::stoul(std::string{field.substr(4)});
            message.remove_prefix(end + 1);
        }
    }

    std::string comp_id_;
    int socket_;
    acceptor::Framing framing_{1 << 20};
    std::uint64_t number_{};
    std::size_t request_{};
    std::array<std::size_t, prices> levels_{};
    std::size_t books_{};
};

// All readers on a thread of their own.
class Readers {
public:
    Readers(const ServerProcess& server, std::size_t count, const SentTimes& sent)
        : sent_{sent}
        , epoll_{::epoll_create1(EPOLL_CLOEXEC)} {
        for (std::size_t i = 0; i < count; ++i) {
            all_.push_back(std::make_unique<Reader>(server.port(), fmt::format("READER{}", i + 1),
                                                    server.password(1 + i)));
            epoll_event event{.events = EPOLLIN, .data = {.ptr = all_.back().get()}};
            ::epoll_ctl(epoll_, EPOLL_CTL_ADD, all_.back()->socket(), &event);
        }
        staleness_.reserve(1 << 22);
        thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
    }
    ~Readers() {
        thread_.request_stop();
        thread_.join();
        ::close(epoll_);
    }
    Readers(const Readers&) = delete;
    Readers& operator=(const Readers&) = delete;

    // Whatever the thread does to the readers it does between two of these.
    template <class Work>
    void with(Work work) {
        asked_ = work;
        while (asked_ && !failed_)
            std::this_thread::sleep_for(1ms);
        if (failed_) throw std::runtime_error{failure_};
    }
    void subscribe(bool begin) {
        with([this, begin] {
            for (const auto& reader : all_)
                reader->subscribe(begin);
            staleness_.clear();
        });
    }
    // All have been told of all that was sent.
    [[nodiscard]] bool complete() {
        bool result = true;
        with([&] {
            for (const auto& reader : all_)
                result = result && reader->orders() == sent_.count.load();
        });
        return result;
    }
    [[nodiscard]] std::vector<std::uint32_t> take_staleness() {
        std::vector<std::uint32_t> taken;
        with([&] { taken = std::exchange(staleness_, {}); });
        return taken;
    }
    [[nodiscard]] std::size_t books() {
        std::size_t sum = 0;
        with([&] {
            for (const auto& reader : all_)
                sum += reader->books();
        });
        return sum;
    }

private:
    void run(const std::stop_token& stop) {
        std::array<epoll_event, 64> events{};
        while (!stop.stop_requested()) {
            try {
                if (asked_) {
                    asked_();
                    asked_ = nullptr;
                }
                const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 1);
                for (int i = 0; i < ready; ++i)
                    if (!static_cast<Reader*>(events.at(static_cast<std::size_t>(i)).data.ptr)
                             ->receive(sent_, staleness_))
                        throw std::runtime_error{"a reader was disconnected"};
            } catch (const std::exception& wrong) {
                failure_ = wrong.what();
                failed_ = true;
                return;
            }
        }
    }

    // Handed over by one thread, emptied by the other.
    class Asked {
    public:
        Asked& operator=(std::function<void()> work) {
            work_ = std::move(work);
            there_ = work_ != nullptr;
            return *this;
        }
        explicit operator bool() const noexcept { return there_; }
        void operator()() const { work_(); }

    private:
        std::function<void()> work_;
        std::atomic<bool> there_{false};
    };

    const SentTimes& sent_;
    int epoll_;
    std::vector<std::unique_ptr<Reader>> all_;
    std::vector<std::uint32_t> staleness_;
    std::string failure_;
    std::atomic<bool> failed_{false};
    Asked asked_;
    std::jthread thread_;
};

// At a steady rate for that time; then waits for the last reports. Latencies from when an order was due.
std::vector<std::uint32_t> send_steadily(LoadSession& session, SentTimes& sent, std::size_t rate,
                                         std::chrono::milliseconds time) {
    std::vector<std::uint32_t> latencies;
    const auto start = Clock::now();
    std::size_t done = 0;
    while (true) {
        const auto now = Clock::now();
        const auto passed = std::chrono::duration<double>{std::min<Clock::duration>(now - start, time)};
        const auto due = static_cast<std::size_t>(passed.count() * static_cast<double>(rate));
        if (due > done) {
            const auto first = sent.count.load();
            if (first + due - done > most_orders)
                throw std::runtime_error{"more orders than there is room for"};
            for (auto i = first; i < first + due - done; ++i)
                sent.at[i] = nanoseconds_of(now);
            sent.count = first + due - done;
            session.send_orders(due - done);
            done = due;
        }
        if (now - start >= time && session.under_way() == 0) return latencies;
        if (now - start > time + 30s) throw std::runtime_error{"no report for thirty seconds"};
        pollfd ready{.fd = session.socket(), .events = POLLIN, .revents = 0};
        if (::poll(&ready, 1, 1) > 0) session.receive(latencies);
    }
}

double at(std::vector<std::uint32_t>& sorted, std::size_t percent) {
    return sorted.empty() ? 0 : sorted[(sorted.size() - 1) * percent / 100] / 1e3;
}

struct Rounds {
    std::vector<double> p50;
    std::vector<double> p99;
    std::size_t memory{}; // KiB, after the last
};

void print(std::string_view what, const Rounds& rounds) {
    fmt::print("| {} | {:.0f} | {:.0f} | {:.0f} |\n", what, median(rounds.p50), median(rounds.p99),
               static_cast<double>(rounds.memory) / 1024);
}

int run(const Options& options) {
    const TemporaryFolder scratch;
    const auto server = ServerProcess::venue(scratch / "venue", 1, options.readers);
    LoadSession session{server.port(), "BENCH1", "BENCH-1", server.password(0), 1 << 16, prices};
    SentTimes sent;
    Readers readers{server, options.readers, sent};
    const std::chrono::milliseconds time{options.milliseconds};

    Rounds alone;
    Rounds watched;
    std::vector<std::uint32_t> staleness;
    std::size_t books = 0;
    send_steadily(session, sent, options.rate, time / 4); // to warm up
    for (std::size_t round = 0; round < options.rounds; ++round)
        for (const bool subscribed : {false, true}) {
            session.send_heartbeat();
            if (subscribed) {
                readers.subscribe(true);
                while (!readers.complete())
                    std::this_thread::sleep_for(10ms);
                static_cast<void>(readers.take_staleness());
            }
            auto latencies = send_steadily(session, sent, options.rate, time);
            Rounds& of = subscribed ? watched : alone;
            if (subscribed) {
                const auto deadline = Clock::now() + 60s;
                while (!readers.complete())
                    if (Clock::now() > deadline)
                        throw std::runtime_error{"readers were not told of everything"};
                const auto some = readers.take_staleness();
                staleness.insert(staleness.end(), some.begin(), some.end());
                books += readers.books() - options.readers;
                of.memory = server.memory();
                readers.subscribe(false);
            } else {
                of.memory = server.memory();
            }
            std::ranges::sort(latencies);
            of.p50.push_back(at(latencies, 50));
            of.p99.push_back(at(latencies, 99));
        }
    std::ranges::sort(staleness);
    fmt::print("{} rounds of {} ms each, alternating; {} orders a second; {} readers\n\n", options.rounds,
               options.milliseconds, options.rate, options.readers);
    fmt::print("| | p50 µs | p99 µs | venue's memory MiB |\n|---|---|---|---|\n");
    print("nobody subscribes", alone);
    print("all subscribe", watched);
    fmt::print("| ratio | {:.2f} | {:.2f} | |\n\n", median(watched.p50) / median(alone.p50),
               median(watched.p99) / median(alone.p99));
    fmt::print(
        "a reader was told of {} messages, or {:.0f} a second; stale by p50 {:.1f}, p99 {:.1f}, at most "
        "{:.1f} ms; {} books anew because a reader was slow\n",
        staleness.size() / options.readers,
        static_cast<double>(staleness.size()) / static_cast<double>(options.readers) /
            (static_cast<double>(options.rounds * options.milliseconds) / 1e3),
        at(staleness, 50) / 1e3, at(staleness, 99) / 1e3, at(staleness, 100) / 1e3, books);
    return EXIT_SUCCESS;
}

} // namespace
} // namespace tradehive::bench

int main(int argument_count, char** arguments) {
    tradehive::bench::Options options;
    return tradehive::bench::run_bench("market_data_bench", argument_count, arguments,
                                       {{"--rounds", options.rounds},
                                        {"--milliseconds", options.milliseconds},
                                        {"--readers", options.readers},
                                        {"--rate", options.rate}},
                                       [&] { return tradehive::bench::run(options); });
}
