#include "trader/conversation.hpp"

#include "trader/words.hpp"

#include <algorithm>

namespace tradehive::trader {
namespace {

// What a request is called by: 11, or for a question its own id.
std::string id_of(const FixText& message) {
    for (const int tag : {790, 584, 262, 320, 324, 335, 923})
        if (message.has(tag)) return std::string(message[tag]);
    return std::string(message[11]);
}

bool is_question(const FixText& message) {
    return message.msg_type() == "H" || message.msg_type() == "AF";
}

std::string question_key(std::string_view id) {
    return "?" + std::string(id);
}

// The stable word with which a refusal's text begins.
std::string first_word(const FixText& message) {
    const auto text = message[58];
    const auto end = text.find(':');
    return end == std::string_view::npos ? std::string{} : ' ' + printable(text.substr(0, end));
}

std::string kind_of(const FixText& message) {
    const auto type = message.msg_type();
    if (type == "8") {
        const auto exec_type = message[150];
        const auto word = exec_word(exec_type.empty() ? '?' : exec_type.front());
        return exec_type == "8" ? word + first_word(message) : word;
    }
    if (type == "9") return "cancel-reject" + first_word(message);
    if (type == "3") return "reject 373=" + std::string(message[373]);
    if (type == "j") return "business-reject 380=" + std::string(message[380]);
    if (type == "Y") return "market-data-reject 281=" + std::string(message[281]);
    if (type == "W") return "book";
    return "35=" + std::string(type);
}

std::string list_of(const std::vector<std::string>& answers) {
    if (answers.empty()) return "nothing";
    std::string list;
    for (const auto& answer : answers)
        list += (list.empty() ? "" : ", ") + answer;
    return list;
}

} // namespace

void Conversation::take(const RecordedMessage& recorded) {
    const auto& message = recorded.message;
    if (message[43] == "Y") return;
    if (recorded.direction == Direction::from_venue)
        answered(message);
    else if (!is_session_message(message.msg_type()))
        asked(message);
}

void Conversation::asked(const FixText& message) {
    const auto place = requests_.size();
    const auto id = id_of(message);
    requests_.push_back({.msg_type = std::string(message.msg_type()), .id = id, .answers = {}});
    by_number_[std::string(message[34])] = place;
    if (!is_question(message)) by_id_[id] = place;
    if (is_question(message)) by_id_[question_key(id)] = place;
    ++unanswered_;
}

void Conversation::answered(const FixText& message) {
    const auto type = message.msg_type();
    if (type == "X" || (is_session_message(type) && type != "3")) return; // changes of a book go on and on
    auto found = by_number_.end();
    if (type == "3" || type == "j") {
        found = by_number_.find(std::string(message[45]));
        if (found == by_number_.end()) return;
    } else {
        const bool state = type == "8" && message[150] == "I";
        const auto id = type == "8" && !state ? std::string(message[11]) : id_of(message);
        found = by_id_.find(state ? question_key(id) : id);
        if (found == by_id_.end() && state) found = by_id_.find(std::string(message[11])); // a D with 97=Y
        if (found == by_id_.end()) return;
    }
    auto& request = requests_[found->second];
    if (request.answers.empty()) --unanswered_;
    request.answers.push_back(kind_of(message));
    ++answers_;
}

std::vector<std::string> differences(const std::vector<RequestAndAnswers>& recorded,
                                     const std::vector<RequestAndAnswers>& played) {
    std::vector<std::string> sentences;
    for (std::size_t at = 0; at < std::max(recorded.size(), played.size()); ++at) {
        const auto& request = at < recorded.size() ? recorded[at] : played[at];
        const auto who = "request " + std::to_string(at + 1) + " (35=" + request.msg_type + ", " +
                         printable(request.id) + "): ";
        if (at >= played.size())
            sentences.push_back(who + "was not sent");
        else if (at >= recorded.size())
            sentences.push_back(who + "was not recorded");
        else if (recorded[at].answers != played[at].answers)
            sentences.push_back(who + "recorded " + list_of(recorded[at].answers) + "; now " +
                                list_of(played[at].answers));
    }
    return sentences;
}

} // namespace tradehive::trader
