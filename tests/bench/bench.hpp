// What all benches do alike: the command line, the clock, the median.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace tradehive::bench {

struct CountOption {
    std::string_view name; // "--rounds"
    std::size_t& value;    // holds the default
};

// A bench's main(): reads `--name N`, N above zero, for each of its options and runs it. The exit code is
// run()'s; failure when the words are not understood or something is thrown, which is said.
inline int run_bench(std::string_view bench, int argument_count, char** arguments,
                     std::initializer_list<CountOption> options, const std::function<int()>& run) {
    const auto understood = [&](std::string_view name, const char* value) {
        for (const auto& option : options)
            if (option.name == name)
                return value != nullptr && (option.value = std::strtoull(value, nullptr, 10)) > 0;
        return false;
    };
    for (int i = 1; i < argument_count; i += 2) {
        if (understood(arguments[i], arguments[i + 1])) continue; // behind the last there is a nullptr
        fmt::print(stderr, "usage: {}", bench);
        for (const auto& option : options)
            fmt::print(stderr, " [{} N]", option.name);
        fmt::print(stderr, "\n");
        return EXIT_FAILURE;
    }
    try {
        return run();
    } catch (const std::exception& wrong) {
        fmt::print(stderr, "{}: {}\n", bench, wrong.what());
        return EXIT_FAILURE;
    }
}

// By the clock.
template <class Work>
double seconds_of(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>{std::chrono::steady_clock::now() - start}.count();
}

inline double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

// The shipped program of the same build.
inline std::filesystem::path shipped_venue() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "tradehive";
}

} // namespace tradehive::bench
