#include "trader/console_completion.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace tradehive::trader {
namespace {

using Words = std::vector<std::string>;

const Words commands{"book", "buy", "cancel", "exit", "help", "orders", "quit", "replace", "sell", "status"};
const Words times_in_force{"day", "fok", "gtc", "ioc"};
const Words depths{"0", "1", "5", "10", "20", "50"};

// '@' is a word of its own, as in console_command.hpp.
Words words_of(std::string_view text) {
    std::string spaced;
    for (const char character : text)
        spaced += character == '@' ? std::string(" @ ") : std::string(1, character);
    std::istringstream stream(spaced);
    Words words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char character) {
        return static_cast<char>(std::tolower(character));
    });
    return text;
}

Words what_may_follow(const Words& before, const ConsoleVocabulary& vocabulary) {
    if (before.empty()) return commands;
    const auto verb = lower(before.front());
    const auto place = before.size();
    if (verb == "book") return place == 1 ? vocabulary.symbols : place == 2 ? depths : Words{};
    if (verb == "cancel" || verb == "status" || verb == "replace") {
        if (place == 1) return vocabulary.open_orders;
        return verb == "replace" && place == 3 ? Words{"@"} : Words{};
    }
    if (verb != "buy" && verb != "sell") return {};
    if (place == 2) return vocabulary.symbols;
    if (place == 3) return {"@", "market"};
    const bool market = place == 4 && lower(before[3]) == "market";
    return market || (place == 5 && before[3] == "@") ? times_in_force : Words{};
}

bool begins_with(const std::string& candidate, std::string_view word) {
    return candidate.size() >= word.size() &&
           std::equal(word.begin(), word.end(), candidate.begin(),
                      [](unsigned char typed, unsigned char known) {
                          return std::tolower(typed) == std::tolower(known);
                      });
}

} // namespace

std::vector<std::string> complete_console_word(std::string_view before, std::string_view word,
                                               const ConsoleVocabulary& vocabulary) {
    auto candidates = what_may_follow(words_of(before), vocabulary);
    std::erase_if(candidates, [&](const std::string& candidate) { return !begins_with(candidate, word); });
    std::ranges::sort(candidates);
    candidates.erase(std::ranges::unique(candidates).begin(), candidates.end());
    return candidates;
}

} // namespace tradehive::trader
