// What every command of tradehive but admin does with its words: its options and --help, what is not
// understood, a configuration that is not good, and failures.
#pragma once

#include "main/configuration.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace tradehive::main {

inline constexpr auto default_config = "config/demo.yaml";

struct CommandForm {
    const char* name{};  // "journal"
    const char* usage{}; // what --help shows
    std::vector<std::string_view>
        what{};       // the first word without a name is one of these; empty: none is taken
    bool directory{}; // and a second such word must be there
};

using CommandWork = std::function<int(const boost::program_options::variables_map& values)>;

// Does the work with the values of the options; where the form asks for them, "what" and "directory" are
// texts among them. The exit code is the work's own; 0 after --help; 2 with the usage when the words are not
// understood, also when the work throws boost::program_options::error, or with its faults when the
// configuration is not good; 1 for whatever else is thrown.
[[nodiscard]] int run_command(const CommandForm& form, const std::vector<std::string>& arguments,
                              boost::program_options::options_description options, std::ostream& out,
                              std::ostream& err, const CommandWork& work);

// --config and --set, and what they say. Throws ConfigurationError.
[[nodiscard]] boost::program_options::options_description configuration_options();
[[nodiscard]] Configuration configuration_of(const boost::program_options::variables_map& values);

} // namespace tradehive::main
