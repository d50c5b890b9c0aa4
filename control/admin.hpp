// `tradehive admin …`: the command line of the control socket.
//
// Exit codes: 0 done; 1 refused, with word and sentence; 2 not understood; 3 no venue answered.
#pragma once

#include <boost/json/object.hpp>

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace tradehive::control {

enum class AdminExit : int { done = 0, refused = 1, usage = 2, not_reachable = 3 };

struct AdminSetting {
    std::string default_config;
    // The socket of the venue that runs with this configuration. May throw std::runtime_error.
    std::function<std::filesystem::path(const std::filesystem::path& config)> socket_of;
};

[[nodiscard]] AdminExit admin(const std::vector<std::string>& arguments, const AdminSetting& setting,
                              std::istream& in, std::ostream& out, std::ostream& err);

// For people: lists as a table with those columns, the rest as "name  value" lines.
void print(const boost::json::object& result, const std::vector<std::string_view>& columns,
           std::ostream& out);

} // namespace tradehive::control
