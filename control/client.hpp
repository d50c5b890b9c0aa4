// The other end of the control socket: one request, one answer.
#pragma once

#include <boost/json/object.hpp>

#include <filesystem>
#include <stdexcept>

namespace tradehive::control {

// Nobody listens, or the connection ended before the answer came. what() says so.
class NotReachable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Throws NotReachable.
[[nodiscard]] boost::json::object ask(const std::filesystem::path& socket,
                                      const boost::json::object& request);

} // namespace tradehive::control
