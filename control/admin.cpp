#include "control/admin.hpp"

#include "control/client.hpp"
#include "control/requests.hpp"
#include "credentials/totp.hpp"

#include <boost/json/serialize.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <optional>

namespace tradehive::control {

namespace json = boost::json;
namespace po = boost::program_options;

namespace {

struct Usage : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What may stand anywhere among the arguments, and the rest in order.
struct CommandLine {
    bool as_json{};
    bool help{};
    std::string socket;
    std::string config;
    std::vector<std::string> rest;
};

CommandLine split(const std::vector<std::string>& arguments) {
    CommandLine line;
    const auto value_of = [&](std::string_view option, std::size_t& i) -> std::optional<std::string> {
        const std::string_view argument = arguments[i];
        if (!argument.starts_with(option)) return std::nullopt;
        if (argument.size() > option.size() && argument[option.size()] == '=')
            return std::string{argument.substr(option.size() + 1)};
        if (argument.size() != option.size()) return std::nullopt;
        if (i + 1 == arguments.size()) throw Usage{fmt::format("{} needs a value", option)};
        return arguments[++i];
    };
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--json")
            line.as_json = true;
        else if (arguments[i] == "--help" || arguments[i] == "-h")
            line.help = true;
        else if (auto socket = value_of("--socket", i))
            line.socket = *socket;
        else if (auto config = value_of("--config", i))
            line.config = *config;
        else
            line.rest.push_back(arguments[i]);
    }
    return line;
}

void help_all(const AdminSetting& setting, std::ostream& out) {
    fmt::print(out,
               "usage: tradehive admin [--config FILE | --socket PATH] [--json] REQUEST …\n\n"
               "Asks the venue that runs with the configuration ({}) over its control socket.\n"
               "Exit code: 0 done, 1 refused, 2 not understood, 3 no venue answered.\n\n",
               setting.default_config);
    for (const auto& request : requests())
        fmt::print(out, "  {:<21} {}\n", request.name, request.summary);
    fmt::print(out, "\ntradehive admin REQUEST --help tells more about one.\n");
}

void help_one(const RequestShape& request, std::ostream& out) {
    std::string usage = fmt::format("usage: tradehive admin {}", request.name);
    std::string fields;
    for (const auto& field : request.fields) {
        const bool is_positional = field.shape == Field::Shape::positional;
        const bool takes_value = field.shape == Field::Shape::option;
        const auto shown = is_positional ? std::string{field.meaning}
                           : takes_value ? fmt::format("--{} {}", field.name, field.meaning)
                                         : fmt::format("--{}", field.name);
        usage += field.required ? " " + shown : " [" + shown + "]";
        fields += fmt::format("  {:<32} {}\n", shown, field.help);
    }
    fmt::print(out, "{}\n\n{}.\n{}{}", usage, request.summary, fields.empty() ? "" : "\n", fields);
}

// The request that the first words name, and how many words that were.
std::pair<const RequestShape*, std::size_t> find_words(const std::vector<std::string>& words) {
    if (words.size() >= 2)
        if (const auto* request = find_request(words[0] + ' ' + words[1])) return {request, 2};
    if (!words.empty())
        if (const auto* request = find_request(words[0])) return {request, 1};
    return {nullptr, 0};
}

std::string unknown_request(const std::vector<std::string>& words) {
    std::string known;
    for (const auto& request : requests())
        if (!words.empty() && request.name.starts_with(words[0] + ' '))
            known += fmt::format("{}{}", known.empty() ? "" : ", ", request.name);
    if (!known.empty()) return fmt::format("{} what? Known: {}", words[0], known);
    return words.empty() ? "no request given" : fmt::format("unknown request \"{}\"", words[0]);
}

// One line, not echoed when a person types it.
std::string read_password(std::istream& in, std::ostream& err) {
    termios before{};
    const bool typed =
        &in == &std::cin && ::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before) == 0;
    if (typed) {
        auto silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        err << "Password: " << std::flush;
    }
    std::string password;
    std::getline(in, password);
    if (typed) {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        err << '\n';
    }
    if (password.empty()) throw Usage{"--password: standard input has no line with a password"};
    return password;
}

