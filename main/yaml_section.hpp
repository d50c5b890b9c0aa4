// Reads one mapping of a YAML file key by key, and knows afterwards which keys nobody asked for.
//
// Every problem is collected with file and line, so that a person can correct them all at once; what a key
// with a problem returns is its default and means nothing.
#pragma once

#include <yaml-cpp/yaml.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tradehive::main {

class Problems {
public:
    explicit Problems(std::string file)
        : file_{std::move(file)} {}

    // "file:line: text"; a value that came with --set has no line.
    void add(const YAML::Mark& mark, std::string_view text);

    [[nodiscard]] const std::vector<std::string>& all() const noexcept { return all_; }

private:
    std::string file_;
    std::vector<std::string> all_;
};

class Section {
public:
    // An undefined or empty node is a section in which nothing is given. path: "" for the whole file.
    Section(Problems& problems, const YAML::Node& node, std::string path);

    [[nodiscard]] Section section(std::string_view key);
    [[nodiscard]] bool has(std::string_view key);

    // Empty text is a problem.
    [[nodiscard]] std::string text(std::string_view key, std::string_view otherwise);
    [[nodiscard]] std::int64_t number(std::string_view key, std::int64_t least, std::int64_t most,
                                      std::int64_t otherwise);
    [[nodiscard]] bool flag(std::string_view key, bool otherwise);

    template <class Value, std::size_t Count>
    [[nodiscard]] Value choice(std::string_view key,
                               const std::array<std::pair<std::string_view, Value>, Count>& words,
                               Value otherwise) {
        const auto given = scalar(key);
        if (!given) return otherwise;
        std::string known;
        for (const auto& [word, value] : words) {
            if (word == *given) return value;
            known += (known.empty() ? "" : ", ") + std::string{word};
        }
        problem(key, "must be one of " + known);
        return otherwise;
    }

    // About the value of that key, "fix.port: 99999: …".
    void problem(std::string_view key, std::string_view text);

    // Every key that was not asked for is a problem. Once, at the end.
    void refuse_unknown();

private:
    [[nodiscard]] std::optional<std::string> scalar(std::string_view key);
    [[nodiscard]] YAML::Node value(std::string_view key);
    [[nodiscard]] std::string full(std::string_view key) const;
    [[nodiscard]] std::string suggestion(std::string_view unknown) const;

    Problems& problems_;
    YAML::Node node_;
    std::string path_;
    std::vector<std::string> asked_;
};

} // namespace tradehive::main
