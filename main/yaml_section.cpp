#include "main/yaml_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>

namespace tradehive::main {

namespace {

// Levenshtein's.
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

} // namespace

void Problems::add(const YAML::Mark& mark, std::string_view text) {
    all_.push_back(mark.is_null() ? fmt::format("--set {}", text)
                                  : fmt::format("{}:{}: {}", file_, mark.line + 1, text));
}

Section::Section(Problems& problems, const YAML::Node& node, std::string path)
    : problems_{problems}
    , node_{node.IsDefined() ? node : YAML::Node{}}
    , path_{std::move(path)} {
    if (node_.IsMap() || node_.IsNull()) return;
    problems_.add(node_.Mark(), fmt::format("{}: must be a section with keys, not a value or a list",
                                            path_.empty() ? "the file" : path_));
    node_ = YAML::Node{};
}

std::string Section::full(std::string_view key) const {
    return path_.empty() ? std::string{key} : fmt::format("{}.{}", path_, key);
}

YAML::Node Section::value(std::string_view key) {
    asked_.emplace_back(key);
    if (!node_.IsMap()) return YAML::Node{YAML::NodeType::Undefined};
    return std::as_const(node_)[std::string{key}];
}

bool Section::has(std::string_view key) {
    return value(key).IsDefined();
}

Section Section::section(std::string_view key) {
    return {problems_, value(key), full(key)};
}

std::optional<std::string> Section::scalar(std::string_view key) {
    const auto node = value(key);
    if (!node.IsDefined()) return std::nullopt;
    if (node.IsScalar()) return node.Scalar();
    problems_.add(node.Mark(), fmt::format("{}: must have one value", full(key)));
    return std::nullopt;
}

std::string Section::text(std::string_view key, std::string_view otherwise) {
    auto given = scalar(key);
    if (given && given->empty()) problem(key, "must not be empty");
    return given ? *std::move(given) : std::string{otherwise};
}

std::int64_t Section::number(std::string_view key, std::int64_t least, std::int64_t most,
                             std::int64_t otherwise) {
    const auto given = scalar(key);
    if (!given) return otherwise;
    std::int64_t number{};
    const char* const last = given->data() + given->size();
    const auto [end, error] = std::from_chars(given->data(), last, number);
    if (error == std::errc{} && end == last && number >= least && number <= most) return number;
    problem(key, fmt::format("must be a whole number from {} to {}", least, most));
    return otherwise;
}

bool Section::flag(std::string_view key, bool otherwise) {
    return choice(key, std::array<std::pair<std::string_view, bool>, 2>{{{"true", true}, {"false", false}}},
                  otherwise);
}

void Section::problem(std::string_view key, std::string_view text) {
    const auto node = value(key);
    if (!node.IsDefined()) {
        problems_.add(node_.Mark(), fmt::format("{}: {}", full(key), text));
        return;
    }
    problems_.add(node.Mark(),
                  fmt::format("{}: {}: {}", full(key), node.IsScalar() ? node.Scalar() : "…", text));
}

std::string Section::suggestion(std::string_view unknown) const {
    const std::set<std::string> known{asked_.begin(), asked_.end()};
    const auto nearest = std::ranges::min_element(
        known, {}, [&](const std::string& candidate) { return distance(candidate, unknown); });
    if (nearest != known.end() && distance(*nearest, unknown) <= std::max<std::size_t>(2, unknown.size() / 3))
        return fmt::format("did you mean {}?", *nearest);
    return fmt::format("known here: {}", fmt::join(known, ", "));
}

void Section::refuse_unknown() {
    if (!node_.IsMap()) return;
    std::set<std::string> seen;
    for (const auto& entry : node_) {
        if (!entry.first.IsScalar()) {
            problems_.add(entry.first.Mark(), "a key must be a word");
            continue;
        }
        const auto& key = entry.first.Scalar();
        if (!seen.insert(key).second)
            problems_.add(entry.first.Mark(), fmt::format("{}: given twice", full(key)));
        else if (std::ranges::find(asked_, key) == asked_.end())
            problems_.add(entry.first.Mark(), fmt::format("{}: unknown key; {}", full(key), suggestion(key)));
    }
}

} // namespace tradehive::main
