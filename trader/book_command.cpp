// tradehive-trader book SYMBOL
#include "trader/client_options.hpp"
#include "trader/command_line.hpp"
#include "trader/commands.hpp"
#include "trader/fix_client.hpp"
#include "trader/ladder_view.hpp"
#include "trader/screen.hpp"
#include "trader/signals.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>

#include <boost/program_options.hpp>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace tradehive::trader {
namespace {

namespace options = boost::program_options;
using Clock = std::chrono::steady_clock;

constexpr std::string_view all_entry_types = "0124578B";

struct BookCommand {
    std::string symbol;
    int depth{};
    bool once{};
    std::chrono::seconds lasts{};
    ClientOptions client;
};

// Keeps the book current: subscribes at each logon, and anew when a change does not fit.
class BookWatch final : public VenueListener {
public:
    explicit BookWatch(const BookCommand& command)
        : command_(command)
        , wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
        if (wake_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    }
    ~BookWatch() override { ::close(wake_); }
    BookWatch(const BookWatch&) = delete;
    BookWatch& operator=(const BookWatch&) = delete;
    BookWatch(BookWatch&&) = delete;
    BookWatch& operator=(BookWatch&&) = delete;

    [[nodiscard]] int descriptor() const { return wake_; } // readable when there is something new

    struct Seen {
        MarketBook book;
        std::string note;
        std::string refusal; // for good
        bool current{};
        bool news{}; // since the last look
    };
    [[nodiscard]] Seen look() {
        std::uint64_t count{};
        const bool news = ::read(wake_, &count, sizeof count) > 0;
        const std::scoped_lock lock(mutex_);
        return {.book = book_, .note = note_, .refusal = refusal_, .current = current_, .news = news};
    }

    // What the owner has to ask of the venue now: this thread is not the listener's.
    void ask_what_is_due(VenueGate& gate) {
        std::optional<BookQuestion> ended;
        std::optional<BookQuestion> begun;
        {
            const std::scoped_lock lock(mutex_);
            if (!subscribe_ || Clock::now() < not_before_) return;
            subscribe_ = false;
            if (!md_req_id_.empty() && unsubscribe_) ended = question('2');
            unsubscribe_ = false;
            md_req_id_ = "book-" + std::to_string(++counter_);
            begun = question('1');
        }
        if (ended) gate.ask(*ended);
        gate.ask(*begun);
    }

    void on_book(const BookSnapshot& snapshot) override {
        {
            const std::scoped_lock lock(mutex_);
            if (snapshot.md_req_id != md_req_id_) return;
            book_.replace(snapshot);
            current_ = true;
            note_.clear();
        }
        tell();
    }
    void on_book_change(const BookChange& change) override {
        {
            const std::scoped_lock lock(mutex_);
            if (change.md_req_id != md_req_id_ || !current_) return;
            if (!book_.apply(change)) {
                current_ = false;
                note_ = "a change was missed; waiting for the whole book";
                subscribe_ = unsubscribe_ = true;
            }
        }
        tell();
    }
    void on_message_refused(const MessageRefusal& refusal) override {
        {
            const std::scoped_lock lock(mutex_);
            if (!refusal.ref_id.empty() && refusal.ref_id != md_req_id_) return;
            note_ = refusal.text;
            if (refusal.text.starts_with("BUSY") || refusal.text.starts_with("THROTTLE")) {
                subscribe_ = true;
                not_before_ = Clock::now() + std::chrono::seconds(1);
            } else {
                refusal_ = refusal.text.empty() ? "refused without a reason" : refusal.text;
            }
        }
        tell();
    }
    void on_logged_on() override {
        {
            const std::scoped_lock lock(mutex_);
            note_ = "waiting for the book";
            subscribe_ = true;
            unsubscribe_ = false; // a subscription ends with its connection
        }
        tell();
    }
    void on_logged_out(std::string_view text) override {
        {
            const std::scoped_lock lock(mutex_);
            current_ = false;
            md_req_id_.clear();
            note_ = "not connected" + (text.empty() ? std::string{} : ": " + std::string(text));
        }
        tell();
    }
    void on_report(const Report&) override {}
    void on_cancel_refused(const CancelRefusal&) override {}

private:
    void tell() const {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
    }
    [[nodiscard]] BookQuestion question(char subscription) const {
        return {.md_req_id = md_req_id_,
                .symbol = command_.symbol,
                .depth = command_.depth,
                .subscription = subscription,
                .entry_types = std::string(all_entry_types)};
    }

    const BookCommand& command_;
    int wake_;
    std::mutex mutex_; // for everything below
    MarketBook book_;
    std::string note_;
    std::string refusal_;
    std::string md_req_id_;
    std::size_t counter_{};
    Clock::time_point not_before_;
    bool current_{};
    bool subscribe_{};
    bool unsubscribe_{};
};

// A picture at a time: the whole screen of a terminal, else one ladder below the other.
class Picture {
public:
    explicit Picture(bool full_screen)
        : screen_(full_screen ? std::make_unique<FullScreen>() : nullptr) {}

