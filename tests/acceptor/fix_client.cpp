#include "tests/acceptor/fix_client.hpp"

#include "acceptor/logon.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include <poll.h>

namespace tradehive::acceptor {
namespace {

constexpr std::array<std::string_view, 7> header_tags{"34", "43", "49", "52", "56", "97", "122"};

Timestamp now() {
    return Timestamp{std::chrono::duration_cast<std::chrono::nanoseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count()};
}

} // namespace

std::string framed_message(std::string fields) {
    std::ranges::replace(fields, '|', '\x01');
    return enveloped(FixVersion::fix44, fields);
}

std::string value(const std::string& message, std::string_view tag) {
    std::string text = message;
    std::ranges::replace(text, '|', '\x01');
    return std::string{field_of(text, tag)};
}

FixClient::FixClient(std::uint16_t port, std::string id, bool tls)
    : comp_id{std::move(id)} {
    socket_.open(boost::asio::ip::tcp::v4());
    // Small, so that a client that does not read is felt after a few hundred messages.
    socket_.set_option(boost::asio::socket_base::receive_buffer_size{1 << 15});
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    if (!tls) return;
    stream_ = std::make_unique<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>>(socket_, tls_);
    stream_->handshake(boost::asio::ssl::stream_base::client);
}

FixClient::~FixClient() {
    close();
}

void FixClient::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
    closed_ = true;
}

void FixClient::send_bytes(std::string_view bytes) {
    boost::system::error_code error;
    if (stream_)
        boost::asio::write(*stream_, boost::asio::buffer(bytes), error);
    else
        boost::asio::write(socket_, boost::asio::buffer(bytes), error);
}

void FixClient::send(std::string_view fields) {
    std::string header;
    std::string body;
    for (std::size_t at = 0; at < fields.size();) {
        const auto end = std::min(fields.find('|', at), fields.size());
        const auto field = fields.substr(at, end - at);
        const auto tag = field.substr(0, field.find('='));
        const bool in_header = std::ranges::find(header_tags, tag) != header_tags.end();
        (in_header ? header : body).append(field).push_back('|');
        at = end + 1;
    }
    if (const auto number = value(header, "34"); number.empty())
        header += "34=" + std::to_string(next_out++) + "|";
    else
        next_out = std::stoull(number) + 1;
    if (value(header, "49").empty()) header += "49=" + comp_id + "|";
    if (value(header, "52").empty()) header += "52=" + utc_text(now()) + "|";
    if (value(header, "56").empty()) header += "56=TRADEHIVE|";
    const auto behind_type = body.find('|') + 1;
    const auto text = body.substr(0, behind_type) + header + body.substr(behind_type);
    send_bytes(framed_message(text));
}

void FixClient::log_on(std::string_view more) {
    send("35=A|98=0|108=30|553=" + comp_id + "|554=" + password + "|" + std::string{more});
    const auto reply = receive();
    EXPECT_EQ(value(reply, "35"), "A") << reply;
}

std::optional<std::string> FixClient::read_frame(std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (true) {
        const auto frame = framing_.next();
        if (frame.outcome == Framing::Outcome::message) {
            std::string text{frame.bytes};
            std::ranges::replace(text, '\x01', '|');
            return text;
        }
        EXPECT_NE(frame.outcome, Framing::Outcome::garbled) << frame.wrong;
        if (closed_) return "";
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd ready{.fd = socket_.native_handle(), .events = POLLIN, .revents = 0};
        const bool buffered = stream_ && SSL_pending(stream_->native_handle()) > 0;
        if (!buffered && ::poll(&ready, 1, std::max(0, static_cast<int>(left.count()))) == 0)
            return std::nullopt;
        std::array<char, 65536> bytes; // NOLINT(*-member-init): filled by the read
        boost::system::error_code error;
        const auto count = stream_ ? stream_->read_some(boost::asio::buffer(bytes), error)
                                   : socket_.read_some(boost::asio::buffer(bytes), error);
        if (error) closed_ = true;
        framing_.append({bytes.data(), count});
    }
}

bool FixClient::read_raw(std::span<char> into) {
    boost::system::error_code error;
    static_cast<void>(socket_.read_some(boost::asio::buffer(into.data(), into.size()), error));
    closed_ = static_cast<bool>(error);
    return !closed_;
}

std::string FixClient::receive(std::chrono::milliseconds patience) {
    const auto frame = read_frame(patience);
    if (!frame) ADD_FAILURE() << comp_id << " received nothing";
    return frame.value_or("");
}

std::string FixClient::expect(std::string_view type) {
    while (true) {
        auto message = receive();
        if (message.empty()) {
            ADD_FAILURE() << comp_id << " received no " << type << (closed_ ? ": the peer closed" : "");
            return message;
        }
        if (value(message, "35") == type) return message;
    }
}

bool FixClient::silent_for(std::chrono::milliseconds time) {
    return !read_frame(time);
}

std::string FixClient::until_closed() {
    std::string all;
    while (!closed_) {
        const auto frame = read_frame(std::chrono::seconds{30});
        if (!frame) {
            ADD_FAILURE() << "the peer did not close";
            return all;
        }
        if (!frame->empty()) all += *frame + "\n";
    }
    return all;
}

} // namespace tradehive::acceptor
