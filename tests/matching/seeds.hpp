// How many random runs a property test makes, and how long they are; from the environment:
//   TRADEHIVE_SEEDS      how many
//   TRADEHIVE_COMMANDS   operations of each
//   TRADEHIVE_SEED       the first seed; a failure prints the command that repeats it alone
#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace tradehive {

struct Seeds {
    std::uint64_t first;
    std::uint64_t count;
    std::uint64_t length;

    [[nodiscard]] static std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
        const char* const text = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets it
        return text ? std::strtoull(text, nullptr, 10) : otherwise;
    }

    [[nodiscard]] static Seeds by_default(std::uint64_t count, std::uint64_t length) {
        return {from_environment("TRADEHIVE_SEED", 1), from_environment("TRADEHIVE_SEEDS", count),
                from_environment("TRADEHIVE_COMMANDS", length)};
    }

    // Of the running test.
    [[nodiscard]] std::string repeat(std::uint64_t seed) const {
        const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
        return "repeat with: TRADEHIVE_SEED=" + std::to_string(seed) +
               " TRADEHIVE_SEEDS=1 TRADEHIVE_COMMANDS=" + std::to_string(length) + " " +
               program_invocation_name + " --gtest_filter=" + test->test_suite_name() + "." + test->name();
    }
};

} // namespace tradehive