json::object make_request(const RequestShape& shape, const std::vector<std::string>& arguments,
                          std::istream& in, std::ostream& err) {
    po::options_description options;
    po::positional_options_description positional;
    for (const auto& field : shape.fields) {
        const std::string name{field.name};
        if (field.shape == Field::Shape::flag || field.shape == Field::Shape::from_input)
            options.add_options()(name.c_str(), po::bool_switch());
        else
            options.add_options()(name.c_str(), po::value<std::string>());
        if (field.shape == Field::Shape::positional) positional.add(name.c_str(), 1);
    }
    po::variables_map values;
    namespace style = po::command_line_style;
    // No short options: so that a negative rate is a value.
    constexpr auto long_only = style::allow_long | style::long_allow_adjacent | style::long_allow_next;
    po::store(
        po::command_line_parser{arguments}.options(options).positional(positional).style(long_only).run(),
        values);

    json::object request{{"request", shape.name}};
    for (const auto& field : shape.fields) {
        const std::string name{field.name};
        if (field.required && !values.contains(name))
            throw Usage{fmt::format("{} needs {}{}", shape.name,
                                    field.shape == Field::Shape::positional ? "" : "--" + name + " ",
                                    field.meaning)};
        if (!values.contains(name)) continue;
        if (field.shape == Field::Shape::from_input) {
            if (values[name].as<bool>()) request[name] = read_password(in, err);
        } else if (field.shape == Field::Shape::flag) {
            if (values[name].as<bool>()) request[name] = true;
        } else {
            request[name] = values[name].as<std::string>();
        }
    }
    return request;
}

AdminExit answer(const CommandLine& line, const RequestShape& shape, const json::object& reply,
                 std::ostream& out, std::ostream& err) {
    const auto* ok = reply.if_contains("ok");
    const bool done = ok != nullptr && ok->is_bool() && ok->get_bool();
    if (line.as_json) {
        out << json::serialize(reply) << '\n';
    } else if (done) {
        const auto& result = reply.at("result").as_object();
        print(result, shape.columns, out);
        if (const auto* uri = result.if_contains("otpauth_uri"))
            out << '\n'
                << credentials::qr_text(uri->as_string()).view() << "Scan it now: it is not shown again.\n";
    } else {
        const auto said = [&](const char* name) {
            const auto* value = reply.if_contains(name);
            return value != nullptr && value->is_string() ? std::string{value->get_string()}
                                                          : std::string{"?"};
        };
        fmt::print(err, "tradehive admin: {}: {}\n", said("word"), said("text"));
    }
    return done ? AdminExit::done : AdminExit::refused;
}

} // namespace

AdminExit admin(const std::vector<std::string>& arguments, const AdminSetting& setting, std::istream& in,
                std::ostream& out, std::ostream& err) {
    try {
        const auto line = split(arguments);
        const auto [shape, words] = find_words(line.rest);
        if (line.help && line.rest.empty()) {
            help_all(setting, out);
            return AdminExit::done;
        }
        if (shape == nullptr) throw Usage{unknown_request(line.rest)};
        if (line.help) {
            help_one(*shape, out);
            return AdminExit::done;
        }
        const auto request = make_request(
            *shape, {line.rest.begin() + static_cast<std::ptrdiff_t>(words), line.rest.end()}, in, err);
        const auto socket =
            !line.socket.empty()
                ? std::filesystem::path{line.socket}
                : setting.socket_of(line.config.empty() ? setting.default_config : line.config);
        return answer(line, *shape, ask(socket, request), out, err);
    } catch (const NotReachable& reason) {
        fmt::print(err, "tradehive admin: {}\n", reason.what());
        return AdminExit::not_reachable;
    } catch (
        const std::exception& wrong) { // Usage, an option that is not known, a configuration that is not good
        fmt::print(err, "tradehive admin: {}\nTry tradehive admin --help.\n", wrong.what());
        return AdminExit::usage;
    }
}

} // namespace tradehive::control
