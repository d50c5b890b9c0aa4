// The control socket: a local stream socket that only the venue's user and root may open.
//
// One JSON object a line in, one a line out, in order. Bounds: greatest_line for a request (a longer one is
// refused and ends the connection), connections at once (one more is told BUSY and closed), and how long a
// connection may stay silent. The socket file has mode 0600 before anybody can connect, and the peer's uid is
// checked besides.
//
// Threads: one of its own, on which requests are served one after the other; a slow request makes the other
// operators wait, never the venue.
#pragma once

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>

namespace tradehive::control {

class Server {
public:
    using Serve = std::function<boost::json::object(const boost::json::object& request)>; // must not throw

    struct Options {
        std::filesystem::path socket; // an old socket there is replaced; anything else is left and refused
        std::size_t most_connections{16};
        std::chrono::seconds longest_silence{600};
    };

    // Listens when it returns. Throws std::runtime_error when it cannot.
    Server(Options options, Serve serve);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    // Waits for a request under way, closes all connections and removes the socket file.
    ~Server();

private:
    class Listener;
    std::unique_ptr<Listener> listener_;
};

} // namespace tradehive::control
