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

    struct Reader {
        std::function<bool(const std::string& line)> take; // false: no more lines
        std::function<bool(const std::string& line)> keep; // whether it may stand in the history
        // What may stand in place of the word under the cursor.
        std::function<std::vector<std::string>(const std::string& before, const std::string& word)> complete;
    };

    // Gives each line typed to reader.take until that returns false or the input ends. Lines that may be kept
    // come back by the arrow keys; those of earlier runs are read from the history file, and written to it at
    // the end, the newest thousand, readable by the owner only.
    void read_lines(const std::string& prompt, const std::string& history, const Reader& reader);

private:
    void show_printed();

    std::mutex mutex_;
    std::vector<std::string> printed_;
    int wake_; // an eventfd
};

} // namespace tradehive::trader
