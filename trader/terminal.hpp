// Reading lines from a person while lines are printed above the prompt. The line editor is used on one thread
// only: other threads hand their lines over.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tradehive::trader {

class Terminal {
public:
    Terminal();
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    Terminal(Terminal&&) = delete;
    Terminal& operator=(Terminal&&) = delete;

    // Any thread. The queue is bounded by what a person lets scroll: 10,000 lines, then the oldest go.
    void print(const std::string& line);

    // Gives each line typed to take until it returns false or the input ends.
    void read_lines(const std::string& prompt, const std::function<bool(const std::string&)>& take);

private:
    void show_printed();

    std::mutex mutex_;
    std::vector<std::string> printed_;
    int wake_; // an eventfd
};

} // namespace tradehive::trader
