#include "tests/scenarios/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <unistd.h>

namespace tradehive::tests {
namespace {

std::vector<std::filesystem::path> scenarios() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{TRADEHIVE_SCENARIOS})
        if (entry.path().extension() == ".txt" && entry.path().filename() != "CMakeLists.txt")
            files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

class ScenarioFile : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(ScenarioFile, GoesAsWritten) {
    EXPECT_EQ(Scenario{}.run(GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(Scenarios, ScenarioFile, testing::ValuesIn(scenarios()), [](const auto& file) {
    std::string name = file.param.stem().string();
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(Scenario, ALineThatDoesNotHappenIsFound) {
    const auto file = std::filesystem::path{testing::TempDir()} /
                      ("tradehive-wrong-scenario-" + std::to_string(getpid()) + ".txt");
    std::ofstream{file} << "A1 buy 10 @ 1.00 b1\n    b1 accepted\n    b1 expired\n";
    EXPECT_NE(Scenario{}.run(file).find("instead:\n    b1 accepted\n"), std::string::npos);
    std::ofstream{file} << "balance A1 USD 1\n";
    EXPECT_NE(Scenario{}.run(file).find("has 1000.0000 held 0.0000"), std::string::npos);
    std::filesystem::remove(file);
}

} // namespace
} // namespace tradehive::tests
