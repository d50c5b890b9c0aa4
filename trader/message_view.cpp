#include "trader/message_view.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tradehive::trader {
namespace {

constexpr std::array frame_tags{8, 9, 10, 34, 35, 49, 52, 56};
constexpr std::string_view added = "\033[32m";
constexpr std::string_view changed = "\033[33m";
constexpr std::string_view gone = "\033[31m";
constexpr std::string_view heading = "\033[1m";
constexpr std::string_view plain = "\033[0m";
constexpr std::size_t most_kinds = 10'000; // then what was seen before is forgotten

bool in_frame(const FixField& field) {
    return std::ranges::find(frame_tags, field.tag) != frame_tags.end();
}

std::string kind_of(const RecordedMessage& recorded) {
    std::string kind = recorded.session + (recorded.direction == Direction::to_venue ? '>' : '<');
    kind += recorded.message.msg_type();
    return kind + '/' + std::string(recorded.message[150]);
}

// The field of that tag and of the same place among those of its tag: groups repeat their tags.
const FixField* counterpart(const std::vector<FixField>& fields, const std::vector<FixField>& before,
                            std::size_t place) {
    const auto tag = fields[place].tag;
    auto number = std::count_if(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(place),
                                [tag](const FixField& field) { return field.tag == tag; });
    for (const auto& field : before)
        if (field.tag == tag && number-- == 0) return &field;
    return nullptr;
}

} // namespace

std::string MessageView::paint(std::string_view text, std::string_view colour) const {
    if (!options_.colours || colour.empty()) return std::string(text);
    return std::string(colour) + std::string(text) + std::string(plain);
}

std::string MessageView::show(const RecordedMessage& recorded) {
    const auto& message = recorded.message;
    std::vector<FixField> fields = message.fields;
    std::erase_if(fields, in_frame);

    const auto time = recorded_time(recorded.microseconds);
    auto text = paint(time.substr(time.find('T') + 1), {}) + ' ' + printable(recorded.session) +
                (recorded.direction == Direction::to_venue ? " -> #" : " <- #") + printable(message[34]) +
                ' ' + paint(printable(names_.message(std::string(message.msg_type()))), heading);
    const std::string between = options_.field_lines ? "\n    " : "  ";
    const auto words = [&](const FixField& field) {
        auto word = names_.field(field.tag);
        if (options_.field_lines) word += '(' + std::to_string(field.tag) + ')';
        word += '=' + printable(field.value);
        const auto meaning = names_.value(field.tag, field.value);
        return meaning.empty() ? word : word + " (" + meaning + ')';
    };

    if (before_.size() >= most_kinds) before_.clear();
    const auto [place, first] = before_.try_emplace(kind_of(recorded));
    const auto& before = place->second;
    for (std::size_t at = 0; at < fields.size(); ++at) {
        const auto* const old = counterpart(fields, before, at);
        const auto colour = first                            ? std::string_view{}
                            : old == nullptr                 ? added
                            : old->value != fields[at].value ? changed
                                                             : std::string_view{};
        text += between + paint(words(fields[at]), colour);
    }
    if (options_.colours)
        for (std::size_t at = 0; at < before.size(); ++at)
            if (counterpart(before, fields, at) == nullptr)
                text += between + paint("-" + names_.field(before[at].tag), gone);
    place->second = std::move(fields);
    return text;
}

} // namespace tradehive::trader
