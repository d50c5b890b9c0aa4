// A FIX client on a plain or TLS socket that does what the test says and nothing by itself.
#pragma once

#include "acceptor/framing.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tradehive::acceptor {

class FixClient {
public:
    explicit FixClient(std::uint16_t port, std::string comp_id = "ALICE", bool tls = false);
    ~FixClient();

    // "35=D|11=A|…": 34 (the next one), 49, 52 and 56 are put behind 35 unless they are there.
    void send(std::string_view fields);
    void send_bytes(std::string_view bytes);
    // Logs on and expects to succeed.
    void log_on(std::string_view more = "");

    // The next message, SOH as '|', session messages included. Fails the test after that time; "" then and
    // when the peer has closed.
    std::string receive(std::chrono::milliseconds patience = std::chrono::seconds{30});
    // The next message of that type; others are passed over.
    std::string expect(std::string_view type);
    // Nothing but that time passes without a message.
    [[nodiscard]] bool silent_for(std::chrono::milliseconds time);
    // The peer closes; what it says before is returned, one message after the other.
    std::string until_closed();
    // Waits for bytes, whatever they are; false when the peer has closed.
    [[nodiscard]] bool read_raw(std::span<char> into);
    void close();

    std::uint64_t next_out{1};
    std::string comp_id;
    std::string password{"right"};

private:
    std::optional<std::string> read_frame(std::chrono::milliseconds patience);

    boost::asio::io_context context_;
    boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_client};
    boost::asio::ip::tcp::socket socket_{context_};
    std::unique_ptr<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> stream_;
    Framing framing_{1 << 20};
    bool closed_{};
};

// "35=8|…" of a message as receive() returns it.
[[nodiscard]] std::string value(const std::string& message, std::string_view tag);

// A whole message of these fields, SOH for '|', with 8, 9 and 10.
[[nodiscard]] std::string framed_message(std::string fields);

} // namespace tradehive::acceptor
