// How every command of tradehive-trader reads the words after its name: its own options, those of the
// connection (client_options.hpp) and --help.
#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

namespace tradehive::trader {

// `about` is what --help says before the options; `file` the option that the first word without a name is
// for, empty: there is none. Nothing when help was asked for and shown. Throws boost::program_options::error.
[[nodiscard]] std::optional<boost::program_options::variables_map>
read_command_line(const std::vector<std::string>& words, boost::program_options::options_description texts,
                  std::string_view about, const char* file = "");

// Empty when the option was not given.
[[nodiscard]] std::string text_of(const boost::program_options::variables_map& values, const char* name);

// Of an int option. Throws boost::program_options::error naming the option when it is less than the least.
[[nodiscard]] std::chrono::seconds seconds_of(const boost::program_options::variables_map& values,
                                              const char* name, int least);

// Of a text option that must be a decimal above zero; as it was written. Throws
// boost::program_options::error naming the option.
[[nodiscard]] std::string positive_decimal(const boost::program_options::variables_map& values,
                                           const char* name);

// The file that an option names, written anew; nothing when the path is empty. Throws std::runtime_error.
void write_file(const std::string& path, const std::function<void(std::ostream&)>& write);

} // namespace tradehive::trader
