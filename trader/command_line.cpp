#include "trader/command_line.hpp"

#include "domain/decimal.hpp"
#include "trader/client_options.hpp"

#include <fstream>
#include <iostream>
#include <stdexcept>

#include <boost/program_options.hpp>

namespace tradehive::trader {

namespace options = boost::program_options;

std::optional<options::variables_map> read_command_line(const std::vector<std::string>& words,
                                                        options::options_description texts,
                                                        std::string_view about, const char* file) {
    texts.add(client_option_texts()).add_options()("help", "show this");
    options::positional_options_description places;
    if (*file != '\0') places.add(file, 1);
    options::variables_map values;
    options::store(options::command_line_parser(words).options(texts).positional(places).run(), values);
    options::notify(values);
    if (values.count("help") == 0) return values;
    std::cout << "tradehive-trader " << about << "\n\n" << texts;
    return std::nullopt;
}

std::string text_of(const options::variables_map& values, const char* name) {
    return values.count(name) != 0 ? values[name].as<std::string>() : std::string{};
}

std::chrono::seconds seconds_of(const options::variables_map& values, const char* name, int least) {
    const int seconds = values[name].as<int>();
    if (seconds < least)
        throw options::error(
            std::string("--") + name +
            (least == 0 ? " must not be negative" : " must be at least " + std::to_string(least)));
    return std::chrono::seconds(seconds);
}

std::string positive_decimal(const options::variables_map& values, const char* name) {
    auto text = values[name].as<std::string>();
    const auto number = parse_decimal(text);
    if (!number || number->mantissa <= 0)
        throw options::error(std::string("--") + name + " must be a decimal above zero, but is '" + text +
                             "'");
    return text;
}

void write_file(const std::string& path, const std::function<void(std::ostream&)>& write) {
    if (path.empty()) return;
    std::ofstream file(path, std::ios::trunc);
    write(file);
    file.flush();
    if (!file) throw std::runtime_error(path + ": cannot be written");
}

} // namespace tradehive::trader
