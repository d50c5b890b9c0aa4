// The venue's own book, asked for after each row of the file and held against what the file says.
//
// Answers come in the order of the questions. So an answer shows that every earlier question without an
// answer has lost its own, in a crash or with a connection: it is judged by this answer if no command was
// sent between the two, else its row counts as lost and not as compared. Not thread-safe: its owner locks.
#pragma once

#include "trader/lobster_file.hpp"
#include "trader/messages.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace tradehive::trader {

struct BookFigures {
    std::size_t asked{};    // rows
    std::size_t compared{}; // best bid and offer, price and quantity
    std::size_t equal{};
    std::size_t first_different_row{}; // counted from 1; 0: none
    std::size_t deep_compared{};
    std::size_t deep_equal{};
    std::size_t lost{}; // rows whose answer never came
};

class BookComparison {
public:
    struct Settings {
        std::string symbol;
        std::string prefix; // of MDReqID
        Steps steps;
        std::size_t levels{40}; // compared in a deep row
    };

    // The tops have one row a message; the deep rows are as many as there are.
    BookComparison(Settings settings, std::vector<BookRow> tops, std::vector<BookRow> deep);

    // After the row of that index, and after so many commands. No row: only to learn what was lost.
    BookQuestion ask(std::optional<std::size_t> row, std::uint64_t commands_sent);
    // What is wrong with the snapshot itself; empty: nothing.
    std::string hear(const BookSnapshot& snapshot);

    [[nodiscard]] std::size_t open_questions() const { return open_.size(); }
    [[nodiscard]] const BookFigures& figures() const { return figures_; }

private:
    struct Question {
        std::uint64_t number{};
        std::optional<std::size_t> row;
        std::uint64_t commands{};
        bool deep{};
    };

    [[nodiscard]] bool has_deep(std::size_t row) const { return row < deep_.size(); }
    void compare(std::size_t row, const BookRow& book, bool deep);

    Settings settings_;
    std::vector<BookRow> tops_;
    std::vector<BookRow> deep_;
    std::deque<Question> open_; // bounded by the replay's window
    std::uint64_t next_number_{1};
    BookFigures figures_;
};

} // namespace tradehive::trader