    void draw(const BookWatch::Seen& seen, const std::string& symbol) {
        const auto lines = ladder_lines(
            seen.book, {.symbol = symbol, .note = seen.note, .colours = colours_wanted()}, window_size());
        if (screen_) return screen_->draw(lines);
        for (const auto& line : lines)
            std::cout << line << '\n';
        std::cout << std::flush;
    }
    [[nodiscard]] bool quit_pressed() {
        const char key = screen_ ? screen_->key() : '\0';
        return key == 'q' || key == 'Q' || key == FullScreen::end_of_keys;
    }
    [[nodiscard]] bool full_screen() const { return screen_ != nullptr; }

private:
    std::unique_ptr<FullScreen> screen_;
};

// Until something is new, a key or a signal has come, or the time is over.
void wait(const BookWatch& watch, Clock::time_point until, bool for_news, bool for_keys) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    std::array<pollfd, 3> watched{
        pollfd{.fd = signal_descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = for_news ? watch.descriptor() : -1, .events = POLLIN, .revents = 0},
        pollfd{.fd = for_keys ? STDIN_FILENO : -1, .events = POLLIN, .revents = 0}};
    ::poll(watched.data(), watched.size(),
           static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000)));
    if (watched[0].revents != 0) take_signals();
}

int show(const BookCommand& command, BookWatch& watch, FixClient& client) {
    const bool full_screen = output_is_terminal() && !command.once;
    // A person sees no more than so many pictures a second; a file is not to grow faster than it is read.
    const auto between = full_screen ? std::chrono::milliseconds(50) : std::chrono::milliseconds(1000);
    constexpr auto patience = std::chrono::seconds(10);
    const auto began = Clock::now();
    const auto end = command.lasts.count() > 0 ? began + command.lasts : Clock::time_point::max();
    Clock::time_point next_picture;
    bool changed = true;
    std::string refusal;
    {
        Picture picture(full_screen);
        while (!asked_to_end() && Clock::now() < end && !picture.quit_pressed()) {
            watch.ask_what_is_due(client);
            const auto seen = watch.look();
            changed = window_changed() || seen.news || changed;
            if (!seen.refusal.empty()) {
                refusal = seen.refusal;
                break;
            }
            if (command.once && seen.current) {
                picture.draw(seen, command.symbol);
                return exit_ok;
            }
            if (command.once && Clock::now() - began > patience) {
                refusal = seen.note.empty() ? "no answer" : seen.note;
                break;
            }
            if (!command.once && changed && Clock::now() >= next_picture && (full_screen || seen.current)) {
                picture.draw(seen, command.symbol);
                next_picture = Clock::now() + between;
                changed = false;
            }
            const auto pause = std::min({end, Clock::now() + std::chrono::seconds(1),
                                         changed ? next_picture : Clock::time_point::max()});
            // While a picture is due soon, news can wait for it.
            wait(watch, pause, !changed || Clock::now() >= next_picture, full_screen);
        }
    }
    if (refusal.empty()) return exit_ok;
    std::cerr << command.symbol << ": " << refusal << '\n';
    return exit_failed;
}

int watch_book(const BookCommand& command) {
    BookWatch watch(command);
    FixClient client(command.client, watch);
    if (!log_on(client)) return exit_refused;
    const int result = show(command, watch, client);
    client.stop();
    return result;
}

} // namespace

int run_book(const std::vector<std::string>& words) {
    options::options_description texts("Book");
    texts.add_options()                                                                                  //
        ("symbol", options::value<std::string>(), "Symbol(55)")                                          //
        ("depth", options::value<int>()->default_value(20), "levels of a side: 0 all, 1, 5, 10, 20, 50") //
        ("once", options::bool_switch(), "print one ladder and end")                                     //
        ("seconds", options::value<int>()->default_value(0), "end after so long; 0: at q or Ctrl-C");
    const auto given =
        read_command_line(words, texts, "book SYMBOL: a live ladder; q or Ctrl-C ends it", "symbol");
    if (!given) return exit_ok;
    const auto& values = *given;
    BookCommand command;
    command.symbol = text_of(values, "symbol");
    if (command.symbol.empty()) throw options::error("name the instrument: book SYMBOL");
    command.depth = values["depth"].as<int>();
    constexpr std::array depths{0, 1, 5, 10, 20, 50};
    if (std::ranges::find(depths, command.depth) == depths.end())
        throw options::error("--depth must be 0, 1, 5, 10, 20 or 50");
    command.once = values["once"].as<bool>();
    command.lasts = seconds_of(values, "seconds", 0);
    command.client = client_options(values);
    be_the_demo_session(command.client, "VIEWER", "demo-viewer-password");
    watch_signals();
    return watch_book(command);
}

} // namespace tradehive::trader
