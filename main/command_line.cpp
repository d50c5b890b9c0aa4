#include "main/command_line.hpp"

#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <fmt/ostream.h>

#include <algorithm>
#include <ostream>

namespace tradehive::main {

namespace po = boost::program_options;

int run_command(const CommandForm& form, const std::vector<std::string>& arguments,
                po::options_description options, std::ostream& out, std::ostream& err,
                const CommandWork& work) {
    options.add_options()("help", po::bool_switch());
    po::positional_options_description places;
    for (const char* place : {form.what.empty() ? nullptr : "what", form.directory ? "directory" : nullptr}) {
        if (place == nullptr) continue;
        options.add_options()(place, po::value<std::string>());
        places.add(place, 1);
    }
    try {
        po::variables_map values;
        po::store(po::command_line_parser{arguments}.options(options).positional(places).run(), values);
        if (values["help"].as<bool>()) {
            out << form.usage;
            return 0;
        }
        const auto what = values.contains("what") ? values["what"].as<std::string>() : std::string{};
        if ((!form.what.empty() && std::ranges::find(form.what, what) == form.what.end()) ||
            (form.directory && !values.contains("directory"))) {
            err << form.usage;
            return 2;
        }
        return work(values);
    } catch (const po::error& wrong) {
        fmt::print(err, "tradehive {}: {}\n{}", form.name, wrong.what(), form.usage);
        return 2;
    } catch (const ConfigurationError& wrong) {
        fmt::print(err, "{}\n", wrong.what());
        return 2;
    } catch (const std::exception& failure) {
        out.flush();
        fmt::print(err, "tradehive {}: {}\n", form.name, failure.what());
        return 1;
    }
}

po::options_description configuration_options() {
    po::options_description options;
    options.add_options()("config", po::value<std::string>()->default_value(default_config))(
        "set", po::value<std::vector<std::string>>()->composing());
    return options;
}

Configuration configuration_of(const po::variables_map& values) {
    return read_configuration(values["config"].as<std::string>(),
                              values.contains("set") ? values["set"].as<std::vector<std::string>>()
                                                     : std::vector<std::string>{});
}

} // namespace tradehive::main
