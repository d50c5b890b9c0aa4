#include "control/client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string>

namespace tradehive::control {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t greatest_answer = 256 << 20; // balances of very many accounts

} // namespace

json::object ask(const std::filesystem::path& socket, const json::object& request) {
    asio::io_context io;
    asio::local::stream_protocol::socket connection{io};
    boost::system::error_code error;
    if (socket.string().size() > 107)
        throw NotReachable{"the control socket's path has more than 107 characters: " + socket.string()};
    static_cast<void>(connection.connect(asio::local::stream_protocol::endpoint{socket.string()}, error));
    if (error) throw NotReachable{"no venue answers at " + socket.string() + ": " + error.message()};
    // A refused connection is closed before it reads, but its answer is there: read even if this fails.
    asio::write(connection, asio::buffer(json::serialize(request) + '\n'), error);
    std::string answer;
    const auto size =
        asio::read_until(connection, asio::dynamic_buffer(answer, greatest_answer), '\n', error);
    if (error) throw NotReachable{"the venue closed the connection before it answered: " + error.message()};
    auto parsed = json::parse(std::string_view{answer}.substr(0, size), error);
    if (error || !parsed.is_object()) throw NotReachable{"the answer is not a JSON object"};
    return std::move(parsed.get_object());
}

} // namespace tradehive::control
