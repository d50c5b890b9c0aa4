#include "main/snapshot_keeper.hpp"

#include "journal/snapshot_file.hpp"
#include "journal/venue_id.hpp"
#include "venue/snapshots.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <vector>

namespace tradehive::main {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds pause_after_failure{60};

} // namespace

SnapshotKeeper::SnapshotKeeper(const Configuration& configuration, journal::LocalJournal& journal)
    : configuration_{configuration}
    , journal_{journal}
    , newest_{venue::newest_snapshot(configuration.snapshot_directory())}
    , next_by_clock_{steady_clock::now() + configuration.snapshots.every} {}

SnapshotKeeper::~SnapshotKeeper() {
    if (child_ == 0) return;
    ::kill(child_, SIGKILL); // what it has begun is worth nothing without an end mark
    ::waitpid(child_, nullptr, 0);
    ::close(output_);
}

void SnapshotKeeper::look() {
    try {
        if (child_ != 0) return see_child();
        if (steady_clock::now() < not_before_) return;
        if (droppable_)
            drop_one_segment();
        else if (is_time())
            start_child();
    } catch (const std::exception& error) {
        spdlog::error("snapshots: {}", error.what());
        not_before_ = steady_clock::now() + pause_after_failure;
    }
}

bool SnapshotKeeper::is_time() const {
    const auto& rule = configuration_.snapshots;
    if (rule.every_segments == 0 && rule.every.count() == 0) return false;
    const auto sealed = journal_.sealed_after(newest_);
    if (rule.every_segments != 0 && sealed >= rule.every_segments) return true;
    return rule.every.count() != 0 && sealed > 0 && steady_clock::now() >= next_by_clock_;
}

void SnapshotKeeper::start_child() {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        throw std::system_error{errno, std::generic_category(), "no pipe for the snapshot's process"};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
    // Sockets above all: a connection that the venue closes must be closed.
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    std::vector<std::string> words{"tradehive",
                                   "snapshot",
                                   "make",
                                   configuration_.data_dir.string(),
                                   "--keep",
                                   std::to_string(configuration_.snapshots.keep),
                                   "--in-background-of",
                                   std::to_string(::getpid())};
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    // This very program, even when its file has been replaced meanwhile.
    const int failed = ::posix_spawn(&child_, "/proc/self/exe", &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    if (failed != 0) {
        child_ = 0;
        ::close(pipe[0]);
        throw std::system_error{failed, std::generic_category(), "the snapshot's process cannot be started"};
    }
    output_ = pipe[0];
    said_.clear();
    next_by_clock_ = steady_clock::now() + configuration_.snapshots.every;
}

void SnapshotKeeper::see_child() {
    std::array<char, 4096> text{};
    for (ssize_t count = 0; (count = ::read(output_, text.data(), text.size())) > 0;)
        said_.append(text.data(), static_cast<std::size_t>(count));
    int status = 0;
    if (::waitpid(child_, &status, WNOHANG) != child_) return;
    for (ssize_t count = 0; (count = ::read(output_, text.data(), text.size())) > 0;)
        said_.append(text.data(), static_cast<std::size_t>(count));
    ::close(output_);
    child_ = 0;
    while (said_.ends_with('\n'))
        said_.pop_back();
    child_ended(status);
}

void SnapshotKeeper::child_ended(int status) {
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        const auto how = WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                                             : fmt::format("exit code {}", WEXITSTATUS(status));
        spdlog::error("no snapshot was made ({}): {}", how, said_);
        not_before_ = steady_clock::now() + pause_after_failure;
        return;
    }
    spdlog::info("{}", said_);
    const auto snapshots = journal::list_snapshots(configuration_.snapshot_directory());
    newest_ = snapshots.empty() ? Sequence{} : snapshots.back().sequence;
    // The child has proved them just now. A single one may still turn out to be bad.
    if (configuration_.journal.old_segments != Configuration::OldSegments::keep && snapshots.size() >= 2)
        droppable_ = snapshots.front().sequence;
}

void SnapshotKeeper::drop_one_segment() {
    const bool archives = configuration_.journal.old_segments == Configuration::OldSegments::archive;
    const auto archive =
        archives ? configuration_.journal.archive / journal::read_venue_id(configuration_.journal_directory())
                 : std::filesystem::path{};
    if (journal_.drop_through(*droppable_, archive, 1) != 0) {
        ++dropped_;
        return;
    }
    if (dropped_ > 0)
        spdlog::info("journal: {} segments up to command {} {}", dropped_, droppable_->value(),
                     archives ? "archived" : "dropped");
    dropped_ = 0;
    droppable_.reset();
}

} // namespace tradehive::main
