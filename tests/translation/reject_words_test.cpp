#include "domain/reject_reason.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

namespace tradehive {
namespace {

// The rows "| `WORD` | what would be right | …" of the page.
std::map<std::string, std::string> words_on_the_page() {
    std::ifstream page{TRADEHIVE_SOURCE_DIR "/fix-spec/reject-words.md"};
    std::map<std::string, std::string> rows;
    for (std::string line; std::getline(page, line) && line != "## Words of reports that nobody asked for";) {
        if (!line.starts_with("| `")) continue;
        const auto end_of_word = line.find("` | ");
        const auto end_of_rule = line.find(" |", end_of_word + 4);
        rows.emplace(line.substr(3, end_of_word - 3),
                     line.substr(end_of_word + 4, end_of_rule - end_of_word - 4));
    }
    return rows;
}

TEST(RejectWords, ThePageHoldsEachReasonAndNoOther) {
    auto rows = words_on_the_page();
    for (std::uint8_t i = 1; i < reject_reason_count; ++i) { // 0 refuses nothing
        const auto [word, rule] = describe(static_cast<RejectReason>(i));
        const auto row = rows.find(std::string{word});
        ASSERT_NE(row, rows.end()) << "add to fix-spec/reject-words.md:\n| `" << word << "` | " << rule
                                   << " |";
        EXPECT_EQ(row->second, rule) << word;
        rows.erase(row);
    }
    for (const auto& [word, rule] : rows)
        ADD_FAILURE() << "no reason has the word " << word;
}

} // namespace
} // namespace tradehive
