// What the word that is being typed in the console may become. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradehive::trader {

struct ConsoleVocabulary {
    std::vector<std::string> symbols;
    std::vector<std::string> open_orders; // ClOrdIDs
};

// before: the line up to the word; word: what stands of it. Sorted, without repeats.
[[nodiscard]] std::vector<std::string> complete_console_word(std::string_view before, std::string_view word,
                                                             const ConsoleVocabulary& vocabulary);

} // namespace tradehive::trader
